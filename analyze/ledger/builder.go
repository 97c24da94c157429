package ledger

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the ledger of one process from the steps of its replay, of which it keeps none. Set the fields before
// the first Add. The zero value is ready.
type Builder struct {
	Rank    int              // of the process; -1 for the coordinator, whose work is dispatch
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	// OnCPU returns how long an OS thread was on a core between two times, and how long it was ready without one. With
	// it, time in which a P has a goroutine whose thread has no core is os.preempted, or block.syscall where the thread
	// is blocked in a system call; and a system call that has lost its P counts as one only while its thread is
	// blocked. Without it, a P that has a goroutine counts as busy.
	OnCPU func(thread int64, from, to clock.Time) (on, ready time.Duration)

	begun   bool
	begin   clock.Time // of the window
	until   clock.Time // To, or the end of all time
	first   clock.Time // of the first event
	last    clock.Time // of the last event
	missing missing
	threads []int64 // numbers of OS threads, by slot

	present
	accounts
	blamer
	crew
	objects        objects
	contradictions int
	warnings       warning.Few
}

// present is the state of the moment.
type present struct {
	gomaxprocs  int
	busy        int // Ps that have a goroutine
	runnable    int
	running     int // goroutines of the program that have a P
	collecting  int // Ps that a worker of the garbage collector has
	stopped     int // goroutines that have stopped the world
	tracerStops int // of those, for the tracer
}

// accounts are the times of Ps: of Ps with a goroutine by code and start function, and by sample; of idle Ps by reason,
// if they belong to no stack. The rest of the idle time is in the running sums.
type accounts struct {
	total                   int64      // of all Ps, up to totalAt
	totalAt                 clock.Time // when GOMAXPROCS was set
	surplus                 int64      // of Ps since then beyond GOMAXPROCS
	counted                 bool       // the number of Ps is known
	backdated               int64      // busy time that the trace told late
	idleStopped, idleTracer int64
	idleReady, idleNothing  int64 // nothing to run
	idleNoReason            int64 // not known
	busyStart               busyTable
	offCore                 [cause.Count]int64
	samples                 map[causeStack]int64
}

// A blamer knows who waits. It has the two running sums of the package documentation, and the rows that their growth
// is charged to.
type blamer struct {
	sums
	moves   moves
	at      clock.Time   // up to which time is accounted for; always inside the window
	gs      []*goroutine // by slot; pointers stay valid
	blocked [replay.NumWeights]int
	dormant dormancy
	scores  []score // of waits by stack
	rows    rowTable
}

// A causeStack is a cause at a stack, of a worker or noWorker.
type causeStack struct {
	cause  cause.Cause
	stack  gotrace.StackID
	worker int32
}

const (
	noG      = replay.None
	noP      = replay.None
	noWorker = -1
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
	b.samples = make(map[causeStack]int64)
	b.workerByID = make(map[int64]int32)
	b.dormant.init(b.until)
	b.totalAt = b.at
}

// Add takes the next steps.
func (b *Builder) Add(steps []replay.Step) {
	if !b.begun && len(steps) > 0 {
		b.start(steps[0].Time)
	}
	for i := range steps {
		b.step(&steps[i])
	}
	if n := len(steps); n > 0 {
		b.last = max(b.last, steps[n-1].Time)
	}
}

// apply takes a step other than a Change.
func (b *Builder) apply(s *replay.Step) {
	switch s.Kind {
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.named(s)
	case replay.Thread:
		b.threads = append(b.threads, s.ID)
	case replay.Lost:
		b.lost(s)
	case replay.Shift, replay.Relabel:
		b.shift(s)
	case replay.Sample:
		b.sample(s)
	case replay.Operated:
		b.operated(s)
	case replay.Enter, replay.Leave, replay.Refused, replay.SerialBegin, replay.SerialEnd:
		b.region(s)
	case replay.Procs:
		b.setProcs(int(s.ID))
	case replay.Proc:
		b.missing.tell(s.P)
	case replay.Whole:
		b.missing.untold = 0
	case replay.Gap:
		b.lose(s.Time)
	}
}

// advance accounts for the Ps up to t, with nothing changing meanwhile.
func (b *Builder) advance(t clock.Time) {
	if t > b.dormant.next {
		b.catchUp(t)
		return
	}
	from := b.at
	dt := int64(t - from)
	b.at = t
	if b.runnable > 0 {
		b.taken.add(&b.present, dt)
	}
	if b.busy == 0 {
		b.beQuiet(from, t)
	}
	idle := b.gomaxprocs - b.busy
	if idle <= 0 {
		b.surplus -= int64(idle) * dt
		return
	}
	if b.missing.untold > 0 {
		unknown := min(idle, b.missing.untold)
		b.idleNoReason += int64(unknown) * dt
		idle -= unknown
	}
	if b.stopped > 0 {
		b.stand(int64(idle) * dt)
		return
	}
	late := min(idle, b.runnable)
	b.idleReady += int64(late) * dt
	if idle > late {
		b.share(idle-late, dt)
	}
}

// stand accounts for idle Ps while the world is stopped.
func (b *Builder) stand(d int64) {
	if b.tracerStops == b.stopped {
		b.idleTracer += d
	} else {
		b.idleStopped += d
	}
}

// catchUp is advance where a missing part of the trace or the window ends, or waits are to be put to sleep.
func (b *Builder) catchUp(t clock.Time) {
	if b.missing.now {
		b.regain(t)
	}
	t = min(t, b.until)
	for b.dormant.next < t {
		if b.dormant.next > b.at {
			b.advance(b.dormant.next)
		}
		b.putToSleep()
	}
	if t > b.at {
		b.advance(t)
	}
}

// settle puts the time since the goroutine's last change down to its code.
func (b *Builder) settle(g *goroutine) {
	d := int64(b.at - g.since)
	if d <= 0 {
		return
	}
	if g.p != noP {
		if b.OnCPU != nil {
			o := b.onCore(g, d)
			b.lackCore(o, g.tally)
			d = o.On
		}
		g.busy[busySlot(g.cause)] += d
		if g.origin.number != 0 {
			b.credit(&g.origin, d)
		}
	}
	if g.tally != nil {
		b.spend(g, d)
	}
	g.since = b.at
}

// setProcs sets the number of Ps. The first one holds since the start, for a trace tells it soon after.
func (b *Builder) setProcs(n int) {
	b.settleTotal()
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

// settleTotal brings the total up to date.
func (b *Builder) settleTotal() {
	b.total += b.surplus + int64(b.gomaxprocs)*int64(b.at-b.totalAt)
	b.surplus, b.totalAt = 0, b.at
}

// sample counts a CPU sample for what its goroutine is doing.
func (b *Builder) sample(s *replay.Step) {
	g := b.gs[s.G]
	if g.p == noP {
		return
	}
	if s.Time >= b.begin && (b.To == 0 || s.Time <= b.To) {
		b.samples[causeStack{g.cause, s.Stack, g.worker}]++
	}
	b.cut(g, s.Stack, noG)
}

func (b *Builder) warn(k warning.Kind, worker int, f warning.Figures) {
	w := warning.OfProcess(k, b.Rank)
	w.Subject.Worker, w.Figures = worker, f
	b.warnings.Add(w, warning.LedgerMore)
}
