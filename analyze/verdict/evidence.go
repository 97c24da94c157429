package verdict

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/sweep"
)

// worthSaying is the share of the time below which a cause that decided nothing is not brought up.
const worthSaying = 0.05

// add records a figure; what is not finite is not evidence.
func (j *judgement) add(name string, value float64, format string, args ...any) {
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		j.evidence = append(j.evidence, Evidence{Name: name, Value: value, Text: fmt.Sprintf(format, args...)})
	}
}

// testify collects the evidence: first what decided for bound, then what else a reader should know.
func (j *judgement) testify(bound Bound) {
	switch bound {
	case Overhead:
		j.sayOverhead()
		j.saySpeedup()
		j.sayBase()
		return
	case Lock:
		j.sayShare(timeline.Lock)
		j.saySpeedup()
		j.sayBase()
	case IO:
		j.sayBase()
		j.sayWaiting()
		j.saySpeedup()
		j.sayBeyondCores()
	case Memory:
		j.sayInflation()
		j.sayBusy(&j.c.Points[j.at], "mean_busy_cores_at_n")
		j.saySpeedup()
		j.sayBase()
	case CPU:
		j.sayBase()
		j.saySpeedup()
		j.sayCeiling()
		j.sayBusyAt()
		j.sayGrown()
		j.saySystem()
	default:
		j.sayBase()
		j.sayNotTraced()
		j.saySpeedup()
		j.sayCeiling()
		j.sayBusyAt()
		j.sayGrown()
	}
	if _, share := j.overhead(); share >= worthSaying {
		j.sayOverhead()
	}
}

func (j *judgement) sayBusy(p *curve.Point, name string) {
	if p.CPU == 0 {
		return
	}
	of := fmt.Sprintf("of %d cores were busy", p.Usable())
	if p.Usable() == 1 {
		of = "of a core was busy"
	}
	j.add(name, p.MeanBusy, "with %s %.2f %s", countWords(j.c.Sweep, p.Point), p.MeanBusy, of)
}

// sayBase says how busy the base was, and what it would have been.
func (j *judgement) sayBase() {
	p := j.base()
	j.sayBusy(p, "mean_busy_cores")
	if m := missed(p); m >= worthSaying*float64(p.Usable()) {
		j.add("missed_cores", m, "with %s threads were ready to run without a core for %s, which is %.2f of a core over the whole time",
			countWords(j.c.Sweep, p.Point), duration(p.RunQueue), m)
	}
}

func (j *judgement) sayBusyAt() {
	if j.at >= 0 {
		j.sayBusy(&j.c.Points[j.at], "mean_busy_cores_at_n")
	}
}

func (j *judgement) saySpeedup() {
	if j.at < 0 {
		return
	}
	p := j.c.Points[j.at]
	j.add("speedup", p.Speedup, "with %s it %s%s", countWords(j.c.Sweep, p.Point), j.faster(p.Speedup), intervalWords(p.Interval))
}

// faster says what a speedup of s means: under weak scaling the work grows, so that the time is not shorter.
func (j *judgement) faster(s float64) string {
	base := countWords(j.c.Sweep, j.base().Point)
	if j.c.Sweep.Scaling == sweep.Weak {
		return fmt.Sprintf("did %s the work per second of %s", times(s), base)
	}
	return fmt.Sprintf("was %s as fast as with %s", times(s), base)
}

func (j *judgement) sayCeiling() {
	if j.at < 0 {
		return
	}
	j.add("share_of_ceiling", j.f.Ceiling.Share(j.c, j.at), "that is %s of the %s that this machine gives a loop in registers",
		percent(j.f.Ceiling.Share(j.c, j.at)), times(j.f.Ceiling.Of(j.c, j.at)))
}

func (j *judgement) sayOverhead() {
	p, _ := j.judged()
	seconds, share := j.overhead()
	what := "starting, dispatching and finishing"
	if j.c.Measure == curve.Work {
		what = "dispatching"
	}
	j.add("overhead_share", share, "with %s %s took %s, %s of the time", countWords(j.c.Sweep, p.Point), what, duration(seconds), percent(share))
}

// sayShare says how much of their time the workers spent in state s at the judged point.
func (j *judgement) sayShare(s timeline.State) {
	name, doing := stateWords(s)
	share := j.f.At.share(s)
	j.add(name+"_share", share, "with %s the workers spent %s of their time %s%s",
		countWords(j.c.Sweep, j.c.Points[j.at].Point), percent(share), doing, j.comparedToBase(s))
}

func (j *judgement) comparedToBase(s timeline.State) string {
	if !j.f.Base.known() {
		return ""
	}
	return fmt.Sprintf(", with %s %s", countWords(j.c.Sweep, j.base().Point), percent(j.f.Base.share(s)))
}

// sayGrown names the kind of lost time that more workers brought.
func (j *judgement) sayGrown() {
	if j.at < 0 || !j.f.At.known() {
		return
	}
	if s, by := j.f.At.grown(&j.f.Base); by >= worthSaying {
		j.sayShare(s)
	}
}

func (j *judgement) sayWaiting() {
	p := countWords(j.c.Sweep, j.base().Point)
	if !j.f.Base.known() {
		j.add("traced", 0, "what it waited for was not traced with %s", p)
		return
	}
	share, what := j.f.Base.waiting(), ""
	if j.f.Base.share(timeline.Channel) >= worthSaying {
		what = ", or for goroutines that do"
	}
	j.add("waiting_share", share, "with %s the workers spent %s of their time waiting for files, the network or a timer%s", p, percent(share), what)
}

func (j *judgement) sayNotTraced() {
	if !j.f.Base.known() && !j.f.At.known() {
		j.add("traced", 0, "no trace says what the workers did the rest of the time")
	}
}

// sayBeyondCores says so if more workers than cores still made it faster, which work that needs a core cannot be.
func (j *judgement) sayBeyondCores() {
	i := Stop(j.c)
	p := j.c.Points[i]
	if p.Speedup > j.c.Ideal(i) {
		j.add("speedup_beyond_cores", p.Speedup, "with %s on %s it %s, more than cores alone could give",
			countWords(j.c.Sweep, p.Point), plural(p.Point.Cores, "core", "cores"), j.faster(p.Speedup))
	}
}

func (j *judgement) sayInflation() {
	inflation, _, machine := j.inflation()
	p, b := countWords(j.c.Sweep, j.c.Points[j.at].Point), countWords(j.c.Sweep, j.base().Point)
	beside := ""
	switch {
	case math.IsNaN(j.f.Ceiling.Of(j.c, j.at)):
		beside = "; whether the machine's cores slow each other down was not measured"
	case machine > 1:
		beside = fmt.Sprintf(", besides %s for the machine's cores slowing each other down", times(machine))
	}
	j.add("cpu_inflation", inflation, "with %s the same work took %s the CPU time of %s%s", p, times(inflation), b, beside)
}

func (j *judgement) saySystem() {
	if share := j.base().Sys / j.base().CPU; share >= 0.25 {
		j.add("system_share", share, "with %s %s of the CPU time was spent in the kernel", countWords(j.c.Sweep, j.base().Point), percent(share))
	}
}
