package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/revisions"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// historyOptions are the flags of the verb history.
type historyOptions struct {
	measure  string // total or work
	seed     uint64
	json     bool
	png, svg string // files; empty: none
	markdown string
	html     string
}

func newHistory() *cobra.Command {
	var o historyOptions
	c := &cobra.Command{
		Use:   "history DIR…",
		Short: "Tell at which revision a program's times or speedup changed",
		Long: `History tells at which revision a program's times or its speedup changed, from
studies of many revisions of it.

A DIR is a study, or a folder of studies. They are put in the order of the
commits that their programs were built from, which run and bench record of Go
packages in a git repository; a study without one stands where it was measured.
For commands, --revision of run says what a revision is called. Each machine,
workload, mode, scaling and size has a series of its own.

A change is shown if it is clearer than what studies differ by anyway: their
launches, the drift of the machine from study to study, and, where one program
has several studies, what these differ by. All that is tested has a chance of
5 % together to show a change where there is none. A step of 5 % is found in
nine of ten histories of 20 revisions if studies differ by 1 %; fewer than about
nine studies show none. The loop in registers, by which each study measures its
machine, tells a change of the machine from one of the program.`,
		Example: `  corecurve history studies/
  corecurve history nightly/* --html history.html --png history.png`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkMeasure(o.measure); err != nil {
				return err
			}
			return tellHistory(cmd, args, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.measure, "measure", string(curve.Total),
		"which time of a study's runs to follow: total (what a user waits for) or work (without start-up)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the permutations and of the resampling")
	f.BoolVar(&o.json, "json", false, "print JSON instead of text")
	f.StringVar(&o.png, "png", "",
		"draw the history to this PNG file; of several series each to one of its own, named after it")
	f.StringVar(&o.svg, "svg", "", "the same, to SVG files")
	f.StringVar(&o.markdown, "markdown", "", "write the history to this file as Markdown, for a pull request")
	f.StringVar(&o.html, "html", "", "write the history to this file as one HTML page")
	return c
}

// tellHistory reads the studies and reports them. One that cannot be read does not keep the others from being shown.
func tellHistory(cmd *cobra.Command, args []string, o historyOptions) error {
	b := history.Builder{Measure: curve.Measure(o.measure), Seed: o.seed}
	r := &revisions.Report{Seed: o.seed}
	var errs []error
	dirs, err := studiesOf(args)
	errs = append(errs, err)
	read, bytes := 0, int64(0)
	for _, dir := range dirs {
		if why := stopOf(cmd.Context()); why != nil {
			return why
		}
		if bytes += sizeOf(dir); read == limits.HistoryStudies || bytes > limits.HistoryBytes {
			errs = append(errs, fmt.Errorf("%s and what follows is left out: a history has at most %d studies of %s", dir,
				limits.HistoryStudies, words.Gigabytes(limits.HistoryBytes)))
			break
		}
		s, err := sweep.ReadStudy(dir)
		if err != nil {
			errs = append(errs, err)
			r.Failed = append(r.Failed, revisions.Failed{Study: dir, Why: strings.TrimPrefix(limits.Brief(err), dir+": ")})
			continue
		}
		for _, w := range s.Warnings {
			r.Failed = append(r.Failed, revisions.Failed{Study: dir, Why: strings.TrimPrefix(w, dir+": ")})
		}
		for _, part := range s.Split() {
			name := filepath.Base(dir)
			if s.Header.Compares() {
				name += " " + part.Header.Variants[0].Name
			}
			b.Add(name, part.Header, part.Results)
		}
		read++
	}
	if read == 0 {
		return errors.Join(errs...)
	}
	r.History = b.History()
	return errors.Join(append(errs, writeHistory(cmd, r, o))...)
}

// studiesOf returns the studies that args name: each is one, or a folder of them.
func studiesOf(args []string) (dirs []string, err error) {
	var errs []error
	for _, arg := range args {
		if isStudy(arg) {
			dirs = append(dirs, arg)
			continue
		}
		f, err := os.Open(arg)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		entries, err := f.ReadDir(limits.HistoryFolder + 1)
		_ = f.Close()
		if err != nil && !errors.Is(err, io.EOF) { // it is empty
			errs = append(errs, fmt.Errorf("%s: not a folder of studies: %w", arg, err))
			continue
		}
		errs = append(errs, limits.Count(arg, "entries", int64(len(entries)), limits.HistoryFolder))
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		found := false
		for _, e := range entries {
			if dir := filepath.Join(arg, e.Name()); isStudy(dir) {
				dirs, found = append(dirs, dir), true
			}
		}
		if !found {
			errs = append(errs, fmt.Errorf("%s: neither a study nor a folder of studies", arg))
		}
	}
	return dirs, errors.Join(errs...)
}

// isStudy reports whether dir looks like a study.
func isStudy(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, "study.json"))
	return err == nil
}

// sizeOf is about how many bytes are read of a study.
func sizeOf(dir string) (sum int64) {
	for _, name := range []string{"study.json", "runs.jsonl"} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

func writeHistory(cmd *cobra.Command, r *revisions.Report, o historyOptions) error {
	write := r.WriteText
	if o.json {
		write = r.WriteJSON
	}
	ctx := cmd.Context()
	errs := []error{
		write(cmd.OutOrStdout()), writeTo(ctx, o.markdown, r.WriteMarkdown), writeTo(ctx, o.html, r.WriteHTML),
	}
	var names []string
	figures := r.Figures()
	for _, f := range figures {
		names = append(names, f.Name)
	}
	for _, file := range []struct {
		path string
		draw func(io.Writer, chart.Figure) error
	}{{o.png, chart.WritePNG}, {o.svg, chart.WriteSVG}} {
		if file.path == "" {
			continue
		}
		for i, p := range picturePaths(names, file.path) {
			errs = append(errs, writeTo(ctx, p, picture(figures[i], file.draw)))
		}
	}
	return errors.Join(errs...)
}
