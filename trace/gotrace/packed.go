package gotrace

import "math"

// A packed is an event in the form in which most wait for delivery. Numbers have 1 added to them, so that None is 0.
type packed struct {
	after   uint32 // time since that of the block
	g       uint32
	subject uint32 // of a metric: the low half of its value
	stack   uint32
	pm      uint32 // processor and thread
	bits    uint32 // what there are constants for; wideEvent: the event is in block.wide
}

const (
	packedSize = 24
	wideEvent  = math.MaxUint32

	// Places in packed.bits.
	fromShift, toShift, reasonShift, rangeShift, metricShift = 5, 8, 11, 16, 19
	ownStackBit                                              = 1 << 22 // the stack of the subject is that of the context
	moreBit                                                  = 1 << 23 // the next packed holds the rest
	highShift                                                = 24      // the high part of a metric's value
	threadBits                                               = 22      // of pm
)

// add appends an event to the block.
func (b *block) add(ev *Event) {
	if len(b.events) == 0 {
		b.base = ev.Time
	}
	p := packed{
		after: uint32(ev.Time - b.base), g: uint32(ev.G + 1), subject: uint32(ev.Subject + 1), stack: uint32(ev.Stack),
		pm: uint32(ev.P+1)<<threadBits | uint32(ev.M+1),
		bits: uint32(ev.Kind) | uint32(ev.From)<<fromShift | uint32(ev.To)<<toShift | uint32(ev.Reason)<<reasonShift |
			uint32(ev.Range)<<rangeShift | uint32(ev.Metric)<<metricShift,
	}
	// One test for all: numbers are far below these limits in nearly every trace.
	large := (uint64(ev.Time-b.base)|uint64(ev.G+1)|uint64(ev.Subject+1))>>32 | uint64(ev.P+1)>>(32-threadBits) | uint64(ev.M+1)>>threadBits
	more := ev.Name != 0 || ev.Task != 0 || ev.Parent != 0
	fits := ev.Value == 0
	switch {
	case ev.Kind == MetricValue && ev.Subject == None && uint64(ev.Value)>>(64-highShift) == 0:
		fits = true
		p.subject = uint32(ev.Value)
		p.bits |= uint32(ev.Value>>32) << highShift
	case ev.SubjectStack == 0:
	case ev.SubjectStack == ev.Stack:
		p.bits |= ownStackBit
	default:
		more = true
	}
	if !fits || large != 0 {
		b.events = append(b.events, packed{bits: wideEvent})
		b.wide = append(b.wide, *ev)
		return
	}
	if !more {
		b.events = append(b.events, p)
		return
	}
	p.bits |= moreBit
	b.events = append(b.events, p, packed{
		after: uint32(ev.Task), g: uint32(ev.Task >> 32), subject: uint32(ev.Parent), stack: uint32(ev.Parent >> 32),
		pm: uint32(ev.Name), bits: uint32(ev.SubjectStack),
	})
}

// unpack is the reverse of add. Stacks are those of the generation.
func (p *packed) unpack(base int64, ev *Event) {
	*ev = Event{
		Time: base + int64(p.after),
		G:    int64(p.g) - 1, P: int64(p.pm>>threadBits) - 1, M: int64(p.pm&(1<<threadBits-1)) - 1, Subject: int64(p.subject) - 1,
		Stack: StackID(p.stack),
		Kind:  Kind(p.bits & 31), From: State(p.bits >> fromShift & 7), To: State(p.bits >> toShift & 7),
		Reason: Reason(p.bits >> reasonShift & 31), Range: RangeKind(p.bits >> rangeShift & 7), Metric: Metric(p.bits >> metricShift & 7),
	}
	if p.bits&ownStackBit != 0 {
		ev.SubjectStack = ev.Stack
	}
	if ev.Kind == MetricValue {
		ev.Subject, ev.SubjectStack = None, 0
		ev.Value = int64(p.bits>>highShift)<<32 | int64(p.subject)
	}
}

// addMore is the reverse of add for what stands in a second packed.
func (p *packed) addMore(ev *Event) {
	ev.Task = uint64(p.after) | uint64(p.g)<<32
	ev.Parent = uint64(p.subject) | uint64(p.stack)<<32
	ev.Name, ev.SubjectStack = StringID(p.pm), StackID(p.bits)
}
