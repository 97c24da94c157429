package curve

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Pairs sets points of several curves against each other by their launches. Of nil Pairs nothing is known.
type Pairs struct{ s *sample }

// NewPairs returns the pairs of the points that results are of.
func NewPairs(results []sweep.Result, opt Options) *Pairs { return &Pairs{gather(results, opt)} }

// Over returns the interval of the speedup of p over q, as [Curve.Over] has it for points of one curve; nil if either
// was not measured.
func (of *Pairs) Over(p, q sweep.Point) *Interval {
	if of == nil || !of.s.at(p).measured() || !of.s.at(q).measured() {
		return nil
	}
	// Resamples are drawn for one order of the two, so that what is shown of p over q is shown of q over p.
	if p.String() > q.String() {
		return of.s.paired(q, p, sweep.Growth(q, p))
	}
	iv := of.s.paired(p, q, sweep.Growth(p, q))
	iv.Low, iv.High = 1/iv.High, 1/iv.Low
	return iv
}

// A Delay is how much longer the launches of one point take to start than those of another, in seconds.
type Delay struct {
	Seconds  float64   // difference of the medians
	Quiet    *Interval // of Seconds, if nobody else took of the machine
	Interval *Interval // holds beside that what noise can explain of either start
}

// Later returns how much longer p takes to start than q: the median start-up times of as many resamples of the launches
// of either are subtracted; below [MinLaunches] there is the range seen. It is nil if either was not measured.
func (of *Pairs) Later(p, q sweep.Point) *Delay {
	if of == nil || len(of.s.at(p).timed) == 0 || len(of.s.at(q).timed) == 0 {
		return nil
	}
	late, early := of.s.starts(p), of.s.starts(q)
	d := &Delay{Seconds: stat.Median(late.times) - stat.Median(early.times), Quiet: &Interval{Method: MinMax}}
	if late.medians == nil || early.medians == nil {
		d.Quiet.Low = slices.Min(late.times) - slices.Max(early.times)
		d.Quiet.High = slices.Max(late.times) - slices.Min(early.times)
	} else {
		dist := make([]float64, len(late.medians))
		for i := range dist {
			dist[i] = late.medians[i] - early.medians[i]
		}
		d.Quiet = Percentile(dist)
	}
	iv := *d.Quiet
	d.Interval = &iv
	if a, b := QuietOf(late.times, late.quiet), QuietOf(early.times, early.quiet); a.Share < 1 || b.Share < 1 {
		iv.Low = max(iv.Low-(1-a.Share)*stat.Median(late.times), a.Least-b.Most)
		iv.High = min(iv.High+(1-b.Share)*stat.Median(early.times), a.Most-b.Least)
	}
	return d
}

// starts are the launches of p by the time that they take to start, with medians of resamples from [MinLaunches] on.
func (s *sample) starts(p sweep.Point) launches {
	var out launches
	for _, r := range s.at(p).timed {
		t := r.Startup.Float()
		out.times, out.quiet = append(out.times, t), append(out.quiet, noise.Least(r, t))
	}
	if len(out.times) >= MinLaunches {
		out.medians = make([]float64, min(s.opt.Resamples, pairResamples))
		stat.ResampleMedians(out.medians, out.times, source(p, s.opt.Seed))
	}
	return out
}
