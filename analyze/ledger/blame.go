package ledger

import (
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A ref is a goroutine that may have ended. Its zero value is none.
type ref struct {
	slot int32
	gen  uint32
}

// A stretchKind says what a goroutine was doing.
type stretchKind uint8

const (
	running stretchKind = iota
	inSyscall
	ready
	waiting
)

// A stretch is a part of what a goroutine did, as far as somebody could be waiting for it.
type stretch struct {
	start   clock.Time
	waited  [sched.NumWeights]float64 // the running sums at its start
	growths int64                     // of those until then
	stack   gotrace.StackID
	kind    stretchKind
	by      ref // who ended a wait
}

// maxPast is the number of stretches of a goroutine that are kept. Stretches during which no idle P was put down to a wait are not
// kept at all, so that these reach far back.
const maxPast = 32

// A history is the latest stretches of a goroutine.
type history struct {
	ring []stretch
	next int  // place of the oldest, once the ring is full
	lost bool // some have been dropped
}

// emptied is a history that reuses the memory of h.
func (h history) emptied() history { return history{ring: h.ring[:0]} }

// at returns the stretch that is k places back, 0 the latest.
func (h *history) at(k int) *stretch {
	n := len(h.ring)
	i := h.next + n - 1 - k
	if i >= n {
		i -= n
	}
	return &h.ring[i]
}

func (h *history) push(s *stretch) {
	if n := len(h.ring); n > 0 {
		last := h.at(0)
		switch {
		case last.kind == s.kind && last.kind == running && last.stack == s.stack:
			return // the last goes on
		case last.kind == waiting && s.kind == waiting && last.growths == s.growths:
			*last = *s
			return
		}
		if n == maxPast {
			h.ring[h.next] = *s
			h.next = (h.next + 1) % maxPast
			h.lost = true
			return
		}
	}
	h.ring = append(h.ring, *s)
}

// cut ends the stretch that the goroutine is in and charges it for the Ps that had nothing to do meanwhile. Running goes on
// at stack, if it is known.
func (b *Builder) cut(g *goroutine, stack gotrace.StackID) {
	s := &g.now
	if s.kind == running && stack != 0 {
		s.stack = stack
	}
	if g.counted && b.alone > g.alone {
		b.rows.add(rowKey{sched.Serial, 0, s.stack, noWorker}, b.alone-g.alone)
		g.alone = b.alone
	}
	if s.growths != b.growths || s.by.gen != 0 {
		g.past.push(s)
		s.waited, s.growths = b.waited, b.growths
		s.by = ref{}
	}
	s.start = b.at
}

// A wait is one of a goroutine that is going on.
type wait struct {
	sched.Wait
	open  bool
	stack gotrace.StackID
	start clock.Time
	from  float64 // the running sum of its weight when it got that weight
	// lo and hi are the running sum of the weight Active between which it had that, if it has been put to sleep.
	lo, hi     float64
	prev, next int32 // in the list of those with the same patience
	list       int8  // noList
	worker     int32 // whose wait it is; noWorker
}

// block begins a wait of goroutine g in slot i.
func (b *Builder) block(i int32, g *goroutine, w sched.Wait, stack gotrace.StackID) {
	if g.wait.open {
		b.unblock(g, noG)
	}
	b.settle(g)
	if g.kind != sched.UserKind {
		w = sched.Wait{Code: sched.Runtime, Weight: sched.None}
	}
	g.code = w.Code
	g.now.kind, g.now.stack = waiting, stack
	g.wait = wait{Wait: w, open: true, stack: stack, start: b.at, prev: noG, next: noG, list: noList, worker: g.worker}
	if w.Weight == sched.None {
		return
	}
	g.wait.from = b.waited[w.Weight]
	b.blocked[w.Weight]++
	if w.Weight == sched.Active && w.Code != sched.Sleep {
		b.dormant.insert(b, i, g)
	}
}

// unblock ends the wait of goroutine g and lays its cost on what the goroutine that ended it did meanwhile.
func (b *Builder) unblock(g *goroutine, waker int32) {
	w := &g.wait
	if !w.open {
		return
	}
	w.open = false
	g.now.by = b.ref(waker)
	b.cut(g, 0)
	if w.Weight == sched.None {
		return
	}
	b.blocked[w.Weight]--
	b.dormant.remove(b, w)
	b.dormant.learn(w.stack, b.at-w.start)
	b.charge(w, waker)
}

// charge lays the cost of a wait that has ended on what goroutine waker did meanwhile.
func (b *Builder) charge(w *wait, waker int32) {
	if hi := b.waited[w.Weight]; hi > w.from {
		b.blame(w, waker, w.Weight, w.from, hi)
	}
	if w.hi > w.lo {
		b.blame(w, waker, sched.Active, w.lo, w.hi)
	}
}

// maxHops is how many wake-ups a blame is followed back along.
const maxHops = 64

// blame lays the cost of a wait, which is the growth of a running sum from lo to hi, on what goroutine u, which ended it, did meanwhile: on the
// stacks it ran at; where it waited itself, on the goroutine that ended that wait.
func (b *Builder) blame(w *wait, u int32, weight sched.Weight, lo, hi float64) {
	at := b.at
	stack := gotrace.StackID(0)
	for range maxHops * 4 {
		if u == noG || hi <= lo {
			break
		}
		g := b.gs[u]
		s := g.before(at)
		if s == nil {
			if g.past.lost {
				break
			}
			at = min(at, g.created)
			u = b.get(g.creator) // it did not exist yet: who created it was on the way
			continue
		}
		from := max(s.waited[weight], lo)
		if s.kind == waiting && s.by.gen != 0 {
			if next := b.get(s.by); next != noG && next != u {
				u = next
				continue
			}
		}
		if s.kind != ready { // a goroutine that was ready is blamed at the stack where it went on
			stack = s.stack
		}
		if from < hi {
			b.rows.add(rowKey{w.Code, w.stack, stack, w.worker}, hi-from)
			hi = from
		}
		at = s.start
	}
	if hi > lo {
		b.rows.add(rowKey{w.Code, w.stack, stack, w.worker}, hi-lo)
	}
}

// before returns the latest stretch of g that began before t, or nil.
func (g *goroutine) before(t clock.Time) *stretch {
	if g.now.start < t && g.alive {
		return &g.now
	}
	for k := range len(g.past.ring) {
		if s := g.past.at(k); s.start < t {
			return s
		}
	}
	return nil
}

// A dormancy finds the waits that will most likely not end. Whether a wait ends inside the recording is known only at its end, and keeping
// all until then would need memory without bounds. So a wait that has lasted four times as long as any that ended at the same stack, and
// at least ten milliseconds, is put to sleep: it takes weight only when nobody else is blocked and nobody runs. What it was charged until
// then stays. Joins and sleeps always end.
type dormancy struct {
	next    clock.Time // no later than the first time at which one is due
	lists   [numLists]waitList
	longest []clock.Time // that ended, by stack
}

type waitList struct{ head, tail int32 }

const (
	noList     = -1
	numLists   = 16 // patience doubles from one to the next: 10 ms to 5 minutes
	patience   = clock.Time(10 * time.Millisecond)
	perLongest = 4
)

func (d *dormancy) init() {
	d.next = math.MaxInt64
	for i := range d.lists {
		d.lists[i] = waitList{noG, noG}
	}
}

func (d *dormancy) insert(b *Builder, i int32, g *goroutine) {
	k := 0
	if s := int(g.wait.stack); s < len(d.longest) {
		for k < numLists-1 && patience<<k < d.longest[s]*perLongest {
			k++
		}
	}
	l := &d.lists[k]
	g.wait.list, g.wait.prev = int8(k), l.tail
	if l.tail != noG {
		b.gs[l.tail].wait.next = i
	} else {
		l.head = i
		d.next = min(d.next, b.at+patience<<k)
	}
	l.tail = i
}

func (d *dormancy) remove(b *Builder, w *wait) {
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
	w.list, w.prev, w.next = noList, noG, noG
}

// learn notes that a wait at that stack ended after d.
func (d *dormancy) learn(stack gotrace.StackID, took clock.Time) {
	if took*perLongest <= patience {
		return
	}
	if n := int(stack) + 1 - len(d.longest); n > 0 {
		d.longest = slices.Grow(d.longest, n)[:int(stack)+1]
	}
	d.longest[stack] = max(d.longest[stack], took)
}

// putToSleep lets the waits whose time has come take no more weight.
func (b *Builder) putToSleep() {
	d := &b.dormant
	d.next = math.MaxInt64
	for k := range d.lists {
		for i := d.lists[k].head; i != noG; i = d.lists[k].head {
			w := &b.gs[i].wait
			if due := w.start + patience<<k; due > b.at {
				d.next = min(d.next, due)
				break
			}
			d.remove(b, w)
			w.lo, w.hi = w.from, b.waited[sched.Active]
			b.blocked[sched.Active]--
			w.Weight = sched.Dormant
			w.from = b.waited[sched.Dormant]
			b.blocked[sched.Dormant]++
		}
	}
}
