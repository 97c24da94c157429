package predict_test

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/trace/sweep"
)

// What was measured of the machine stands for what the recording shows; what was not is as usual.
func TestMeasured(t *testing.T) {
	if c := predict.Measured(nil); c != nil {
		t.Errorf("of nothing: %+v", c)
	}
	costs := predict.Measured(&sweep.Scheduler{Switch: 150, Wake: 24_000, Waker: 11_000})
	want := simulate.Usual()
	want.Switch, want.Wake, want.Waker = 150, 24*time.Microsecond, 11*time.Microsecond
	if *costs != want {
		t.Errorf("%+v, want %+v", *costs, want)
	}
	p := fork(100, 100)
	p.Latency = program.Latency{Switch: 7, Wake: 9}
	if c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{2}}); c.Costs.Wake != 9 || c.Calibrated {
		t.Errorf("of the recording: %+v", c.Costs)
	}
	c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{2}, Costs: costs})
	if c.Costs != want || !c.Calibrated {
		t.Errorf("measured: %+v", c.Costs)
	}
}
