package capture

import (
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A watch samples the machine from just before the fork of a run's first process to just after its end, to tell what
// others took. Whatever corecurve runs for the run before and after that is not part of it. If the run before has ended
// just now, the sample of then is taken for the first of the two.
type watch struct {
	before, after host.Sample
	begun, ended  time.Duration // CPU time of corecurve and of the run's service by then
	run           time.Duration // CPU time of the first process and of all that it started and waited for
	cpus          []int         // of the run
	whole         bool          // it has begun and ended
}

// A glance is the sample at the end of a run.
type glance struct {
	host.Sample
	at    clock.Time
	own   time.Duration // CPU time of corecurve by then
	after time.Duration // the length of that run; 0: the sample is not to be taken again
}

const (
	// justNow is how old a sample may be that is taken again: a fifth of the ticks in which the kernel counts.
	justNow = 2 * time.Millisecond
	// justNowPart is the part of the run before that it may be old: one in so many, where that is less. Between short runs
	// as much time may pass as they take.
	justNowPart = 20
)

// serves reports whether the sample is that of t as well.
func (g *glance) serves(t clock.Time) bool { return t.Sub(g.at) <= min(justNow, g.after/justNowPart) }

// watch begins the watch of a run on cpus.
func (l *launch) watch(cpus []int) {
	if g := &l.r.glance; l.service == nil && g.serves(clock.Now()) {
		l.noise = watch{cpus: cpus, begun: g.own, before: g.Sample}
		return
	}
	l.noise = watch{cpus: cpus, begun: l.service.beside(), before: l.r.noise.Sample()}
}

// end ends the watch: the first process is over with the run, in which it and all that it waited for have used so much
// CPU time.
func (w *watch) end(l *launch, used time.Duration) {
	w.after, w.ended = l.r.noise.Sample(), l.service.beside()
	w.run, w.whole = used, true
	l.r.glance = glance{}
	if l.service == nil { // which ends after it
		at := clock.Now()
		l.r.glance = glance{Sample: w.after, at: at, own: w.ended, after: at.Sub(l.begin)}
	}
}

// of returns what happened during the watch besides the run.
func (w *watch) of(runQueue sweep.Seconds) sweep.Noise {
	if !w.whole {
		return sweep.Noise{}
	}
	return host.Noise(w.before, w.after, host.Use{
		Run: sweep.Seconds(w.run), Tool: sweep.Seconds(w.ended - w.begun), CPUs: w.cpus, RunQueue: runQueue,
	})
}
