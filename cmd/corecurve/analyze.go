package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/analysis"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/each"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// analyzeOptions are the flags of "analyze".
type analyzeOptions struct {
	json       bool
	png        string // folder for pictures; empty: none
	window     string // FROM,TO since the first event; empty: all
	goroutines string // regular expression of start functions; empty: all
	top        int    // stacks of a cause, steps and functions that are listed; 0: a few in text, all in JSON
	memoryOption
}

func newAnalyze() *cobra.Command {
	var o analyzeOptions
	c := &cobra.Command{
		Use:   "analyze FILE…",
		Short: "Show where the cores went in any Go execution traces",
		Long: `Analyze reads Go execution traces, of a study or from anywhere (go test -trace,
/debug/pprof/trace, a flight recorder), and accounts for every core-second: by
cause, with the places that waited and those they waited for, the critical path,
and the time of every goroutine by start function.

Several files are the processes of one run: they must have been recorded on one
machine at the same time. "-" is standard input. Files may be compressed with
gzip. Damaged parts of a file are left out, and the report says how much is
lost.`,
		Example: `  corecurve analyze trace.out
  corecurve analyze --window 1.2s,1.5s --goroutines 'main\.worker' trace.out
  curl -s localhost:6060/debug/pprof/trace?seconds=5 | corecurve analyze --json -
  corecurve analyze --png pictures runs/*/p*.trace`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return analyze(cmd, args, o) },
	}
	f := c.Flags()
	f.BoolVar(&o.json, "json", false, "print JSON ("+analysis.Schema+") instead of text")
	f.StringVar(&o.png, "png", "", "draw timeline, core use and ledger as PNG files in this folder")
	f.StringVar(&o.window, "window", "",
		"analyse only the time FROM,TO since the first event (1.2s,1.5s; either may be left out)")
	f.StringVar(&o.goroutines, "goroutines", "",
		"show only goroutines whose start function matches this regular expression")
	f.IntVar(&o.top, "top", 0,
		"how many stacks of each cause, steps of the path and functions to list (default a few in text, all in JSON)")
	o.memoryFlag(f)
	return c
}

// request is what the flags ask for.
type request struct {
	analyzeOptions
	from, to time.Duration // to 0: to the end
	match    *regexp.Regexp
}

func (o analyzeOptions) request() (r request, err error) {
	if err := o.bound(); err != nil {
		return r, err
	}
	r.analyzeOptions = o
	if o.top < 0 {
		return r, usagef("--top %d: must not be negative", o.top)
	}
	if o.goroutines != "" {
		if r.match, err = regexp.Compile(o.goroutines); err != nil {
			return r, usagef("--goroutines: %w", err)
		}
	}
	if o.window == "" {
		return r, nil
	}
	from, to, ok := strings.Cut(o.window, ",")
	if !ok {
		return r, usagef("--window %q: want FROM,TO, such as 1.2s,1.5s", o.window)
	}
	for _, end := range []struct {
		text string
		d    *time.Duration
	}{{from, &r.from}, {to, &r.to}} {
		if end.text == "" {
			continue
		}
		if *end.d, err = time.ParseDuration(strings.TrimSpace(end.text)); err != nil {
			return r, usagef("--window %q: %w", o.window, err)
		}
	}
	if r.from < 0 || to != "" && r.to <= r.from {
		return r, usagef("--window %q: must begin at 0s or later and end after that", o.window)
	}
	return r, nil
}

// part is the window in words.
func (r request) part() string {
	switch {
	case r.window == "":
		return ""
	case r.to == 0:
		return fmt.Sprintf("from %v on", r.from)
	}
	return fmt.Sprintf("from %v to %v", r.from, r.to)
}

// analyze is the verb.
func analyze(cmd *cobra.Command, files []string, o analyzeOptions) error {
	r, err := o.request()
	if err != nil {
		return err
	}
	in, err := captures.OpenFiles(files, cmd.InOrStdin(), r.traces())
	if err != nil {
		return err
	}
	defer captures.CloseFiles(in)
	a, err := r.analyze(in)
	if err != nil {
		return err
	}
	var pictures []string
	if o.png != "" {
		if pictures, err = drawPNG(cmd.Context(), o.png, a); err != nil {
			return err
		}
	}
	stdout := cmd.OutOrStdout()
	if o.json {
		return a.WriteJSON(stdout)
	}
	if err := a.WriteText(stdout); err != nil {
		return err
	}
	if len(pictures) > 0 {
		_, err = fmt.Fprintf(stdout, "\nPictures: %s\n", strings.Join(pictures, " "))
	}
	return err
}

// analyze reads the traces and says what they say.
func (r request) analyze(files []captures.File) (*analysis.Analysis, error) {
	a := &analysis.Analysis{
		Traces: make([]analysis.Trace, len(files)), Part: r.part(), Filter: r.goroutines, Top: r.top,
	}
	var procs []recording.Process // their ranks are the indices of the files
	for i, f := range files {
		a.Traces[i].File = f.Name
		if f.Err != nil {
			a.Traces[i].Damage = damage(f.Err, f)
			continue
		}
		a.Traces[i].Go = f.Reader.GoVersion()
		a.Warnings = append(a.Warnings, study.Foreign(f.Reader)...)
		procs = append(procs, recording.Process{Rank: i, Reader: f.Reader})
	}
	opt := recording.Options{
		From: clock.Time(r.from), To: clock.Time(r.to), SinceFirst: r.window != "", Goroutines: true,
	}
	if r.match != nil {
		opt.Wanted = r.match.MatchString
	}
	rec := recording.Read(procs, opt)
	for k, p := range procs {
		t, x := &a.Traces[p.Rank], rec.Extents[k]
		t.Events, t.Bytes, t.Duration = x.Events, p.Reader.Bytes(), x.Duration()
		if err := rec.Damage[k]; err != nil {
			t.Damage = damage(err, files[p.Rank])
		}
	}
	whole := rec.Whole()
	if whole.Events == 0 {
		return nil, errors.Join(append([]error{errors.New("nothing could be read")}, rec.Damage...)...)
	}
	if before, after, gap := rec.Apart(); gap > 0 {
		return nil, usagef("%s and %s are not of one run: the one ends %s before the other begins; analyse them one by one",
			files[procs[before].Rank].Name, files[procs[after].Rank].Name, words.Plain(words.Duration(gap.Seconds())))
	}
	if r.window != "" && rec.Use.End <= rec.Use.Start {
		return nil, usagef("--window %s: the recording is over after %s", r.window,
			words.Plain(words.Duration(whole.Duration().Seconds())))
	}
	a.Timeline, a.Use, a.Goroutines = rec.Timeline, rec.Use, rec.Goroutines
	a.Ledger, a.Path = ledger.Merge(rec.Ledgers...), critical.Merge(rec.Paths...)
	if r.match != nil {
		a.Narrow(r.match.MatchString)
	}
	return a, nil
}

// damage is what of a file could not be read.
func damage(err error, f captures.File) *analysis.Damage {
	if e, ok := errors.AsType[*gotrace.DamageError](err); ok {
		return &analysis.Damage{Lost: e.Lost, Reason: e.Reason()}
	}
	return &analysis.Damage{Lost: f.Size, Reason: strings.TrimPrefix(err.Error(), f.Name+": ")}
}

// drawPNG draws the pictures into dir and returns their paths.
func drawPNG(ctx context.Context, dir string, a *analysis.Analysis) ([]string, error) {
	to, err := folder.Make(dir)
	if err != nil {
		return nil, fmt.Errorf("--png: %w", err)
	}
	defer func() { _ = to.Close() }()
	figures := a.Figures()
	paths, errs := make([]string, len(figures)), make([]error, len(figures))
	each.Of(len(figures), func(i int) {
		name := figures[i].Name + ".png"
		paths[i] = filepath.Join(dir, name)
		if err := writeIn(ctx, to, name, picture(figures[i].Figure, chart.WritePNG)); err != nil {
			errs[i] = fmt.Errorf("--png %s: %w", dir, err)
		}
	})
	return paths, errors.Join(errs...)
}
