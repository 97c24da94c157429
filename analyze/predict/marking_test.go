package predict_test

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

// Four goroutines run for 100 ms each, and the collector marks:
//
//   - for 400, half of the time on one core. Sixteen cores take 100 if four of them mark beside what runs, and 470 if one
//     marks alone, which is 0.7·100 and 400: there is only a bound, of 800 over 100.
//   - for as long on two cores, which take turns and take 540: as long as if one marked alone, so it does not matter.
//   - for 100 of 500, which is less than it may without the help of the program: 500 over 100.
func TestMarking(t *testing.T) {
	for _, tt := range []struct {
		marks   int64
		cores   int
		share   float64 // that is warned of
		speedup float64 // or its bound
	}{{400, 16, 0.5, 8}, {400, 2, 0, 800. / 540}, {100, 16, 0, 5}} {
		p := fork(100, 100, 100, 100)
		p.Goroutines[0].Ops = append([]program.Op{{Kind: program.Collect}}, p.Goroutines[0].Ops...)
		p.Cycles = []time.Duration{time.Duration(tt.marks * ms)}
		p.Marking = p.Cycles[0]
		q := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{tt.cores}}).Predictions[0]
		if w := q.Unknown; tt.share > 0 {
			if w == nil || w.Kind != warning.PredictMarking || q.NoHigh != nil {
				t.Fatalf("%d ms: %+v", tt.marks, q)
			}
			near(t, "share", w.Figures.Ratio, tt.share, 0.01)
			near(t, "bound", q.High, tt.speedup, 0.01)
			continue
		}
		near(t, "speedup", q.Speedup, tt.speedup, 0.01)
	}
}
