package osledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// Thresholds for taking waits that no sample saw for a lock.
const (
	// manyTurns is the least number of waits of a worker, and shortTurn the longest that they may be on average: longer
	// ones are seen by samples.
	manyTurns = 100
	shortTurn = 5 * time.Millisecond
	// If waits came as they come, others would wait already at enoughMet of a worker's waits or more, so that the
	// difference is no chance; and all must have waited at once for no more than the share in which a worker ran alone
	// by notBoth. (With a mean of 10, a Poisson variable is 3 or less once in a hundred times.)
	enoughMet = 10
	notBoth   = 1.0 / 3
)

// A crew is the workers of one process that live at a time, with clocks that go on while there are two or more.
//
// Waits for a lock exclude each other: whoever holds it can go on, so while one worker waits another does not, and
// while one runs the others may all wait. Waits for anything else come as they come: how many others wait does not
// depend on what one worker does. So where samples are too slow, the difference tells the two apart. A barrier that
// workers reach one by one looks the same, which is why the lock is only likely. Two that wake each other in turn do
// not: nobody goes on until the one woken has its core.
type crew struct {
	alive, active int // active: not blocked
	at            clock.Time
	marks
}

// marks are clocks of a crew: while two or more lived, while none of them was active, and exactly one.
type marks struct{ together, none, one clock.Time }

// A turn is how often and how long a worker waited and did not, beside others of its process.
type turn struct {
	since  marks // of its crew when it last began or ceased to wait
	waits  int
	waited clock.Time
	all    clock.Time // of waited: all others waited too
	went   clock.Time
	alone  clock.Time // of went: all others waited
}

// advance lets the clocks go on to t.
func (c *crew) advance(t clock.Time) {
	d := t - c.at
	if d <= 0 {
		return
	}
	c.at = t
	if c.alive < 2 {
		return
	}
	c.together += d
	switch c.active {
	case 0:
		c.none += d
	case 1:
		c.one += d
	}
}

// change follows a worker from one state into another.
func (c *crew) change(t *turn, was, is threads.State) {
	together := c.together - t.since.together
	if was == threads.Blocked {
		t.waited += together
		t.all += c.none - t.since.none
	} else if was != threads.Gone {
		t.went += together
		t.alone += c.one - t.since.one
	}
	t.since = c.marks
	count := func(s threads.State, by int) {
		if s == threads.Gone {
			return
		}
		c.alive += by
		if s != threads.Blocked {
			c.active += by
		}
	}
	count(was, -1)
	count(is, +1)
	if is == threads.Blocked {
		t.waits++
	}
}

// takesTurns reports whether the waits of a worker are likely for a lock that others of its process hold.
func (t *turn) takesTurns() bool {
	if t.waits < manyTurns || time.Duration(t.waited) > shortTurn*time.Duration(t.waits) {
		return false
	}
	alone := share(t.alone, t.went)
	return alone*float64(t.waits) >= enoughMet && share(t.all, t.waited) <= notBoth*alone
}

func share(part, of clock.Time) float64 { return float64(part) / float64(max(of, 1)) }

// likelyLock reports whether no sample says what a thread waited for, and all speaks for a lock.
func (b *Builder) likelyLock(i int) bool {
	return len(b.Threads.Threads[i].Waits) == 0 && b.each[i].turn.takesTurns()
}

// warnLikely returns a warning with the figures of the waits that are taken for a lock, if there are any.
func (b *Builder) warnLikely() []warning.Warning {
	var sum turn
	for _, i := range b.Choice.Workers {
		if t := &b.each[i].turn; b.likelyLock(i) {
			sum.waits += t.waits
			sum.waited, sum.all = sum.waited+t.waited, sum.all+t.all
			sum.went, sum.alone = sum.went+t.went, sum.alone+t.alone
		}
	}
	if sum.waits == 0 {
		return nil
	}
	return []warning.Warning{{Kind: warning.LikelyLock, Figures: warning.Figures{
		Count: sum.waits, Time: time.Duration(sum.waited),
		Ratio: share(sum.all, sum.waited), AgainstRatio: share(sum.alone, sum.went),
	}}}
}
