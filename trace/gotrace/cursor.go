package gotrace

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
)

// A thread is what is known about an OS thread: the goroutine and the processor that it has.
type thread struct {
	id     int64
	index  uint16 // from 1; noThread if there are more threads than an index can tell apart
	g      int32  // index of its goroutine in gs, or noG
	p      int64  // processor, or None
	seen   bool   // an event of it has come
	cursor *cursor
}

// A cursor iterates over the events of one thread.
type cursor struct {
	thread  *thread
	batches []batch    // not begun yet
	data    []byte     // of the batch that is being read
	start   int64      // of that batch, from the start of the section
	at      int        // position of the next event in data
	last    clock.Time // time of the last event of the batch; 0: there is none

	typ   uint8      // of the current event
	time  clock.Time // of the current event
	args  [maxArgs]uint64
	fault error // in place of an event
}

// read moves on to the next event and reports whether there is one. A fault counts as an event, at the earliest
// possible time, because what comes before it on other threads is good.
func (c *cursor) read(g *generation, counts *[256]uint8) bool {
	for c.at == len(c.data) {
		if len(c.batches) == 0 {
			return false
		}
		b := c.batches[0]
		c.batches = c.batches[1:]
		c.data = slices.Grow(c.data[:0], int(b.size))[:b.size]
		c.start, c.at, c.last = b.at, 0, g.nanoseconds(b.time)
		if err := g.load(c.data, b); err != nil {
			return c.fail(err)
		}
	}
	data := c.data
	at := c.at
	c.typ = data[at]
	n := int(counts[c.typ])
	if n == notTimed {
		return c.fail(fmt.Errorf("byte %d of the generation: an event has the unknown type %d", c.start+int64(at),
			c.typ))
	}
	at++
	var ticks uint64
	for i := -1; i < n; i++ {
		var v uint64
		if at < len(data) && data[at] < 0x80 {
			v = uint64(data[at])
			at++
		} else {
			k := 0
			if v, k = binary.Uvarint(data[min(at, len(data)):]); k <= 0 {
				return c.fail(fmt.Errorf("byte %d of the generation: an event is broken", c.start+int64(at)))
			}
			at += k
		}
		if i < 0 {
			ticks = v
		} else {
			c.args[i] = v
		}
	}
	time := c.last + g.nanoseconds(ticks)
	if time > g.end || time < c.last {
		return c.fail(fmt.Errorf("byte %d of the generation: an event is %d ns after the one before it",
			c.start+int64(c.at), time-c.last))
	}
	c.at, c.last, c.time = at, time, time
	return true
}

func (c *cursor) fail(err error) bool {
	c.time, c.fault = c.last, err
	return true
}

// A frontier is a heap of cursors: the first has the earliest event. Events of the same time are common, as the trace's
// clock ticks every 64 ns; their order is the one in which golang.org/x/exp/trace delivers them.
type frontier []*cursor

func (f *frontier) push(c *cursor) {
	*f = append(*f, c)
	f.up(len(*f) - 1)
}

// fix restores the order after the cursor at i has moved to another event.
func (f frontier) fix(i int) {
	if f.up(i) == i {
		f.down(i)
	}
}

// remove removes the cursor at i.
func (f *frontier) remove(i int) {
	h := *f
	for i > 0 {
		up := (i - 1) / 2
		h[up], h[i] = h[i], h[up]
		i = up
	}
	last := len(h) - 1
	h[0], h[last] = h[last], nil
	*f = h[:last]
	f.down(0)
}

func (f frontier) up(i int) int {
	for i > 0 {
		up := (i - 1) / 2
		if f[up].time <= f[i].time {
			break
		}
		f[up], f[i] = f[i], f[up]
		i = up
	}
	return i
}

func (f frontier) down(i int) {
	for {
		least := i
		for k := 2*i + 1; k <= 2*i+2 && k < len(f); k++ {
			if f[k].time < f[least].time {
				least = k
			}
		}
		if least == i {
			return
		}
		f[i], f[least] = f[least], f[i]
		i = least
	}
}
