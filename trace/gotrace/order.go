package gotrace

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/slots"
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
	index   uint16 // of the thread of the last event, and so of those that it has queued

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
	gSlots  slots.Table // in gs
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
	d.counts = argCounts()
	d.gSlots.Clear()
	clear(d.frontier)
	d.frontier, d.gs, d.freeGs, d.ps, d.queued = d.frontier[:0], d.gs[:0], d.freeGs[:0], d.ps[:0], d.queued[:0]
	d.begun, d.sampled, d.gcSeq, d.gcPhase = false, 0, 0, gcUnknown
	if err := d.parse(s, version); err != nil {
		return err
	}
	for _, c := range d.cursors {
		if err := c.read(&d.generation, &d.counts); err != nil || !c.ended() { // a fault counts as an event
			d.frontier.push(c)
		}
	}
	return nil
}

// read decodes events into b until it is full, or returns io.EOF after the last. It may panic on damaged input, which
// counts as an error.
func (d *decoder) read(b *buffer) (err error) {
	defer guard(&err)
	for !b.full() && err == nil {
		switch {
		case len(d.queued) > 0 || !d.begun || d.sampleIsNext():
			err = d.aside(b)
		case len(d.frontier) == 0:
			err = cmp.Or(d.fault, io.EOF)
		default:
			err = d.run(b)
		}
	}
	return err
}

// sampleIsNext reports whether a sample comes before the events that are left.
func (d *decoder) sampleIsNext() bool {
	return d.sampled < len(d.samples) && (len(d.frontier) == 0 || d.samples[d.sampled].time < d.frontier[0].time)
}

// aside delivers an event that is not the next of a thread: one that an event before it has queued, the beginning of
// the generation, or a sample.
func (d *decoder) aside(b *buffer) (err error) {
	ev := Event{G: None, P: None, M: None, Subject: None}
	index := uint16(noThread)
	switch {
	case len(d.queued) > 0:
		index, ev = d.index, d.queued[0]
		d.queued = d.queued[1:]
	case !d.begun:
		d.begun = true
		ev.Time, ev.Kind, ev.Value, ev.Task = d.nanoseconds(d.first), Sync, d.wall, uint64(d.ahead)
	default:
		s := &d.samples[d.sampled]
		d.sampled++
		ev.Time, ev.Kind, ev.G, ev.P, ev.M = s.time, StackSample, s.g, s.p, s.m
		if ev.Stack, err = d.stack(s.stack); err != nil {
			return err
		}
	}
	if !possible(ev.Time) {
		return impossible(ev.Time)
	}
	b.threads[b.n] = index
	*b.extend() = ev
	return nil
}

func possible(t clock.Time) bool { return -limits.TraceTime <= t && t <= limits.TraceTime }

func impossible(t clock.Time) error { return fmt.Errorf("an event has the impossible time %d ns", t) }

// run delivers the events of the thread that has the earliest, until another thread or a sample has an earlier one.
// Events of one thread come in runs, in which only the end of the run needs the other threads.
func (d *decoder) run(b *buffer) error {
	limit := d.frontier.second()
	if d.sampled < len(d.samples) {
		limit = min(limit, d.samples[d.sampled].time)
	}
	first := &d.frontier[0]
	err := d.deliver(first.cursor, limit, b)
	first.time = first.cursor.time
	switch {
	case errors.Is(err, errNotYet):
		return d.step(b)
	case err != nil:
		return err
	case first.cursor.ended():
		d.frontier.remove(0)
	case first.time > limit:
		d.frontier.down(0)
	}
	return nil
}

// step delivers the event of another thread than that with the earliest, which is not possible yet.
func (d *decoder) step(b *buffer) error {
	slices.SortFunc(d.frontier, func(a, b head) int { return cmp.Compare(a.time, b.time) })
	for i := 1; i < len(d.frontier); i++ {
		h := &d.frontier[i]
		err := d.deliver(h.cursor, math.MinInt64, b)
		h.time = h.cursor.time
		switch {
		case errors.Is(err, errNotYet):
			continue
		case err != nil:
			return err
		case h.cursor.ended():
			d.frontier.remove(i)
		default:
			d.frontier.fix(i)
		}
		return nil
	}
	c := d.frontier[0].cursor
	return fmt.Errorf("no event can come next: that of thread %d at %d ns is of type %d", c.thread.id, c.time, c.typ)
}

// deliver delivers the event of a cursor and those that follow it up to a time, and moves the cursor on. It stops where
// the buffer is full, something is queued, or the event is not possible yet, of which it returns errNotYet.
func (d *decoder) deliver(c *cursor, until clock.Time, b *buffer) error {
	th := c.thread
	th.seen, d.index = true, th.index
	late := !possible(d.end) // else no event can be impossibly late
	for b.n < bufferEvents {
		ev := &b.all[b.n]
		if err := d.advance(c, th, ev); err != nil {
			return err
		}
		if late && !possible(ev.Time) {
			return impossible(ev.Time)
		}
		// If the next event is broken this one cannot be trusted either: damage seldom begins where an event does.
		if err := c.read(&d.generation, &d.counts); err != nil {
			return err
		}
		if ev.Kind == Log {
			b.texts = append(b.texts, d.message)
		}
		b.threads[b.n] = th.index
		b.n++
		if c.time > until || c.typ == noEvent || len(d.queued) > 0 {
			break
		}
	}
	return nil
}

// find returns the index of a goroutine in gs, or noG.
func (d *states) find(id uint64) int32 {
	i, ok := d.gSlots.Find(int64(id))
	if !ok {
		i = noG
	}
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
	d.gSlots.Put(int64(id), i)
	return i
}

// endG forgets a goroutine.
func (d *states) endG(i int32) {
	d.gSlots.Drop(d.gs[i].id)
	d.freeGs = append(d.freeGs, i)
}

// proc returns a processor, or nil if it is unknown.
func (d *states) proc(id uint64) *processor {
	if id >= uint64(len(d.ps)) || d.ps[id].status == 0 {
		return nil
	}
	return &d.ps[id]
}
