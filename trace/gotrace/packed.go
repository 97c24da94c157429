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
	subjectBit                      = 1 << 18 // the goroutine is the subject
	threadBit                       = 1 << 19 // the goroutine is the one that the thread has
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
	strings []string // likewise
	stacks  [][]Frame
}

func (b *block) reset() {
	clear(b.texts)
	b.events, b.wide, b.texts, b.size = b.events[:0], b.wide[:0], b.texts[:0], 0
	b.holders, b.strings, b.stacks = b.holders[:0], nil, nil
}

// A holder is what a thread was last seen with.
type holder struct{ m, p, g int64 }

// after follows an event of the thread. It must do the same whoever calls it.
func (c *holder) after(ev *Event) {
	c.p = ev.P
	if ev.G != None {
		c.g = ev.G
	}
	switch {
	case ev.Kind == GoTransition && ev.To == Running:
		c.g = ev.Subject
	case ev.Kind == ProcTransition && ev.To == Running:
		c.p = ev.Subject
	case ev.Kind == ProcTransition && ev.Subject == c.p:
		c.p = None
	}
}

// A packer packs the events of a generation into blocks.
type packer struct {
	holders []holder
	places  map[int64]uint32 // of the holders, by thread
	recent  [64]struct {
		m     int64
		place uint32
		valid bool
	}
}

// holder returns the place of the thread, or maxHolders if it has none.
func (p *packer) holder(b *block, m int64) uint32 {
	r := &p.recent[uint64(m)%uint64(len(p.recent))]
	if r.valid && r.m == m {
		return r.place
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
	r.m, r.place, r.valid = m, place, true
	return place
}

// pack appends a buffer to a block.
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
	place := p.holder(b, ev.M)
	if place == maxHolders {
		b.addWide(ev)
		return
	}
	c := &p.holders[place]
	bits := uint32(ev.Kind) | uint32(ev.From)<<fromShift | uint32(ev.To)<<toShift | place<<holderShift |
		(uint32(ev.Reason)|uint32(ev.Range)|uint32(ev.Metric))<<detailShift // one of them, by the kind
	subject, stack := uint64(ev.Subject+1), uint32(ev.Stack)
	fits := ev.P == c.p && uint64(ev.Time-b.base)|subject <= math.MaxUint32 && ev.Parent == 0
	switch {
	case ev.G == None:
	case ev.G == ev.Subject:
		bits |= subjectBit
	case ev.G == c.g:
		bits |= threadBit
	default:
		fits = false
	}
	c.after(ev)
	more := ev.Name != 0 || ev.Task != 0
	switch {
	case ev.Kind == MetricValue:
		fits = fits && stack == 0 && ev.Subject == None
		subject, stack = uint64(uint32(ev.Value)), uint32(uint64(ev.Value)>>32)
	case ev.Value != 0:
		fits = false
	case ev.SubjectStack == 0:
	case ev.SubjectStack == ev.Stack:
		bits |= ownStackBit
	default:
		more = true
	}
	switch {
	case !fits:
		b.addWide(ev)
	case more:
		b.events = append(b.events, packed{uint32(ev.Time - b.base), uint32(subject), stack, bits | moreBit}, packed{
			after: uint32(ev.Task), subject: uint32(ev.Task >> 32), stack: uint32(ev.Name), bits: uint32(ev.SubjectStack),
		})
		b.size += packedSize
	default:
		b.events = append(b.events, packed{uint32(ev.Time - b.base), uint32(subject), stack, bits})
	}
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
				u.holders[place].after(ev)
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
func (p *packed) event(ev *Event, base int64, c *holder) {
	bits := p.bits
	ev.Time = base + int64(p.after)
	ev.P, ev.M = c.p, c.m
	ev.Subject = int64(p.subject) - 1
	ev.Value, ev.Task, ev.Parent = 0, 0, 0
	ev.Stack, ev.SubjectStack, ev.Name = StackID(p.stack), 0, 0
	ev.Kind, ev.From, ev.To = Kind(bits&31), State(bits>>fromShift&7), State(bits>>toShift&7)
	ev.Reason, ev.Range, ev.Metric = NoReason, NoRange, NoMetric
	switch {
	case bits&subjectBit != 0:
		ev.G = ev.Subject
	case bits&threadBit != 0:
		ev.G = c.g
	default:
		ev.G = None
	}
	if bits&ownStackBit != 0 {
		ev.SubjectStack = ev.Stack
	}
	switch detail := bits >> detailShift & 31; ev.Kind {
	case GoTransition:
		ev.Reason = Reason(detail)
	case RangeBegin, RangeActive, RangeEnd:
		ev.Range = RangeKind(detail)
	case MetricValue:
		ev.Metric = Metric(detail)
		ev.Value = int64(uint64(p.subject) | uint64(p.stack)<<32)
		ev.Subject, ev.Stack = None, 0
	}
}

// rest fills in what is in the second packed of an event.
func (p *packed) rest(ev *Event) {
	ev.Task = uint64(p.after) | uint64(p.subject)<<32
	ev.Name, ev.SubjectStack = StringID(p.stack), StackID(p.bits)
}
