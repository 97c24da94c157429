package verdict

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Launches are the runs behind the figures of a point, which say how sure these are. Without them a figure counts as it
// is.
type Launches struct {
	Timed []*sweep.Result
	// Loads is where the time of the workers went in each traced run, and Noise the most of it that others can explain of
	// the time that workers wait for each other.
	Loads []Load
	Noise []float64
}

// A held is whether something is so: by the figures as they are, by them without what noise can explain, by all that
// launches and noise allow, and by anything of that.
type held struct{ is, likely, sure, may bool }

func (a held) and(b held) held {
	return held{a.is && b.is, a.likely && b.likely, a.sure && b.sure, a.may && b.may}
}

// exactly is what is so or not, whatever launches and noise do.
func exactly(is bool) held { return held{is, is, is, is} }

// A span is a figure with what launches and noise allow. Quiet is its value without what noise can explain.
type span struct{ value, quiet, low, high float64 }

// atLeast and atMost hold a span against a limit. What is not known is not so.
func (s span) atLeast(limit float64) held {
	return held{s.value >= limit, s.quiet >= limit, s.low >= limit, s.high >= limit}
}

func (s span) atMost(limit float64) held {
	return held{s.value <= limit, s.quiet <= limit, s.high <= limit, s.low <= limit}
}

// spanOf returns the span of a value by what launches say of it: as they are, and as they may have been on a quiet
// machine. It holds the medians of both with a confidence of 95 %.
func spanOf(value float64, seen, quiet []float64) span {
	s := span{value, value, value, value}
	if len(seen) == 0 || math.IsNaN(value) {
		return s
	}
	low, high := stat.MedianRanks(seen, curve.Level)
	quietLow, quietHigh := stat.MedianRanks(quiet, curve.Level)
	s.quiet = value + stat.Median(quiet) - stat.Median(seen)
	s.low, s.high = min(value, s.quiet, low, quietLow), max(value, s.quiet, high, quietHigh)
	return s
}

// certainty says how sure it is that the rule of bound holds and none before it, of those that say something else.
// Memory and busy waiting are suspected at best, as no counter was read.
func (j *judgement) certainty(bound Bound, rules []rule) noise.Certainty {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.bound == bound })
	switch h := rules[i].holds(); {
	case !h.likely:
		return noise.Hidden
	case !h.sure, bound == Memory, bound == Spin:
		return noise.Likely
	}
	for _, r := range rules[:i] {
		if r.bound != Memory && r.bound != Spin && r.holds().may { // which are kinds of CPU-bound
			return noise.Likely
		}
	}
	return noise.Certain
}

// launches are those of the judged point, or of the base without one.
func (j *judgement) launches() *Launches {
	if j.at < 0 {
		return &j.in.BaseRuns
	}
	return &j.in.AtRuns
}

// overheadSpan is the share of the time for starting, dispatching and finishing. All that others took may have delayed
// these.
func (j *judgement) overheadSpan() span {
	_, share := j.overhead()
	var seen, quiet []float64
	for _, r := range j.launches().Timed {
		var dispatch float64
		for i := range r.Processes {
			if p := &r.Processes[i]; p.Role == sweep.Coordinator {
				dispatch += (p.User + p.Sys).Float()
			}
		}
		took, time := max(0, dispatch-r.Startup.Float()), r.Work.Float()
		if j.c.Measure != curve.Work {
			took, time = took+r.Startup.Float()+r.Teardown.Float(), r.Total.Float()
		}
		if time > 0 {
			left := noise.Least(r, time)
			seen, quiet = append(seen, took/time), append(quiet, max(0, took-(time-left))/left)
		}
	}
	return spanOf(share, seen, quiet)
}

// speedupSpan is the speedup of the judged point, whose interval holds noise.
func (j *judgement) speedupSpan() span {
	p := &j.c.Points[j.at]
	low, high := p.Bounds()
	return span{p.Speedup, p.Speedup, low, high}
}

// wantedSpan is the part of the base's usable cores that was wanted. On a quiet machine it would have had as much CPU
// time in less time.
func (j *judgement) wantedSpan() span {
	p := j.base()
	value := wantedPart(p)
	var seen, quiet []float64
	for _, r := range j.in.BaseRuns.Timed {
		if time := r.Total.Float(); time > 0 {
			wanted := (r.CPU().Float() + r.Noise.RunQueue.Float()) / float64(p.Usable())
			seen = append(seen, min(1, wanted/time))
			quiet = append(quiet, min(1, max(wanted/time, r.CPU().Float()/float64(p.Usable())/noise.Least(r, time))))
		}
	}
	return spanOf(value, seen, quiet)
}

// busySpan is how many cores the base kept busy.
func (j *judgement) busySpan() span {
	var seen, quiet []float64
	for _, r := range j.in.BaseRuns.Timed {
		if time := r.Total.Float(); time > 0 {
			seen = append(seen, r.CPU().Float()/time)
			quiet = append(quiet, r.CPU().Float()/noise.Least(r, time))
		}
	}
	return spanOf(j.base().MeanBusy, seen, quiet)
}

// lockSpan is the share of their time that workers wait for locks at the judged point, as each traced run says it: the
// range, as package finding has it. One run alone tells nothing of the next, unless noise can explain next to nothing.
func (j *judgement) lockSpan() span {
	value := j.in.At.Share(cause.Lock)
	s := span{value, value, value, value}
	of := &j.in.AtRuns
	for i, l := range of.Loads {
		share := l.Share(cause.Lock)
		s.low, s.high = min(s.low, share-of.Noise[i]), max(s.high, share)
	}
	if n := len(of.Loads); n > 0 {
		s.quiet = value - mean(of.Noise)
	}
	return s
}

// lockShared reports whether workers wait for locks for at least a share of their time.
func (j *judgement) lockShared(share float64) held {
	h := j.lockSpan().atLeast(share)
	if of := j.in.AtRuns.Noise; len(of) == 1 && of[0] > littleNoise {
		h.sure = false
	}
	return h
}

// ranged sets what launches and noise allow of the figures that decide, where that reaches over a limit of a rule.
func (j *judgement) ranged() {
	for i := range j.evidence {
		var s span
		var limits []float64
		switch e := &j.evidence[i]; e.Kind {
		case OverheadPart:
			s, limits = j.overheadSpan(), []float64{overheadShare}
		case shareOf(cause.Lock):
			s, limits = j.lockSpan(), []float64{lockShare}
		case BusyCores:
			usable := float64(j.base().Usable())
			s, limits = j.busySpan(), []float64{ioBusy * usable, cpuBusy * usable}
		}
		if slices.ContainsFunc(limits, func(l float64) bool { return s.low < l && l <= s.high }) {
			j.evidence[i].Range = &Range{max(0, s.low), s.high}
		}
	}
}

// lockGrows reports whether no other group has grown more than locks since the base, in each of the traced runs for
// sure.
func (j *judgement) lockGrows() held {
	return inEach(j.in.At, j.in.AtRuns.Loads, func(l Load) bool {
		worst, _ := l.grown(j.in.Base)
		return worst == cause.Lock
	})
}

// waitingLeads reports whether no other group of causes is larger than waiting at the base, in each of the traced runs
// for sure. It is so where nothing is known.
func (j *judgement) waitingLeads() held {
	return inEach(j.in.Base, j.in.BaseRuns.Loads, func(l Load) bool {
		waiting := l.Share(outside()...)
		return !slices.ContainsFunc(lost(), func(g cause.Group) bool {
			return !slices.Contains(outside(), g) && l.Share(g) > waiting
		})
	})
}

// inEach holds a mean load, and each load that it is of, against a condition.
func inEach(mean Load, all []Load, is func(Load) bool) held {
	h := exactly(is(mean))
	for _, l := range all {
		of := is(l)
		h.sure, h.may = h.sure && of, h.may || of
	}
	return h
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
