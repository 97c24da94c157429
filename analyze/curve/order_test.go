package curve_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// warned is the only warning of a curve whose two points took so many milliseconds, the same but for the factor.
func warned(t *testing.T, ms ...float64) string {
	t.Helper()
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	half := make([]float64, len(ms))
	for i, v := range ms {
		half[i] = v / 2
	}
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)}, join(runs(one, ms...), runs(two, half...)), curve.Options{Resamples: 100})[0]
	return strings.Join(c.Warnings, "\n")
}

func TestDrift(t *testing.T) {
	// Ten blocks, each slower than the last: S = 45, its variance 10·9·25/18 = 125, z = 44/√125 = 3.935, p = 8.3e-5. The medians of the halves are
	// 102 and 107: 4.9 %.
	got := warned(t, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109)
	if !strings.Contains(got, "took longer and longer in the course of the study (by 4.9 % from its first half to its second; Mann–Kendall over 10 blocks, tau 1.00, p = 8.3e-05)") {
		t.Errorf("%q", got)
	}
	got = warned(t, 109, 108, 107, 106, 105, 104, 103, 102, 101, 100)
	if !strings.Contains(got, "shorter and shorter") || !strings.Contains(got, "tau -1.00") {
		t.Errorf("%q", got)
	}
	for name, ms := range map[string][]float64{
		"no order":   {100, 104, 101, 106, 102, 103, 100.5, 105, 101.5, 103.5},
		"five":       {100, 101, 102, 103, 104},
		"all alike":  {100, 100, 100, 100, 100, 100, 100, 100},
		"two levels": {100, 100, 101, 101, 100, 100, 101, 101, 100, 100},
	} {
		if got := warned(t, ms...); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOutliers(t *testing.T) {
	one := pt(1, 1, 1, 9)
	// Quartiles of type 7 of the ten: h = 2.25 between 101 and 102 gives 101.25 of 100 101 101 102 …; the fences are some ten milliseconds away, so
	// 140 is far out, and 106 is not.
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)}, runs(one, 100, 103, 101, 140, 102, 104, 101, 103, 106, 102), curve.Options{Resamples: 100})[0]
	want := []string{"w-p1-w1-c1-s9: 1 of 10 launches far out, beyond three interquartile ranges, kept in all figures: run 3 took 1.37 times the median"}
	if d := cmp.Diff(want, c.Warnings); d != "" {
		t.Error(d)
	}
	// The outlier is in the median: of nine others 102, with it half way between 102 and 103.
	if m := c.Points[0].Median; m != 0.1025 || c.Points[0].Runs != 10 {
		t.Errorf("median %v of %d", m, c.Points[0].Runs)
	}
	// Four values alike: a fifth that differs by less than a hundredth is not called out.
	c = curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)}, runs(one, 100, 100, 100, 100, 100.9), curve.Options{Resamples: 100})[0]
	if len(c.Warnings) != 0 {
		t.Errorf("%q", c.Warnings)
	}
}
