package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Predicted shows the speedup that is predicted for numbers of cores, and beside it how much of each is put to use.
type Predicted struct {
	Words
	Points []PredictedPoint // in ascending order of N
	Ps     int              // with which the program was recorded; 0: not known
	Empty  string           // said where there is no point
}

// A PredictedPoint is the prediction for N cores.
type PredictedPoint struct {
	N, Speedup, Low, High float64
}

// noCost is the name of the curve with a scheduler and locks that cost nothing.
const noCost = "at no cost"

func (p Predicted) curves() curves {
	line := series{name: "predicted", base: 1, hue: canvas.Black, shape: canvas.Circle}
	var counts []float64
	for i, q := range p.Points {
		counts = append(counts, q.N)
		title := fmt.Sprintf("%s: %s predicted", words.Plural(int(q.N), "core", "cores"), words.Times(q.Speedup))
		if q.High > q.Low {
			title += fmt.Sprintf(", %s if scheduler and locks cost nothing", words.Times(q.High))
		}
		line.spots = append(line.spots, spot{
			n: q.N, value: q.Speedup, low: q.Speedup, high: q.Speedup, title: title, joined: i > 0,
		})
	}
	if p.apart() {
		line.law = p.Law(noCost, 0)
		line.law.At, line.law.Replayed = line.law.High, false
	}
	g := curves{lines: []series{line}, title: "cores", ideal: &ideal{}, empty: p.Empty}
	if p.Ps > 0 {
		g.markers = []Marker{{N: float64(p.Ps), Label: "recorded on " + words.Plural(p.Ps, "P", "Ps")}}
	}
	g.stretch(counts)
	return g
}

// Law is p as a line of that name, which is dashed beyond the count to, with its band, if that can be seen.
func (p Predicted) Law(name string, to float64) *Law {
	l := &Law{
		Name: name, At: p.between(func(q PredictedPoint) float64 { return q.Speedup }),
		DataTo: to, To: p.Points[len(p.Points)-1].N, Replayed: true,
		Best: p.best(),
	}
	for _, q := range p.Points {
		l.Counts = append(l.Counts, q.N)
	}
	if p.apart() {
		l.Low = p.between(func(q PredictedPoint) float64 { return q.Low })
		l.High = p.between(func(q PredictedPoint) float64 { return q.High })
	}
	return l
}

// best is the first point whose speedup is, as it is written, the most.
func (p Predicted) best() PredictedPoint {
	most := slices.MaxFunc(p.Points, func(a, b PredictedPoint) int { return cmp.Compare(a.Speedup, b.Speedup) })
	return p.Points[slices.IndexFunc(p.Points, func(q PredictedPoint) bool {
		return words.Times(q.Speedup) == words.Times(most.Speedup)
	})]
}

// apart reports whether the band of p can be seen.
func (p Predicted) apart() bool {
	return slices.ContainsFunc(p.Points, func(q PredictedPoint) bool { return q.High > words.BandApart*q.Low })
}

// between goes in straight lines, on a logarithmic axis, from one point to the next; it is 0 outside them.
func (p Predicted) between(of func(PredictedPoint) float64) func(float64) float64 {
	return func(n float64) float64 {
		for i, q := range p.Points {
			switch {
			case n == q.N:
				return of(q)
			case n < q.N && i > 0:
				last := p.Points[i-1]
				part := math.Log(n/last.N) / math.Log(q.N/last.N)
				return of(last) * math.Pow(of(q)/of(last), part)
			case n < q.N:
				return 0
			}
		}
		return 0
	}
}

func (p Predicted) tall(width vg.Length) vg.Length {
	return tallPanels(width, 2, p.curves().key(nil), p.Footnote)
}

// Draw draws the picture.
func (p Predicted) Draw(c draw.Canvas) {
	g := p.curves()
	g.draw(c, p.Words, nil, g.speedups("Speedup over one core"),
		g.efficiency("Efficiency: speedup per core (%)", recommend.DefaultEfficiency))
}
