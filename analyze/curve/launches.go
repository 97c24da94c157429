package curve

import (
	"cmp"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/each"
	"github.com/corecurve/corecurve/trace/sweep"
)

// launches are the runs of one point.
type launches struct {
	timed   []*sweep.Result // successful
	failed  []*sweep.Result // timed, but not successful
	traced  []*sweep.Result // successful
	lost    int             // number of failed traced runs
	noisy   int             // of timed
	times   []float64       // of timed, by the measure
	quiet   []float64       // the least that times can have been on a quiet machine
	medians []float64       // of resamples of times; nil with fewer than MinLaunches
}

// A sample is the launches of every point of a study, under the options for curves.
type sample struct {
	opt    Options
	points map[sweep.Point]*launches
}

func gather(results []sweep.Result, opt Options) *sample {
	opt.Measure = cmp.Or(opt.Measure, Total)
	opt.Resamples = cmp.Or(opt.Resamples, DefaultResamples)
	s := &sample{opt: opt, points: map[sweep.Point]*launches{}}
	for i := range results {
		r := &results[i]
		l := s.at(r.Point)
		switch ok := r.Status == sweep.OK; {
		case r.Kind == sweep.Traced && ok:
			l.traced = append(l.traced, r)
		case r.Kind == sweep.Traced:
			l.lost++
		case !ok:
			l.failed = append(l.failed, r)
		default:
			l.timed = append(l.timed, r)
			t := opt.Measure.Of(r)
			l.times, l.quiet = append(l.times, t), append(l.quiet, noise.Least(r, t))
			if r.Noise.Noisy {
				l.noisy++
			}
		}
	}
	return s
}

// at returns the launches of p.
func (s *sample) at(p sweep.Point) *launches {
	l := s.points[p]
	if l == nil {
		l = &launches{}
		s.points[p] = l
	}
	return l
}

// measured reports whether l has launches, each with a time: no ratio without one.
func (l *launches) measured() bool {
	return len(l.times) > 0 && slices.Min(l.times) > 0
}

// median returns the median of a figure of the timed runs.
func (l *launches) median(of func(*sweep.Result) float64) float64 { return median(l.timed, of) }

func median(runs []*sweep.Result, of func(*sweep.Result) float64) float64 {
	x := make([]float64, len(runs))
	for i, r := range runs {
		x[i] = of(r)
	}
	return stat.Median(x)
}

// resample draws medians of resamples of the launches of every point that has enough of them. Their source depends on
// the seed and the point alone.
func (s *sample) resample(points []sweep.Point) {
	var fresh []sweep.Point
	for _, p := range points {
		if l := s.at(p); len(l.times) >= MinLaunches && l.medians == nil {
			l.medians = make([]float64, s.opt.Resamples)
			fresh = append(fresh, p)
		}
	}
	each.Of(len(fresh), func(i int) {
		l := s.at(fresh[i])
		stat.ResampleMedians(l.medians, l.times, source(fresh[i], s.opt.Seed))
	})
}

// source returns the random source of a point.
func source(p sweep.Point, seed uint64) *rand.PCG {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.String())) // a hash never fails
	return rand.NewPCG(seed, h.Sum64())
}

// A Sample is the launches of one point, for what sets points of several curves against each other.
type Sample struct {
	Times   []float64 // seconds
	Medians []float64 // of resamples, the same as those that the curves rest on; nil with fewer than MinLaunches
	Quiet   Quiet
}

// SampleOf returns the launches of p, which took timed. Without launches, or with one that took no time, it is the zero
// value.
func SampleOf(p sweep.Point, timed []*sweep.Result, opt Options) Sample {
	var l launches
	for _, r := range timed {
		t := cmp.Or(opt.Measure, Total).Of(r)
		l.times, l.quiet = append(l.times, t), append(l.quiet, noise.Least(r, t))
	}
	if !l.measured() {
		return Sample{}
	}
	s := Sample{Times: l.times, Quiet: l.still()}
	if len(l.times) >= MinLaunches {
		s.Medians = make([]float64, cmp.Or(opt.Resamples, DefaultResamples))
		stat.ResampleMedians(s.Medians, l.times, source(p, opt.Seed))
	}
	return s
}

// warnings returns what a reader of the curve must know of p.
func (s *sample) warnings(p sweep.Point) []warning.Warning {
	var out []warning.Warning
	warn := func(k warning.Kind, count, of int) *warning.Warning {
		w := warning.OfPoint(k, p)
		w.Figures.Count, w.Figures.Of = count, of
		out = append(out, w)
		return &out[len(out)-1]
	}
	l := s.at(p)
	if n := len(l.failed); n > 0 {
		warn(warning.FailedTimed, n, n+len(l.timed)).Items = l.reasons()
	}
	if l.lost > 0 {
		warn(warning.FailedTraced, l.lost, l.lost+len(l.traced))
	}
	switch n := len(l.timed); {
	case n == 0 && len(l.failed) == 0:
		warn(warning.NoTimedRun, 0, 0)
	case n == 0:
		// FailedTimed says it
	case !l.measured():
		warn(warning.NoTime, 0, 0).Subject.Name = string(s.opt.Measure)
	case n < MinLaunches:
		warn(warning.FewLaunches, n, MinLaunches)
	}
	return out
}

// reasons counts the failures by status.
func (l *launches) reasons() []warning.Item {
	counts := map[sweep.Status]int{}
	for _, r := range l.failed {
		counts[r.Status]++
	}
	var out []warning.Item
	for _, st := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, warning.Item{Name: string(st), Count: counts[st]})
	}
	return out
}
