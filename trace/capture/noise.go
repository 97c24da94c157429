package capture

import (
	"time"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A watch samples the machine from just before the fork of a run's first process to just after its end, to tell what
// others took. Whatever corecurve runs for the run before and after that is not part of it.
type watch struct {
	before, after host.Sample
	begun, ended  time.Duration // CPU time of corecurve and of the run's service by then
	run           time.Duration // CPU time of the first process and of all that it started and waited for
	cpus          []int         // of the run
	whole         bool          // it has begun and ended
}

// watch begins the watch of a run on cpus.
func (l *launch) watch(cpus []int) {
	l.noise = watch{cpus: cpus, begun: l.service.beside(), before: l.r.noise.Sample()}
}

// end ends the watch: the first process is over with the run, in which it and all that it waited for have used so much
// CPU time.
func (w *watch) end(l *launch, used time.Duration) {
	w.after, w.ended = l.r.noise.Sample(), l.service.beside()
	w.run, w.whole = used, true
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
