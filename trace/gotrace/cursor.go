package gotrace

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
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
	data []byte     // of the batch that is being read, and then padding zeros
	size int        // of the batch
	at   int        // position of the next event in data
	time clock.Time // of the current event; before the first of a batch, of the batch
	typ  uint8      // of the current event; noEvent after the last, and if fault stands in its place

	numbers [1 + maxArgs]uint64 // of the current event: its time in ticks since the event before, and its arguments

	thread  *thread
	fault   error
	batches []batch // not begun yet
	start   int64   // of the batch that is being read, from the start of the section
}

const (
	// longest is more bytes than any event has.
	longest = 64
	// padding is how many zeros follow the data of a batch. A zero ends a number, so all numbers of an event that begins
	// in the batch can be read, four bytes at a time, before one looks where it ends.
	padding = longest + 4
)

// ended reports whether the cursor is past the last event.
func (c *cursor) ended() bool { return c.typ == noEvent && c.fault == nil }

// arg returns an argument of the current event.
func (c *cursor) arg(i int) uint64 { return c.numbers[1+i] }

// read moves on to the next event, if there is one. A fault, which it returns, counts as an event, at the earliest
// possible time, because what comes before it on other threads is good.
func (c *cursor) read(g *generation, counts *[256]uint8) error {
	if c.at == c.size && !c.nextBatch(g) {
		return c.fault
	}
	event := (*[padding]byte)(c.data[c.at:])
	typ := event[0]
	n := counts[typ]
	if n == notTimed {
		return c.fail(c.unknown(typ))
	}
	numbers, at := c.numbers[:1+n], uint(1)
	for i := range numbers {
		at %= longest // as it is anyway; so the compiler knows it
		v := uint64(event[at])
		if v >= 0x80 {
			var more uint
			if v, more = shortNumber(binary.LittleEndian.Uint32(event[at:])); more > 3 {
				if v, more = longNumber(event[at:]); more == 0 {
					return c.fail(c.broken(int(n)))
				}
			}
			at += more
		}
		numbers[i] = v
		at++
	}
	next := c.at + int(at)
	if next > c.size {
		return c.fail(c.broken(int(n)))
	}
	time := c.time + g.nanoseconds(numbers[0])
	if time > g.end || time < c.time {
		return c.fail(c.far(time))
	}
	c.typ, c.at, c.time = typ, next, time
	return nil
}

// nextBatch begins the next batch. If there is none, or it cannot be read, it returns false.
func (c *cursor) nextBatch(g *generation) bool {
	c.typ = noEvent
	if len(c.batches) == 0 {
		return false
	}
	b := c.batches[0]
	c.batches = c.batches[1:]
	c.size = int(b.size)
	c.data = slices.Grow(c.data[:0], c.size+padding)[:c.size+padding]
	clear(c.data[c.size:])
	c.start, c.at, c.time = b.at, 0, g.nanoseconds(b.time)
	if err := g.load(c.data[:c.size], b); err != nil {
		c.fault = err
		return false
	}
	return true
}

// unknown returns the error that no event has the type of that at c.at.
func (c *cursor) unknown(typ uint8) error {
	return fmt.Errorf("byte %d of the generation: an event has the unknown type %d", c.start+int64(c.at), typ)
}

// far returns the error that the event at c.at has an impossible time.
func (c *cursor) far(time clock.Time) error {
	return fmt.Errorf("byte %d of the generation: an event is %d ns after the one before it",
		c.start+int64(c.at), time-c.time)
}

func (c *cursor) fail(err error) error {
	c.typ, c.fault = noEvent, err
	return err
}

// broken says where the event at c.at, which has n arguments, is broken.
func (c *cursor) broken(n int) error {
	at := c.at + 1
	for range n {
		_, k := binary.Uvarint(c.data[at:c.size])
		if k <= 0 {
			break
		}
		at += k
	}
	return fmt.Errorf("byte %d of the generation: an event is broken", c.start+int64(at))
}

// shortNumber returns the number of up to four bytes that data begins with, the first byte being the lowest, and how
// many follow the first; 4 if it is longer. It takes all at once, because a branch for each would often be
// mispredicted.
func shortNumber(data uint32) (v uint64, more uint) {
	const goesOn = 0x80808080 // the bit of each byte that says that another follows
	ends := ^data & goesOn
	data &= (ends ^ (ends - 1)) &^ goesOn // seven bits of each byte up to the last
	data -= data & 0x7f007f00 >> 1
	return uint64(data&0x3fff | data>>16<<14), uint(bits.TrailingZeros32(ends)) / 8
}

// longNumber returns the number of several bytes that data begins with, and how many follow the first; 0 if the number
// is broken.
func longNumber(data []byte) (v uint64, more uint) {
	v, n := binary.Uvarint(data)
	if n <= 0 {
		return 0, 0
	}
	return v, uint(n) - 1
}

// A frontier is a heap of cursors: the first has the earliest event. Events of the same time are common, as the trace's
// clock ticks every 64 ns; their order is the one in which golang.org/x/exp/trace delivers them.
type frontier []head

// A head is a cursor with the time of its event.
type head struct {
	time   clock.Time
	cursor *cursor
}

func (f *frontier) push(c *cursor) {
	*f = append(*f, head{c.time, c})
	f.up(len(*f) - 1)
}

// second returns the time of the earliest event of all cursors but the first.
func (f frontier) second() clock.Time {
	switch len(f) {
	case 1:
		return math.MaxInt64
	case 2:
		return f[1].time
	}
	return min(f[1].time, f[2].time)
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
	h[0], h[last] = h[last], head{}
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
