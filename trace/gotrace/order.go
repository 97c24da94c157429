package gotrace

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/corecurve/corecurve/trace/limits"
)

// A decoder decodes the events of one generation at a time, with the generation's own numbers for stacks and strings.
//
// A trace holds the events of each thread in order. How events of different threads follow one another is given by
// their times and, as the clocks of different cores may disagree, by sequence numbers that count what happens to each
// goroutine and processor:
//
//  1. The thread with the earliest event is tried first. Its event is possible if the goroutine or processor that it is
//     about is in the state from which the event starts, and has the sequence number before the event's.
//  2. If it is not possible, the other threads are tried in the order of their times.
//  3. The event that is possible changes the states of its goroutine, processor and thread, and is delivered.
//  4. If none is possible the trace is broken.
type decoder struct {
	message string // of the last log event
	index   uint16 // of the thread of the last event

	states
	counts   [256]uint8
	frontier frontier
	begun    bool
	sampled  int // samples that have been delivered
}

// states is what is known of the goroutines and processors of a generation.
type states struct {
	generation
	queued []Event // to be delivered right after the last event

	gs      []goroutine
	freeGs  []int32
	gIndex  map[int64]int32
	recentG [256]recentG
	ps      []processor
	gcSeq   uint64
	gcPhase uint8
}

// A goroutine is what is known about one.
type goroutine struct {
	id     int64
	seq    uint64
	status uint8
	assist bool   // it helps the garbage collector
	stops  uint64 // the string that says why it stops the world; noStop if it does not
}

// A processor is what is known about one.
type processor struct {
	seq      uint64
	status   uint8 // 0: unknown
	sweeping bool
}

// A recentG is a goroutine with its index in gs.
type recentG struct {
	id    int64
	place int32
	valid bool
}

const (
	noG    = -1
	noStop = ^uint64(0)
)

// The phases of garbage collection.
const (
	gcUnknown = iota
	gcOff
	gcOn
)

// open begins a generation.
func (d *decoder) open(version int, s *section) (err error) {
	defer guard(&err)
	if d.gIndex == nil {
		d.counts = argCounts()
		d.gIndex = make(map[int64]int32)
	}
	clear(d.gIndex)
	clear(d.recentG[:])
	clear(d.frontier)
	d.frontier, d.gs, d.freeGs, d.ps, d.queued = d.frontier[:0], d.gs[:0], d.freeGs[:0], d.ps[:0], d.queued[:0]
	d.begun, d.sampled, d.gcSeq, d.gcPhase = false, 0, 0, gcUnknown
	if err := d.parse(s, version); err != nil {
		return err
	}
	for _, c := range d.cursors {
		if c.read(&d.generation, &d.counts) {
			d.frontier.push(c)
		}
	}
	return nil
}

// read decodes events into b until it is full, or returns io.EOF after the last.
func (d *decoder) read(b *buffer) (err error) {
	defer guard(&err)
	for n := len(b.events); n < cap(b.events); n++ {
		ev := &b.events[:n+1][n]
		if err := d.next(ev); err != nil {
			return err
		}
		if ev.Kind == Log {
			b.texts = append(b.texts, d.message)
		}
		b.threads[n] = d.index
		b.events = b.events[:n+1]
	}
	return nil
}

// next decodes the next event into ev, which must be zero, or returns io.EOF. It may panic on damaged input.
func (d *decoder) next(ev *Event) error {
	switch {
	case len(d.queued) > 0:
		*ev = d.queued[0]
		d.queued = d.queued[1:]
	case !d.begun:
		d.begun, d.index = true, noThread
		*ev = Event{
			Time: d.nanoseconds(d.first), Kind: Sync, G: None, P: None, M: None, Subject: None,
			Value: d.wall, Task: uint64(d.ahead),
		}
	case d.sampled < len(d.samples) && (len(d.frontier) == 0 || d.samples[d.sampled].time < d.frontier[0].time):
		d.index = noThread
		s := &d.samples[d.sampled]
		d.sampled++
		*ev = Event{Time: s.time, Kind: StackSample, G: s.g, P: s.p, M: s.m, Subject: None}
		var err error
		if ev.Stack, err = d.stack(s.stack); err != nil {
			return err
		}
	case len(d.frontier) == 0:
		return cmp.Or(d.fault, io.EOF)
	default:
		if err := d.step(ev); err != nil {
			return err
		}
	}
	return checkTime(ev)
}

func checkTime(ev *Event) error {
	if ev.Time > limits.TraceTime || ev.Time < -limits.TraceTime {
		return fmt.Errorf("an event has the impossible time %d ns", ev.Time)
	}
	return nil
}

// step delivers the next event that is possible.
func (d *decoder) step(ev *Event) error {
	ok, err := d.try(0, ev)
	if ok || err != nil {
		return err
	}
	slices.SortFunc(d.frontier, func(a, b *cursor) int { return cmp.Compare(a.time, b.time) })
	for i := 1; i < len(d.frontier); i++ {
		if ok, err := d.try(i, ev); ok || err != nil {
			return err
		}
	}
	c := d.frontier[0]
	return fmt.Errorf("no event can come next: that of thread %d at %d ns is of type %d", c.thread.id, c.time, c.typ)
}

// try delivers the event of a cursor if it is possible.
func (d *decoder) try(i int, ev *Event) (bool, error) {
	c := d.frontier[i]
	d.index = c.thread.index
	if c.fault != nil {
		return false, c.fault
	}
	ok, err := d.advance(c, ev)
	if !ok || err != nil {
		return false, err
	}
	switch more := c.read(&d.generation, &d.counts); {
	case !more:
		d.frontier.remove(i)
	case c.fault != nil: // the event before it cannot be trusted either: damage seldom begins where an event does
		return false, c.fault
	default:
		d.frontier.fix(i)
	}
	return true, nil
}

// find returns the index of a goroutine in gs, or noG.
func (d *states) find(id uint64) int32 {
	r := &d.recentG[id%uint64(len(d.recentG))]
	if r.valid && r.id == int64(id) {
		return r.place
	}
	i, ok := d.gIndex[int64(id)]
	if !ok {
		return noG
	}
	*r = recentG{int64(id), i, true}
	return i
}

// newG adds a goroutine and returns its index in gs.
func (d *states) newG(id uint64, status uint8) int32 {
	var i int32
	if n := len(d.freeGs); n > 0 {
		i = d.freeGs[n-1]
		d.freeGs = d.freeGs[:n-1]
	} else {
		i = int32(len(d.gs))
		d.gs = append(d.gs, goroutine{})
	}
	d.gs[i] = goroutine{id: int64(id), status: status, stops: noStop}
	d.gIndex[int64(id)] = i
	d.recentG[id%uint64(len(d.recentG))] = recentG{int64(id), i, true}
	return i
}

// endG forgets a goroutine.
func (d *states) endG(i int32) {
	id := d.gs[i].id
	delete(d.gIndex, id)
	if r := &d.recentG[uint64(id)%uint64(len(d.recentG))]; r.id == id {
		r.valid = false
	}
	d.freeGs = append(d.freeGs, i)
}

// proc returns a processor, or nil if it is unknown.
func (d *states) proc(id uint64) *processor {
	if id >= uint64(len(d.ps)) || d.ps[id].status == 0 {
		return nil
	}
	return &d.ps[id]
}
