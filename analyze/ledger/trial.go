package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// leastWork says how much must follow a wait for the wait to matter: a leastWork-th of its length, about 1.5 %. What a
// goroutine needs to look at the clock every millisecond, and to wait again, is less than that.
const leastWork = 64

// A trial is an ended wait whose cost is held back: it is not known yet whether the wait kept anybody from working. It
// did if its goroutine, and those that this wakes or creates, and so on, work enough before the goroutine's next trial.
// If they do not, it was a look at the clock or at an idle connection, and weighs nothing.
type trial struct {
	number  uint32 // counts the trials of the slot; 0: none yet
	under   origin // which the wait was ended under
	live    bool   // it counts work
	open    bool   // the cost is held back
	likely  bool   // the wait was believed to matter
	since   clock.Time
	took    int64 // length of the wait
	work    int64 // that followed
	stack   gotrace.StackID
	worker  int32
	cost    cost
	charges []charge // those for active time first
	active  int      // number of these
}

// A charge is core time that a row is to have.
type charge struct {
	key rowKey
	d   float64
}

// An origin is the trial that a goroutine runs because of. The zero value is none. It is void once the goroutine of the
// trial has begun another.
type origin struct {
	slot   int32
	number uint32
}

// A score sums up what followed the waits of a goroutine, or those at a stack, of late.
type score struct{ took, work int64 }

// add adds a wait. The one before the previous counts half.
func (s *score) add(took, work int64) {
	s.took = s.took - s.took/4 + took
	s.work = s.work - s.work/4 + work
}

// matters reports whether work followed.
func (s *score) matters() bool { return s.work >= s.took/leastWork }

// outer reports whether something outside the program may end a wait of cause c: a timer, or a message. A wait for a
// lock is the program's own, and what a system call waits for is its work.
func outer(c cause.Cause) bool {
	switch c {
	case cause.Sleep, cause.Net, cause.Select, cause.ChanRecv:
		return true
	}
	return false
}

// weigh sets the weight of the wait of g that begins: by what followed the waits of g so far or, if it has had none,
// those of others at the same stack.
func (b *blamer) weigh(g *goroutine) {
	w := &g.wait
	if w.Weight != replay.Active || !w.outer {
		w.initial = w.Weight == replay.Doubtful
		return
	}
	s := g.score
	if g.trial.live {
		s.add(g.trial.took, g.trial.work)
	}
	if s.took == 0 && int(w.stack) < len(b.scores) {
		s = b.scores[w.stack]
	}
	switch {
	case s.took == 0:
		w.fresh, w.Weight = true, replay.Doubtful
	case !s.matters():
		w.Weight = replay.Light
	}
}

// doubts reports whether the wait of g, which waker ends, goes on trial.
func (b *blamer) doubts(g *goroutine, waker int32) bool {
	w := &g.wait
	switch {
	case !w.outer:
		return false
	case w.Weight == replay.Light || waker == noG:
		return true
	}
	u := b.gs[waker]
	return u.orphan || b.current(u.origin) != nil
}

// current returns the trial of o, or nil.
func (b *blamer) current(o origin) *trial {
	if o.number == 0 || b.gs[o.slot].trial.number != o.number {
		return nil
	}
	return &b.gs[o.slot].trial
}

// try puts the wait of g, which waker has ended, on trial.
func (b *blamer) try(g *goroutine, waker int32) {
	b.conclude(g, false)
	w, t := &g.wait, &g.trial
	t.number++
	t.live, t.open, t.likely = true, true, w.Weight == replay.Active || w.fresh && waker != noG
	t.since, t.took, t.work = b.at, int64(b.at-w.start), 0
	t.stack, t.worker = w.stack, w.worker
	t.under = origin{}
	if waker != noG {
		t.under = b.gs[waker].origin
	}
	t.cost = b.costOf(w)
	t.charges = t.charges[:0]
	t.active = b.charge(w, waker, &t.charges)
	g.origin = origin{g.slot, t.number}
}

// credit counts work because of o.
func (b *blamer) credit(o *origin, d int64) {
	for range maxHops {
		if o.number == 0 {
			return
		}
		t := &b.gs[o.slot].trial
		if t.number != o.number { // void
			*o = origin{}
			return
		}
		if t.live {
			t.work += d
			if t.open && t.work >= t.took/leastWork {
				b.uphold(t)
			}
		}
		o = &t.under
	}
}

// conclude ends the trial of g, if there is one. If the trace is cut off so soon after the wait that no work could have
// followed, what was believed holds.
func (b *blamer) conclude(g *goroutine, cut bool) {
	t := &g.trial
	if !t.live {
		return
	}
	t.live = false
	if t.open {
		if cut && t.likely && int64(b.at-t.since) <= t.took/leastWork {
			b.uphold(t)
		} else {
			t.open = false
			b.dismiss(&t.cost, rowKey{cause.Idle, t.stack, 0, t.worker}, t.charges[:t.active])
		}
	}
	b.rate(g, t.stack, t.took, t.work)
}

// rate notes what followed a wait of g.
func (b *blamer) rate(g *goroutine, stack gotrace.StackID, took, work int64) {
	g.score.add(took, work)
	if n := int(stack) + 1 - len(b.scores); n > 0 {
		b.scores = append(b.scores, make([]score, n)...)
	}
	b.scores[stack].add(took, work)
}

// forgetTrial ends the trial of g and makes it void as an origin.
func (b *blamer) forgetTrial(g *goroutine, cut bool) {
	b.conclude(g, cut)
	g.trial.number++
	g.origin = origin{}
}

// uphold charges what has been held back.
func (b *blamer) uphold(t *trial) {
	t.open = false
	for _, c := range t.charges {
		b.rows.add(c.key, c.d)
	}
	b.moves.take(&t.cost.doubtful)
}

// dismiss lets a cost go: the time goes where it would have gone without the wait. What was idle with nothing to run is
// laid on idle, a row with the stack that waited. Time in which others waited as well, and had a right to it, is not
// known by goroutine any more; it stays with the charges for active time.
func (b *blamer) dismiss(c *cost, idle rowKey, active []charge) {
	if shared := c.active - c.instead.serial - c.instead.idle; shared > 0 {
		for _, x := range active {
			b.rows.add(x.key, x.d*(shared/c.active))
		}
	}
	b.moves.spared += c.instead.serial
	b.moves.lent.idle += c.doubtful.idle
	if d := c.instead.idle + c.doubtful.idle; d > 0 {
		b.rows.add(idle, d)
	}
}
