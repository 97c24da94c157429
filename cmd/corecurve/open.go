package main

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

func newOpen() *cobra.Command {
	var o openOptions
	c := &cobra.Command{
		Use:   "open STUDY [POINT]",
		Short: "Show a report in the browser, or a traced run in go tool trace or pprof",
		Long: `Open prints where the report of a study is (report/report.html) and shows it in
the browser: in what $BROWSER names, else by xdg-open, or open on macOS. A report
that is not there is drawn. Without $BROWSER and a display it is only printed.

With a POINT, or --trace, open starts "go tool trace" on a traced run of the
study, and with --pprof "go tool pprof -http" on its CPU profile.

POINT is a point as in the names of run directories (pi-p1-w4-c2-s1000000), or
the beginning of one. Without it --trace and --pprof take the first traced run of
the most parallel point; --list lists them all, as --trace does for runs of a
program that writes no trace.`,
		Example: `  corecurve open corecurve-pi-20260102T150405Z
  corecurve open corecurve-pi-20260102T150405Z --trace
  corecurve open corecurve-pi-20260102T150405Z pi-p1-w2 --pprof`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			point := ""
			if len(args) == 2 {
				point = args[1]
			}
			if len(args) == 1 && !o.trace && !o.pprof && !o.list && !cmd.Flags().Changed("rank") {
				return openReport(cmd, args[0])
			}
			if o.trace && o.pprof {
				return usagef("--trace and --pprof: one file is opened")
			}
			return openStudy(cmd, args[0], point, o)
		},
	}
	c.Flags().BoolVar(&o.trace, "trace", false, "open an execution trace instead of the report, as with a POINT")
	c.Flags().BoolVar(&o.pprof, "pprof", false, "open a CPU profile instead of the report or the execution trace")
	c.Flags().IntVar(&o.rank, "rank", 0, "process of the run; -1 is the coordinator")
	c.Flags().BoolVar(&o.list, "list", false, "list the capture files instead")
	return c
}

// openOptions are the flags of "open".
type openOptions struct {
	trace bool
	pprof bool
	rank  int
	list  bool
}

func openStudy(cmd *cobra.Command, dir, point string, o openOptions) error {
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	if o.list {
		list(cmd.OutOrStdout(), s, "")
		return nil
	}
	kind, what := sweep.GoTrace, "Go execution trace"
	if o.pprof {
		kind, what = sweep.CPUProfile, "CPU profile"
	}
	if !leaves(s, kind) && leaves(s, "") {
		fmt.Fprintf(cmd.ErrOrStderr(), "No run of this study left a %s: only Go programs write one. There is:\n", what)
		list(cmd.OutOrStdout(), s, point)
		return nil
	}
	path, err := o.capture(s, point, kind)
	if err != nil {
		return err
	}
	args := []string{"tool", "trace", path}
	if o.pprof {
		args = []string{"tool", "pprof", "-http=localhost:0", path}
	}
	fmt.Fprintln(cmd.ErrOrStderr(), shell.Quote(append([]string{"go"}, args...)...))
	tool := exec.Command("go", args...)
	tool.Stdout, tool.Stderr = cmd.OutOrStdout(), cmd.ErrOrStderr()
	defer hold(cmd.Context())()
	if err := supervise.Run(cmd.Context(), tool); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return fmt.Errorf("the go command is not on the PATH: it is needed to open %s", path)
		}
		return fmt.Errorf("go %s: %w", shell.Quote(args...), err)
	}
	return nil
}

// list writes the captures of the runs of s whose directories begin with point.
func list(w io.Writer, s *sweep.Study, point string) {
	for i := range s.Results {
		if !strings.HasPrefix(s.Results[i].Dir(), point) {
			continue
		}
		for _, c := range s.Results[i].Captures {
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", s.Results[i].Dir(), c.Kind, c.Rank, filepath.Join(s.Dir, c.Path))
		}
	}
}

// leaves reports whether any run of s left a capture of that kind; "": of any.
func leaves(s *sweep.Study, kind sweep.CaptureKind) bool {
	return slices.ContainsFunc(s.Results, func(r sweep.Result) bool {
		return slices.ContainsFunc(r.Captures, func(c sweep.Capture) bool {
			return c.Kind == kind || kind == ""
		})
	})
}

// capture is the file of the wanted kind of the first traced run that matches, at the most parallel point.
func (o openOptions) capture(s *sweep.Study, point string, kind sweep.CaptureKind) (string, error) {
	best, path := 0, ""
	for i := range s.Results {
		r := &s.Results[i]
		if !strings.HasPrefix(r.Dir(), point) || r.Point.Parallelism() <= best {
			continue
		}
		for _, c := range r.Captures {
			if c.Kind == kind && c.Rank == o.rank {
				best, path = r.Point.Parallelism(), c.Path
			}
		}
	}
	if path == "" {
		if point == "" {
			point = "any point"
		}
		return "", fmt.Errorf("%s: no traced run of %s has a %s file of process %d "+
			"(corecurve open --list %s names what there is)", s.Dir, point, kind, o.rank, s.Dir)
	}
	return wholePath(s.Dir, path)
}

// wholePath returns the absolute path of the file name in the study in dir, which another program is to open.
func wholePath(dir, name string) (string, error) {
	study, err := folder.Open(dir)
	if err != nil {
		return "", err
	}
	_, err = study.Stat(name)
	if err != nil {
		err = fmt.Errorf("%s: %w", dir, err)
	}
	return study.Path(name), errors.Join(err, study.Close())
}
