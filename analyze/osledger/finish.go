package osledger

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/osched"
)

// gil is what Python's interpreter lock is called.
const gil = "Python's global interpreter lock (GIL)"

// Finish returns what the cores did, and how many were busy.
func (b *Builder) Finish() (ledger.OnCores, *cores.Use) {
	if !b.begun {
		b.begin()
	}
	b.advance(b.To)
	for i := range b.each { // the end of the recording has ended them already
		b.leave(&b.each[i])
		b.each[i].state = threads.Gone
	}
	b.use.Set(b.To, 0)
	use := b.use.Finish()
	if b.contrary > 0 {
		use.Warnings = append(use.Warnings,
			warning.Warning{Kind: warning.Widened, Figures: warning.Figures{Count: b.contrary}})
	}
	each, untraced := b.divided()
	return ledger.OnCores{
		Busy: ledger.CoreTime(b.sum.busy), Preempted: ledger.CoreTime(b.sum.preempted),
		Idle: ledger.CoreTime(b.sum.idle), Unknown: ledger.CoreTime(b.sum.unknown),
		Each: each, Untraced: untraced,
	}, use
}

// divided returns how long the process of each Go trace had the cores and, by program, how long those without one had.
// Together that is all of the busy time.
func (b *Builder) divided() (each []ledger.CoreTime, untraced []ledger.Stack) {
	if b.Traces == nil {
		return nil, nil
	}
	type owner struct {
		trace int // −1: none
		name  string
	}
	var owners []owner
	for i := range slices.Max(b.Traces) + 1 {
		owners = append(owners, owner{trace: i})
	}
	traces, ran := len(owners), map[owner]float64{}
	for i := range b.each {
		p := b.Threads.Threads[i].Process
		o := owner{trace: b.Traces[p]}
		if o.trace < 0 {
			o.name = b.Threads.Processes[p].Name
		}
		if _, seen := ran[o]; !seen && o.trace < 0 && b.each[i].ran > 0 {
			owners = append(owners, o)
		}
		if b.each[i].ran > 0 {
			ran[o] += b.each[i].ran
		}
	}
	times := ledger.Apportion(ledger.CoreTime(b.sum.busy), owners, func(o owner) float64 { return ran[o] })
	for i, o := range owners[traces:] {
		untraced = append(untraced, ledger.Stack{Time: times[traces+i], Waiting: frame("program " + o.name)})
	}
	return times[:traces], untraced
}

// Ledger accounts for the cores and each worker. Call it after Finish.
func (b *Builder) Ledger() *ledger.Ledger {
	var busy, idle tally
	names := lockNames(b.Threads)
	for i := range b.each {
		a, th := &b.each[i], &b.Threads.Threads[i]
		program := frame("program " + b.Threads.Processes[th.Process].Name)
		busy.add(cause.User, a.ran, program)
		if a.cost <= 0 {
			continue
		}
		switch {
		case len(th.Waits) > 0:
		case b.likelyLock(i):
			idle.add(cause.Futex, a.cost, b.likelyPlace(th))
		default:
			idle.add(cause.Unknown, a.cost, program)
		}
		for k := range th.Waits {
			w := &th.Waits[k]
			part := a.cost * float64(w.Time) / float64(max(th.Blocked, 1))
			c := causeOf(a, w, names[keyOf(th, w)])
			if c == cause.Join { // what ends it is no place
				idle.add(c, part, nil)
			} else {
				idle.add(c, part, b.placeOf(th, w, names))
			}
		}
	}
	for _, c := range cause.All() {
		idle.add(c, b.idle[c], b.aloneIn(c))
	}
	l := ledger.Compose(
		b.From, b.To,
		ledger.Group{Total: ledger.CoreTime(b.sum.busy), Shares: busy.shares},
		ledger.Group{
			Total: ledger.CoreTime(b.sum.preempted), Shares: []ledger.Share{{Cause: cause.Preempted, Weight: 1}},
		},
		ledger.Group{Total: ledger.CoreTime(b.sum.idle), Shares: idle.shares},
		ledger.Group{Total: ledger.CoreTime(b.sum.unknown)},
	)
	l.Descendants = true // as in Choice.Own
	l.Workers = b.workers(names)
	if len(b.Choice.Workers) == 0 {
		l.Warnings = append(l.Warnings, b.Choice.Why)
	}
	l.Warnings = append(l.Warnings, b.warnLikely()...)
	return l
}

// Sampled accounts for the cores and each worker where only total times of threads are known, not when they ran: idle
// cores are shared out among the workers by blocked time. What threads ran beyond the cores' time is cut off.
func (b *Builder) Sampled() *ledger.Ledger {
	b.begin()
	for i := range b.each {
		a, th := &b.each[i], &b.Threads.Threads[i]
		if !a.own {
			continue
		}
		inside := max(min(th.End, b.To).Sub(max(th.Start, b.From)), 0)
		in := []time.Duration{th.Unknown, th.OnCPU, th.Ready, th.Blocked}
		copy(a.in[:], ledger.Apportion(inside, in, func(d time.Duration) float64 { return float64(d) }))
		a.ran = float64(a.in[threads.Running])
		b.sum.busy += int64(a.in[threads.Running])
		b.sum.preempted += int64(a.in[threads.Ready])
		if !a.second {
			a.cost = float64(a.in[threads.Blocked])
		}
	}
	room := int64(b.Cores) * int64(b.To-b.From)
	b.sum.busy = min(b.sum.busy, room)
	b.sum.preempted = min(b.sum.preempted, room-b.sum.busy)
	b.sum.idle = room - b.sum.busy - b.sum.preempted
	return b.Ledger()
}

// Totals accounts for the cores where only the CPU time of the whole run is known.
func (b *Builder) Totals(cpu time.Duration) *ledger.Ledger {
	room := ledger.CoreTime(b.Cores) * ledger.CoreTime(b.To-b.From)
	busy := min(ledger.CoreTime(cpu), room)
	return ledger.Compose(
		b.From, b.To,
		ledger.Group{Total: busy, Shares: []ledger.Share{{Cause: cause.User, Weight: 1}}},
		ledger.Group{Total: room - busy},
	)
}

// aloneIn returns the place of a serial part: nearly all of it is what a program does before it has workers, the start
// of an interpreter included.
func (b *Builder) aloneIn(c cause.Cause) []gotrace.Frame {
	i := slices.Index(b.Choice.Own, true)
	if c != cause.Serial || len(b.Choice.Workers) == 0 || i < 0 {
		return nil
	}
	return frame("program " + b.Threads.Processes[b.Threads.Threads[i].Process].Name + " before its workers")
}

// causeOf returns the cause of a wait. A thread that is no worker waits for others to finish.
func causeOf(a *account, w *threads.Wait, lock string) cause.Cause {
	if a.second && !a.worker && w.Reason == osched.Futex && lock == "" {
		return cause.Join
	}
	return w.Cause()
}

// placeOf names what a wait is for.
func (b *Builder) placeOf(th *threads.Thread, w *threads.Wait, names map[lockKey]string) []gotrace.Frame {
	program := "program " + b.Threads.Processes[th.Process].Name // no package of Go's library has such a name
	switch {
	case names[keyOf(th, w)] != "":
		return frame(names[keyOf(th, w)])
	case w.Reason == osched.Futex:
		return frame(another(b.Threads, th.Process))
	case w.On != "":
		return frame("a " + w.On + " of " + program)
	}
	return frame(program)
}

func (b *Builder) likelyPlace(th *threads.Thread) []gotrace.Frame {
	return frame("what is likely a lock of program " + b.Threads.Processes[th.Process].Name)
}

// frame returns a stack of one frame, the name of a place.
func frame(name string) []gotrace.Frame { return []gotrace.Frame{{Func: name}} }

// A tally sums weights by cause and place, in order of appearance.
type tally struct {
	index  map[string]int
	shares []ledger.Share
}

func (t *tally) add(c cause.Cause, weight float64, place []gotrace.Frame) {
	if weight <= 0 {
		return
	}
	key := c.String()
	if len(place) > 0 {
		key += "\x00" + place[0].Func
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[key]
	if !ok {
		i = len(t.shares)
		t.index[key] = i
		t.shares = append(t.shares, ledger.Share{Cause: c, Stack: ledger.Stack{Waiting: place}})
	}
	t.shares[i].Weight += weight
}

// workers divides the time of each worker.
func (b *Builder) workers(names map[lockKey]string) []ledger.WorkerTime {
	var last clock.Time
	for _, i := range b.Choice.Workers {
		last = max(last, min(b.Threads.Threads[i].End, b.To))
	}
	var out []ledger.WorkerTime
	numbers := b.Choice.numbers(b.Threads)
	for _, i := range b.Choice.Workers {
		th, a, n := &b.Threads.Threads[i], &b.each[i], numbers[i]
		w := ledger.WorkerTime{Rank: n.rank, ID: n.id, Wall: b.To.Sub(b.From), ByCause: map[cause.Cause]time.Duration{}}
		put := func(c cause.Cause, d time.Duration) {
			if d > 0 {
				w.ByCause[c] += d
			}
		}
		put(cause.User, a.in[threads.Running])
		put(cause.Preempted, a.in[threads.Ready])
		put(cause.Unknown, a.in[threads.Unknown])
		b.divide(i, names, put)
		begin, end := min(max(th.Start, b.From), b.To), max(min(th.End, b.To), b.From)
		born := min(max(b.first, b.From), begin)
		put(cause.Startup, born.Sub(b.From))
		put(cause.Serial, begin.Sub(born))
		put(cause.Join, last.Sub(end))
		put(cause.Teardown, b.To.Sub(max(last, b.From)))
		out = append(out, w)
	}
	return out
}

// divide shares a worker's blocked time out among its waits.
func (b *Builder) divide(i int, names map[lockKey]string, put func(cause.Cause, time.Duration)) {
	th, a := &b.Threads.Threads[i], &b.each[i]
	d := a.in[threads.Blocked]
	if b.likelyLock(i) {
		put(cause.Futex, d)
		return
	}
	if !slices.ContainsFunc(th.Waits, func(w threads.Wait) bool { return w.Time > 0 }) {
		put(cause.Unknown, d)
		return
	}
	for k, part := range ledger.Apportion(d, th.Waits, func(w threads.Wait) float64 { return float64(w.Time) }) {
		put(causeOf(a, &th.Waits[k], names[keyOf(th, &th.Waits[k])]), part)
	}
}
