package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// grid checks which point of a grid is the best, and how each other stands to it.
func (k *checker) grid(f *family) {
	k.met["grid "+string(f.h.Best.Kind)]++
	first := f.h.Grid.First
	for _, c := range f.curves {
		p := c.Points[0].Point
		k.hold(p.Procs*p.Workers >= first.Procs*first.Workers, "%v is the smallest point, and %v is smaller", first, p)
	}
	from := k.work(f.best.c, first)
	k.hold(same(f.h.Best.Gain, k.work(f.best.c, f.h.Best.Point)/from), "%v: gain %v", f.h.Best.Point, f.h.Best.Gain)
	held := f.h.Best.Point // what each cell is set against
	if f.h.Best.Kind == verdict.Flat {
		held = first
	}
	points := k.cellsOf(f)
	k.hold(len(f.h.Grid.Cells) == len(points), "a grid of %d points, not %d", len(f.h.Grid.Cells), len(points))
	ahead := 0
	for i := range f.h.Grid.Cells {
		cell := &f.h.Grid.Cells[i]
		if cell.Point.Point == held {
			k.hold(cell.Over == nil, "%v is set against itself", held)
			continue
		}
		k.cell(f, cell, held)
		if held == first && cell.Over.Low > 1 {
			ahead++
		}
		if held != first && cell.Point.Point == first {
			k.hold(cell.Over.High < 1, "%v is not shown to be faster than %v: %+v", held, first, cell.Over)
		}
	}
	k.hold(ahead == 0, "no point is faster than %v, and %d are", first, ahead)
	k.besides(f, points)
	if r := f.h.Best.Range; r != nil {
		low, high, noise := f.best.noise(k)
		k.hold(noise && same(r.Low, low) && same(r.High, high), "%v: %+v is not what noise allows", f.h.Best.Point, r)
	}
}

// work is the work per second at a point, by the median of its runs.
func (k *checker) work(c *curve.Curve, p sweep.Point) float64 {
	return float64(p.Size) / median(k.runs(p).timed, measured(c.Measure))
}

// cell checks the speedup of a cell over another: it lies between the least and the greatest that two launches make and
// that their noise allows, and about the ratio of the medians.
func (k *checker) cell(f *family, cell *verdict.Cell, held sweep.Point) {
	of := measured(f.best.c.Measure)
	p, q := k.runs(cell.Point.Point), k.runs(held)
	scale := grown(f.best.c.Sweep, held, cell.Point.Point)
	least, most := math.Inf(1), 0.0
	for _, x := range q.timed {
		for _, y := range p.timed {
			r := scale * of(x).Float() / of(y).Float()
			least, most = min(least, r), max(most, r)
		}
	}
	if from, to := k.quietPart(q, of), k.quietPart(p, of); from < 1 || to < 1 {
		l, m := k.quietest(q, p, of)
		least, most = max(least*from, l*scale), min(most/to, m*scale)
	}
	low, high := cell.Over.Low, cell.Over.High
	k.hold(low <= high*(1+1e-9) && low >= least*(1-1e-9) && high <= most*(1+1e-9), "%v over %v: %+v, of %v to %v",
		cell.Point.Point, held, cell.Over, least, most)
	few := min(len(p.timed), len(q.timed)) < 5
	k.hold((cell.Over.Method == curve.MinMax) == few && (!few || same(low, least) && same(high, most)),
		"%v over %v: %+v, of %v to %v by few launches", cell.Point.Point, held, cell.Over, least, most)
}

// cellsOf are the points of a grid that were measured, each once.
func (k *checker) cellsOf(f *family) map[sweep.Point]curve.Point {
	points := map[sweep.Point]curve.Point{}
	for _, c := range f.curves {
		for _, p := range c.Points {
			if len(k.runs(p.Point).timed) > 0 {
				points[p.Point] = p
			}
		}
	}
	return points
}

// besides checks which points of a grid are said to be perhaps as fast as the best: those that are not shown to be
// slower than it, each set against it.
func (k *checker) besides(f *family, points map[sweep.Point]curve.Point) {
	beside := f.h.Beside()
	for i := range f.h.Grid.Cells {
		cell := &f.h.Grid.Cells[i]
		said := slices.ContainsFunc(beside, func(p curve.Point) bool { return p.Point == cell.Point.Point })
		may := f.h.Best.Kind == verdict.Rises && cell.Over != nil && !(cell.Over.High < 1)
		k.hold(said == may, "%v may be as fast as the best, %v: said %v, of %+v", cell.Point.Point, f.h.Best.Point, said,
			cell.Over)
		p, is := points[cell.Point.Point]
		k.hold(is && same(p.Speedup, cell.Speedup), "%v is a cell", cell.Point.Point)
	}
	k.met["beside the best"] += len(beside)
	if most := f.h.Most(); most != nil {
		k.hold(most.Speedup > f.h.Best.Gain, "%v was seen at %v, the best at %v", most.Point, most.Speedup, f.h.Best.Gain)
	}
}

// gridAdvice checks that a grid has one recommendation: no point of it with more workers, or with as many and a larger
// speedup, is efficient enough for sure.
func (k *checker) gridAdvice(w *study.Workload, of *study.Family) {
	var curves []*study.Curve
	for i := range w.Curves {
		if c := &w.Curves[i]; c.Sweep.Mode == sweep.Grid && of.Of(c) {
			curves = append(curves, c)
		}
	}
	if len(curves) == 0 {
		k.hold(of.Grid == nil, "a grid of other modes")
		return
	}
	g := of.Grid
	whole := &study.Curve{Curve: g.Curve, Recommendation: g.Recommendation}
	if slices.ContainsFunc(curves, func(c *study.Curve) bool { return c.Verdict.Bound == verdict.IO }) {
		whole.Verdict.Bound = verdict.IO
	}
	if g.Recommendation.Reason != recommend.NoBase {
		k.advice(whole)
	}
	for _, c := range curves {
		for i := range c.Points {
			p := &c.Points[i]
			if c.Base < 0 || c.Points[0].Point != g.Points[0].Point || len(k.runs(p.Point).timed) == 0 {
				continue
			}
			at := slices.IndexFunc(g.Points, func(q curve.Point) bool { return q.Point == p.Point })
			k.hold(at >= 0 && same(g.Points[at].Speedup, p.Speedup), "%v is not in its grid", p.Point)
			r := &g.Recommendation
			best := &g.Points[r.At]
			better := p.N > best.N || p.N == best.N && p.Point.Cores == best.Point.Cores && p.Speedup > best.Speedup
			k.hold(!better || !(efficiency(c, i) >= r.Least), "%v is recommended, though %v has %v", best.Point, p.Point,
				efficiency(c, i))
		}
	}
	k.met["grid advice"]++
}
