package coverage_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/coverage"
)

// The quick form of "corecurve simulate": fewer studies and a fixed seed, with bounds as wide as so few allow. At a true coverage of 95 % four standard
// deviations of 200 studies are 6 %; the full form holds 93 to 98.5 %.
func TestCoverageQuick(t *testing.T) {
	for _, c := range []coverage.Cell{
		{Noise: coverage.Normal(0.03), Rule: coverage.Fixed(10)},
		{Noise: coverage.Lognormal(0.5), Rule: coverage.Fixed(10)},
		{Noise: coverage.Delayed(0.06), Rule: coverage.Fixed(30)},
		{Noise: coverage.Normal(0.06), Rule: coverage.Adaptive()},
		{Noise: coverage.Launches(0.02), Rule: coverage.Fixed(10)},
		{Noise: coverage.Layouts(), Rule: coverage.Fixed(10)},
	} {
		o := coverage.Simulate(c, 0, 200, 1)
		if got := o.Coverage(); got < 0.89 {
			t.Errorf("%s, %d to %d launches: the interval holds the true speedup in %.1f %% of %d studies", c.Noise.Name, c.Rule.MinRuns, c.Rule.MaxRuns, 100*got, o.Studies)
		}
		if o.Runs < float64(c.Rule.MinRuns) || o.Runs > float64(c.Rule.MaxRuns) {
			t.Errorf("%s: %v launches a point, outside the rule %+v", c.Noise.Name, o.Runs, c.Rule)
		}
	}
}

// Of 150 pairs of one program, 5 % false claims would be 7.5; 17 are beyond by four standard deviations. Of points 10 % slower nine in ten are found.
func TestPairsQuick(t *testing.T) {
	same := coverage.SimulatePairs(coverage.Cell{Noise: coverage.Lognormal(0.03), Rule: coverage.Fixed(20)}, 1, 0, 150, 1)
	if same.Claimed > 17 || same.Failed > 0 {
		t.Errorf("%d of %d pairs of one program were claimed to differ, %d by 5 %%", same.Claimed, same.Pairs, same.Failed)
	}
	slow := coverage.SimulatePairs(coverage.Cell{Noise: coverage.Normal(0.03), Rule: coverage.Fixed(20)}, 1.1, 0, 50, 1)
	if slow.Found() < 0.9 {
		t.Errorf("of points 10 %% slower %.0f %% were found", 100*slow.Found())
	}
}

// The same numbers give the same studies, in one go or in two.
func TestSimulateIsRepeatable(t *testing.T) {
	c := coverage.Cell{Noise: coverage.Normal(0.03), Rule: coverage.Fixed(10)}
	all, a, b := coverage.Simulate(c, 0, 40, 3), coverage.Simulate(c, 0, 15, 3), coverage.Simulate(c, 15, 25, 3)
	if all.Covered != a.Covered+b.Covered || all.Below != a.Below+b.Below {
		t.Errorf("covered %d, in two parts %d + %d", all.Covered, a.Covered, b.Covered)
	}
}
