package predict_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

// As many goroutines as there were Ps, 1 or 2, do all the work: the program may start more where there are more cores.
// Of two goroutines on one P, or one on two, it did not start as many; and on as many cores as were recorded there is
// nothing to doubt.
func TestSized(t *testing.T) {
	for _, tt := range []struct {
		each   []int64
		ps     int
		marked bool
		warned bool
	}{
		{[]int64{100}, 1, false, true},
		{[]int64{100, 100}, 1, false, false},
		{[]int64{100, 100, 100}, 2, false, false},
		{[]int64{100}, 2, false, false},
		{[]int64{100, 100}, 2, false, false}, // only two cores are asked for
		{[]int64{100}, 1, true, false},
	} {
		p := fork(tt.each...)
		p.Ps = tt.ps
		if tt.marked {
			p.Crews = []program.Crew{{Workers: []int32{1}}}
		}
		f, ok := warned(p, warning.PredictSized)
		if ok != tt.warned || ok && (f.Count != tt.ps || f.Ratio != 1) {
			t.Errorf("%+v: warned %v, %+v", tt, ok, f)
		}
	}
}
