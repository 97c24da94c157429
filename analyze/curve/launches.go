package curve

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// launches are the runs of one point.
type launches struct {
	timed   []*sweep.Result // OK
	failed  []*sweep.Result // timed, not OK
	traced  []*sweep.Result // OK
	lost    int             // traced runs that are not
	noisy   int             // of timed
	times   []float64       // of timed, by the measure
	medians []float64       // of resamples of times; made when first needed
}

// A sample is the launches of every point of a study, under the options that curves are made with.
type sample struct {
	opt    Options
	points map[sweep.Point]*launches
}

func gather(results []sweep.Result, opt Options) *sample {
	if opt.Measure == "" {
		opt.Measure = Total
	}
	if opt.Resamples <= 0 {
		opt.Resamples = DefaultResamples
	}
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
			l.times = append(l.times, opt.Measure.of(r))
			if r.Noise.Noisy {
				l.noisy++
			}
		}
	}
	return s
}

// at returns the launches of p, none if it was never run.
func (s *sample) at(p sweep.Point) *launches {
	l := s.points[p]
	if l == nil {
		l = &launches{}
		s.points[p] = l
	}
	return l
}

// measured reports whether l has launches, all of them with a time: a ratio with nothing is not known.
func (l *launches) measured() bool {
	return len(l.times) > 0 && slices.Min(l.times) > 0
}

// median is the median of a figure of the timed runs.
func (l *launches) median(of func(*sweep.Result) float64) float64 { return median(l.timed, of) }

func median(runs []*sweep.Result, of func(*sweep.Result) float64) float64 {
	x := make([]float64, len(runs))
	for i, r := range runs {
		x[i] = of(r)
	}
	return stat.Median(x)
}

// resampled returns the medians of resamples of p's launches, from a source that depends on the seed and the point alone.
func (s *sample) resampled(p sweep.Point) []float64 {
	l := s.at(p)
	if l.medians == nil {
		h := fnv.New64a()
		_, _ = h.Write([]byte(p.String())) // a hash never fails
		l.medians = make([]float64, s.opt.Resamples)
		stat.ResampleMedians(l.medians, l.times, rand.NewPCG(s.opt.Seed, h.Sum64()))
	}
	return l.medians
}

// warnings are what the reader of a curve must know of p.
func (s *sample) warnings(p sweep.Point) []string {
	var out []string
	warn := func(format string, args ...any) {
		out = append(out, fmt.Sprintf("%s: ", p)+fmt.Sprintf(format, args...))
	}
	l := s.at(p)
	if n := len(l.failed); n > 0 {
		warn("%d of %d timed runs did not succeed and are in no median: %s", n, n+len(l.timed), l.reasons())
	}
	if l.lost > 0 {
		warn("%d of %d traced runs did not succeed", l.lost, l.lost+len(l.traced))
	}
	switch n := len(l.timed); {
	case n == 0 && len(l.failed) == 0:
		warn("no timed run")
	case n == 0:
		// said above
	case !l.measured():
		warn("a run has no %s time, so there is no speedup", s.opt.Measure)
	case n < MinLaunches:
		warn("%d launches are too few for an interval, which takes %d: the range seen is given", n, MinLaunches)
	}
	return out
}

// reasons counts the failures by status: "1 failed, 2 timeout".
func (l *launches) reasons() string {
	counts := map[sweep.Status]int{}
	var order []sweep.Status
	for _, r := range l.failed {
		if counts[r.Status]++; counts[r.Status] == 1 {
			order = append(order, r.Status)
		}
	}
	slices.Sort(order)
	parts := make([]string, len(order))
	for i, st := range order {
		parts[i] = fmt.Sprintf("%d %s", counts[st], st)
	}
	return strings.Join(parts, ", ")
}
