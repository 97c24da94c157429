package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// exitGate is the exit status of a gate that did not hold.
const exitGate = 3

// compareOptions are the flags of the verb compare.
type compareOptions struct {
	measure   string // total or work
	minEffect string // share, as "1%" or 0.01
	failOn    string // share; empty: no gate
	parameter string // of hyperfine's scan
	seed      uint64
	json      bool
	png       string // files; empty: none
	markdown  string
	html      string
	summary   string

	least, limit float64 // minEffect and failOn, read
	memoryOption
}

func newCompare() *cobra.Command {
	var o compareOptions
	c := &cobra.Command{
		Use:   "compare BASE NEW",
		Short: "Tell whether a program got faster or slower between two studies",
		Long: `Compare tells whether a program got faster or slower between two studies, count
by count.

BASE and NEW are two studies, or two files of a format that corecurve fit reads
(CSV, go test -bench, hyperfine's JSON). A point counts as faster or slower only
if the 95 % interval of the ratio of medians excludes 1, the ratio differs from
1 by at least --min-effect, and the rank-sum test is significant at 0.05 after
Holm's correction over all points.

With --fail-on 5% the exit status is 3 if a point is slower by that much. The
lower bound of the ratio's interval decides, which protects from false alarms: a
slowdown of about 5 % often passes, one of 10 % with twenty quiet runs does not.
A point that BASE measured and at which no run of NEW succeeded fails as well.`,
		Example: `  corecurve compare main/study branch/study --fail-on 5% --markdown comment.md
  corecurve compare before.txt after.txt --png change.png`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return compareSides(cmd, args[0], args[1], o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.measure, "measure", string(curve.Total),
		"which time of a study's runs to compare: total (what a user waits for) or work (without start-up)")
	f.StringVar(&o.minEffect, "min-effect", "1%", "smallest change that counts")
	f.StringVar(&o.failOn, "fail-on", "", "exit with status 3 if a point is shown to be slower by this much, as in 5%")
	f.StringVar(&o.parameter, "parameter", "",
		"the parameter of hyperfine's scan that is n (default: the one that varies)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the resampling")
	f.BoolVar(&o.json, "json", false, "print JSON instead of text")
	f.StringVar(&o.png, "png", "", "draw the ratio of every point to this file")
	f.StringVar(&o.markdown, "markdown", "", "write the comparison to this file as Markdown, for a pull request")
	f.StringVar(&o.html, "html", "", "write the comparison to this file as one HTML page")
	summaryFlag(f, &o.summary)
	o.memoryFlag(f)
	return c
}

func (o *compareOptions) check() (err error) {
	if err := checkMeasure(o.measure); err != nil {
		return err
	}
	if o.least, err = part(o.minEffect); err != nil {
		return usagef("--min-effect %w", err)
	}
	if o.least == 0 {
		o.least = -1 // none
	}
	if o.failOn != "" {
		if o.limit, err = part(o.failOn); err != nil {
			return usagef("--fail-on %w", err)
		}
		if o.limit == 0 {
			return usagef("--fail-on %q: want more than nothing", o.failOn)
		}
	}
	return o.bound()
}

// part reads a share: "5%" or "0.05".
func part(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v >= 0) || v > 1e6 {
		return 0, fmt.Errorf("%q: want a share, as in 5%% or 0.05", text)
	}
	if percent {
		v /= 100
	}
	return v, nil
}

// A comparand is one side of a comparison.
type comparand struct {
	name   string
	curves []compare.Curve
	study  *study.Study // nil: files
	damage []string     // that was met while the study was read
}

// readComparand reads a study, or a file of measurements.
func readComparand(cmd *cobra.Command, name string, o compareOptions) (*comparand, error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		list, err := measured(name, cmd.InOrStdin(), fitOptions{parameter: o.parameter})
		if err != nil {
			return nil, err
		}
		return &comparand{name: name, curves: compare.OfSeries(list)}, nil
	}
	s, err := sweep.ReadStudy(name)
	if err != nil {
		return nil, err
	}
	a := study.Analyze(study.Input{
		Header: s.Header, Results: s.Results, Interrupted: s.Interrupted, Damage: s.Warnings,
		Measure:   curve.Measure(o.measure),
		Explained: o.explain(s, study.Reading{}, o.traces()),
	})
	return &comparand{name: name, study: a, damage: s.Warnings, curves: compare.OfStudy(a)}, nil
}

func compareSides(cmd *cobra.Command, baseName, freshName string, o compareOptions) error {
	base, err := readComparand(cmd, baseName, o)
	if err != nil {
		return err
	}
	fresh, err := readComparand(cmd, freshName, o)
	if err != nil {
		return err
	}
	in := &comparison.Comparison{Base: baseName, New: freshName, FailOn: o.limit}
	var notes []string
	switch {
	case (base.study == nil) != (fresh.study == nil):
		return usagef("%s and %s: one is a study and the other a file: their times are not of the same thing",
			baseName, freshName)
	case base.study != nil:
		in.Measure = base.study.Measure
		if m := fresh.study.Measure; m != in.Measure {
			return fmt.Errorf("%s measures %s and %s %s: they cannot be compared", baseName, in.Measure, freshName, m)
		}
		notes = studyNotes(base, fresh)
	default:
		matchNames(base, fresh)
	}
	in.Result = compare.Compare(base.curves, fresh.curves, compare.Options{MinEffect: o.least, Seed: o.seed})
	in.Notes = notes
	return writeComparison(cmd, in, o)
}

// studyNotes are what differs between the studies, and what was damaged in them.
func studyNotes(base, fresh *comparand) []string {
	var notes []string
	for _, d := range compare.Differences(base.study.Header, fresh.study.Header) {
		notes = append(notes, words.Difference(d))
	}
	for _, s := range []*comparand{base, fresh} {
		for _, w := range s.damage {
			notes = append(notes, s.name+": "+w)
		}
		for _, t := range s.study.Traced {
			if t.Ledger == nil && len(t.Warnings) > 0 {
				notes = append(notes, fmt.Sprintf("%s: where the core time went is not known at %s: %s",
					s.name, t.Result.Point, words.Warning(t.Warnings[0])))
			}
		}
	}
	return notes
}

// matchNames makes a file's only curve the partner of the other's only one, whatever they are called.
func matchNames(base, fresh *comparand) {
	if len(base.curves) == 1 && len(fresh.curves) == 1 {
		fresh.curves[0].Key = base.curves[0].Key
	}
}

func writeComparison(cmd *cobra.Command, c *comparison.Comparison, o compareOptions) error {
	doc := c.Document()
	write := c.WriteText
	if o.json {
		write = c.WriteJSON
	}
	ctx := cmd.Context()
	errs := []error{
		write(cmd.OutOrStdout()), writeTo(ctx, o.markdown, c.WriteMarkdown), writeTo(ctx, o.html, c.WriteHTML),
		writeSummary(ctx, o.summary, false, c.WriteSummary),
	}
	if o.png != "" {
		f, err := c.Figure()
		if err != nil {
			err = fmt.Errorf("%s: %w", o.png, err)
		} else {
			err = writeTo(ctx, o.png, picture(f, chart.WritePNG))
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	compared := slices.ContainsFunc(doc.Curves, func(d comparison.CurveDoc) bool { return len(d.Points) > 0 })
	switch {
	case doc.Gate == nil:
		return nil
	case !compared:
		return usagef("--fail-on %s: the two sides have no point in common to hold it against", o.failOn)
	case !doc.Gate.Holds:
		return &statusError{exitGate, fmt.Errorf("--fail-on %s does not hold: %s", o.failOn,
			strings.Join(doc.Gate.Failed, "; "))}
	}
	return nil
}
