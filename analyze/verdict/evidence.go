package verdict

import (
	"math"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
)

// worthSaying is the least share of the time for a cause that decided nothing to be mentioned.
const worthSaying = 0.05

// add records a figure, unless it is not finite.
func (j *judgement) add(e Evidence) {
	if !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0) {
		j.evidence = append(j.evidence, e)
	}
}

// testify collects the evidence: first what decided for bound, then what else a reader should know.
func (j *judgement) testify(bound Bound) {
	switch bound {
	case Overhead:
		j.addOverhead()
		j.addSpeedup()
		j.addBase()
		return
	case Lock:
		j.addShare(cause.Lock)
		j.addSpeedup()
		j.addBase()
	case IO:
		j.addBase()
		j.addWaiting()
		j.addSpeedup()
		j.addBeyondCores()
	case Memory, Spin:
		j.addInflation()
		if bound == Spin {
			j.add(Evidence{Kind: FreshShare, Value: j.in.Fresh, Point: j.c.Points[j.at].Point, Base: j.base().Point})
		}
		j.addBusy(j.at, BusyCoresAt)
		j.addSpeedup()
		j.addBase()
	case CPU:
		j.addBase()
		only := j.baseOnly() // which rests on how busy the judged point is
		if only {
			j.addBusy(j.at, BusyCoresAt)
		}
		j.addSpeedup()
		j.addCeiling()
		if !only {
			j.addBusy(j.at, BusyCoresAt)
		}
		j.addGrown()
		j.addSystem()
	default:
		j.addBase()
		if j.in.Base == nil && j.in.At == nil {
			j.add(Evidence{Kind: untold(j.in.Traced.Base || j.in.Traced.At)})
		}
		j.addSpeedup()
		j.addCeiling()
		j.addBusy(j.at, BusyCoresAt)
		j.addGrown()
	}
	if _, share := j.overhead(); share >= worthSaying {
		j.addOverhead()
	}
}

// addBusy adds how busy point i was, if it exists and has CPU times.
func (j *judgement) addBusy(i int, k Kind) {
	if i < 0 || j.c.Points[i].CPU == 0 {
		return
	}
	p := &j.c.Points[i]
	j.add(Evidence{Kind: k, Value: p.MeanBusy, Beside: float64(p.Usable()), Point: p.Point})
}

// addBase adds how busy the base was, and the cores that ready threads missed.
func (j *judgement) addBase() {
	p := j.base()
	j.addBusy(j.c.Base, BusyCores)
	if m := missed(p); m >= worthSaying*float64(p.Usable()) {
		j.add(Evidence{Kind: MissedCores, Value: m, Beside: p.RunQueue, Point: p.Point})
	}
}

func (j *judgement) addSpeedup() {
	if j.at >= 0 {
		p := &j.c.Points[j.at]
		j.add(Evidence{Kind: Speedup, Value: p.Speedup, Interval: p.Interval, Point: p.Point, Base: j.base().Point})
	}
}

func (j *judgement) addCeiling() {
	if j.at >= 0 {
		j.add(Evidence{
			Kind: CeilingShare, Value: j.in.Ceiling.Share(j.c, j.at), Beside: j.in.Ceiling.Of(j.c, j.at),
			Point: j.c.Points[j.at].Point,
		})
	}
}

func (j *judgement) addOverhead() {
	p, _ := j.judged()
	seconds, share := j.overhead()
	j.add(Evidence{
		Kind: OverheadPart, Value: share, Beside: seconds, Point: p.Point, WorkOnly: j.c.Measure == curve.Work,
	})
}

// addShare adds how much of their time the workers lost in g at the judged point.
func (j *judgement) addShare(g cause.Group) {
	e := Evidence{
		Kind: shareOf(g), Value: j.in.At.Share(g), Beside: math.NaN(), Point: j.c.Points[j.at].Point,
		Base: j.base().Point, Causes: j.in.At.causes(g),
	}
	if j.in.Base != nil {
		e.Beside = j.in.Base.Share(g)
	}
	j.add(e)
}

// addGrown adds the group of lost time that has grown most since the base.
func (j *judgement) addGrown() {
	if j.at < 0 || j.in.At == nil {
		return
	}
	if g, by := j.in.At.grown(j.in.Base); by >= worthSaying {
		j.addShare(g)
	}
}

func (j *judgement) addWaiting() {
	p := j.base().Point
	if j.in.Base == nil {
		j.add(Evidence{Kind: untold(j.in.Traced.Base), Point: p})
		return
	}
	j.add(Evidence{
		Kind: WaitingShare, Value: j.in.Base.Share(outside()...), Beside: math.NaN(), Point: p,
		Causes: j.in.Base.causes(outside()...),
	})
}

// untold says why it is not known what the workers did.
func untold(traced bool) Kind {
	if traced {
		return NotTold
	}
	return NotTraced
}

// addBeyondCores adds that the curve is shown to be faster than its cores alone could make it: the work does not need a
// core all the time.
func (j *judgement) addBeyondCores() {
	i := stopOf(j.c)
	p := &j.c.Points[i]
	if low, _ := p.Bounds(); low > j.c.Ideal(i) {
		j.add(Evidence{Kind: BeyondCores, Value: p.Speedup, Point: p.Point, Base: j.base().Point})
	}
}

func (j *judgement) addInflation() {
	inflation, _, machine := j.inflation()
	if math.IsNaN(j.in.Ceiling.Of(j.c, j.at)) {
		machine = math.NaN()
	}
	j.add(Evidence{
		Kind: CPUInflation, Value: inflation, Beside: machine, Point: j.c.Points[j.at].Point, Base: j.base().Point,
	})
}

func (j *judgement) addSystem() {
	if share := j.base().Sys / j.base().CPU; share >= 0.25 {
		j.add(Evidence{Kind: SystemShare, Value: share, Point: j.base().Point})
	}
}
