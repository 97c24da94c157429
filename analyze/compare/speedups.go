package compare

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Speedups returns the curves of both sides over one base, the smallest count of the base side: so at each n the one
// that is faster lies higher, and by as much as it is. Both are nil if that count was not measured.
func (r *Result) Speedups(p *Pair) (base, fresh *curve.Curve) {
	if len(p.Base.Counts) == 0 || !measured(p.Base.Counts[0].Seconds) {
		return nil, nil
	}
	return r.over(p, &p.Base), r.over(p, &p.New)
}

// over returns the speedups of c over the first count of the base of p.
func (r *Result) over(p *Pair, c *Curve) *curve.Curve {
	k, from := p.Key, p.Base.Counts[0]
	out := &curve.Curve{Base: -1, Sweep: sweep.Sweep{
		Workload: k.Workload, Mode: k.Mode, Scaling: k.Scaling, Series: k.Series, Size: k.Size,
	}}
	for i, d := range c.Counts {
		pt := curve.Point{
			Point: d.Point, N: int(d.N), Runs: len(d.Seconds), Failed: d.Failed, Noisy: d.Noisy,
			Median: stat.Median(d.Seconds), Speedup: math.NaN(), Efficiency: math.NaN(),
		}
		if d.N == from.N {
			out.Base = i
		}
		if measured(d.Seconds) && d.N == math.Trunc(d.N) {
			growth := 1.0
			if c.grows() {
				growth = d.N / from.N
			}
			pt.Speedup = stat.Median(from.Seconds) / pt.Median * growth
			pt.Efficiency = pt.Speedup * from.N / d.N
			if c == &p.New || i > 0 {
				pt.Interval = r.speedup(k, from, d, growth)
			}
		}
		out.Points = append(out.Points, pt)
	}
	return out
}

// speedup returns the interval of the speedup of d over from.
func (r *Result) speedup(k Key, from, d Count, growth float64) *curve.Interval {
	in := *r
	if in.Options.Paired {
		x, y := new(Point).partners(from, d)
		if in.Options.Paired = len(x.Seconds) >= curve.MinLaunches; in.Options.Paired {
			from, d = x, y
		}
	}
	var iv *curve.Interval
	if min(len(from.Seconds), len(d.Seconds)) < curve.MinLaunches {
		iv = in.seen(from.Seconds, d.Seconds)
	} else {
		iv = curve.Percentile(in.ratios(k, from, d))
	}
	iv.Widen(d.quiet(), from.quiet(), 1)
	out := inverse(iv)
	out.Low, out.High = out.Low*growth, out.High*growth
	return out
}
