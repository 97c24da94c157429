package pop

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
)

// TestMeasure: one worker is useful for 9 of 10 s. Two workers take 6 s and are useful for 5 and 4 s: the mean is 4.5
// s, so the load balance is 4.5/5 = 0.9, the communication efficiency 5/6, the parallel efficiency 4.5/6 = 0.75; the
// work has not grown (9 s in all), and so the global efficiency is 0.75 as well. With twice the work as in weak scaling
// and 10 s each the computation has scaled by 9·2/20 = 0.9.
func TestMeasure(t *testing.T) {
	base := Run{Wall: 10 * time.Second, Useful: []time.Duration{9 * time.Second}}
	for _, tt := range []struct {
		name   string
		run    Run
		growth float64
		want   Efficiency
	}{
		{"base", base, 1, Efficiency{1, 0.9, 0.9, 1, 0.9}},
		{
			"two",
			Run{6 * time.Second, []time.Duration{5 * time.Second, 4 * time.Second}},
			1,
			Efficiency{0.9, 5. / 6, 0.75, 1, 0.75},
		},
		{
			"weak",
			Run{12500 * time.Millisecond, []time.Duration{10 * time.Second, 10 * time.Second}},
			2,
			Efficiency{1, 0.8, 0.8, 0.9, 0.72},
		},
		{"idle", Run{time.Second, []time.Duration{0}}, 1, Efficiency{math.NaN(), 0, 0, math.NaN(), math.NaN()}},
	} {
		got := Measure(base, tt.run, tt.growth)
		if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-12), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

func TestOf(t *testing.T) {
	l := &ledger.Ledger{Workers: []ledger.WorkerTime{
		{
			Wall: 3 * time.Second, ByCause: map[cause.Cause]time.Duration{
				cause.User: 2 * time.Second, cause.Startup: time.Second,
			},
		},
		{Wall: 3 * time.Second, ByCause: map[cause.Cause]time.Duration{cause.Startup: 3 * time.Second}},
	}}
	got, ok := Of(l)
	want := Run{3 * time.Second, []time.Duration{2 * time.Second, 0}}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error(ok, diff)
	}
	if _, ok := Of(&ledger.Ledger{}); ok {
		t.Error("a ledger without workers has efficiencies")
	}
}

func TestGrade(t *testing.T) {
	for v, want := range map[float64]Grade{0.8: Good, 0.79: Fair, 0.5: Fair, 0.49: Poor} {
		if got := GradeOf(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}
