package figures

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/view"
)

// Of 2 cores what is predicted on 2 to 4, or as far as was measured, is drawn, where it agrees with what was measured:
// not where it misses that, was not held against it, or is not known; and not where cores do not bound the work.
func TestAhead(t *testing.T) {
	of := func(change func(*study.Prediction)) *view.Curve {
		p := &study.Prediction{Checks: []study.Check{{At: 1, Cores: 2, Within: true}}}
		for n := 1; n <= 64; n *= 2 {
			s := float64(n) * 0.95
			p.Points = append(p.Points, predict.Prediction{Cores: n, Speedup: s, Low: s, High: float64(n)})
		}
		change(p)
		return &view.Curve{Curve: &study.Curve{Prediction: p}}
	}
	law := ahead(of(func(*study.Prediction) {}), 2)
	if law == nil || law.At(1) != 0 || law.At(2) != 1.9 || law.At(4) != 3.8 || law.High(4) != 4 || law.To != 4 {
		t.Fatalf("%+v", law)
	}
	further := of(func(*study.Prediction) {})
	further.Points = []curve.Point{{N: 1}, {N: 8}}
	if law := ahead(further, 2); law == nil || law.To != 8 || law.At(8) != 7.6 {
		t.Errorf("measured up to 8: %+v", law)
	}
	for name, change := range map[string]func(*study.Prediction){
		"misses":      func(p *study.Prediction) { p.Checks[0].Within, p.Checks[0].Error = false, -0.2 },
		"not checked": func(p *study.Prediction) { p.Checks = nil },
		"not known":   func(p *study.Prediction) { p.Unknown = &warning.Warning{Kind: warning.PredictGrows} },
		"no speedup": func(p *study.Prediction) {
			for i := range p.Points {
				p.Points[i].Speedup = math.NaN()
			}
		},
	} {
		if law := ahead(of(change), 2); law != nil {
			t.Errorf("%s: %+v", name, law)
		}
	}
	if law := ahead(of(func(*study.Prediction) {}), 0); law != nil {
		t.Errorf("work that waits: %+v", law)
	}
	if law := ahead(&view.Curve{Curve: &study.Curve{}}, 2); law != nil {
		t.Errorf("not asked for: %+v", law)
	}
}
