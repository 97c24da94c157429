package curve

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/each"
	"github.com/corecurve/corecurve/trace/sweep"
)

// DefaultResamples is the number of bootstrap resamples of a curve that is shown.
const DefaultResamples = 10_000

// Options are what a curve depends on beside the results.
type Options struct {
	Measure   Measure // default Total
	Seed      uint64  // of the resampling; a fixed one makes results repeatable
	Resamples int     // default DefaultResamples

	bare bool // no warnings about launches
}

// Build returns the curve of each sweep, but not of the spin loop (see [NewCeiling]). Failed runs are counted and named
// in the curve's warnings; what could not be measured is NaN. The curves of a grid have its least point as their base.
func Build(sweeps []sweep.Sweep, results []sweep.Result, opt Options) []Curve {
	s := gather(results, opt)
	var out []Curve
	for _, sw := range onOneBase(sweeps) {
		if sw.Workload != sweep.SpinWorkload {
			out = append(out, s.curve(sw))
		}
	}
	return out
}

func (s *sample) curve(sw sweep.Sweep) Curve {
	c := Curve{Sweep: sw, Measure: s.opt.Measure, Base: -1}
	points := slices.Clone(sw.Points)
	slices.SortStableFunc(points, func(a, b sweep.Point) int { return sw.N(a) - sw.N(b) })
	s.resample(points)
	for _, p := range points {
		c.Points = append(c.Points, s.point(p, sw.N(p)))
		c.Warnings = append(c.Warnings, s.warnings(p)...)
	}
	if !s.opt.bare {
		for _, p := range points {
			c.Warnings = append(c.Warnings, s.outliers(p)...)
		}
		c.Warnings = append(c.Warnings, s.drift(points)...)
	}
	if len(points) == 0 {
		c.Warnings = append(c.Warnings, warning.Of(warning.NoPoints, sw.Workload))
		return c
	}
	base := s.at(points[0])
	if !base.measured() {
		c.Warnings = append(c.Warnings, warning.OfPoint(warning.NoBase, points[0]))
		return c
	}
	c.Base = 0
	if n := len(base.times); n < MinLaunches && len(points) > 1 {
		w := warning.OfPoint(warning.FewAtBase, points[0])
		w.Figures.Count, w.Figures.Of = n, MinLaunches
		c.Warnings = append(c.Warnings, w)
	}
	each.Of(len(c.Points), func(i int) {
		if s.at(c.Points[i].Point).measured() {
			s.speedup(&c, i)
			if !s.opt.bare {
				s.over(&c, i)
			}
		}
	})
	return c
}

// point returns the figures of p by itself.
func (s *sample) point(p sweep.Point, n int) Point {
	l := s.at(p)
	out := Point{
		Point: p, N: n,
		Runs: len(l.timed), Failed: len(l.failed), Noisy: l.noisy,

		Median:      stat.Median(l.times),
		MedianRange: s.medianRange(p),
		LeastWork:   math.NaN(), MostWork: math.NaN(),
		TotalMedian: l.median(Total.Of),
		WorkMedian:  l.median(Work.Of),
		Startup:     l.median(func(r *sweep.Result) float64 { return r.Startup.Float() }),
		Teardown:    l.median(func(r *sweep.Result) float64 { return r.Teardown.Float() }),
		Dispatch:    l.median(dispatch),
		CPU:         l.median(func(r *sweep.Result) float64 { return r.CPU().Float() }),
		Sys:         l.median(func(r *sweep.Result) float64 { return r.Sys.Float() }),
		RunQueue:    l.median(func(r *sweep.Result) float64 { return r.Noise.RunQueue.Float() }),
		MaxRSS:      l.maxRSS(),

		Speedup: math.NaN(), Efficiency: math.NaN(), KarpFlatt: math.NaN(), MeanBusy: math.NaN(),
		TraceOverhead: math.NaN(),
	}
	for i, r := range l.timed {
		if w := Work.Of(r); i == 0 {
			out.LeastWork, out.MostWork = w, w
		} else {
			out.LeastWork, out.MostWork = min(out.LeastWork, w), max(out.MostWork, w)
		}
	}
	if out.TotalMedian > 0 {
		out.MeanBusy = out.CPU / out.TotalMedian
	}
	if out.WorkMedian > 0 && len(l.traced) > 0 {
		out.TraceOverhead = median(l.traced, Work.Of) / out.WorkMedian
		out.TracedOutside = slices.ContainsFunc(l.traced, out.Outside)
	}
	return out
}

// dispatch returns the CPU time of the coordinator of a run, in seconds.
func dispatch(r *sweep.Result) float64 {
	var sum sweep.Seconds
	for _, p := range r.Processes {
		if p.Role == sweep.Coordinator {
			sum += p.User + p.Sys
		}
	}
	return sum.Float()
}

// maxRSS returns the median peak memory of the runs that know theirs, 0 if none does.
func (l *launches) maxRSS() int64 {
	var x []float64
	for _, r := range l.timed {
		if r.MaxRSS > 0 {
			x = append(x, float64(r.MaxRSS))
		}
	}
	if len(x) == 0 {
		return 0
	}
	return int64(stat.Median(x))
}

// medianRange returns the interval of the median of p; nil without a launch.
func (s *sample) medianRange(p sweep.Point) *Interval {
	l := s.at(p)
	var iv *Interval
	switch n := len(l.times); {
	case n == 0:
		return nil
	case n < MinLaunches:
		iv = &Interval{Method: MinMax, Low: slices.Min(l.times), High: slices.Max(l.times)}
	default:
		iv = Percentile(slices.Clone(l.medians))
	}
	s.widen(iv, l.still(), always(), 1)
	return iv
}

// Percentile returns the percentile interval of a bootstrap distribution, and reorders it.
func Percentile(dist []float64) *Interval {
	const tail = (1 - Level) / 2
	return &Interval{Method: Bootstrap, Level: Level, Low: stat.Quantile(dist, tail), High: stat.Quantile(dist, 1-tail)}
}

// speedup sets the figures that relate point i of c to the base.
func (s *sample) speedup(c *Curve, i int) {
	base, p := &c.Points[c.Base], &c.Points[i]
	growth := float64(p.N) / float64(base.N)
	scale := sweep.Growth(base.Point, p.Point)
	p.Speedup = base.Median / p.Median * scale
	p.Efficiency = p.Speedup / growth
	if i == c.Base {
		return
	}
	if c.Sweep.Scaling != sweep.Weak {
		p.KarpFlatt = KarpFlatt(p.Speedup, growth)
	}
	from, to := s.at(base.Point), s.at(p.Point)
	if len(from.times) < MinLaunches || len(to.times) < MinLaunches {
		p.Interval = rangeSeen(from.times, to.times, scale)
	} else {
		ratios := make([]float64, s.opt.Resamples)
		for k := range ratios {
			ratios[k] = from.medians[k] / to.medians[k] * scale
		}
		p.Interval = Percentile(ratios)
	}
	s.widen(p.Interval, from.still(), to.still(), scale)
}

// rangeSeen returns the least and the greatest ratio of a time in from and one in to, times scale.
func rangeSeen(from, to []float64, scale float64) *Interval {
	return &Interval{
		Method: MinMax, Low: slices.Min(from) / slices.Max(to) * scale, High: slices.Max(from) / slices.Min(to) * scale,
	}
}

// KarpFlatt returns the experimentally determined serial fraction of a program that runs s times as fast on p
// processors: e = (1/s − 1/p) / (1 − 1/p) (Karp & Flatt, "Measuring Parallel Processor Performance", Communications of
// the ACM 33, 1990). It supposes the same work on both sides.
func KarpFlatt(s, p float64) float64 {
	return (1/s - 1/p) / (1 - 1/p)
}
