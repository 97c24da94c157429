package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture/latency"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
)

// predictOptions are the flags of "predict".
type predictOptions struct {
	cores          []int // none: a power of two each up to 128
	workers        int   // of each pool, if more than recorded; 0: as recorded
	workersAsCores bool
	noGC           bool     // the garbage collector takes no time
	without        string   // regular expression of functions whose locks are none; empty: all are
	faster         []string // FUNC=2x
	// calibrate measures what the scheduler takes on this machine, instead of taking it from the recording.
	calibrate bool
	measure   string // of a study: total or work
	json      bool
	png, svg  string // files; empty: no picture
	memoryOption
}

func newPredict() *cobra.Command {
	var o predictOptions
	c := &cobra.Command{
		Use:   "predict TRACE | STUDY",
		Short: "Predict the speedup on more cores from one Go execution trace, or the curves of a study",
		Long: `Predict replays what the goroutines of a Go execution trace did on other numbers
of cores, by a model of Go's scheduler and locks, and says what speedup that
gives, what the longest chain is, and which lock or goroutine limits it.

A stock trace does not tell what is done with locks and channels without
waiting. Where that matters there is no figure but the reason, and the bound
that is known. A program that was built with sync events tells it.

What would be otherwise can be asked for: without the garbage collector, with
more workers, without a lock, or with a function that is faster. The speedups are
then over one core of the program as it was recorded. Single changes are tried,
and ranked by what they gain, without being asked for.

Of a STUDY each curve is predicted, from the traced run of its smallest count,
and set beside what was measured. In a sweep over threads there are as many
workers as cores; one over processes is predicted from a run of several, whose
coordinator dealt tasks. What does more work the higher the count is not
predicted, nor what left no Go trace.`,
		Example: `  corecurve predict trace.out
  corecurve predict trace.out --cores 1..128 --png predict.png
  corecurve predict trace.out --faster 'main\.parse=2x'
  corecurve predict corecurve-pi-20260102T150405Z --png predict.png`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return predictTrace(cmd, args[0], o) },
	}
	f := c.Flags()
	f.Var(countsFlag(&o.cores), "cores", "numbers of cores: 1,2,6 or a range: 1-4 (all), 1..128 (doubling) (default 1..128)")
	f.IntVar(&o.workers, "workers", 0,
		"workers of each pool that takes its work from a channel, or shares out tasks (default as recorded)")
	f.BoolVar(&o.workersAsCores, "workers-as-cores", false, "as many workers of each pool as cores")
	f.BoolVar(&o.noGC, "no-gc", false, "as if the garbage collector took no time")
	f.StringVar(&o.without, "without-lock", "",
		"as if locks that were first used in a function that matches this regular expression were none")
	f.StringArrayVar(&o.faster, "faster", nil,
		"FUNC=2x: as if functions that match the regular expression FUNC, and what they call, were twice as fast")
	f.BoolVar(&o.calibrate, "calibrate", false,
		"measure what the scheduler takes on this machine, and use that instead of what the trace shows")
	f.BoolVar(&o.json, "json", false, "print JSON ("+prediction.Schema+") instead of text")
	f.StringVar(&o.measure, "measure", string(curve.Total), "of a study: time from which curves are made, total or work")
	f.StringVar(&o.png, "png", "", "draw the prediction to this PNG file; of several curves each to one with its name")
	f.StringVar(&o.svg, "svg", "", "the same, to this SVG file")
	o.memoryFlag(f)
	return c
}

// A faster is the functions that are as many times as fast.
type faster struct {
	match *regexp.Regexp
	times float64
}

// A wanted is what the flags ask for.
type wanted struct {
	cores   []int
	without *regexp.Regexp
	faster  []faster
	words   []string // what is otherwise than recorded
}

func (o *predictOptions) want() (a wanted, err error) {
	if err := o.bound(); err != nil {
		return a, err
	}
	a.cores = slices.Compact(slices.Sorted(slices.Values(o.cores)))
	for n := 1; len(o.cores) == 0 && n <= 128; n *= 2 {
		a.cores = append(a.cores, n)
	}
	for _, n := range a.cores {
		if n < 1 || n > limits.PointCount {
			return a, usagef("--cores %d: want 1 to %d", n, limits.PointCount)
		}
	}
	if o.workers < 0 || o.workers > limits.PointCount {
		return a, usagef("--workers %d: want 1 to %d", o.workers, limits.PointCount)
	}
	if o.noGC {
		a.words = append(a.words, "the garbage collector took no time")
	}
	if o.workers > 0 {
		a.words = append(a.words, "pools had "+words.Plural(o.workers, "worker", "workers"))
	}
	if o.workersAsCores {
		if o.workers > 0 {
			return a, usagef("--workers and --workers-as-cores exclude each other")
		}
		a.words = append(a.words, "pools had as many workers as there are cores")
	}
	if o.without != "" {
		if a.without, err = regexp.Compile(o.without); err != nil {
			return a, usagef("--without-lock: %w", err)
		}
		a.words = append(a.words, "locks first used in "+words.Printable(o.without)+" were none")
	}
	for _, text := range o.faster {
		f, err := parseFaster(text)
		if err != nil {
			return a, usagef("--faster %q: %w", text, err)
		}
		a.faster = append(a.faster, f)
		a.words = append(a.words, fmt.Sprintf("%s were %s as fast", words.Printable(f.match.String()), words.Times(f.times)))
	}
	return a, nil
}

func parseFaster(text string) (f faster, err error) {
	const want = "want FUNC=2x"
	k := strings.LastIndex(text, "=")
	if k <= 0 {
		return f, errors.New(want)
	}
	f.times, err = strconv.ParseFloat(strings.TrimSuffix(text[k+1:], "x"), 64)
	if err != nil || !(f.times > 0) || f.times > 1e6 {
		return f, errors.New(want)
	}
	f.match, err = regexp.Compile(text[:k])
	return f, err
}

// found reports what the flags name and the trace does not have.
func (a *wanted) found(c *predict.Curve) error {
	switch {
	case c.Work <= 0:
		return nil
	case len(a.faster) > 0 && c.Faster == 0:
		return errors.New("--faster: nothing that ran is known to be in such a function: a trace has call stacks where " +
			"goroutines stop and, if a CPU profile is made beside it, samples")
	case a.without != nil && c.Freed == 0:
		return errors.New("--without-lock: no lock is known to be used in such a function")
	}
	return nil
}

// request is what to predict of traces with these symbols.
func (a *wanted) request(o *predictOptions, symbols *gotrace.Symbols) predict.Request {
	r := predict.Request{
		Cores: a.cores, NoCollector: o.noGC, Workers: o.workers, WorkersAsCores: o.workersAsCores,
	}
	if a.without != nil {
		r.Without = matches(symbols, a.without)
	}
	if len(a.faster) > 0 {
		r.Faster = func(gotrace.StackID) float64 { return 1 }
		for _, f := range a.faster {
			is, before := matches(symbols, f.match), r.Faster
			r.Faster = func(id gotrace.StackID) float64 {
				if is(id) {
					return f.times * before(id)
				}
				return before(id)
			}
		}
	}
	return r
}

// matches returns a function that reports whether a function of a call stack matches.
func matches(symbols *gotrace.Symbols, match *regexp.Regexp) func(gotrace.StackID) bool {
	known := make(map[gotrace.StackID]bool)
	return func(id gotrace.StackID) bool {
		is, ok := known[id]
		if !ok {
			is = slices.ContainsFunc(symbols.Stack(id), func(f gotrace.Frame) bool { return match.MatchString(f.Func) })
			known[id] = is
		}
		return is
	}
}

// predictTrace is the verb.
func predictTrace(cmd *cobra.Command, file string, o predictOptions) error {
	a, err := o.want()
	if err != nil {
		return err
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return predictStudy(cmd, file, &o, &a)
	} else if err != nil && file != captures.Stdin && errors.Is(err, fs.ErrNotExist) {
		return err
	}
	files, err := captures.OpenFiles([]string{file}, cmd.InOrStdin(), o.traces())
	if err != nil {
		return err
	}
	defer captures.CloseFiles(files)
	reader := files[0].Reader
	request := a.request(&o, reader.Symbols())
	if o.calibrate {
		request.Costs = predict.Measured(latency.Measure(cmd.Context()))
	}
	rec := recording.Read([]recording.Process{{Reader: reader}}, recording.Options{Programs: true})
	if rec.Whole().Events == 0 {
		return errors.Join(append([]error{errors.New("nothing could be read")}, rec.Damage...)...)
	}
	request.Changes = []int{slices.Max(a.cores)}
	if ps := rec.Programs[0].Ps; ps > 1 && slices.Contains(a.cores, ps) {
		request.Changes = append(request.Changes, ps)
	}
	slices.Sort(request.Changes)
	request.Changes = slices.Compact(request.Changes)
	p := prediction.Prediction{
		File: files[0].Name, Go: reader.GoVersion(), Events: rec.Whole().Events, WhatIf: a.words,
		Curve: predict.Of(rec.Programs[0], rec.Paths[0], request),
		More:  words.Warnings(study.Foreign(reader)),
	}
	if err := a.found(p.Curve); err != nil {
		return err
	}
	if rec.Damage[0] != nil {
		p.More = append(p.More, rec.Damage[0].Error())
	}
	ctx := cmd.Context()
	if err := errors.Join(writeTo(ctx, o.png, picture(p.Figure(), chart.WritePNG)),
		writeTo(ctx, o.svg, picture(p.Figure(), chart.WriteSVG))); err != nil {
		return err
	}
	if o.json {
		return p.WriteJSON(cmd.OutOrStdout())
	}
	return p.WriteText(cmd.OutOrStdout())
}
