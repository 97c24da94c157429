package gotrace

import (
	"math"

	"github.com/corecurve/corecurve/trace/clock"
)

// A packed is an event in the form in which it waits for delivery, a fifth of the size of an [Event]. Its goroutine and
// processor mostly follow from the thread's previous events; a bit says the rest.
type packed struct {
	after   uint32 // nanoseconds since the base of the block
	subject uint32 // its number plus one; of a metric: the low half of its value
	stack   uint32 // of a metric: the high half
	bits    uint32 // wideEvent: the event is in block.wide
}

const (
	packedSize, eventSize = 16, 88 // bytes
	wideEvent             = math.MaxUint32

	// Positions in packed.bits, after the kind.
	fromShift, toShift, detailShift = 5, 8, 11
	ownStackBit                     = 1 << 16 // the stack of the subject is that of the context
	moreBit                         = 1 << 17 // the next packed holds the rest
	goroutineBit                    = 1 << 18 // it happened on the goroutine that the thread has, not on none
	threadShift                     = 20
	maxThreads                      = 1<<(32-threadShift) - 1 // one less, so that no event looks like a wideEvent
)

// A block holds some events of a generation that wait for delivery.
type block struct {
	base   clock.Time // from which the times of the events count
	events []packed
	wide   []wide   // those that do not fit the packed form
	texts  []string // of log events
	size   int      // bytes of all of these
}

// A wide is an event that is not packed, with the index of its thread or noThread.
type wide struct {
	Event
	thread uint16
}

func (b *block) reset() {
	clear(b.texts)
	b.events, b.wide, b.texts, b.size = b.events[:0], b.wide[:0], b.texts[:0], 0
}

// A holder is a thread with the goroutine and the processor that it was last seen with.
type holder struct{ m, p, g int64 }

// after updates h past an event of the thread, before which the thread had g and p as the event has them. It predicts
// what the thread has next; an event that contradicts the prediction is not packed.
func (h *holder) after(ev *Event) {
	g := h.g
	if ev.To == Running { // of a processor this is wrong, and moved clears it
		g = ev.Subject
	}
	h.g = g
	if ev.Kind == ProcTransition {
		h.moved(ev)
	}
}

// moved updates h past a transition of a processor.
func (h *holder) moved(ev *Event) {
	switch {
	case ev.To == Running:
		h.p, h.g = ev.Subject, None
	case ev.Subject == h.p:
		h.p = None
	}
}

// see updates h past an event of the thread that was not packed.
func (h *holder) see(ev *Event) {
	h.m, h.p = ev.M, ev.P
	if ev.G != None {
		h.g = ev.G
	}
	h.after(ev)
}

// holders are the threads of a generation by their index. Packing and unpacking each have their own, and update them
// alike. The first event of a thread is never packed, because nothing is known then.
type holders []holder

// of returns the holder of a thread.
func (h *holders) of(thread uint16) *holder {
	for int(thread) >= len(*h) {
		*h = append(*h, holder{m: math.MinInt64, p: None, g: None})
	}
	return &(*h)[thread]
}

// pack appends the events of a buffer to the block.
func (b *block) pack(from *buffer, threads *holders) {
	if len(b.events) == 0 && from.n > 0 {
		b.base = from.all[0].Time
	}
	for i := range from.events() {
		ev, thread := &from.all[i], from.threads[i]
		if thread == noThread || thread >= maxThreads {
			b.addWide(ev, noThread)
			continue
		}
		b.add(ev, thread, threads.of(thread))
	}
	b.texts = append(b.texts, from.texts...)
	for _, t := range from.texts {
		b.size += len(t)
	}
	b.size += from.n * packedSize
}

func (b *block) add(ev *Event, thread uint16, h *holder) {
	bits := uint32(ev.Kind) | uint32(ev.From)<<fromShift | uint32(ev.To)<<toShift | uint32(thread)<<threadShift |
		(uint32(ev.Reason)|uint32(ev.Range)|uint32(ev.Metric))<<detailShift // at most one is set, depending on the kind
	if ev.SubjectStack == ev.Stack {
		bits |= ownStackBit
	}
	other := ev.G ^ h.g
	if ev.G == None {
		other = 0
	} else {
		bits |= goroutineBit
	}
	after, subject, stack := uint64(ev.Time-b.base), uint64(ev.Subject+1), uint32(ev.Stack)
	value := ev.Value
	if ev.Kind == MetricValue {
		other |= (ev.Subject ^ None) | int64(ev.Stack|ev.SubjectStack)
		subject, stack, value = uint64(uint32(value)), uint32(uint64(value)>>32), 0
	}
	// One test covers everything that is rare.
	if other|(ev.M^h.m)|(ev.P^h.p)|value|int64(ev.Parent)|int64((after|subject)>>32) != 0 {
		h.see(ev)
		b.addWide(ev, thread)
		return
	}
	h.after(ev)
	event := packed{uint32(after), uint32(subject), stack, bits}
	if ev.Task|uint64(ev.Name) == 0 && (bits&ownStackBit != 0 || ev.SubjectStack == 0) {
		b.events = append(b.events, event)
		return
	}
	event.bits |= moreBit
	b.events = append(b.events, event, packed{
		after: uint32(ev.Task), subject: uint32(ev.Task >> 32), stack: uint32(ev.Name), bits: uint32(ev.SubjectStack),
	})
	b.size += packedSize
}

func (b *block) addWide(ev *Event, thread uint16) {
	b.events = append(b.events, packed{bits: wideEvent})
	b.wide = append(b.wide, wide{*ev, thread})
	b.size += eventSize
}

// An unpacker takes events out of the blocks of a generation, one after the other.
type unpacker struct {
	threads holders

	block          *block
	at, wide, text int // of what comes next in block
}

// begin starts with a block of the generation.
func (u *unpacker) begin(b *block) { *u = unpacker{threads: u.threads, block: b} }

// end forgets the generation.
func (u *unpacker) end() { *u = unpacker{threads: u.threads[:0]} }

// left reports whether the block has more events.
func (u *unpacker) left() bool { return u.block != nil && u.at < len(u.block.events) }

// unpack fills a buffer from the block, as far as the block lasts.
func (u *unpacker) unpack(to *buffer) {
	for u.left() && !to.full() {
		ev := to.extend()
		p := &u.block.events[u.at]
		u.at++
		if p.bits == wideEvent {
			u.unpackWide(ev)
		} else {
			h := &u.threads[p.bits>>threadShift]
			p.event(ev, u.block.base, h)
			if p.bits&moreBit != 0 {
				u.block.events[u.at].rest(ev)
				u.at++
			}
			h.after(ev)
		}
		if ev.Kind == Log {
			to.texts = append(to.texts, u.block.texts[u.text])
			u.text++
		}
	}
}

func (u *unpacker) unpackWide(ev *Event) {
	w := &u.block.wide[u.wide]
	u.wide++
	*ev = w.Event
	if w.thread != noThread {
		u.threads.of(w.thread).see(ev)
	}
}

// event fills ev, which must be zero, except for what the next packed holds.
func (p *packed) event(ev *Event, base clock.Time, h *holder) {
	bits, stack := p.bits, StackID(p.stack)
	ev.Time = base + clock.Time(p.after)
	ev.P, ev.M, ev.Subject, ev.Stack = h.p, h.m, int64(p.subject)-1, stack
	ev.Kind, ev.From, ev.To = Kind(bits&31), State(bits>>fromShift&7), State(bits>>toShift&7)
	g := h.g
	if bits&goroutineBit == 0 {
		g = None
	}
	ev.G = g
	if bits&ownStackBit == 0 {
		stack = 0
	}
	ev.SubjectStack = stack
	switch detail := bits >> detailShift & 31; ev.Kind {
	case GoTransition:
		ev.Reason = Reason(detail)
	case RangeBegin, RangeActive, RangeEnd:
		ev.Range = RangeKind(detail)
	case MetricValue:
		ev.Metric = Metric(detail)
		ev.Value = int64(uint64(p.subject) | uint64(p.stack)<<32)
		ev.Subject, ev.Stack, ev.SubjectStack = None, 0, 0
	}
}

// rest fills in what the second packed of an event holds.
func (p *packed) rest(ev *Event) {
	ev.Task = uint64(p.after) | uint64(p.subject)<<32
	ev.Name, ev.SubjectStack = StringID(p.stack), StackID(p.bits)
}
