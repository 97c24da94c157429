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
	nothing // there is no such stretch
)

// A stretch is a part of what a goroutine did, for as long as somebody may be waiting for it.
type stretch struct {
	start   clock.Time
	growths int64                      // how often the running sums had grown by its start
	waited  [replay.NumWeights]float64 // the running sums then
	by      ref                        // the goroutine that ended the wait
	stack   gotrace.StackID
	kind    stretchKind
}

// maxPast is how many stretches of a goroutine are kept. Stretches in which no idle P was charged to a wait are dropped
// at once, so these reach far back.
const maxPast = 32

// A history is the latest stretches of a goroutine.
type history struct {
	ring   []stretch   // a power of two of them, at most maxPast
	added  int         // so many, of which the ring holds the latest
	latest stretchKind // of the latest; nothing if there is none
	lost   bool        // there were others before
}

// empty drops all stretches.
func (h *history) empty() { h.added, h.latest, h.lost = 0, nothing, false }

// at returns the stretch k places back; 0 is the latest.
func (h *history) at(k int) *stretch { return &h.ring[(h.added-1-k)&(len(h.ring)-1)] }

// kept returns how many stretches there are.
func (h *history) kept() int { return min(h.added, len(h.ring)) }

// begins reports whether nothing was before the stretches that are kept.
func (h *history) begins() bool { return !h.lost && h.added <= maxPast }

// join joins a stretch with the latest, which is of the same kind, and reports whether it could.
func (h *history) join(s *stretch) bool {
	last := h.at(0)
	switch {
	case s.kind == running:
		return last.stack == s.stack // the last one goes on
	case s.kind == waiting && last.growths == s.growths:
		*last = *s
		return true
	}
	return false
}

// next returns room for another stretch, which still holds an old one.
func (h *history) next() *stretch {
	if h.added == len(h.ring) && h.added < maxPast {
		h.grow()
	}
	h.added++
	return h.at(0)
}

func (h *history) grow() {
	ring := make([]stretch, max(2*len(h.ring), 2))
	copy(ring, h.ring)
	h.ring = ring
}

// cut ends the current stretch of g, because of by, and charges it for the Ps that were idle meanwhile. If g is running
// and stack is known, the stretch ran there.
func (b *blamer) cut(g *goroutine, stack gotrace.StackID, by int32) {
	s := &g.now
	if stack != 0 && s.kind == running {
		s.stack = stack
	}
	if g.counted && b.alone+b.spared > g.alone+g.spared {
		b.chargeAlone(g)
	}
	if s.growths != b.growths || by != noG {
		if by != noG {
			s.by = b.ref(by)
		}
		if s.kind != g.past.latest || !g.past.join(s) {
			*g.past.next() = *s
			g.past.latest = s.kind
		}
		s.waited, s.growths, s.by = b.waited, b.growths, ref{}
	}
	s.start = b.at
}

// chargeAlone charges g, which runs, for the Ps that were idle since it was last charged.
func (b *blamer) chargeAlone(g *goroutine) {
	k := rowKey{cause.Serial, 0, cmp.Or(g.now.stack, g.start), noWorker}
	b.rows.add(k, b.alone-g.alone)
	b.moves.owe(k, b.spared-g.spared, b.lent-g.lent)
	g.alone, g.spared, g.lent = b.alone, b.spared, b.lent
}

// charge lays the cost of an ended wait on what goroutine waker did meanwhile. It charges the rows or, if held is not
// nil, appends the charges to held. It returns how many of these are for the time in which the wait was active; they
// come first.
func (b *blamer) charge(w *wait, waker int32, held *[]charge) (active int) {
	if w.asleep {
		b.chargeFor(w, waker, replay.Active, w.lo, w.hi, held)
	}
	if held != nil {
		active = len(*held)
	}
	if to := b.waited[w.Weight]; to > w.from {
		b.chargeFor(w, waker, w.Weight, w.from, to, held)
		if held != nil && w.Weight == replay.Active {
			active = len(*held)
		}
	}
	return active
}

// chargeFor lays the growth of a running sum from lo to hi on waker, except what the core of w is to blame for.
func (b *blamer) chargeFor(w *wait, waker int32, weight replay.Weight, lo, hi float64, held *[]charge) {
	if hi <= lo {
		return
	}
	if w.divided && w.on+w.ready > 0 {
		part, cost := w.on+w.ready, hi-lo
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
	back := 0 // how many stretches of u to pass over: the later ones
	for hops := 0; hops < maxHops*4 && u != noG; hops++ {
		g := b.gs[u]
		var s *stretch
		if s, back = g.before(at, back); s == nil {
			if !g.past.begins() {
				break
			}
			at = min(at, g.created)
			u, back = b.get(g.creator), 0 // u did not exist yet; its creator was on the way there
			continue
		}
		if s.kind == waiting && s.by.gen != 0 {
			if next := b.get(s.by); next != noG && next != u {
				u, back = next, 0
				continue
			}
		}
		if s.kind != ready { // ready time is blamed on the stack where the goroutine went on
			stack = s.stack
		}
		if from := s.waited[weight]; from <= lo {
			break
		} else if from < hi {
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

// before returns the latest stretch of g that began before t, or nil, and how many are later. It passes over as many as
// are known to be.
func (g *goroutine) before(t clock.Time, later int) (*stretch, int) {
	if later == 0 {
		if g.alive && g.now.start < t {
			return &g.now, 0
		}
		later = 1
	}
	for ; later <= g.past.kept(); later++ {
		if s := g.past.at(later - 1); s.start < t {
			return s, later
		}
	}
	return nil, later
}
