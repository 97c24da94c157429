package curve

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// pairResamples is the number of resamples for the ratio of two points, which only decides on which side of 1 it lies.
const pairResamples = 2_000

// A Quiet is what a quiet machine would have made of launches.
type Quiet struct {
	Share float64 // the least part of their median time; 1 where noise can explain next to nothing
	Least float64 // the least that any of them can have taken
	Most  float64 // the most that any of them took
}

// always is the Quiet of what is not measured: it is 1.
func always() Quiet { return Quiet{1, 1, 1} }

// QuietOf returns what a quiet machine would have made of launches that took times, by the least that each can have
// taken (package noise); quiet may be nil.
func QuietOf(times, quiet []float64) Quiet {
	if len(times) == 0 {
		return always()
	}
	q := Quiet{1, slices.Min(times), slices.Max(times)}
	if len(quiet) == 0 {
		return q
	}
	if share := stat.Median(quiet) / stat.Median(times); share <= 1-noise.Matters {
		q.Share, q.Least = share, slices.Min(quiet)
	}
	return q
}

// Widen lets the ratio i of two times, times scale, hold what a quiet machine may have given. No launch is discounted
// by the noise of another: an end lies no farther out than the launches allow, each with its own noise.
func (i *Interval) Widen(upper, lower Quiet, scale float64) {
	if upper.Share == 1 && lower.Share == 1 {
		return
	}
	i.Low = max(i.Low*upper.Share, upper.Least/lower.Most*scale)
	i.High = min(i.High/lower.Share, upper.Most/lower.Least*scale)
	i.Noise = 1 / (upper.Share * lower.Share)
}

// widen widens iv by noise, except for the stopping rule, which asks what more launches can show.
func (s *sample) widen(iv *Interval, upper, lower Quiet, scale float64) {
	if !s.opt.bare {
		iv.Widen(upper, lower, scale)
	}
}

// still returns what a quiet machine would have made of l.
func (l *launches) still() Quiet {
	if !l.measured() {
		return always()
	}
	return QuietOf(l.times, l.quiet)
}

// mostPaired is how many points a curve may have for each two to be set against each other in blocks: the pairs grow
// with the square. In a larger curve two points are as far apart as [Curve.Between] says of what was not.
const mostPaired = 64

// over sets the intervals of the speedup of point i of c over each earlier one, in a curve of at most mostPaired
// points.
func (s *sample) over(c *Curve, i int) {
	if len(c.Points) > mostPaired {
		return
	}
	p := &c.Points[i]
	for k := range i {
		p.Over = append(p.Over, nil)
		if q := &c.Points[k]; k == c.Base {
			p.Over[k] = p.Interval
		} else if s.at(q.Point).measured() {
			p.Over[k] = s.paired(q.Point, p.Point, sweep.Growth(q.Point, p.Point))
		}
	}
}

// paired returns the interval of the ratio of the times at from and to, times scale. Blocks that have launches of both
// are resampled; if they are too few, launches are, either point by itself.
func (s *sample) paired(from, to sweep.Point, scale float64) *Interval {
	a, b := s.at(from), s.at(to)
	x, y := inBlocks(a, b)
	var iv *Interval
	switch dist := make([]float64, min(s.opt.Resamples, pairResamples)); {
	case len(a.times) < MinLaunches || len(b.times) < MinLaunches:
		iv = rangeSeen(a.times, b.times, scale)
	case len(x) >= MinLaunches:
		h := fnv.New64a()
		_, _ = h.Write([]byte(from.String() + "\x00" + to.String())) // a hash never fails
		stat.ResampleRatios(dist, x, y, rand.NewPCG(s.opt.Seed, h.Sum64()))
		iv = Percentile(dist)
		iv.Low, iv.High = iv.Low*scale, iv.High*scale
	default: // too few blocks have both
		s.resample([]sweep.Point{from, to})
		for k := range dist {
			dist[k] = a.medians[k] / b.medians[k] * scale
		}
		iv = Percentile(dist)
	}
	s.widen(iv, a.still(), b.still(), scale)
	return iv
}

// inBlocks returns the times of a and b in the blocks that have both.
func inBlocks(a, b *launches) (x, y []float64) {
	at := map[int]float64{}
	for i, r := range a.timed {
		at[r.Rep] = a.times[i]
	}
	for i, r := range b.timed {
		if t, both := at[r.Rep]; both {
			x, y = append(x, t), append(y, b.times[i])
		}
	}
	return x, y
}

// Between returns the interval of the speedup of point i of c over point k; NaN if not known. What was not set against
// each other in blocks is as far apart as the ends of the two intervals over the base, which is 1 by definition.
func (c *Curve) Between(i, k int) (low, high float64) {
	if i == k {
		return 1, 1
	}
	if k > i {
		low, high = c.Between(k, i)
		return 1 / high, 1 / low
	}
	if over := c.Points[i].Over; over != nil && over[k] != nil {
		return over[k].Low, over[k].High
	}
	low, high = c.Points[i].Bounds()
	l, h := c.Points[k].Bounds()
	return low / h, high / l
}

// Most returns the speedup of p or, where noise can explain some of its time, the most that it allows.
func (p *Point) Most() float64 {
	if p.Interval != nil && p.Interval.Noise > 0 {
		return p.Interval.High
	}
	return p.Speedup
}

// Bounds returns the ends of the interval of p's speedup; NaN if not known. The base is 1 by definition.
func (p *Point) Bounds() (low, high float64) {
	if p.Interval == nil {
		return p.Speedup, p.Speedup
	}
	return p.Interval.Low, p.Interval.High
}
