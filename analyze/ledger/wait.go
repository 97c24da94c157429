package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A wait is a wait of a goroutine in progress.
type wait struct {
	replay.Wait
	open    bool
	initial bool  // it was doubtful from the start: nobody knows since when it has lasted
	fresh   bool  // it is doubtful because nothing is known of others of its kind
	asleep  bool  // it was put to sleep
	divided bool  // on and ready are set
	outer   bool  // it may be ended from outside the program, and so may go on trial
	list    int8  // index of the list of waits with the same patience; noList
	prev    int32 // in that list
	next    int32 // likewise
	stack   gotrace.StackID
	worker  int32 // the worker who waits; noWorker
	start   clock.Time
	from    float64 // the running sum of its weight when it got that weight
	instead instead // likewise

	// If it is asleep: it had the weight Active while that running sum grew from lo to hi.
	lo, hi float64
	before instead
	// Parts of the time of a system call in which its thread had a core, or waited for one.
	on, ready float64
}

// block begins a wait of goroutine g in slot i, whose time is settled.
func (b *blamer) block(i int32, g *goroutine, w replay.Wait, stack gotrace.StackID) {
	x := &g.wait
	if x.open {
		b.unblock(g, noG)
	}
	if stack == 0 {
		stack = g.start
	}
	g.cause = w.Cause
	g.now.kind, g.now.stack = waiting, stack
	x.Wait, x.stack, x.worker, x.start = w, stack, g.worker, b.at
	x.open, x.initial, x.fresh, x.asleep, x.divided = true, false, false, false, false
	x.outer = g.worker == noWorker && outer(w.Cause) // workers wait for their work
	x.list = noList
	if w.Weight == replay.NoWeight {
		return
	}
	b.weigh(g)
	weight := x.Weight
	x.from, x.instead = b.waited[weight], b.instead[weight]
	b.blocked[weight]++
	if weight == replay.Active && (w.Cause != cause.Sleep || g.worker == noWorker) {
		b.dormant.insert(b, i, g)
	}
}

// learn takes from s, which ends a wait of g, what that was for.
func (b *blamer) learn(g *goroutine, s *replay.Step) {
	if g.wait.open && s.Was == gotrace.Waiting && s.Wait.Cause != g.wait.Cause {
		g.wait.Cause, g.cause = s.Wait.Cause, s.Wait.Cause
	}
}

// unblock ends the wait of g. It lays its cost on what the goroutine that ended it did meanwhile, or puts it on trial.
func (b *blamer) unblock(g *goroutine, waker int32) {
	w := &g.wait
	if !w.open {
		return
	}
	w.open = false
	b.cut(g, 0, waker)
	if w.Weight == replay.NoWeight {
		return
	}
	b.blocked[w.Weight]--
	b.dormant.remove(b, w)
	b.dormant.learn(w.stack, b.at-w.start)
	took := b.at - w.start
	switch {
	case b.doubts(g, waker):
		b.try(g, waker)
		return
	case w.initial, w.fresh && took > patience, w.asleep && !wanted(w.Cause):
		b.settleRest(w, waker, w.Cause)
		g.owe(w.slept())
	default:
		b.charge(w, waker, nil)
		g.owe(w.slept() + max(b.waited[w.Weight]-w.from, 0))
		if w.Weight >= replay.Doubtful {
			c := b.costOf(w)
			b.moves.take(&c.doubtful)
		}
	}
	if w.fresh { // whom the program itself wakes, it needs
		b.rate(g, w.stack, int64(took), int64(took))
	}
	if waker != noG {
		g.origin = b.gs[waker].origin
	}
}

// slept returns what w cost before it was put to sleep.
func (w *wait) slept() float64 {
	if !w.asleep {
		return 0
	}
	return max(w.hi-w.lo, 0)
}

// wanted reports whether a goroutine that waits for c has work to do, however long the wait is.
func wanted(c cause.Cause) bool { return c.Group() == cause.Lock }

// settleRest charges an ended wait for the time in which it was active. Of the time in which it was doubtful it takes,
// as time of cause c, what found nobody who ran.
func (b *blamer) settleRest(w *wait, waker int32, c cause.Cause) {
	if w.asleep {
		b.chargeFor(w, waker, replay.Active, w.lo, w.hi, nil)
	}
	cost := b.costOf(w)
	if d := cost.doubtful.idle; d > 0 {
		b.rows.add(rowKey{c, w.stack, 0, w.worker}, d)
		b.moves.lent.idle += d
	}
}

// expire ends the wait of g where the recording, or a part of it, ends. A doubtful wait, which nobody has ended, is at
// rest, except in a system call.
func (b *blamer) expire(g *goroutine) {
	w := &g.wait
	if !w.open {
		return
	}
	w.open = false
	if w.Weight == replay.NoWeight {
		return
	}
	b.blocked[w.Weight]--
	b.dormant.remove(b, w)
	switch {
	case w.Weight < replay.Doubtful:
		b.charge(w, noG, nil)
	case w.Cause == cause.BlockSyscall || wanted(w.Cause):
		b.settleRest(w, noG, w.Cause)
	case w.asleep:
		c := b.costOf(w)
		active := []charge{{rowKey{w.Cause, w.stack, 0, w.worker}, c.active}}
		b.dismiss(&c, rowKey{cause.Idle, w.stack, 0, w.worker}, active)
	default:
		b.settleRest(w, noG, cause.Idle)
	}
}

// A dormancy finds waits that most likely never end. Whether a wait ends inside the recording is known only at its end,
// and keeping all of them until then would need memory without bounds. So a wait is put to sleep when it has lasted
// four times as long as any that ended at the same stack, and at least 10 ms: it is doubtful from then on. Joins, and
// sleeps of workers, always end, so they never fall asleep.
type dormancy struct {
	next  clock.Time // no later than the first time at which a wait falls asleep, nor than end
	end   clock.Time // of the window
	lists [numLists]waitList
	list  []uint8 // index of the list for waits at a stack, by stack
}

type waitList struct{ head, tail int32 }

const (
	noList     = -1
	numLists   = 16 // patience doubles from one list to the next: 10 ms to 5 minutes
	patience   = clock.Time(10 * time.Millisecond)
	perLongest = 4
)

func (d *dormancy) init(end clock.Time) {
	d.next, d.end = end, end
	for i := range d.lists {
		d.lists[i] = waitList{noG, noG}
	}
}

func (d *dormancy) insert(b *blamer, i int32, g *goroutine) {
	k := uint8(0)
	if s := int(g.wait.stack); s < len(d.list) {
		k = d.list[s]
	}
	l := &d.lists[k%numLists]
	g.wait.list, g.wait.prev, g.wait.next = int8(k), l.tail, noG
	if l.tail != noG {
		b.gs[l.tail].wait.next = i
	} else {
		l.head = i
		d.next = min(d.next, b.at+patience<<k)
	}
	l.tail = i
}

func (d *dormancy) remove(b *blamer, w *wait) {
	if w.list == noList {
		return
	}
	l := &d.lists[w.list]
	if w.prev != noG {
		b.gs[w.prev].wait.next = w.next
	} else {
		l.head = w.next
	}
	if w.next != noG {
		b.gs[w.next].wait.prev = w.prev
	} else {
		l.tail = w.prev
	}
	w.list = noList
}

// learn notes that a wait at that stack took that long.
func (d *dormancy) learn(stack gotrace.StackID, took clock.Time) {
	if took*perLongest <= patience {
		return
	}
	if n := int(stack) + 1 - len(d.list); n > 0 {
		d.list = append(d.list, make([]uint8, n)...)
	}
	k := &d.list[stack]
	for *k < numLists-1 && patience<<*k < took*perLongest {
		*k++
	}
}

// putToSleep puts the waits to sleep whose time has come.
func (b *blamer) putToSleep() {
	d := &b.dormant
	d.next = d.end
	for k := range d.lists {
		for i := d.lists[k].head; i != noG; i = d.lists[k].head {
			w := &b.gs[i].wait
			if due := w.start + patience<<k; due > b.at {
				d.next = min(d.next, due)
				break
			}
			d.remove(b, w)
			w.asleep = true
			w.lo, w.hi = w.from, b.waited[replay.Active]
			w.before = b.instead[replay.Active].sub(&w.instead)
			b.blocked[replay.Active]--
			w.Weight = replay.Doubtful
			w.from, w.instead = b.waited[replay.Doubtful], b.instead[replay.Doubtful]
			b.blocked[replay.Doubtful]++
		}
	}
}
