package main

import (
	"context"
	"math"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/capture/probe"
	"github.com/corecurve/corecurve/trace/sweep"
)

// DoctorSchema is the schema of what "doctor --json" prints.
const DoctorSchema = "corecurve/doctor/1"

// A diagnosis is what a machine allows.
type diagnosis struct {
	Schema string `json:"schema"`
	Tool   string `json:"tool"`
	Go     string `json:"go"`
	*probe.Machine
	Ceiling []ceilingAt `json:"ceiling"` // empty with --no-spin

	CeilingNoisy  int          `json:"ceiling_noisy_runs"`
	CeilingTaken  *sweep.Taken `json:"ceiling_taken"`            // from these runs, of their CPUs; nil: not known
	CeilingReason string       `json:"ceiling_reason,omitempty"` // why there is none
}

// A ceilingAt is the speedup of the spin loop on so many cores.
type ceilingAt struct {
	Cores   int      `json:"cores"`
	Runs    int      `json:"runs"`
	Speedup *float64 `json:"speedup"` // nil: it could not be measured
	Low     *float64 `json:"low"`     // the range seen
	High    *float64 `json:"high"`
}

func newDoctor() *cobra.Command {
	var asJSON, noSpin bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Report what this machine allows, how quiet it is, and what it can give at most",
		Long: `Doctor reports what can be seen of a run on this machine and what each denial
costs, how quiet the machine is, how its cores are arranged, which programs it
has that corecurve calls, and the speedup that a loop in registers reaches on 1
core up to all of them: no program can have more.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := examine(cmd.Context(), noSpin)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), d)
			}
			return d.write(cmd.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&noSpin, "no-spin", false, "skip measuring the ceiling, which takes a second or more")
	return c
}

// examine looks at the machine. Only an interruption is an error: what cannot be done here is part of the diagnosis.
func examine(ctx context.Context, noSpin bool) (*diagnosis, error) {
	defer hold(ctx)()
	c, err := catalog()
	if err != nil {
		return nil, err
	}
	d := &diagnosis{Schema: DoctorSchema, Tool: version(), Go: runtime.Version(), Ceiling: []ceilingAt{}}
	if d.Machine, err = probe.Look(ctx, c.Own, "analyze", "-"); err != nil {
		return nil, err
	}
	if noSpin {
		d.CeilingReason = "not measured (--no-spin)"
		return d, nil
	}
	sweeps, results, err := probe.Spin(ctx, c, spinRuns)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		d.CeilingReason = "could not be measured: " + err.Error()
		return d, nil
	}
	for i := range results {
		if results[i].Noise.Noisy {
			d.CeilingNoisy++
		}
		if n := results[i].Noise.CPUs; n != nil {
			if d.CeilingTaken == nil {
				d.CeilingTaken = &sweep.Taken{}
			}
			d.CeilingTaken.Add(n)
		}
	}
	measured, _ := curve.NewCeiling(sweeps, results, curve.Options{Seed: 1}) // it has runs
	for _, p := range measured.Curve.Points {
		at := ceilingAt{Cores: p.N, Runs: p.Runs}
		if !math.IsNaN(p.Speedup) {
			at.Speedup = &p.Speedup
		}
		if p.Interval != nil {
			at.Low, at.High = &p.Interval.Low, &p.Interval.High
		}
		d.Ceiling = append(d.Ceiling, at)
	}
	return d, nil
}

// spinRuns is how often the spin loop is run at each number of cores.
const spinRuns = 3
