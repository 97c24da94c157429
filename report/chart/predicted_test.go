package chart

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
)

func TestPredicted(t *testing.T) {
	p := Predicted{
		Words: Words{Title: "5.5× on 8 cores"}, Ps: 2, Empty: "There is nothing.",
		Points: []PredictedPoint{
			{N: 1, Speedup: 1, Low: 1, High: 1},
			{N: 2, Speedup: 1.9, Low: 1.9, High: 2},
			{N: 8, Speedup: 5.5, Low: 5.5, High: 7.5},
		},
	}
	svg := svgOf(t, p)
	wants(t, svg, "Speedup over one core (×, log scale)", ">recorded on 2 Ps<", "predicted 5.50×", "at no cost",
		"8 cores: 5.50× predicted, 7.50× if scheduler and locks cost nothing", "1 core: 1.00× predicted")
	if strings.Contains(svg, "fitted") {
		t.Error("no law is fitted to a prediction")
	}
	for _, tt := range []struct{ n, want float64 }{{0.5, 0}, {1, 1}, {4, 3.8729833}, {8, 7.5}, {9, 0}} {
		got := p.between(func(q PredictedPoint) float64 { return q.High })(tt.n)
		if got < tt.want-1e-6 || got > tt.want+1e-6 {
			t.Errorf("at %v: %v, want %v", tt.n, got, tt.want)
		}
	}
}

// Where both curves are one, one is drawn; where there is no prediction, it is said.
func TestPredictedAlike(t *testing.T) {
	p := Predicted{Points: []PredictedPoint{{1, 1, 1, 1}, {4, 4, 4, 4}}}
	if strings.Contains(svgOf(t, p), "at no cost") {
		t.Error("a second curve is drawn")
	}
	wants(t, svgOf(t, Predicted{Empty: "There is nothing."}), "There is nothing.")
}

// The ideal leaves the panel long before it ends, and is named there; what is predicted has another colour than what
// was measured, and the best of it stands below its last figure.
func TestPredictedApart(t *testing.T) {
	p := Predicted{Points: []PredictedPoint{{1, 1, 1, 1}, {2, 1.5, 1.5, 1.5}, {64, 1.2, 1.2, 1.5}}}
	measured := series{name: "measured", base: 1, hue: canvas.Blue, law: p.Law("predicted", 2)}
	measured.spots = []spot{{n: 1, value: 1}, {n: 2, value: 1.5, joined: true}}
	g := curves{lines: []series{measured}, ideal: &ideal{}}
	g.stretch([]float64{1, 2})
	v := g.speedups("")
	for _, l := range g.labels(v) {
		switch l.Name {
		case "predicted":
			if l.Hue != canvas.Black || l.More != "best 1.50× at 2" {
				t.Errorf("%+v", l)
			}
		case "measured":
			if l.Hue != canvas.Blue {
				t.Errorf("%+v", l)
			}
		case "ideal":
			if l.N != l.Y || l.Y != v.y.Max || l.N >= 64 || !l.Tied {
				t.Errorf("%+v on an axis to %v", l, v.y.Max)
			}
		}
	}
}

// What is predicted beyond the cores goes on from the line of its mode, in its colour and with its name; the ideal of
// these cores ends where what was measured does, and one on as many cores as n goes on.
func TestAheadOfTheCores(t *testing.T) {
	p := Predicted{Points: []PredictedPoint{{2, 1.9, 1.9, 1.9}, {4, 3.5, 3.5, 3.5}, {8, 6, 6, 6}}}
	lines := []series{
		{name: "threads", base: 1, hue: canvas.Blue, ahead: p.Law("predicted", 0)},
		{name: "processes", base: 1, hue: canvas.Vermillion},
	}
	for i := range lines {
		lines[i].spots = []spot{{n: 1, value: 1}, {n: 2, value: 1.9, joined: true}, {n: 4, value: 1.8, joined: true}}
	}
	g := curves{lines: lines, ideal: &ideal{cores: 2, ceiling: []Reading{{1, 1}, {2, 2}}}}
	g.stretch([]float64{1, 2, 4})
	want := map[string]struct {
		n, y float64
		hue  canvas.Hue
	}{
		"threads, predicted": {8, 6, canvas.Blue},
		"ideal on 2 cores":   {4, 2, canvas.Middle},
		"ceiling":            {4, 2, canvas.Middle},
		"ideal on n cores":   {8, 8, canvas.Middle},
	}
	for _, l := range g.labels(g.speedups("")) {
		if w, ok := want[l.Name]; ok && (l.N != w.n || l.Y != w.y || l.Hue != w.hue) {
			t.Errorf("%+v, want %+v", l, w)
		}
		delete(want, l.Name)
	}
	if len(want) > 0 {
		t.Errorf("no label of %v", want)
	}
}

// A point that is missed by what is predicted is ringed, and the key says so.
func TestMissed(t *testing.T) {
	l := Line{Name: "measured", Missed: []float64{2}, Curve: &curve.Curve{Points: []curve.Point{
		{N: 1, Speedup: 1, Runs: 5}, {N: 2, Speedup: 1.5, Runs: 5},
	}}}
	spots, _ := l.spots()
	g := curves{lines: []series{{spots: spots}}}
	if len(spots) != 2 || spots[0].missed || !spots[1].missed || !strings.Contains(g.key(nil), "Ringed: ") {
		t.Errorf("%+v: %q", spots, g.key(nil))
	}
	spots[1].missed = false
	if strings.Contains(g.key(nil), "Ringed") {
		t.Error("a key to what is not drawn")
	}
}
