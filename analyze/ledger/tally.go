package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A tally is what a goroutine's time went to.
type tally struct {
	spent  []spent // one per cause: few occur, so a list takes less room than a table of all
	parked int64   // part of cause.GCAssist: there was nothing to help with
}

// A spent is the time of one cause.
type spent struct {
	cause cause.Cause
	time  int64
}

// usualCauses is how many causes a goroutine mostly has before it is a worker.
const usualCauses = 4

func (t *tally) add(c cause.Cause, d int64) {
	for i := range t.spent {
		if s := &t.spent[i]; s.cause == c {
			s.time += d
			return
		}
	}
	if t.spent == nil {
		t.spent = make([]spent, 0, usualCauses)
	}
	t.spent = append(t.spent, spent{c, d})
}

func (t *tally) of(c cause.Cause) int64 {
	for _, s := range t.spent {
		if s.cause == c {
			return s.time
		}
	}
	return 0
}

// join adds all of another.
func (t *tally) join(x *tally) {
	for _, s := range x.spent {
		t.add(s.cause, s.time)
	}
	t.parked += x.parked
}

// A prelude is what a goroutine does from its birth on until it enters its first region: the time of the worker that it
// then is. Where it is ready and has no core, or waits, the worker does not start up.
//
// A goroutine that does much else first was not made to be that worker: its tally is closed after MostPrelude
// entries, and the worker begins with its region.
type prelude struct {
	tally
	entries int
	from    clock.Time
	missed  clock.Time // how much of the window before is missing
	gone    clocks     // at its birth
	serial  int64      // serialClock up to which the tally is made
}

// clocks are times that a crew counts.
type clocks struct {
	serial int64 // serial parts ran
	others int64 // workers were in their regions, and no serial part ran
}

// prepare begins the prelude of g, which is born at a time.
func (c *crew) prepare(g *goroutine, at, missing clock.Time) {
	if g.prelude == nil {
		g.prelude = &prelude{}
	}
	p := g.prelude
	p.spent, p.parked, p.entries = p.spent[:0], 0, 0
	p.from, p.missed, p.gone = at, missing, c.clocks(at)
	p.serial = p.gone.serial
	g.tally, g.taken = &p.tally, c.taken
}

// preparing reports whether g has been no worker yet.
func (g *goroutine) preparing() bool { return g.prelude != nil && g.tally == &g.prelude.tally }

// spend puts d, up to now, down in the tally of g.
func (b *Builder) spend(g *goroutine, d int64) {
	t, long := g.tally, d >= longWait && g.cause >= cause.Mutex
	if g.preparing() {
		if g.prelude.entries++; g.prelude.entries > replay.MostPrelude {
			g.tally = nil
			return
		}
		d -= g.idleBySerial(b.serialClock(b.at), d)
	}
	if g.p == noP && g.state == gotrace.Syscall {
		o := b.inCall(g, d)
		t.add(cause.Syscall, o.On)
		t.add(cause.Preempted, o.Ready)
		d = o.Blocked
	}
	t.add(g.cause, d)
	switch {
	case g.cause == cause.SchedLatency:
		t.collect(g.taken, b.taken, d)
	case g.cause == cause.GCAssist && g.p == noP:
		t.parked += d
	}
	if long && g.worker != noWorker {
		b.workers[g.worker].long(interval{g.since, b.at, g.cause})
	}
	g.taken = b.taken
}

// idleBySerial puts the part of d, up to now, in which g waits while a serial part runs, down to that, and returns it.
func (g *goroutine) idleBySerial(serial, d int64) int64 {
	p := g.prelude
	d = min(serial-p.serial, d)
	p.serial = serial
	if d <= 0 || g.p != noP || g.cause < cause.Mutex || g.cause == cause.Unknown {
		return 0
	}
	p.add(cause.Serial, d)
	return d
}

// collect moves the part of the latest d of ready time that the garbage collector caused to its causes.
func (t *tally) collect(from, to taken, d int64) {
	stopped := min(to.stopped-from.stopped, d)
	collecting := min(to.collecting-from.collecting, d-stopped)
	if stopped+collecting == 0 {
		return
	}
	t.add(cause.GCSTW, stopped)
	t.add(cause.GCDedicated, collecting)
	t.add(cause.SchedLatency, -stopped-collecting)
}

// whole reports whether g, which is to be a worker, was born in the worker's latest gap, so that its prelude is all
// that the worker did since.
func (g *goroutine) whole(w *worker) bool { return g.preparing() && g.prelude.from >= w.gap }
