package verdict

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
)

// Judged returns the index of the point of c that a verdict looks at beside the base, on a machine with that many
// cores: the largest measured n with no more workers than cores or, if that is the base, the next measured one; −1 if
// only the base was measured.
func Judged(c *curve.Curve, cores int) int {
	if c.Base < 0 {
		return -1
	}
	if i := c.Within(cores); i > c.Base && !math.IsNaN(c.Points[i].Speedup) {
		return i
	}
	for i := c.Base + 1; i < len(c.Points); i++ {
		if !math.IsNaN(c.Points[i].Speedup) {
			return i
		}
	}
	return -1
}

// Judge says what bounds the workload of c, by the rules of the package comment.
func Judge(c curve.Curve, in Input) Verdict {
	if c.Base < 0 {
		return Verdict{Bound: Unclear, Evidence: []Evidence{{Kind: BaseRuns}}}
	}
	j := &judgement{c: &c, in: in, at: Judged(&c, in.Cores)}
	rules := []rule{
		{Overhead, j.overheadBound},
		{Lock, j.lockBound},
		{IO, j.ioBound},
		{Spin, j.spinBound},
		{Memory, j.memoryBound},
		{CPU, j.cpuBound},
	}
	v := Verdict{Bound: Unclear}
	for _, r := range rules {
		if r.holds().is {
			v.Bound, v.Certainty = r.bound, j.certainty(r.bound, rules)
			break
		}
	}
	j.testify(v.Bound)
	if v.Certainty == noise.Likely || v.Certainty == noise.Hidden {
		j.ranged()
	}
	v.Evidence, v.BaseOnly = j.evidence, v.Bound == CPU && j.baseOnly()
	return v
}

// A rule is a bound and whether it is one.
type rule struct {
	bound Bound
	holds func() held
}

// A judgement is one curve being judged.
type judgement struct {
	c        *curve.Curve
	in       Input
	at       int // the judged point; -1 if none
	evidence []Evidence
}

func (j *judgement) base() *curve.Point { return &j.c.Points[j.c.Base] }

// judged returns the judged point, or the base without one.
func (j *judgement) judged() (*curve.Point, int) {
	if j.at < 0 {
		return j.base(), j.c.Base
	}
	return &j.c.Points[j.at], j.at
}

// overhead returns the time that the judged point spends on starting, dispatching and finishing, and its share of the
// time. The coordinator's CPU time counts as far as it exceeds the start-up, which it may have been part of.
func (j *judgement) overhead() (seconds, share float64) {
	p, _ := j.judged()
	seconds = max(0, p.Dispatch-p.Startup)
	if j.c.Measure != curve.Work {
		seconds += p.Startup + p.Teardown
	}
	return seconds, seconds / p.Median
}

// limit returns the speedup that the machine could give the judged point: the measured ceiling or, without one, its
// ideal.
func (j *judgement) limit() float64 {
	_, i := j.judged()
	if l := j.in.Ceiling.Of(j.c, i); !math.IsNaN(l) {
		return l
	}
	return j.c.Ideal(i)
}

func (j *judgement) overheadBound() held {
	h := j.overheadSpan().atLeast(overheadShare)
	if j.at < 0 {
		return h
	}
	limit, x := overheadSpeedup*j.limit(), j.speedupSpan()
	below := x.value < limit
	return h.and(held{below, below, x.high < limit, x.low < limit})
}

func (j *judgement) lockBound() held {
	if j.at < 0 {
		return exactly(false)
	}
	return j.lockShared(lockShare).and(j.lockGrows())
}

// wantedPart returns the part of p's usable cores that was busy, or missed by threads ready to run. It is NaN if no CPU
// time was recorded: every process uses some.
func wantedPart(p *curve.Point) float64 {
	if p.CPU == 0 {
		return math.NaN()
	}
	return min((p.MeanBusy+missed(p))/float64(p.Usable()), 1)
}

// missed returns how many cores ready threads missed on average; 0 if not known.
func missed(p *curve.Point) float64 {
	if m := p.RunQueue / p.TotalMedian; m > 0 {
		return m
	}
	return 0
}

func (j *judgement) ioBound() held { return j.wantedSpan().atMost(ioBusy).and(j.waitingLeads()) }

// memoryBound looks at all CPU time and at the user's alone: memory does not slow down the kernel's, and over short
// runs only clock ticks tell the two apart.
func (j *judgement) memoryBound() held {
	all, user, _ := j.inflation()
	return j.cpuBound().and(exactly(min(all, user) >= inflation &&
		j.c.Points[j.at].MeanBusy >= inflationBusy*float64(j.c.Points[j.at].Usable())))
}

// freshShown is the part of the growth of CPU time in functions that hardly run at the base from which it is taken for
// busy waiting.
const freshShown = 0.5

func (j *judgement) spinBound() held { return exactly(j.in.Fresh >= freshShown).and(j.memoryBound()) }

// inflation returns the growth of CPU time, and of user CPU time, per unit of work from the base to the judged point
// beyond that of the spin loop; and that of the spin loop, which is what the machine's cores lose when all are busy (1
// without a ceiling). What is not known is NaN.
func (j *judgement) inflation() (all, user, machine float64) {
	if j.at < 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	machine = j.c.Ideal(j.at) / j.in.Ceiling.Of(j.c, j.at)
	if math.IsNaN(machine) {
		machine = 1
	}
	machine = max(machine, 1)
	b, p := j.base(), &j.c.Points[j.at]
	if b.CPU <= b.Sys {
		return math.NaN(), math.NaN(), machine
	}
	units := float64(p.Point.Size) / float64(b.Point.Size)
	return p.CPU / b.CPU / units / machine, (p.CPU - p.Sys) / (b.CPU - b.Sys) / units / machine, machine
}

// baseOnly reports whether the judged point wants less of its cores than [CPU] asks for.
func (j *judgement) baseOnly() bool {
	p, _ := j.judged()
	return wantedPart(p) < cpuBusy
}

func (j *judgement) cpuBound() held { return j.wantedSpan().atLeast(cpuBusy) }
