package law

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Count is what was measured with n workers.
type Count struct {
	N float64
	// Launches are throughputs, or, if Work is not 0, the seconds in which so much work was done.
	Launches []float64
	Work     float64
}

// rate turns a launch, or the median of launches, into a throughput.
func (c Count) rate(v float64) float64 {
	if c.Work == 0 {
		return v
	}
	return c.Work / v
}

// Options are what a fit depends on besides the data.
type Options struct {
	Law       Name    // None: the laws that suit the scaling
	Weak      bool    // the work grows with n: Gustafson's law instead of Amdahl's, and no Karp–Flatt fraction
	Cores     float64 // counts beyond are not fitted; 0: all are, as for work that waits rather than computes
	Seed      uint64  // of the resampling
	Resamples int     // 0: DefaultResamples
}

// DefaultResamples is the number of bootstrap resamples that are fitted again.
const DefaultResamples = 2_000

// laws are those to fit, those with fewer parameters first.
func (o Options) laws() []Name {
	switch {
	case o.Law != None:
		return []Name{o.Law}
	case o.Weak:
		return []Name{Gustafson, USL}
	default:
		return []Name{Amdahl, USL}
	}
}

// A Point is a count with what follows from its launches. What is not known is NaN.
type Point struct {
	N          float64
	Throughput float64 // from the median launch
	Runs       int
	Fitted     bool            // the laws were fitted to it
	Range      *curve.Interval // of the throughput; nil: one launch
	Speedup    float64
	Interval   *curve.Interval // of the speedup; nil at the base, and where either has one launch
	Efficiency float64
	KarpFlatt  float64 // NaN at the base and under weak scaling
}

// A CrossCheck is the straight line e(n) = Intercept + Slope·n through the fractions of Karp and Flatt.
type CrossCheck struct {
	Intercept, Slope float64
}

// A Result is the laws of one curve.
type Result struct {
	Points []Point // ascending in N
	Base   int     // index of n = 1 in Points; -1: it was not measured, so there are no speedups
	Models []Model // that had enough counts
	Best   Name    // None: no law is named
	Choice Choice  // why Best, or why none
	Check  *CrossCheck
	Super  []float64 // counts that do more work per worker than the base
	Notes  []Note
}

// Model returns the model of that law; nil if it was not fitted.
func (r *Result) Model(n Name) *Model {
	i := slices.IndexFunc(r.Models, func(m Model) bool { return m.Name == n })
	if i < 0 {
		return nil
	}
	return &r.Models[i]
}

// Last is the largest count that was fitted; NaN if there is none.
func (r *Result) Last() float64 {
	for _, p := range slices.Backward(r.Points) {
		if p.Fitted {
			return p.N
		}
	}
	return math.NaN()
}

// Fit fits the laws to a curve of a study. The results are those that the curve was built from: the launches are in
// them. Weak scaling is the curve's own; opt.Cores is the caller's to give: the CPUs of the host, or 0 if the verdict
// on the curve is that it is I/O-bound. Laws speak of n itself: where the curve's base is not n = 1, the result has no
// base, while the models are as good.
func Fit(c *curve.Curve, results []sweep.Result, opt Options) *Result {
	launches := map[sweep.Point][]float64{}
	for i := range results {
		r := &results[i]
		if r.Kind != sweep.Timed || r.Status != sweep.OK {
			continue
		}
		v := r.Total.Float()
		if c.Measure == curve.Work {
			v = r.Work.Float()
		}
		if v > 0 { // what took no time at all has no rate
			launches[r.Point] = append(launches[r.Point], v)
		}
	}
	opt.Weak = c.Sweep.Scaling == sweep.Weak
	var counts []Count
	for _, p := range c.Points {
		n := Count{N: float64(p.N), Launches: launches[p.Point], Work: 1}
		if opt.Weak {
			n.Work = n.N
		}
		counts = append(counts, n)
	}
	return FitCounts(counts, opt)
}

// sorted drops counts without launches and orders the others. No two are to have the same n and different kinds of
// launches.
func sorted(counts []Count) []Count {
	counts = slices.DeleteFunc(slices.Clone(counts), func(c Count) bool { return len(c.Launches) == 0 })
	slices.SortStableFunc(counts, func(a, b Count) int { return cmp.Compare(a.N, b.N) })
	var out []Count
	for _, c := range counts {
		if last := len(out) - 1; last >= 0 && out[last].N == c.N {
			out[last].Launches = slices.Concat(out[last].Launches, c.Launches)
			continue
		}
		out = append(out, c)
	}
	return out
}

// A sample is a count with the rates of its resamples.
type sample struct {
	Count
	medians []float64 // nil: too few launches to resample
}

// resample draws the medians of resamples of every count that has launches enough, each from a source of its own, so
// that a count more or less changes nothing for the others.
func resample(counts []Count, opt Options) []sample {
	n := opt.Resamples
	if n <= 0 {
		n = DefaultResamples
	}
	out := make([]sample, len(counts))
	for i, c := range counts {
		out[i].Count = c
		if len(c.Launches) < curve.MinLaunches {
			continue
		}
		m := make([]float64, n)
		stat.ResampleMedians(m, c.Launches, rand.NewPCG(opt.Seed, math.Float64bits(c.N)))
		for k := range m {
			m[k] = c.rate(m[k])
		}
		out[i].medians = m
	}
	return out
}

// median is the throughput of the median launch.
func (c Count) median() float64 { return c.rate(stat.Median(c.Launches)) }

// ends are the least and the largest throughput of a launch.
func (c Count) ends() (low, high float64) {
	low, high = c.rate(slices.Min(c.Launches)), c.rate(slices.Max(c.Launches))
	return min(low, high), max(low, high)
}

// points measures every count.
func points(samples []sample, opt Options) (out []Point, base int) {
	base = -1
	for i, c := range samples {
		p := Point{
			N: c.N, Throughput: c.median(), Runs: len(c.Launches), Fitted: opt.Cores == 0 || c.N <= opt.Cores, Range: c.interval(),
			Speedup: math.NaN(), Efficiency: math.NaN(), KarpFlatt: math.NaN(),
		}
		if c.N == 1 {
			base = i
		}
		out = append(out, p)
	}
	if base < 0 {
		return out, base
	}
	for i := range out {
		p := &out[i]
		p.Speedup = p.Throughput / out[base].Throughput
		p.Efficiency = p.Speedup / p.N
		if i == base {
			continue
		}
		p.Interval = samples[i].over(samples[base])
		if !opt.Weak {
			// Karp & Flatt, Communications of the ACM 33, 1990.
			p.KarpFlatt = (1/p.Speedup - 1/p.N) / (1 - 1/p.N)
		}
	}
	return out, base
}

// interval is that of the throughput.
func (s sample) interval() *curve.Interval {
	if s.medians != nil {
		return percentile(slices.Clone(s.medians))
	}
	if len(s.Launches) == 1 {
		return nil
	}
	low, high := s.ends()
	return &curve.Interval{Method: curve.MinMax, Low: low, High: high}
}

// over is the interval of the speedup of s over the base.
func (s sample) over(base sample) *curve.Interval {
	if s.medians != nil && base.medians != nil {
		ratio := make([]float64, len(s.medians))
		for k := range ratio {
			ratio[k] = s.medians[k] / base.medians[k]
		}
		return percentile(ratio)
	}
	if len(s.Launches) == 1 || len(base.Launches) == 1 {
		return nil
	}
	low, high := s.ends()
	least, most := base.ends()
	return &curve.Interval{Method: curve.MinMax, Low: low / most, High: high / least}
}

// percentile is the interval of a bootstrap distribution, which it reorders.
func percentile(x []float64) *curve.Interval {
	return &curve.Interval{Method: curve.Bootstrap, Level: curve.Level, Low: stat.Quantile(x, tail),
		High: stat.Quantile(x, 1-tail)}
}
