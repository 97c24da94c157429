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
	id     int
	by     [cause.Count]int64
	parked int64 // part of by[cause.GCAssist]: there was nothing to help with
	active bool  // a goroutine is inside its region
	again  bool  // one was before
	gap    clock.Time
	// serialClock and activeClock at the start of the gap.
	serial, others int64
	waits          []interval // the long ones, in time order
	cut            int        // how many more there were
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

// collect moves the part of the latest d of ready time that the garbage collector caused to its causes.
func (w *worker) collect(from, to taken, d int64) {
	stopped := min(to.stopped-from.stopped, d)
	collecting := min(to.collecting-from.collecting, d-stopped)
	w.by[cause.GCSTW] += stopped
	w.by[cause.GCDedicated] += collecting
	w.by[cause.SchedLatency] -= stopped + collecting
}

// A crew is the workers and the serial parts. Its clocks stand still while parts of the trace are missing.
type crew struct {
	workers    []worker
	workerByID map[int64]int32

	// Since the start, for a goroutine that is always ready.
	taken taken

	serialDepth, activeCount int
	serialSince, activeSince clock.Time
	serialTime, activeTime   int64
	serial                   []interval
	serialCut                int        // how many more there were
	quiet                    []interval // long ones in which no P had a goroutine
	quietFrom                clock.Time // start of the one in progress; -1 if none
}

// region follows the regions of workers and serial parts.
func (b *Builder) region(s *replay.Step) {
	g := b.gs[s.G]
	switch s.Kind {
	case replay.Enter:
		b.enterWorker(g, s.ID)
	case replay.Leave:
		b.leaveWorker(g)
	case replay.Refused:
		if s.Odd {
			b.warn(warning.LedgerAgain, int(s.ID), warning.Figures{})
		}
	case replay.SerialBegin, replay.SerialEnd:
		b.settle(g)
		if s.Kind == replay.SerialBegin {
			b.changeSerial(+1)
		} else {
			b.changeSerial(-1)
		}
		b.show(g, s)
	}
}

func (b *Builder) enterWorker(g *goroutine, id int64) {
	b.settle(g)
	i, ok := b.workerByID[id]
	if !ok {
		i = int32(len(b.workers))
		b.workerByID[id] = i
		b.workers = append(b.workers, b.newWorker(int(id)))
	}
	w := &b.workers[i]
	b.endGap(w, b.at, cause.Serial)
	w.active, w.again = true, true
	g.worker, g.taken = i, b.taken
	b.changeActive(+1)
}

// newWorker returns a worker whose first region begins. It may have had others in missing parts of the trace.
func (b *Builder) newWorker(id int) worker {
	w := worker{id: id, gap: b.begin + b.missing.wanted}
	w.by[cause.Unknown] = int64(b.missing.wanted)
	return w
}

func (b *Builder) leaveWorker(g *goroutine) {
	b.settle(g)
	w := &b.workers[g.worker]
	g.worker = noWorker
	b.changeActive(-1)
	w.active = false
	w.gap = b.at
	w.serial, w.others = b.serialClock(), b.activeClock()
}

// endGap accounts for the time of a worker outside its regions: during serial parts it had nothing to do; before its
// first region it was being started; after one it waited for the others. What then remains has the code rest.
func (b *Builder) endGap(w *worker, t clock.Time, rest cause.Cause) {
	all := int64(t - w.gap)
	if all <= 0 {
		return
	}
	serial := min(b.serialClock()-w.serial, all)
	w.by[cause.Serial] += serial
	all -= serial
	c := cause.Startup
	if w.again {
		others := min(b.activeClock()-w.others, all)
		w.by[cause.Join] += others
		all -= others
		c = rest
	}
	w.by[c] += all
	if serial == 0 && int64(t-w.gap) >= longWait {
		w.long(interval{w.gap, t, c})
	}
}

func (b *Builder) changeSerial(d int) {
	was := b.serialDepth
	b.settleActive()
	b.serialDepth += d
	switch {
	case was == 0 && b.serialDepth > 0:
		b.serialSince = b.at
	case was > 0 && b.serialDepth == 0:
		b.endSerial(b.at)
	}
}

func (b *Builder) endSerial(t clock.Time) {
	if t <= b.serialSince {
		return
	}
	b.serialTime += int64(t - b.serialSince)
	if len(b.serial) == maxIntervals {
		b.serialCut++
		return
	}
	b.serial = append(b.serial, interval{b.serialSince, t, cause.Serial})
}

// changeQuiet begins or ends a stretch in which no P has a goroutine. As for workers, those beyond the limit are not
// compared with the serial parts of other processes.
func (b *Builder) changeQuiet() {
	if b.quietFrom >= 0 {
		b.endQuiet()
		return
	}
	b.quietFrom = b.at
}

// endQuiet ends the stretch in progress, if any.
func (b *Builder) endQuiet() {
	if b.quietFrom < 0 {
		return
	}
	if int64(b.at-b.quietFrom) >= longWait && len(b.quiet) < maxIntervals {
		b.quiet = append(b.quiet, interval{b.quietFrom, b.at, cause.Unknown})
	}
	b.quietFrom = -1
}

// serialClock returns how long serial parts have run so far.
func (b *Builder) serialClock() int64 {
	if b.serialDepth > 0 {
		return b.serialTime + int64(b.at-b.serialSince)
	}
	return b.serialTime
}

func (b *Builder) changeActive(d int) {
	b.settleActive()
	b.activeCount += d
}

func (b *Builder) settleActive() {
	if b.activeCount > 0 && b.serialDepth == 0 {
		b.activeTime += int64(b.at - b.activeSince)
	}
	b.activeSince = b.at
}

// activeClock returns how long workers have been in their regions without a serial part so far.
func (b *Builder) activeClock() int64 {
	b.settleActive()
	return b.activeTime
}
