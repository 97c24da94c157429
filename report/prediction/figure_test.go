package prediction

import (
	"slices"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/study"
)

// What the text does not predict no picture does: it has the bound, unless more was measured.
func TestWithheld(t *testing.T) {
	of := func(measured float64, check study.Check) *Curve {
		p := &study.Prediction{Checks: []study.Check{check}}
		for n := 1; n <= 4; n *= 2 {
			p.Points = append(p.Points, predict.Prediction{
				Cores: n, Speedup: float64(n), Low: float64(n), High: 1.1 * float64(n),
			})
		}
		c := &study.Curve{Curve: curve.Curve{Points: []curve.Point{{N: 1, Speedup: 1}, {N: 2, Speedup: measured}}}}
		c.Prediction = p
		return &Curve{Curve: c}
	}
	within := of(1.95, study.Check{At: 1, Cores: 2, Known: true, Within: true})
	if law := within.law(2); law == nil || law.Name != "predicted" || law.At(4) != 4 || within.missed() != nil {
		t.Errorf("%+v, missed at %v", law, within.missed())
	}
	near := of(1.9, study.Check{At: 1, Cores: 2, Known: true, Error: 0.05})
	if law := near.law(2); law == nil || law.Name != "predicted" || !slices.Equal(near.missed(), []float64{2}) {
		t.Errorf("outside the interval: %+v, missed at %v", law, near.missed())
	}
	if law := of(1, study.Check{At: 1, Cores: 2, Error: 1}).law(2); law == nil || law.Name != "at most" || law.At(4) != 4.4 {
		t.Errorf("too noisy to tell: %+v", law)
	}
	if law := of(3, study.Check{At: 1, Cores: 2, Known: true, Error: -0.33}).law(2); law != nil {
		t.Errorf("more was measured than the bound: %+v", law)
	}
}

// Nor does JSON: it has the reason for each figure, and whether it agrees is open where noise hides it.
func TestWithheldJSON(t *testing.T) {
	for _, tt := range []struct {
		check  study.Check
		agrees *bool
	}{
		{study.Check{At: 1, Cores: 2, Error: 1}, nil},
		{study.Check{At: 1, Cores: 2, Error: 1, Known: true}, new(bool)},
	} {
		c := &study.Curve{Curve: curve.Curve{Points: []curve.Point{{N: 1, Speedup: 1}, {N: 2, Speedup: 1}}}}
		c.Prediction = &study.Prediction{
			Curve: &predict.Curve{}, Checks: []study.Check{tt.check},
			Points: []predict.Prediction{{Cores: 1, Speedup: 1, High: 1}, {Cores: 2, Speedup: 2, High: 2}},
		}
		d := ForecastOf(c)
		if (d.Holds == nil) != (tt.agrees == nil) || d.Holds != nil && *d.Holds || d.Reason == "" || d.Most != nil {
			t.Errorf("%+v: %+v", tt.check, d)
		}
		for _, q := range d.Predicted {
			if q.Speedup != nil || q.Low != nil || q.High != nil || q.SpeedupReason != d.Reason {
				t.Errorf("%+v: %+v", tt.check, q)
			}
		}
	}
}
