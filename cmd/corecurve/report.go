package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/report/benchtext"
	"github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/pattern"
	"github.com/corecurve/corecurve/trace/redact"
	"github.com/corecurve/corecurve/trace/sweep"
)

// drawOptions are the flags that decide how a study is reported.
type drawOptions struct {
	measure string // total or work
	json    bool   // report.json to stdout instead of the text
	color   string // auto, always or never
	out     string // folder; empty: report/ in the study
	summary string // file; empty: none
	// efficiency is the least that makes a count worth recommending, at most 1; 0: recommend.DefaultEfficiency.
	efficiency float64
	redact     bool // leave host name and paths out of the report
	changeOptions
	memoryOption
}

func (o *drawOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.measure, "measure", string(curve.Total),
		"time from which curves are made: total (what a user waits for) or work (without start-up)")
	o.otherFlags(f)
}

// otherFlags are those that go with any measure, also where there is no choice.
func (o *drawOptions) otherFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "print report.json instead of text")
	f.StringVar(&o.color, "color", "auto", "auto, always or never")
	f.Float64Var(&o.efficiency, "efficiency", recommend.DefaultEfficiency,
		"minimum efficiency of the recommended count, which the lower end of its interval must reach")
	f.BoolVar(&o.redact, "redact", false,
		"leave the host name, and all but the last part of paths, out of the report (the study keeps them)")
	o.changeFlags(f)
	summaryFlag(f, &o.summary)
	o.memoryFlag(f)
}

func (o *drawOptions) check() error {
	if err := errors.Join(checkMeasure(o.measure), o.checkChange()); err != nil {
		return err
	}
	if !(o.efficiency >= 0 && o.efficiency <= 1) {
		return usagef("--efficiency %v: want a number above 0, at most 1", o.efficiency)
	}
	switch o.color {
	case "auto", "always", "never":
		return o.bound()
	}
	return usagef("--color %q: want auto, always or never", o.color)
}

func newReport() *cobra.Command {
	var o drawOptions
	c := &cobra.Command{
		Use:   "report STUDY",
		Short: "Analyse and draw a study again, without running anything",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return reportStudy(cmd, args[0], o)
		},
	}
	o.flags(c.Flags())
	c.Flags().StringVar(&o.out, "out", "", "folder for the report (default: report/ in the study)")
	return c
}

// reportStudy analyses the study in dir, writes its report and prints it.
func reportStudy(cmd *cobra.Command, dir string, o drawOptions) error {
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	if len(s.Results) == 0 {
		return fmt.Errorf("%s: no run has finished yet: there is nothing to report (corecurve run --resume %s makes them)",
			dir, dir)
	}
	if parts := s.Split(); len(parts) > 1 {
		return reportVariants(cmd, s, parts, o)
	}
	if err := o.alone(dir); err != nil {
		return err
	}
	analysed := analyzeStudy(s, o)
	r := report.Build(analysed)
	out := o.out
	if out == "" {
		out = filepath.Join(s.Dir, s.Report())
	}
	if err := o.write(cmd.Context(), s, r, analysed); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := writeSummary(cmd.Context(), o.summary, false, r.WriteSummary); err != nil {
		return err
	}
	stdout := cmd.OutOrStdout()
	if o.json {
		return r.WriteJSON(stdout)
	}
	page, color := stdout, o.colored(stdout)
	if color {
		page = coloured(stdout)
	}
	if err := r.WriteText(page, text.Options{Color: color}); err != nil {
		return err
	}
	if err := benchtext.Table(stdout, analysed); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "\nReport: %s\n", filepath.Join(out, "report.html"))
	return err
}

// analyzeStudy analyses s with its captures. What is left out of a redacted report is not in the value either.
func analyzeStudy(s *sweep.Study, o drawOptions) *study.Study {
	traces := o.traces()
	if o.redact {
		traces.File = redact.File
	}
	in := study.Input{
		Header: s.Header, Results: s.Results, Interrupted: s.Interrupted, Damage: s.Warnings,
		Measure: curve.Measure(o.measure), Efficiency: o.efficiency,
		Predict: &study.Predicting{Cores: ahead(len(s.Header.Host.CPUs)), Bytes: limits.ReplayedBytes, Changes: true},
		Explained: o.explain(s, study.Reading{
			Programs: study.Replayed(&s.Header, s.Results), ProgramBytes: limits.ReplayedBytes,
		}, traces),
	}
	if o.redact {
		here := redact.Here{Dir: s.Dir} // what is not known need not be left out
		here.Home, _ = os.UserHomeDir()
		here.Host, _ = os.Hostname()
		in = in.Redact(redact.New(s.Header, s.Results, here))
	}
	return study.Analyze(in)
}

// ahead are the numbers of cores beyond those that were measured for which a report predicts.
func ahead(cpus int) []int { return []int{cpus, 2 * cpus, 4 * cpus} }

// write writes the report of s to where it belongs.
func (o *drawOptions) write(ctx context.Context, s *sweep.Study, r *report.Report, analysed *study.Study) error {
	out, err := o.folder(s)
	if err != nil {
		return err
	}
	err = writeReport(ctx, out, r, analysed)
	if err == nil && o.out == "" { // what lies in a folder of the user's may be theirs
		err = removeEarlier(out, r.Figures())
	}
	return errors.Join(err, out.Close())
}

// pictureName matches the names that pictures have.
var pictureName = pattern.Of(`^(speedup|stack|memory|sizes|timeline|cores|benchmark)(-.+)?\.(svg|png)$`)

// removeEarlier removes from dir the pictures of earlier reports that this one does not have: those that stand there as
// both files of a picture.
func removeEarlier(dir *folder.Folder, drawn []figures.Figure) error {
	entries, err := dir.ReadDir(".")
	if err != nil {
		return err
	}
	files := map[string]bool{}
	for _, e := range entries {
		files[e.Name()] = e.Type().IsRegular() && pictureName().MatchString(e.Name())
	}
	for i := range drawn {
		delete(files, drawn[i].Name+".svg")
	}
	for name := range files {
		base, isSVG := strings.CutSuffix(name, ".svg")
		if isSVG && files[name] && files[base+".png"] {
			err = errors.Join(err, dir.Remove(name), dir.Remove(base+".png"))
		}
	}
	return err
}

// writeReport draws all pictures and writes the documents into dir.
func writeReport(ctx context.Context, dir *folder.Folder, r *report.Report, s *study.Study) error {
	pictures, err := r.Draw(func(name string, draw func(io.Writer) error) error { return writeIn(ctx, dir, name, draw) })
	if err != nil {
		return err
	}
	files := map[string]func(io.Writer) error{
		"report.json": r.WriteJSON,
		"report.md":   func(w io.Writer) error { return r.WriteMarkdown(w, pictures) },
		"report.html": func(w io.Writer) error { return r.WriteHTML(w, pictures) },
	}
	if s.Header.Benchmarks() {
		files["results.txt"] = func(w io.Writer) error { return benchtext.Results(w, s) }
	}
	for _, p := range r.View.Profiles {
		files[p.Name] = p.Profile.Write // compressed, as go tool pprof reads them
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		errs = append(errs, writeIn(ctx, dir, name, files[name]))
	}
	return errors.Join(errs...)
}

// colored reports whether to print w in colour (https://no-color.org).
func (o *drawOptions) colored(w io.Writer) bool {
	switch o.color {
	case "always":
		return true
	case "never":
		return false
	}
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
