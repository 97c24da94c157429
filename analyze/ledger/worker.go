package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A worker is what the Builder knows of one worker of the workload.
type worker struct {
	tally
	id     int
	active bool // a goroutine is inside its region
	again  bool // one was before
	gap    clock.Time
	since  clocks     // at the start of the gap
	waits  []interval // the long ones, in time order
	cut    int        // how many more there were
}

// An interval is a stretch of time with one cause.
type interval struct {
	from, to clock.Time
	cause    cause.Cause
}

const (
	// longWait is the shortest wait that is compared with the serial parts of other processes.
	longWait = int64(time.Millisecond)
	// maxIntervals is how many long waits of a worker, or serial parts of a process, are kept for that.
	maxIntervals = 4096
)

func (w *worker) long(i interval) {
	if len(w.waits) == maxIntervals {
		w.cut++
		return
	}
	w.waits = append(w.waits, i)
}

// taken is how long a ready goroutine has not run because of the garbage collector.
type taken struct {
	collecting int64 // a worker of the collector had the P that it lacked
	stopped    int64 // the world was stopped
}

// add adds dt, in which the Ps and the ready goroutines, of which there are some, were as p says.
func (t *taken) add(p *present, dt int64) {
	switch {
	case p.stopped > p.tracerStops:
		t.stopped += dt
	case p.collecting >= p.runnable:
		t.collecting += dt
	case p.collecting > 0:
		t.collecting += dt * int64(p.collecting) / int64(p.runnable)
	}
}

// A crew is the workers and the serial parts. Its clocks stand still while parts of the trace are missing.
type crew struct {
	workers    []*worker
	workerByID map[int64]int32

	// For a goroutine that is always ready.
	taken taken

	serialDepth, activeCount int
	serialSince, activeSince clock.Time
	serialTime, activeTime   int64
	serial                   []interval
	serialCut                int        // how many more there were
	quiet                    []interval // long ones in which no P had a goroutine
	quietFrom, quietTo       clock.Time // of the latest, unless it is among them
}

// region follows the regions of workers and serial parts.
func (b *Builder) region(s *replay.Step) {
	g := b.gs[s.G]
	switch s.Kind {
	case replay.Enter:
		b.settle(g)
		b.enter(g, s.ID, b.at, b.begin, b.missing.wanted)
	case replay.Leave:
		b.settle(g)
		b.leaveRegion(g, b.at)
	case replay.Refused:
		if s.Odd {
			b.warn(warning.LedgerAgain, int(s.ID), warning.Figures{})
		}
	case replay.SerialBegin, replay.SerialEnd:
		b.settle(g)
		if s.Kind == replay.SerialBegin {
			b.changeSerial(+1, b.at)
		} else {
			b.changeSerial(-1, b.at)
		}
		b.show(g, s)
	}
}

// enter makes g worker id at a time. A worker whose first region begins may have had others in missing parts of the
// trace before its goroutine was born.
func (c *crew) enter(g *goroutine, id int64, at, begin, missing clock.Time) {
	i, ok := c.workerByID[id]
	if !ok {
		i = int32(len(c.workers))
		c.workerByID[id] = i
		if g.preparing() {
			missing = g.prelude.missed
		}
		w := &worker{id: int(id), gap: begin + missing}
		if w.gap > begin {
			w.add(cause.Unknown, int64(missing))
		}
		c.workers = append(c.workers, w)
	}
	w := c.workers[i]
	if p := g.prelude; g.whole(w) {
		c.endGap(w, p.gone, p.from, cause.Serial)
		w.join(&p.tally)
	} else {
		c.endGap(w, c.clocks(at), at, cause.Serial)
	}
	w.active, w.again = true, true
	g.worker, g.tally, g.taken = i, &w.tally, c.taken
	c.changeActive(+1, at)
}

// leaveRegion ends the region of the worker that g is.
func (c *crew) leaveRegion(g *goroutine, at clock.Time) {
	w := c.workers[g.worker]
	g.worker, g.tally = noWorker, nil
	c.changeActive(-1, at)
	w.active = false
	w.gap, w.since = at, c.clocks(at)
}

// endGap accounts for the time of a worker for which it has no goroutine: during serial parts it had nothing to do;
// before its first goroutine was born it was being started; after its region it waited for the others. What then
// remains goes to rest. The gap ends at t, no earlier than what the clocks show.
func (c *crew) endGap(w *worker, now clocks, t clock.Time, rest cause.Cause) {
	all := int64(t - w.gap)
	if all <= 0 {
		return
	}
	serial := min(now.serial-w.since.serial, all)
	w.add(cause.Serial, serial)
	all -= serial
	to := cause.Startup
	if w.again {
		others := min(now.others-w.since.others, all)
		w.add(cause.Join, others)
		all -= others
		to = rest
	}
	w.add(to, all)
	if serial == 0 && int64(t-w.gap) >= longWait {
		w.long(interval{w.gap, t, to})
	}
}

func (c *crew) changeSerial(d int, at clock.Time) {
	was := c.serialDepth
	c.settleActive(at)
	c.serialDepth += d
	switch {
	case was == 0 && c.serialDepth > 0:
		c.serialSince = at
	case was > 0 && c.serialDepth == 0:
		c.endSerial(at)
	}
}

func (c *crew) endSerial(t clock.Time) {
	if t <= c.serialSince {
		return
	}
	c.serialTime += int64(t - c.serialSince)
	if len(c.serial) == maxIntervals {
		c.serialCut++
		return
	}
	c.serial = append(c.serial, interval{c.serialSince, t, cause.Serial})
}

// beQuiet notes that no P had a goroutine between two times. As for workers, stretches beyond the limit are not
// compared with the serial parts of other processes.
func (c *crew) beQuiet(from, to clock.Time) {
	if from != c.quietTo {
		c.endQuiet()
		c.quietFrom = from
	}
	c.quietTo = to
}

// endQuiet ends the latest such stretch.
func (c *crew) endQuiet() {
	if int64(c.quietTo-c.quietFrom) >= longWait && len(c.quiet) < maxIntervals {
		c.quiet = append(c.quiet, interval{c.quietFrom, c.quietTo, cause.Unknown})
	}
	c.quietFrom, c.quietTo = 0, 0
}

// serialClock returns how long serial parts have run so far.
func (c *crew) serialClock(at clock.Time) int64 {
	if c.serialDepth > 0 {
		return c.serialTime + int64(at-c.serialSince)
	}
	return c.serialTime
}

func (c *crew) changeActive(d int, at clock.Time) {
	c.settleActive(at)
	c.activeCount += d
}

func (c *crew) settleActive(at clock.Time) {
	if c.activeCount > 0 && c.serialDepth == 0 {
		c.activeTime += int64(at - c.activeSince)
	}
	c.activeSince = at
}

// clocks returns both clocks.
func (c *crew) clocks(at clock.Time) clocks { return clocks{c.serialClock(at), c.activeClock(at)} }

// activeClock returns how long workers have been in their regions without a serial part so far.
func (c *crew) activeClock(at clock.Time) int64 {
	c.settleActive(at)
	return c.activeTime
}
