package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/trace/measurements"
)

// fitOptions are the flags of the verb fit.
type fitOptions struct {
	law       string // usl, amdahl, gustafson or auto
	cores     int    // counts beyond are not fitted; 0: all are
	parameter string // of hyperfine's scan; empty: the one that varies
	weights   string // relative or equal
	seed      uint64 // of the resampling
	json      bool
	png, svg  string // files; empty: no picture
}

func newFit() *cobra.Command {
	var o fitOptions
	c := &cobra.Command{
		Use:   "fit FILE…",
		Short: "Fit the laws of scaling to measurements of any tool",
		Long: `Fit fits the laws of scaling (Amdahl, Gustafson, USL) to measurements of any
tool.

A FILE, or - for standard input, is one of
  CSV with the header n,throughput or n,seconds; an n may be repeated, # begins
    a comment;
  the output of go test -bench … -cpu 1,2,4: a fit for every benchmark;
  JSON that hyperfine exports from a parameter scan, such as --parameter-list
    threads 1,2,4.

Noise grows with what is measured, so residuals are relative to the throughput,
and to the scatter of the launches where there are several; --weights equal is
the plain least squares of most published fits. With five launches or more at
every n, intervals come from resampling the launches. Give --cores if the counts go beyond the cores, because a plateau
there is not contention. With several fits, --json prints one document per line,
and the pictures are named after the fits.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return fitFiles(cmd, args, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.law, "law", "auto",
		"usl, amdahl, gustafson (work that grows with n) or auto: the best of usl and amdahl")
	f.IntVar(&o.cores, "cores", 0,
		"cores of the machine that was measured; larger counts are not fitted (default: all are)")
	f.StringVar(&o.parameter, "parameter", "",
		"the parameter of hyperfine's scan that is n (default: the one that varies)")
	f.StringVar(&o.weights, "weights", "relative",
		"relative (noise grows with the throughput) or equal (the same at every n)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the resampling")
	f.BoolVar(&o.json, "json", false, "print JSON instead of text")
	f.StringVar(&o.png, "png", "", "draw the measurements and the law to this PNG file")
	f.StringVar(&o.svg, "svg", "", "the same, to this SVG file")
	return c
}

func (o *fitOptions) check() error {
	switch o.law {
	case "auto", string(law.USL), string(law.Amdahl), string(law.Gustafson):
	default:
		return usagef("--law %q: want usl, amdahl, gustafson or auto", o.law)
	}
	if o.weights != "relative" && o.weights != "equal" {
		return usagef("--weights %q: want relative or equal", o.weights)
	}
	if o.cores < 0 {
		return usagef("--cores %d: must be at least 1", o.cores)
	}
	return nil
}

// named is the law that was asked for.
func (o *fitOptions) named() law.Name {
	if o.law == "auto" {
		return law.None
	}
	return law.Name(o.law)
}

// fitFiles fits what the files hold. A file that cannot be read does not keep the others from being shown.
func fitFiles(cmd *cobra.Command, names []string, o fitOptions) error {
	var series []measurements.Series
	var errs []error
	for _, name := range names {
		list, err := measured(name, cmd.InOrStdin(), o)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		series = append(series, list...)
	}
	fits := fit.All(series, fit.Options{Law: o.named(), Cores: o.cores, Equal: o.weights == "equal", Seed: o.seed})
	if len(fits) > 0 {
		stdout := cmd.OutOrStdout()
		if o.json {
			errs = append(errs, fit.WriteJSON(stdout, fits))
		} else {
			errs = append(errs, fit.WriteText(stdout, fits))
		}
		ctx := cmd.Context()
		errs = append(errs, drawFits(ctx, fits, o.png, chart.WritePNG), drawFits(ctx, fits, o.svg, chart.WriteSVG))
	}
	return errors.Join(errs...)
}

// measured reads one file.
func measured(name string, stdin io.Reader, o fitOptions) ([]measurements.Series, error) {
	opt := measurements.Options{Parameter: o.parameter}
	if name == "-" {
		return measurements.Read("stdin", stdin, opt)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return measurements.Read(name, f, opt)
}

// drawFits draws every fit into a file of its own; nothing without a path.
func drawFits(
	ctx context.Context, fits []*fit.Fit, path string, to func(io.Writer, chart.Figure) error,
) error {
	if path == "" {
		return nil
	}
	var names []string
	for _, f := range fits {
		name := f.Series.Name
		if name == "" {
			name = strings.TrimSuffix(filepath.Base(f.Series.File), filepath.Ext(f.Series.File))
		}
		names = append(names, name)
	}
	paths := picturePaths(names, path)
	for i, f := range fits {
		if err := writeTo(ctx, paths[i], picture(f.Figure(), to)); err != nil {
			return err
		}
	}
	return nil
}

// picturePaths are the path for a single picture, and otherwise one for each, with its name in it.
func picturePaths(names []string, path string) []string {
	if len(names) == 1 {
		return []string{path}
	}
	ext := filepath.Ext(path)
	taken := map[string]bool{}
	var out []string
	for _, name := range names {
		stem := strings.TrimSuffix(path, ext) + "-" + fileName(name)
		p := stem + ext
		for k := 2; taken[p]; k++ {
			p = fmt.Sprintf("%s-%d%s", stem, k, ext)
		}
		taken[p] = true
		out = append(out, p)
	}
	return out
}

// fileName is a name as a part of a file's.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, name)
	return name[:min(len(name), 80)]
}
