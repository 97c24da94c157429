package ledger

import (
	"strconv"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A worker is what the Builder knows of a worker of the workload.
type worker struct {
	id     int
	by     [sched.NumCodes]int64
	parked int64 // of by[sched.GCAssist]: there was nothing to help with
	active bool  // a goroutine is inside its region
	again  bool  // one was before
	gap    clock.Time
	// The clocks of serial parts and of active workers at the start of the gap.
	serial, others int64
	waits          []interval // the long ones, in the order of time
	cut            int        // of those, that were too many
}

// An interval is a stretch of one cause.
type interval struct {
	from, to clock.Time
	code     sched.Code
}

const (
	// longWait is the shortest wait that is compared with the serial parts of other processes.
	longWait = int64(time.Millisecond)
	// maxIntervals is how many long waits of a worker, and serial parts of a process, are kept for that.
	maxIntervals = 4096
)

func (w *worker) long(i interval) {
	if len(w.waits) == maxIntervals {
		w.cut++
		return
	}
	w.waits = append(w.waits, i)
}

// taken is time in which goroutines that were ready did not run.
type taken struct {
	collecting int64 // the part for which a worker of the garbage collector had the P that each lacked
	stopped    int64 // the world was stopped
}

// collect takes what the garbage collector was the reason for from the d that the worker was ready.
func (w *worker) collect(from, to taken, d int64) {
	stopped := min(to.stopped-from.stopped, d)
	collecting := min(to.collecting-from.collecting, d-stopped)
	w.by[sched.GCSTW] += stopped
	w.by[sched.GCDedicated] += collecting
	w.by[sched.SchedLatency] -= stopped + collecting
}

// A regionKind says what a region means.
type regionKind uint8

const (
	notLooked regionKind = iota
	otherRegion
	workerRegion
	serialRegion
)

type region struct {
	kind   regionKind
	worker int
}

func (b *Builder) region(name gotrace.StringID) region {
	for int(name) >= len(b.regions) {
		b.regions = append(b.regions, region{})
	}
	r := &b.regions[name]
	if r.kind != notLooked {
		return *r
	}
	r.kind = otherRegion
	text := b.Symbols.Text(name)
	if text == "before" || text == "after" {
		r.kind = serialRegion
	} else if number, ok := strings.CutPrefix(text, "worker "); ok {
		if k, err := strconv.Atoi(number); err == nil && k >= 0 {
			r.kind, r.worker = workerRegion, k
		}
	}
	return *r
}

func (b *Builder) regionBegin(ev *gotrace.Event) {
	r := b.region(ev.Name)
	if r.kind == otherRegion || ev.G == gotrace.None {
		return
	}
	g := b.gs[b.goroutine(ev.G)]
	b.settle(g)
	if r.kind == serialRegion {
		g.serial++
		b.changeSerial(+1)
		b.show(g)
		return
	}
	if g.worker != noWorker {
		return
	}
	i, ok := b.workerByID[r.worker]
	if !ok {
		i = int32(len(b.workers))
		b.workerByID[r.worker] = i
		b.workers = append(b.workers, b.newWorker(r.worker))
	}
	w := &b.workers[i]
	if w.active && b.missing.parts > 0 {
		b.leaveLost(i)
	}
	if w.active {
		b.warn(warning.LedgerAgain, r.worker, warning.Figures{})
		return
	}
	b.endGap(w, b.at, sched.Serial)
	w.active, w.again = true, true
	g.worker, g.region, g.taken = i, ev.Name, b.taken
	b.changeActive(+1)
}

// newWorker returns a worker whose first region begins. Where parts of the trace are missing it may have had others.
func (b *Builder) newWorker(id int) worker {
	w := worker{id: id, gap: b.begin + b.missing.wanted}
	w.by[sched.Unknown] = int64(b.missing.wanted)
	return w
}

func (b *Builder) regionEnd(ev *gotrace.Event) {
	r := b.region(ev.Name)
	if r.kind == otherRegion || ev.G == gotrace.None {
		return
	}
	g := b.gs[b.goroutine(ev.G)]
	switch {
	case r.kind == serialRegion && g.serial > 0:
		b.settle(g)
		g.serial--
		b.changeSerial(-1)
		b.show(g)
	case r.kind == workerRegion && g.worker != noWorker && g.region == ev.Name:
		b.leaveWorker(g)
	}
}

// leaveRegions ends what a goroutine that ends is inside of.
func (b *Builder) leaveRegions(g *goroutine) {
	if g.worker != noWorker {
		b.leaveWorker(g)
	}
	if g.serial > 0 {
		b.changeSerial(-int(g.serial))
		g.serial = 0
	}
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

// endGap puts down the time of a worker that was in no region: while a serial part ran it had nothing to do; before its
// first region it was being started, after one it waited for the others. The rest is so called.
func (b *Builder) endGap(w *worker, t clock.Time, rest sched.Code) {
	all := int64(t - w.gap)
	if all <= 0 {
		return
	}
	serial := min(b.serialClock()-w.serial, all)
	w.by[sched.Serial] += serial
	all -= serial
	code := sched.Startup
	if w.again {
		others := min(b.activeClock()-w.others, all)
		w.by[sched.Join] += others
		all -= others
		code = rest
	}
	w.by[code] += all
	if serial == 0 && int64(t-w.gap) >= longWait {
		w.long(interval{w.gap, t, code})
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
	b.serial = append(b.serial, interval{b.serialSince, t, sched.Serial})
}

// changeQuiet begins or ends a stretch during which no P has a goroutine. Those beyond the limit are not compared with the serial parts of other
// processes, as those of workers are not.
func (b *Builder) changeQuiet() {
	if b.quietFrom >= 0 {
		b.endQuiet()
		return
	}
	b.quietFrom = b.at
}

// endQuiet ends the stretch in progress, if there is one.
func (b *Builder) endQuiet() {
	if b.quietFrom < 0 {
		return
	}
	if int64(b.at-b.quietFrom) >= longWait && len(b.quiet) < maxIntervals {
		b.quiet = append(b.quiet, interval{b.quietFrom, b.at, sched.Unknown})
	}
	b.quietFrom = -1
}

// serialClock is how long serial parts have run so far.
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

// activeClock is how long workers have been inside their regions, and no serial part ran, so far.
func (b *Builder) activeClock() int64 {
	b.settleActive()
	return b.activeTime
}
