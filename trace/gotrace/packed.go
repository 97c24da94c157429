package gotrace

import "math"

// A packed is an event in the form in which it waits for delivery, a fifth of an [Event]. Goroutines, processors and threads mostly follow from
// the events before: what is left is told by a few bits. Numbers have 1 added to them, so that None is 0.
type packed struct {
	after   uint32 // time since that of the block, nanoseconds
	subject uint32 // of a metric: the low half of its value
	stack   uint32 // of a metric: the high half
	bits    uint32 // wideEvent: the event is in block.wide
}

const (
	packedSize, eventSize = 16, 88 // bytes
	wideEvent             = math.MaxUint32

	// Places in packed.bits, after the kind.
	fromShift, toShift, detailShift = 5, 8, 11
	ownStackBit                     = 1 << 16 // the stack of the subject is that of the context
	moreBit                         = 1 << 17 // the next packed holds the rest
	goroutineBit                    = 1 << 18 // it happened on the goroutine that the thread has, and not on none
	holderShift                     = 20
	maxHolders                      = 1<<(32-holderShift) - 1 // one less, so that no event looks like a wideEvent
)

// A block is some events of a generation that wait for delivery.
type block struct {
	base    int64 // time that those of the events count from
	events  []packed
	wide    []Event  // those that are not in the packed form
	texts   []string // of log events
	size    int      // bytes of all these
	holders []int64  // threads that are new in the generation
}

func (b *block) reset() {
	clear(b.texts)
	b.events, b.wide, b.texts, b.size = b.events[:0], b.wide[:0], b.texts[:0], 0
	b.holders = b.holders[:0]
}

// A holder is a thread with the goroutine and the processor that it was last seen with.
type holder struct{ m, p, g int64 }

// after follows an event of the thread, which had g and p as the event has them. It is all there is to tell what the thread has next;
// what differs from that stands in an event that is not packed.
func (h *holder) after(ev *Event) {
	g := h.g
	if ev.To == Running { // of a processor: it has not got any, and the next event of a goroutine says so
		g = ev.Subject
	}
	h.g = g
	if ev.Kind == ProcTransition {
		h.moved(ev)
	}
}

// moved follows what becomes of a processor.
func (h *holder) moved(ev *Event) {
	switch {
	case ev.To == Running:
		h.p, h.g = ev.Subject, None
	case ev.Subject == h.p:
		h.p = None
	}
}

// see follows an event of the thread that was not packed.
func (h *holder) see(ev *Event) {
	h.p = ev.P
	if ev.G != None {
		h.g = ev.G
	}
	h.after(ev)
}

// A packer packs the events of a generation into blocks.
type packer struct {
	holders []holder
	places  map[int64]uint32 // of the holders, by thread
	recent  [64]struct {
		m     int64
		place uint32 // one more; 0: it is not known
	}
}

// place returns the place of a thread among the holders, or maxHolders if it has none.
func (p *packer) place(b *block, m int64) uint32 {
	r := &p.recent[uint64(m)%uint64(len(p.recent))]
	if r.m == m && r.place != 0 {
		return r.place - 1
	}
	place, ok := p.places[m]
	if !ok {
		place = uint32(len(p.holders))
		if place == maxHolders {
			return place
		}
		if p.places == nil {
			p.places = make(map[int64]uint32)
		}
		p.places[m] = place
		p.holders = append(p.holders, holder{m: m, p: None, g: None})
		b.holders = append(b.holders, m)
	}
	r.m, r.place = m, place+1
	return place
}

// pack appends what is in a buffer to a block.
func (p *packer) pack(b *block, from *buffer) {
	if len(b.events) == 0 && len(from.events) > 0 {
		b.base = from.events[0].Time
	}
	for i := range from.events {
		p.add(b, &from.events[i])
	}
	b.texts = append(b.texts, from.texts...)
	for _, t := range from.texts {
		b.size += len(t)
	}
	b.size += len(from.events) * packedSize
}

func (p *packer) add(b *block, ev *Event) {
	place := p.place(b, ev.M)
	if place == maxHolders {
		b.addWide(ev)
		return
	}
	h := &p.holders[place]
	bits := uint32(ev.Kind) | uint32(ev.From)<<fromShift | uint32(ev.To)<<toShift | place<<holderShift |
		(uint32(ev.Reason)|uint32(ev.Range)|uint32(ev.Metric))<<detailShift // one of them, by the kind
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
	// One test for all that is rare.
	if other|(ev.P^h.p)|value|int64(ev.Parent)|int64((after|subject)>>32) != 0 {
		h.see(ev)
		b.addWide(ev)
		return
	}
	h.after(ev)
	event := packed{uint32(after), uint32(subject), stack, bits}
	if ev.Task|uint64(ev.Name) == 0 && (ev.SubjectStack == 0 || ev.SubjectStack == ev.Stack) {
		b.events = append(b.events, event)
		return
	}
	event.bits |= moreBit
	b.events = append(b.events, event, packed{
		after: uint32(ev.Task), subject: uint32(ev.Task >> 32), stack: uint32(ev.Name), bits: uint32(ev.SubjectStack),
	})
	b.size += packedSize
}

func (b *block) addWide(ev *Event) {
	b.events = append(b.events, packed{bits: wideEvent})
	b.wide = append(b.wide, *ev)
	b.size += eventSize
}

// An unpacker is the reverse of a packer.
type unpacker struct {
	holders []holder
	places  map[int64]uint32 // used for wide events alone

	block          *block
	at, wide, text int // of what comes next in block
}

// begin takes up a block of the generation.
func (u *unpacker) begin(b *block) {
	u.block, u.at, u.wide, u.text = b, 0, 0, 0
	for _, m := range b.holders {
		if u.places == nil {
			u.places = make(map[int64]uint32)
		}
		u.places[m] = uint32(len(u.holders))
		u.holders = append(u.holders, holder{m: m, p: None, g: None})
	}
}

// end forgets the generation.
func (u *unpacker) end() {
	u.block = nil
	u.holders = u.holders[:0]
	clear(u.places)
}

// left says that there is more in the block.
func (u *unpacker) left() bool { return u.block != nil && u.at < len(u.block.events) }

// unpack fills a buffer from the block, as far as that reaches.
func (u *unpacker) unpack(to *buffer) {
	for u.left() && !to.full() {
		ev := to.extend()
		p := &u.block.events[u.at]
		u.at++
		if p.bits == wideEvent {
			*ev = u.block.wide[u.wide]
			u.wide++
			if place, ok := u.places[ev.M]; ok {
				u.holders[place].see(ev)
			}
		} else {
			c := &u.holders[p.bits>>holderShift]
			p.event(ev, u.block.base, c)
			if p.bits&moreBit != 0 {
				u.block.events[u.at].rest(ev)
				u.at++
			}
			c.after(ev)
		}
		if ev.Kind == Log {
			to.texts = append(to.texts, u.block.texts[u.text])
			u.text++
		}
	}
}

// event fills ev, but for what is in the next packed.
func (p *packed) event(ev *Event, base int64, h *holder) {
	bits, stack := p.bits, StackID(p.stack)
	ev.clear()
	ev.Time = base + int64(p.after)
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

// rest fills in what is in the second packed of an event.
func (p *packed) rest(ev *Event) {
	ev.Task = uint64(p.after) | uint64(p.subject)<<32
	ev.Name, ev.SubjectStack = StringID(p.stack), StackID(p.bits)
}
