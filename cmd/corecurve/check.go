package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/gating"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// checkOptions are the flags of the verb check.
type checkOptions struct {
	gateOptions
	workload string  // empty: all
	mode     string  // empty: all
	sizes    []int64 // none: all
	measure  string  // total or work
	json     bool
	summary  string // file; empty: none
	adds     bool   // the summary stands behind what the file has
	changeOptions
	memoryOption
}

func newCheck() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check STUDY",
		Short: "Test a study against gates, for continuous integration",
		Long: `Check tests a study against gates: the exit status is 3 if a gate does not hold,
2 if one names a point that was not measured.

The lower bound of the 95 % interval must reach a minimum speedup or efficiency,
so that a study which only may have reached it does not pass. Below five runs
the lowest value seen takes the place of the bound. Where other programs or the
hypervisor took of the runs' cores, the interval holds what that can explain. A
share of the core time is the median of the traced runs as they were, start-up
included (a speedup stack scales them to the times of the timed runs), so that
one disturbed run fails no gate and one lucky run passes none; without @N it
applies to every point that was traced. A point that was planned and at which no
run succeeded does not hold. Each gate applies to all curves that have its
count, of a study of several sizes to those of every size, of a study of
variants to those of all but the base; --workload, --mode and --size select, as
in --size 1e7 where small sizes are not to be fast. --fail-on is of a study of
variants: none of its points may be shown to be slower than the base by so much,
as corecurve compare has it.`,
		Example: `  corecurve check study --min-speedup 1.8@2 --min-efficiency 0.75@4
  corecurve check study --mode threads --max-share block.mutex=10% --max-share gc=20%@8`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			gates, err := o.check()
			if err != nil {
				return err
			}
			return checkStudy(cmd.Context(), cmd.OutOrStdout(), args[0], gates, o)
		},
	}
	f := c.Flags()
	o.gateFlags(f)
	o.changeFlags(f)
	f.StringVar(&o.workload, "workload", "", "only curves of this workload")
	f.StringVar(&o.mode, "mode", "", "only curves of this mode: threads, procs, cores or grid")
	f.Var(sizesFlag(&o.sizes), "size", "only curves of these sizes (per worker under weak scaling), as run has them: a list or a range")
	f.StringVar(&o.measure, "measure", string(curve.Total),
		"time from which speedups are computed: total or work (without start-up)")
	f.BoolVar(&o.json, "json", false, "print JSON instead of text")
	summaryFlag(f, &o.summary)
	o.memoryFlag(f)
	return c
}

// check reads the gates, and refuses flags that make no sense.
func (o *checkOptions) check() ([]gate.Gate, error) {
	if err := checkMeasure(o.measure); err != nil {
		return nil, err
	}
	modes := []sweep.Mode{"", sweep.Threads, sweep.Procs, sweep.Cores, sweep.Grid}
	if !slices.Contains(modes, sweep.Mode(o.mode)) {
		return nil, usagef("--mode %q: want threads, procs, cores or grid", o.mode)
	}
	out, err := o.gates()
	if err := errors.Join(err, o.checkChange(), o.bound()); err != nil {
		return nil, err
	}
	if len(out) == 0 && o.failOn == "" {
		return nil, usagef("no gate: give --min-speedup, --min-efficiency, --max-share or --fail-on")
	}
	return out, nil
}

// checkStudy holds the study in dir against gates, and writes the outcomes.
func checkStudy(ctx context.Context, w io.Writer, dir string, gates []gate.Gate, o checkOptions) error {
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		return err
	}
	shares := slices.ContainsFunc(gates, func(g gate.Gate) bool { return g.Kind == gate.MaxShare })
	parts := s.Split()
	if len(parts) > 1 { // nobody can do anything about what the others are compared with
		parts = parts[1:]
	}
	changes, err := o.changes(dir, s)
	if err != nil {
		return err
	}
	var subjects []gate.Subject
	for _, part := range parts {
		in := study.Input{Header: part.Header, Results: part.Results, Measure: curve.Measure(o.measure)}
		if shares {
			in.Explained = o.explain(part, study.Reading{}, o.traces())
		}
		subjects = append(subjects, o.subjects(study.Analyze(in))...)
	}
	switch {
	case len(subjects) == 0:
		return usagef("%s: no curve is of --workload %q, --mode %q and --size %q", dir, o.workload, o.mode, sizesFlag(&o.sizes))
	case shares && !slices.ContainsFunc(subjects, knowsShares):
		return fmt.Errorf("%s: --max-share needs traced runs, and none says where core time went "+
			"(corecurve run --traced 1)", dir)
	}
	checked := &gating.Check{Study: dir, Gates: gates, Outcomes: gate.Check(gates, subjects)}
	errs := []error{writeChecks(w, checked.Outcomes, changes, o.json)}
	if changes != nil {
		errs = append(errs, writeSummary(ctx, o.summary, o.adds, changes.WriteSummary))
	}
	if changes == nil || len(gates) > 0 {
		errs = append(errs, writeSummary(ctx, o.summary, o.adds || changes != nil, checked.WriteSummary))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	err = verdictOf(checked)
	if changes != nil {
		err = errors.Join(err, heldChange(changes, o.failOn))
	}
	return err
}

// changes compares the variants of s, if that is to be held against a gate; else it returns nil.
func (o *checkOptions) changes(dir string, s *sweep.Study) (*comparison.Study, error) {
	parts := s.Split()
	if o.failOn == "" || len(parts) == 1 {
		return nil, o.alone(dir)
	}
	var analysed []*study.Study
	for _, p := range parts {
		analysed = append(analysed, study.Analyze(study.Input{Header: p.Header, Results: p.Results, Measure: curve.Measure(o.measure)}))
	}
	return variantsOf(analysed, o.changeOptions, s.Header.Seed), nil
}

// subjects are the curves of s that were chosen, with the shares of causes where they are known.
func (o *checkOptions) subjects(s *study.Study) []gate.Subject {
	var out []gate.Subject
	for c := range s.Curves() {
		if o.workload != "" && c.Sweep.Workload != o.workload || o.mode != "" && string(c.Sweep.Mode) != o.mode ||
			len(o.sizes) > 0 && !slices.Contains(o.sizes, c.Sweep.Size) {
			continue
		}
		sub := gate.Subject{Label: words.Key(compare.KeyOf(c.Sweep)), Curve: &c.Curve}
		if v := c.Sweep.Variant; v != "" {
			sub.Label = v + ": " + sub.Label
		}
		for j := range c.Figures {
			sub.Shares = append(sub.Shares, c.Figures[j].Shares())
		}
		out = append(out, sub)
	}
	return out
}

// knowsShares reports whether any point of a subject knows where core time went.
func knowsShares(s gate.Subject) bool {
	return slices.ContainsFunc(s.Shares, func(runs []map[cause.Cause]float64) bool { return len(runs) > 0 })
}

// CheckSchema is the schema of what "check --json" prints.
const CheckSchema = "corecurve/check/1"

// A checksDoc is the outcomes of a check as JSON.
type checksDoc struct {
	Schema string     `json:"schema"`
	Gates  []checkDoc `json:"gates"`
	// Changes is the gate --fail-on, for each variant that is compared with the base.
	Changes []changeDoc `json:"changes,omitempty"`
}

// A changeDoc is the gate on the changes of one variant as JSON.
type changeDoc struct {
	Variant string              `json:"variant"`
	Gate    *comparison.GateDoc `json:"gate"`
}

// A checkDoc is an outcome as JSON.
type checkDoc struct {
	Gate        string    `json:"gate"`
	Kind        gate.Kind `json:"kind"`
	Limit       float64   `json:"limit"`
	Curve       string    `json:"curve"`
	N           int       `json:"n"`
	Runs        int       `json:"runs"`
	Value       *float64  `json:"value"`
	ValueReason string    `json:"value_reason,omitempty"`
	Bound       *float64  `json:"bound"` // what was held against the limit
	BoundReason string    `json:"bound_reason,omitempty"`
	Method      string    `json:"method,omitempty"` // of the interval; empty: the bound is the value
	Holds       bool      `json:"holds"`
	Why         string    `json:"why,omitempty"`
	// Of a share: how many traced runs it is the median of, and their range.
	TracedRuns int      `json:"traced_runs,omitempty"`
	Low        *float64 `json:"low,omitempty"`
	High       *float64 `json:"high,omitempty"`
}

func writeChecks(w io.Writer, outcomes []gate.Outcome, changes *comparison.Study, asJSON bool) error {
	if !asJSON && changes != nil {
		if err := changes.WriteGate(w); err != nil {
			return err
		}
	}
	if !asJSON {
		for _, o := range outcomes {
			if err := writeCheck(w, o); err != nil {
				return err
			}
		}
		return nil
	}
	known := func(v float64, why string) (*float64, string) {
		if math.IsNaN(v) {
			return nil, why
		}
		return &v, ""
	}
	doc := checksDoc{Schema: CheckSchema, Gates: []checkDoc{}}
	if changes != nil {
		for i, c := range changes.Document().Comparisons {
			doc.Changes = append(doc.Changes, changeDoc{changes.Variants[i+1].Name, c.Gate})
		}
	}
	for _, o := range outcomes {
		d := checkDoc{
			Gate: o.Gate.String(), Kind: o.Gate.Kind, Limit: o.Gate.Limit, Curve: o.Label, N: o.N, Runs: o.Runs,
			Method: o.Method, Holds: o.Holds, Why: words.Gate(&o),
		}
		d.Value, d.ValueReason = known(o.Value, d.Why)
		d.Bound, d.BoundReason = known(o.Bound, d.Why)
		if d.TracedRuns = o.Traced; o.Traced > 0 {
			d.Low, d.High = &o.Low, &o.High
		}
		doc.Gates = append(doc.Gates, d)
	}
	return printJSON(w, doc)
}

// writeCheck writes two lines: the gate, and the figure behind it.
func writeCheck(w io.Writer, o gate.Outcome) error {
	mark := "FAILS"
	if o.Holds {
		mark = "holds"
	}
	_, err := fmt.Fprintf(w, "%s  %s\n       %s, n = %d: %s\n",
		mark, o.Gate, o.Label, o.N, words.Plain(words.GateFigure(&o)))
	return err
}

// verdictOf turns outcomes into the exit status. A gate that names no measured point is a mistake in the gate, and
// comes first.
func verdictOf(c *gating.Check) error {
	nowhere, failed := c.Nowhere(), c.Failed()
	switch {
	case len(nowhere) > 0:
		err := fmt.Errorf("%s: no measured point for %s", c.Study, strings.Join(nowhere, ", "))
		if len(failed) > 0 {
			err = errors.Join(err, fmt.Errorf("and these do not hold: %s", strings.Join(failed, ", ")))
		}
		return &statusError{exitUsage, err}
	case len(failed) > 0:
		return &statusError{exitGate, fmt.Errorf("%s: %d of %d gates do not hold: %s",
			c.Study, len(failed), len(c.Outcomes), strings.Join(slices.Compact(failed), ", "))}
	}
	return nil
}
