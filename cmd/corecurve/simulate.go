package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/coverage"
)

// simulateOptions are the flags of the verb simulate.
type simulateOptions struct {
	studies int // of each case
	pairs   int // of studies, of each case of a comparison
	seed    uint64
}

// The bounds that the project holds its figures to.
const (
	leastCoverage = 0.93
	mostCoverage  = 0.985
	mostClaimed   = 0.065 // of pairs of one program
	leastFound    = 0.90  // of points that are 10 % slower
)

// newSimulate is for those who work on corecurve or doubt it: it is not listed.
func newSimulate() *cobra.Command {
	var o simulateOptions
	c := &cobra.Command{
		Use:    "simulate",
		Hidden: true,
		Short:  "Hold intervals and comparisons to account on simulated studies",
		Long: `Hold intervals and comparisons to account: studies of known speedup are simulated, and what the analysis says of them is counted.

Fails if the 95 % interval of a speedup holds the true one in less than 93 % or more than 98.5 % of the studies of a case, if in more than
6.5 % of the pairs of studies of one program a difference is claimed, or if fewer than 90 % of points that are 10 % slower are found.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.studies < 0 || o.pairs < 0 {
				return usagef("--studies and --pairs must be at least 0")
			}
			return errors.Join(simulateCoverage(cmd.Context(), cmd.OutOrStdout(), o), simulatePairs(cmd.Context(), cmd.OutOrStdout(), o))
		},
	}
	f := c.Flags()
	f.IntVar(&o.studies, "studies", 5000, "studies of each case; 0: none")
	f.IntVar(&o.pairs, "pairs", 2000, "pairs of studies of each case; 0: none")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the simulation")
	return c
}

// each works on n cases, as many at a time as there are processors, and hands the outcomes on in order, until ctx is done.
func each[T any](ctx context.Context, n int, work func(i int) T, done func(T)) error {
	out := make([]chan T, n)
	for i := range out {
		out[i] = make(chan T, 1)
	}
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	go func() {
		for i := range n {
			select {
			case turn <- struct{}{}:
			case <-ctx.Done():
				return
			}
			go func() {
				defer func() { <-turn }()
				out[i] <- work(i)
			}()
		}
	}()
	for _, c := range out {
		select {
		case v := <-c:
			done(v)
		case <-ctx.Done(): // what is being worked on ends with the process
			return &statusError{exitInterrupted, ctx.Err()}
		}
	}
	return nil
}

func simulateCoverage(ctx context.Context, w io.Writer, o simulateOptions) error {
	if o.studies == 0 {
		return nil
	}
	cells := coverage.Cells()
	fmt.Fprintf(w, "%-22s %8s %8s %9s %8s %8s %7s\n", "noise", "launches", "mean", "coverage", "too low", "too high", "width")
	var errs []error
	err := each(ctx, len(cells), func(i int) coverage.Outcome { return coverage.Simulate(cells[i], 0, o.studies, o.seed) }, func(c coverage.Outcome) {
		n := float64(c.Studies)
		name := fmt.Sprintf("%s, %d to %d launches", c.Cell.Noise.Name, c.Cell.Rule.MinRuns, c.Cell.Rule.MaxRuns)
		fmt.Fprintf(w, "%-22s %8s %8.1f %8.2f%% %7.2f%% %7.2f%% %7.3f\n", c.Cell.Noise.Name,
			fmt.Sprintf("%d–%d", c.Cell.Rule.MinRuns, c.Cell.Rule.MaxRuns), c.Runs, 100*c.Coverage(), 100*float64(c.Below)/n,
			100*(n-float64(c.Below+c.Covered))/n, c.Width)
		if v := c.Coverage(); v < leastCoverage || v > mostCoverage {
			errs = append(errs, fmt.Errorf("%s: coverage %.2f %%", name, 100*v))
		}
	})
	return errors.Join(append(errs, err)...)
}

func simulatePairs(ctx context.Context, w io.Writer, o simulateOptions) error {
	if o.pairs == 0 {
		return nil
	}
	cells := coverage.PairCells()
	fmt.Fprintf(w, "\n%-22s %8s %8s %8s %9s %9s %10s\n", "noise", "launches", "mean", "slower", "claimed", "found", "above 5 %")
	var errs []error
	err := each(ctx, len(cells), func(i int) coverage.PairOutcome {
		return coverage.SimulatePairs(cells[i].Cell, cells[i].Slowdown, 0, o.pairs, o.seed)
	}, func(c coverage.PairOutcome) {
		name := fmt.Sprintf("%s, %d to %d launches", c.Cell.Noise.Name, c.Cell.Rule.MinRuns, c.Cell.Rule.MaxRuns)
		fmt.Fprintf(w, "%-22s %8s %8.1f %7.0f%% %8.2f%% %8.2f%% %9.2f%%\n", c.Cell.Noise.Name,
			fmt.Sprintf("%d–%d", c.Cell.Rule.MinRuns, c.Cell.Rule.MaxRuns), c.Runs, 100*(c.Slowdown-1), 100*c.ClaimedShare(), 100*c.Found(),
			100*float64(c.Failed)/float64(c.Pairs))
		switch {
		case c.Slowdown == 1 && c.ClaimedShare() > mostClaimed:
			errs = append(errs, fmt.Errorf("%s: a difference is claimed in %.2f %% of pairs of one program", name, 100*c.ClaimedShare()))
		case c.Slowdown > 1 && c.Found() < leastFound:
			errs = append(errs, fmt.Errorf("%s: %.2f %% of slower points are found", name, 100*c.Found()))
		}
	})
	return errors.Join(append(errs, err)...)
}
