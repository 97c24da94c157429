package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// exitGate is the exit status of a gate that did not hold.
const exitGate = 3

// compareOptions are the flags of the verb compare.
type compareOptions struct {
	measure   string // total or work
	parameter string // of hyperfine's scan
	seed      uint64
	json      bool
	png       string // files; empty: none
	markdown  string
	html      string
	summary   string
	profiles  string // folder; empty: none

	changeOptions
	memoryOption
}

func newCompare() *cobra.Command {
	var o compareOptions
	c := &cobra.Command{
		Use:   "compare BASE NEW | STUDY",
		Short: "Tell whether a program got faster or slower between two studies, or two variants of one",
		Long: `Compare tells whether a program got faster or slower between two studies, count
by count, and by how much, and what takes more or less time.

BASE and NEW are two studies, or two files of a format that corecurve fit reads
(CSV, go test -bench, hyperfine's JSON). STUDY alone is one that compares
variants, made by run --against or --variant: these were measured in the same
blocks, so that a drift of the machine falls on all alike. A point counts as faster or slower only
if the 95 % interval of the ratio of medians excludes 1, the ratio differs from
1 by at least --min-effect, and the rank-sum test (of variants that of signed
ranks, block by block) is significant at 0.05 after Holm's correction over all
points.

With --fail-on 5% the exit status is 3 if a point is slower by that much. The
lower bound of the ratio's interval decides, which protects from false alarms: a
slowdown of about 5 % often passes, one of 10 % with twenty quiet runs does not.
A point that BASE measured and at which no run of NEW succeeded fails as well.`,
		Example: `  corecurve compare main/study branch/study --fail-on 5% --markdown comment.md
  corecurve compare before.txt after.txt --png change.png`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(args) == 1 {
				return compareVariants(cmd, args[0], o)
			}
			return compareSides(cmd, args[0], args[1], o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.measure, "measure", string(curve.Total),
		"which time of a study's runs to compare: total (what a user waits for) or work (without start-up)")
	o.changeFlags(f)
	f.StringVar(&o.parameter, "parameter", "",
		"the parameter of hyperfine's scan that is n (default: the one that varies)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the resampling")
	f.BoolVar(&o.json, "json", false, "print JSON instead of text")
	f.StringVar(&o.png, "png", "", "draw the ratio of every point to this file")
	f.StringVar(&o.markdown, "markdown", "", "write the comparison to this file as Markdown, for a pull request")
	f.StringVar(&o.html, "html", "", "write the comparison to this file as one HTML page")
	f.StringVar(&o.profiles, "profiles", "",
		"write the CPU profiles of both sides to this folder, base.pb.gz and new.pb.gz, for go tool pprof -diff_base")
	summaryFlag(f, &o.summary)
	o.memoryFlag(f)
	return c
}

func (o *compareOptions) check() error {
	if err := checkMeasure(o.measure); err != nil {
		return err
	}
	if err := o.checkChange(); err != nil {
		return err
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
	if s.Header.Compares() {
		return nil, usagef("%s holds several variants, and a side is one program: %s compares them", name,
			shell.Quote("corecurve", "compare", name))
	}
	a := analyzeSide(s, o)
	return &comparand{name: name, study: a, damage: s.Warnings, curves: compare.OfStudy(a)}, nil
}

// analyzeSide analyses a study that is compared.
func analyzeSide(s *sweep.Study, o compareOptions) *study.Study {
	return study.Analyze(study.Input{
		Header: s.Header, Results: s.Results, Interrupted: s.Interrupted, Damage: s.Warnings,
		Measure:   curve.Measure(o.measure),
		Explained: o.explain(s, study.Reading{}, o.traces()),
	})
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
		notes = append(notes, unexplained(s.study, s.name)...)
	}
	return notes
}

// matchNames makes a file's only curve the partner of the other's only one, whatever they are called.
func matchNames(base, fresh *comparand) {
	if len(base.curves) == 1 && len(fresh.curves) == 1 {
		fresh.curves[0].Key = base.curves[0].Key
	}
}

// compareVariants compares the variants of the study in dir.
func compareVariants(cmd *cobra.Command, dir string, o compareOptions) error {
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	parts := s.Split()
	if len(parts) == 1 {
		return usagef("%s has no variants to compare: name another study beside it", dir)
	}
	var analysed []*study.Study
	for _, p := range parts {
		analysed = append(analysed, analyzeSide(p, o))
	}
	v := variantsOf(analysed, o.changeOptions, o.seed)
	err = writeCompared(cmd, o, compared{
		v.WriteText, v.WriteJSON, v.WriteMarkdown, v.WriteHTML, v.WriteSummary, v.Figures(), v.Comparisons[:1],
	})
	if err != nil {
		return err
	}
	return heldChange(v, o.failOn)
}

// A compared is what is written of a comparison.
type compared struct {
	text, json, markdown, html, summary func(io.Writer) error

	figures  []comparison.Figure
	profiled []*comparison.Comparison // whose profiles are written
}

// writeCompared prints a comparison and writes the files that were asked for.
func writeCompared(cmd *cobra.Command, o compareOptions, c compared) error {
	ctx := cmd.Context()
	var errs []error
	for _, p := range c.profiled {
		errs = append(errs, o.writeProfiles(ctx, p)) // before what names them
	}
	write := c.text
	if o.json {
		write = c.json
	}
	errs = append(
		errs, write(cmd.OutOrStdout()), writeTo(ctx, o.markdown, c.markdown), writeTo(ctx, o.html, c.html),
		writeSummary(ctx, o.summary, false, c.summary),
	)
	switch {
	case o.png != "" && len(c.figures) == 0:
		errs = append(errs, fmt.Errorf("%s: nothing to draw: no pair of curves has a point in common", o.png))
	case o.png != "":
		errs = append(errs, writeTo(ctx, o.png, picture(c.figures[0].Chart, chart.WritePNG)))
	}
	return errors.Join(errs...)
}

// writeProfiles writes the CPU profiles of both sides of c, if that was asked for and there are any.
func (o *compareOptions) writeProfiles(ctx context.Context, c *comparison.Comparison) error {
	if o.profiles == "" {
		return nil
	}
	h := c.Result.Headline()
	p := c.Result.Profiles(&h)
	if p == nil {
		return fmt.Errorf("%s: there are no CPU profiles of both sides", o.profiles)
	}
	out, err := folder.Make(o.profiles)
	if err != nil {
		return err
	}
	c.Profiles, c.Files = p, []string{filepath.Join(o.profiles, "base.pb.gz"), filepath.Join(o.profiles, "new.pb.gz")}
	return errors.Join(writeIn(ctx, out, "base.pb.gz", p.Base.Write), writeIn(ctx, out, "new.pb.gz", p.New.Write), out.Close())
}

func writeComparison(cmd *cobra.Command, c *comparison.Comparison, o compareOptions) error {
	err := writeCompared(cmd, o, compared{
		c.WriteText, c.WriteJSON, c.WriteMarkdown, c.WriteHTML, c.WriteSummary, c.Figures(), []*comparison.Comparison{c},
	})
	if err != nil {
		return err
	}
	doc := c.Document()
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
