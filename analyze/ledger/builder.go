package ledger

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the ledger of one process from the events of its trace, in the order of their times, and keeps none of them. The
// fields may be set before the first Add. Its zero value is ready; Symbols is needed to tell waits apart.
type Builder struct {
	Rank    int              // of the process; -1: the coordinator, whose work is dispatch
	Symbols *gotrace.Symbols // of the events

	// From and To are the part that is wanted. 0: from the first event, to the last.
	From, To clock.Time

	// OnCPU says how long an OS thread was on a core between two times. With it, time in which a P had a goroutine whose thread
	// had no core is os.preempted, or block.syscall if it was in a system call. nil: not known, a P that has a goroutine counts as busy.
	OnCPU func(thread int64, from, to clock.Time) time.Duration

	begun     bool
	begin     clock.Time // of the part that is wanted
	until     clock.Time // To, or the end of all time
	first     clock.Time // of the first event
	last      clock.Time // of the last event
	at        clock.Time // up to which there are accounts; never outside the part that is wanted
	counted   bool       // the number of Ps is known
	backdated int64      // busy time that became known later
	syncs     int        // generations since the first event, or since a part that is missing
	missing   loss

	class sched.Classifier
	index sched.Index
	gs    []*goroutine // by slot; they stay where they are
	free  []int32      // slots of ended goroutines, in the order of their ends
	ps    []processor

	// The present.
	gomaxprocs int
	busy       int // Ps that have a goroutine
	runnable   int
	running    int // goroutines of the program that have a P
	collecting int // Ps that a worker of the garbage collector has
	blocked    [sched.NumWeights]int
	stopped    int // stop-the-world ranges

	// The two running sums of the package's documentation; the first is kept for each weight, and it is counted how often any of those has grown.
	waited  [sched.NumWeights]float64
	growths int64
	alone   float64
	dormant dormancy

	// Since the start: for how long each goroutine that is ready has lacked a P because of the garbage collector.
	taken taken

	// Accounts of idle Ps that are not kept by stack.
	total                     int64
	idleStopped, idleTracer   int64
	idleReady, idleNoReason   int64
	tracerStops               int                 // of those stopped, for the tracer
	busyStart                 map[codeStack]int64 // by start function
	offCore                   [sched.NumCodes]int64
	samples                   map[codeStack]int64
	rows                      rowTable
	workers                   []worker
	workerByID                map[int]int32
	regions                   []region
	serialDepth, activeCount  int
	serialSince, activeSince  clock.Time
	serialTime, activeTime    int64
	serial                    []interval
	quiet                     []interval // when no P had a goroutine, the long ones
	quietFrom                 clock.Time // of the one in progress; -1: none
	serialCut, contradictions int
	warnings                  warning.Few
}

// A codeStack is a cause with a stack, and the worker that it is of; noWorker.
type codeStack struct {
	code   sched.Code
	stack  gotrace.StackID
	worker int32
}

// A processor is a P.
type processor struct {
	g        int32 // that it has; noG
	sweeping bool
	told     bool // of, since a part went missing
}

const (
	noG      = -1
	noP      = -1
	noWorker = -1
	maxProcs = 1 << 16 // Ps that are believed
)

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.last = true, t, t
	b.begin = t
	if b.From != 0 {
		b.begin = b.From
	}
	b.at = max(b.begin, t)
	b.until = math.MaxInt64
	if b.To != 0 {
		b.until = b.To
		b.at = min(b.at, max(b.To, b.begin))
	}
	if b.Symbols == nil {
		b.Symbols = &gotrace.Symbols{}
	}
	b.class.Symbols = b.Symbols
	b.busyStart = make(map[codeStack]int64)
	b.samples = make(map[codeStack]int64)
	b.workerByID = make(map[int]int32)
	b.dormant.init()
	b.quietFrom = -1
}

// Add takes the next event.
func (b *Builder) Add(ev *gotrace.Event) {
	t := ev.Time
	if !b.begun {
		b.start(t)
	}
	b.last = max(b.last, t)
	if b.missing.now {
		b.regain(t)
	} else if t > b.at {
		b.advance(t)
	}
	switch ev.Kind {
	case gotrace.GoTransition:
		b.goTransition(ev)
	case gotrace.ProcTransition:
		b.procTransition(ev)
	case gotrace.StackSample:
		b.sample(ev)
	case gotrace.RangeBegin, gotrace.RangeActive, gotrace.RangeEnd:
		b.gcRange(ev)
	case gotrace.RegionBegin:
		b.regionBegin(ev)
	case gotrace.RegionEnd:
		b.regionEnd(ev)
	case gotrace.MetricValue:
		if ev.Metric == gotrace.GOMAXPROCS {
			b.setProcs(int(min(max(ev.Value, 0), maxProcs)))
		}
	case gotrace.Label:
		b.label(ev)
	case gotrace.Sync:
		if b.syncs++; b.syncs == 2 && b.missing.parts > 0 {
			b.forgetLost()
		}
	case gotrace.Gap:
		b.lose()
	}
}

// advance does the accounts up to t.
func (b *Builder) advance(t clock.Time) {
	t = min(t, b.until)
	for b.dormant.next < t {
		b.step(max(b.dormant.next, b.at))
		b.putToSleep()
	}
	b.step(t)
}

// step does the accounts of idle Ps up to t, during which nothing changed.
func (b *Builder) step(t clock.Time) {
	dt := int64(t - b.at)
	if dt <= 0 {
		return
	}
	if b.busy == 0 != (b.quietFrom >= 0) {
		b.changeQuiet()
	}
	b.at = t
	switch {
	case b.runnable == 0:
	case b.stopped > b.tracerStops:
		b.taken.stopped += dt
	case b.collecting > 0:
		b.taken.collecting += dt * int64(min(b.collecting, b.runnable)) / int64(b.runnable)
	}
	n := max(b.gomaxprocs, b.busy)
	b.total += int64(n) * dt
	idle := n - b.busy
	if b.missing.untold > 0 {
		unknown := min(idle, b.missing.untold)
		b.idleNoReason += int64(unknown) * dt
		idle -= unknown
	}
	if idle == 0 {
		return
	}
	if b.stopped > 0 {
		if b.tracerStops == b.stopped {
			b.idleTracer += int64(idle) * dt
		} else {
			b.idleStopped += int64(idle) * dt
		}
		return
	}
	late := min(idle, b.runnable)
	b.idleReady += int64(late) * dt
	idle -= late
	if idle == 0 {
		return
	}
	w := sched.Active
	switch {
	case b.blocked[sched.Active] > 0:
	case b.blocked[sched.Joining] > 0:
		w = sched.Joining
	case b.running == 0:
		w = sched.Dormant
	}
	if k := b.blocked[w]; k > 0 {
		asked := min(idle, k)
		if sum := b.waited[w] + float64(dt)*float64(asked)/float64(k); sum != b.waited[w] {
			b.waited[w] = sum
			b.growths++
		}
		idle -= asked
	}
	switch {
	case idle == 0:
	case b.running > 0:
		b.alone += float64(dt) * float64(idle) / float64(b.running)
	default:
		b.idleNoReason += int64(idle) * dt
	}
}

// settle puts the time since the goroutine's last change down to what it was doing.
func (b *Builder) settle(g *goroutine) {
	if d := int64(b.at - g.since); d > 0 {
		b.account(g, d)
	}
}

func (b *Builder) account(g *goroutine, d int64) {
	if g.p != noP {
		if b.OnCPU != nil {
			d = b.onCore(g, d)
		}
		g.busy[busySlot(g.code)] += d
	}
	if g.worker != noWorker {
		w := &b.workers[g.worker]
		w.by[g.code] += d
		switch {
		case g.code == sched.SchedLatency:
			w.collect(g.taken, b.taken, d)
		case g.code == sched.GCAssist && g.p == noP:
			w.parked += d
		}
		if d >= longWait && g.code >= sched.Mutex {
			w.long(interval{g.since, b.at, g.code})
		}
		g.taken = b.taken
	}
	g.since = b.at
}

// setProcs sets the number of Ps. The first is that since the start: a trace tells it soon after.
func (b *Builder) setProcs(n int) {
	b.gomaxprocs = n
	if b.counted {
		return
	}
	b.counted = true
	if more := int64(n)*int64(b.at-max(b.begin, b.first)) - b.total; more > 0 {
		b.total += more
		b.idleNoReason += max(more-b.backdated, 0)
	}
}

// setCode changes what the goroutine's time goes to.
func (b *Builder) setCode(g *goroutine, c sched.Code) {
	if c != g.code {
		b.settle(g)
		g.code = c
	}
}

// sample puts a sample of the CPU down to what its goroutine is doing.
func (b *Builder) sample(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return
	}
	i := b.goroutine(ev.G)
	g := b.gs[i]
	if g.p == noP {
		return
	}
	if t := ev.Time; t >= b.begin && (b.To == 0 || t <= b.To) {
		b.samples[codeStack{g.code, ev.Stack, g.worker}]++
	}
	b.cut(g, ev.Stack)
}

func (b *Builder) warn(k warning.Kind, worker int, f warning.Figures) {
	w := warning.OfProcess(k, b.Rank)
	w.Subject.Worker, w.Figures = worker, f
	b.warnings.Add(w, warning.LedgerMore)
}
