package main

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/trace/sweep"
)

// gateOptions are the flags of gates.
type gateOptions struct {
	speedups     []string // "1.8@2"
	efficiencies []string // "0.75@4"
	shares       []string // "block.mutex=10%"
}

func (o *gateOptions) gateFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.speedups, string(gate.MinSpeedup), nil,
		"minimum speedup at a count, as in 1.8@2; may be repeated")
	f.StringArrayVar(&o.efficiencies, string(gate.MinEfficiency), nil,
		"minimum efficiency at a count, as in 0.75@4; may be repeated")
	f.StringArrayVar(&o.shares, string(gate.MaxShare), nil,
		"maximum share of the core time that a cause may take, as in block.mutex=10% or gc=20%@4; may be repeated")
}

// gates reads the gates. The error is of all that are none.
func (o *gateOptions) gates() (out []gate.Gate, err error) {
	var errs []error
	for _, f := range []struct {
		kind  gate.Kind
		texts []string
	}{{gate.MinSpeedup, o.speedups}, {gate.MinEfficiency, o.efficiencies}, {gate.MaxShare, o.shares}} {
		for _, text := range f.texts {
			g, err := gate.Parse(f.kind, text)
			if err != nil {
				errs = append(errs, usagef("%w", err))
			}
			out = append(out, g)
		}
	}
	return out, errors.Join(errs...)
}

// planned refuses gates that no run of a study could tell anything about.
func planned(gates []gate.Gate, h *sweep.Header) error {
	var errs []error
	for _, g := range gates {
		has := func(s sweep.Sweep) bool {
			return slices.ContainsFunc(s.Points, func(p sweep.Point) bool { return s.N(p) == g.N })
		}
		switch {
		case g.Kind == gate.MaxShare && h.Settings.Traced == 0:
			errs = append(errs, usagef("%s: needs traced runs: --traced 1 or more", g))
		case g.N > 0 && !slices.ContainsFunc(h.Sweeps, has):
			errs = append(errs, usagef("%s: no point is planned for it", g))
		}
	}
	return errors.Join(errs...)
}

// hold holds the study in dir against the gates that were given for it, if any were. Beside a JSON document, which is
// all of stdout, the outcomes go to stderr.
func (o *runOptions) hold(cmd *cobra.Command, dir string) error {
	gates, err := o.gate.gates()
	if err != nil || len(gates) == 0 {
		return err
	}
	w := cmd.OutOrStdout()
	if o.draw.json {
		w = cmd.ErrOrStderr()
	}
	return checkStudy(cmd.Context(), w, dir, gates, checkOptions{
		measure: o.draw.measure, memoryOption: o.draw.memoryOption, summary: o.draw.summary, adds: true,
	})
}

// gateFlagNames are the flags of gates, with which a study that is continued may be given.
func gateFlagNames() []string {
	return []string{string(gate.MinSpeedup), string(gate.MinEfficiency), string(gate.MaxShare)}
}
