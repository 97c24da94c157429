package ledger

import (
	"cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A ref is a goroutine that may have ended since. The zero value is none.
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

// A stretch is a part of what a goroutine did, for as long as somebody may be waiting for it.
type stretch struct {
	start   clock.Time
	waited  [replay.NumWeights]float64 // the running sums at its start
	growths int64                      // how often they had grown by then
	stack   gotrace.StackID
	kind    stretchKind
	by      ref // the goroutine that ended the wait
}

// maxPast is how many stretches of a goroutine are kept. Stretches in which no idle P was charged to a wait are dropped
// at once, so these reach far back.
const maxPast = 32

// A history is the latest stretches of a goroutine.
type history struct {
	ring []stretch
	next int  // index of the oldest, once the ring is full
	lost bool // some were dropped
}

// emptied returns an empty history that reuses the memory of h.
func (h history) emptied() history { return history{ring: h.ring[:0]} }

// at returns the stretch k places back; 0 is the latest.
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
			return // the last one goes on
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

// cut ends the current stretch of g and charges it for the Ps that were idle meanwhile. If g is running and stack is
// known, the stretch ran there.
func (b *blamer) cut(g *goroutine, stack gotrace.StackID) {
	s := &g.now
	if s.kind == running && stack != 0 {
		s.stack = stack
	}
	if g.counted && b.alone+b.spared > g.alone+g.spared {
		k := rowKey{cause.Serial, 0, cmp.Or(s.stack, g.start), noWorker}
		b.rows.add(k, b.alone-g.alone)
		b.moves.owe(k, b.spared-g.spared, b.lent-g.lent)
		g.alone, g.spared, g.lent = b.alone, b.spared, b.lent
	}
	if s.growths != b.growths || s.by.gen != 0 {
		g.past.push(s)
		s.waited, s.growths = b.waited, b.growths
		s.by = ref{}
	}
	s.start = b.at
}

// charge lays the cost of an ended wait on what goroutine waker did meanwhile. It charges the rows or, if held is not
// nil, appends the charges to held. It returns how many of these are for the time in which the wait was active; they
// come first.
func (b *blamer) charge(w *wait, waker int32, held *[]charge) (active int) {
	b.chargeFor(w, waker, replay.Active, w.lo, w.hi, held)
	if held != nil {
		active = len(*held)
	}
	b.chargeFor(w, waker, w.Weight, w.from, b.waited[w.Weight], held)
	if held != nil && w.Weight == replay.Active {
		active = len(*held)
	}
	return active
}

// chargeFor lays the growth of a running sum from lo to hi on waker, except what the core of w is to blame for.
func (b *blamer) chargeFor(w *wait, waker int32, weight replay.Weight, lo, hi float64, held *[]charge) {
	if hi <= lo {
		return
	}
	if part := w.on + w.ready; part > 0 {
		cost := hi - lo
		b.lay(cause.Syscall, w, 0, w.on*cost, held)
		b.lay(cause.Preempted, w, 0, w.ready*cost, held)
		lo += part * cost
	}
	b.blame(w, waker, weight, lo, hi, held)
}

// maxHops is how many wake-ups blame follows back.
const maxHops = 64

// blame lays the cost of a wait, the growth of a running sum from lo to hi, on what goroutine u, which ended it, did
// meanwhile: on the stacks it ran at and, where u waited too, on the goroutine that ended that wait.
func (b *blamer) blame(w *wait, u int32, weight replay.Weight, lo, hi float64, held *[]charge) {
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
			u = b.get(g.creator) // u did not exist yet; its creator was on the way there
			continue
		}
		from := max(s.waited[weight], lo)
		if s.kind == waiting && s.by.gen != 0 {
			if next := b.get(s.by); next != noG && next != u {
				u = next
				continue
			}
		}
		if s.kind != ready { // ready time is blamed on the stack where the goroutine went on
			stack = s.stack
		}
		if from < hi {
			b.lay(w.Cause, w, stack, hi-from, held)
			hi = from
		}
		at = s.start
	}
	if hi > lo {
		b.lay(w.Cause, w, stack, hi-lo, held)
	}
}

// lay lays d of the cost of w, as time of cause c, on a stack.
func (b *blamer) lay(c cause.Cause, w *wait, blamed gotrace.StackID, d float64, held *[]charge) {
	k := rowKey{c, w.stack, blamed, w.worker}
	if held == nil {
		b.rows.add(k, d)
	} else {
		*held = append(*held, charge{k, d})
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
