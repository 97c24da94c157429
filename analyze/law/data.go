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
	// Launches are throughputs or, if Work is not 0, the seconds in which that much work was done.
	Launches []float64
	Work     float64
}

// rate returns the throughput of a launch, or of a median of launches.
func (c Count) rate(v float64) float64 {
	if c.Work == 0 {
		return v
	}
	return c.Work / v
}

// Options are what a fit depends on beside the data.
type Options struct {
	Law       Name    // default: the laws that suit the scaling
	Weak      bool    // the work grows with n: Gustafson's law instead of Amdahl's, and no Karp–Flatt fraction
	Cores     float64 // counts beyond are not fitted; 0 for none, as for work that waits rather than computes
	Equal     bool    // weigh all residuals alike, as most published fits do; not by the throughput and the scatter
	Seed      uint64  // of the resampling
	Resamples int     // default DefaultResamples
}

// DefaultResamples is the number of bootstrap resamples that are fitted.
const DefaultResamples = 2_000

// laws returns the laws to fit, those with fewer parameters first.
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

// A Point is a count and what follows from its launches. What is not known is NaN.
type Point struct {
	N          float64
	Throughput float64 // by the median launch
	Runs       int
	Fitted     bool            // the laws were fitted to it
	Range      *curve.Interval // of the throughput; nil with one launch
	Speedup    float64
	Interval   *curve.Interval // of the speedup; nil at the base, and if either has one launch
	Efficiency float64
	KarpFlatt  float64 // NaN at the base and under weak scaling
}

// A CrossCheck is the straight line e(n) = Intercept + Slope·n through the fractions of Karp and Flatt.
type CrossCheck struct {
	Intercept float64 `json:"intercept"`
	Slope     float64 `json:"slope"`
}

// A Result is the laws of one curve.
type Result struct {
	Points []Point // by N
	Base   int     // index of n = 1 in Points, or -1: then there are no speedups
	Models []Model // that had enough counts
	Best   Name    // None if no law is named
	Choice Choice  // why Best is named, or none
	Check  *CrossCheck
	Super  []float64 // counts whose workers do more than the base's
	Notes  []Note
}

// Model returns the model of a law, or nil if it was not fitted.
func (r *Result) Model(n Name) *Model {
	i := slices.IndexFunc(r.Models, func(m Model) bool { return m.Name == n })
	if i < 0 {
		return nil
	}
	return &r.Models[i]
}

// Last returns the largest fitted count; NaN if there is none.
func (r *Result) Last() float64 {
	for _, p := range slices.Backward(r.Points) {
		if p.Fitted {
			return p.N
		}
	}
	return math.NaN()
}

// Fit fits the laws to a curve of a study. timed are the timed runs of a point that succeeded: those that the curve was
// built from. The curve tells whether the work grows with n, as under weak scaling; the caller gives opt.Cores: the
// CPUs of the host, or 0 if the curve is I/O-bound. Laws speak of n itself: if the curve's base is not n = 1, the
// result has no base, but the models are as good.
func Fit(c *curve.Curve, timed func(sweep.Point) []*sweep.Result, opt Options) *Result {
	opt.Weak = c.Sweep.Grows()
	var counts []Count
	for _, p := range c.Points {
		n := Count{N: float64(p.N), Launches: times(timed(p.Point), c.Measure), Work: 1}
		if opt.Weak {
			n.Work = n.N
		}
		counts = append(counts, n)
	}
	return FitCounts(counts, opt)
}

// times returns the times of runs by the measure. No time has no rate, and is left out.
func times(timed []*sweep.Result, m curve.Measure) []float64 {
	var out []float64
	for _, r := range timed {
		v := r.Total.Float()
		if m == curve.Work {
			v = r.Work.Float()
		}
		if v > 0 {
			out = append(out, v)
		}
	}
	return out
}

// sorted orders the counts that have launches. No two may have the same n and different kinds of launches.
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
	medians []float64 // nil with too few launches to resample
}

// resample draws the medians of resamples of every count with launches enough. Each count has a source of its own, so
// that one more or less changes nothing for the others.
func resample(counts []Count, opt Options) []sample {
	out := make([]sample, len(counts))
	for i, c := range counts {
		out[i].Count = c
		if len(c.Launches) < curve.MinLaunches {
			continue
		}
		m := make([]float64, cmp.Or(opt.Resamples, DefaultResamples))
		stat.ResampleMedians(m, c.Launches, rand.NewPCG(opt.Seed, math.Float64bits(c.N)))
		for k := range m {
			m[k] = c.rate(m[k])
		}
		out[i].medians = m
	}
	return out
}

// median returns the throughput of the median launch.
func (c Count) median() float64 { return c.rate(stat.Median(c.Launches)) }

// ends returns the least and greatest throughput of a launch.
func (c Count) ends() (low, high float64) {
	low, high = c.rate(slices.Min(c.Launches)), c.rate(slices.Max(c.Launches))
	return min(low, high), max(low, high)
}

func points(samples []sample, opt Options) (out []Point, base int) {
	base = -1
	for i, c := range samples {
		p := Point{
			N: c.N, Throughput: c.median(), Runs: len(c.Launches), Fitted: opt.Cores == 0 || c.N <= opt.Cores,
			Range:   c.interval(),
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
			p.KarpFlatt = curve.KarpFlatt(p.Speedup, p.N)
		}
	}
	return out, base
}

// interval returns the interval of the throughput.
func (s sample) interval() *curve.Interval {
	if s.medians != nil {
		return curve.Percentile(slices.Clone(s.medians))
	}
	if len(s.Launches) == 1 {
		return nil
	}
	low, high := s.ends()
	return &curve.Interval{Method: curve.MinMax, Low: low, High: high}
}

// over returns the interval of the speedup of s over the base.
func (s sample) over(base sample) *curve.Interval {
	if s.medians != nil && base.medians != nil {
		ratio := make([]float64, len(s.medians))
		for k := range ratio {
			ratio[k] = s.medians[k] / base.medians[k]
		}
		return curve.Percentile(ratio)
	}
	if len(s.Launches) == 1 || len(base.Launches) == 1 {
		return nil
	}
	low, high := s.ends()
	least, most := base.ends()
	return &curve.Interval{Method: curve.MinMax, Low: low / most, High: high / least}
}
