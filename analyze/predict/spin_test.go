package predict_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

// Four goroutines of 10 ms each yield again and again, with so much work between each two. 60 turns of 10 µs in each are
// 2.4 ms, or 5.7 % of all work, and spinning; 40 are too few. Computing for 1 ms between yields is no spinning, nor is
// what lies between operations. A switch counts with its turn.
func TestSpins(t *testing.T) {
	for _, tt := range []struct {
		name   string
		turns  int
		ns     int64
		each   time.Duration // that a switch takes
		other  bool          // an operation between yields
		warned bool
	}{
		{"spinning", 60, 10_000, 0, false, true},
		{"rarely", 40, 10_000, 0, false, false},
		{"rarely, but switches take as long", 40, 10_000, 10 * time.Microsecond, false, true},
		{"computing", 60, 1 * ms, 0, false, false},
		{"between operations", 60, 10_000, 0, true, false},
	} {
		p := fork(10, 10, 10, 10)
		p.Latency.Switch = tt.each
		p.Objects = append(p.Objects, program.Object{Capacity: 1000})
		var ops []program.Op
		for range tt.turns {
			ops = append(ops, program.Op{Kind: program.Yield}, run(tt.ns))
			if tt.other {
				ops = append(ops, program.Op{Kind: program.Send, Ref: 1})
			}
		}
		each(p, append(ops, program.Op{Kind: program.Yield})...)
		q := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{2}}).Predictions[0]
		if !tt.warned {
			if q.Unknown != nil {
				t.Errorf("%s: %+v", tt.name, q.Unknown)
			}
			continue
		}
		if q.Unknown == nil || q.Unknown.Kind != warning.PredictSpins || q.NoHigh == nil {
			t.Fatalf("%s: %+v", tt.name, q)
		}
		took := 4 * float64(tt.turns) * (0.01 + tt.each.Seconds()*1e3)
		want := warning.Figures{Count: 4 * tt.turns, Ratio: took / (40 + took)}
		if diff := cmp.Diff(want, q.Unknown.Figures, cmpopts.EquateApprox(1e-9, 0)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
