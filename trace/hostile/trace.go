package hostile

import (
	"bytes"
	"encoding/binary"
)

// The types of events in a Go trace (Go source, internal/trace/tracev2/events.go), as far as they are used here.
const (
	typBatch    = 1
	typStacks   = 2
	typStack    = 3
	typStrings  = 4
	typString   = 5
	typSamples  = 6
	typSample   = 7
	typClock    = 8
	typProcs    = 9
	typP        = 13
	typCreate   = 14
	typStart    = 16
	typDestroy  = 17
	typStop     = 19
	typBlock    = 20
	typUnblock  = 21
	typStatus   = 25
	typTask     = 40
	typRegion   = 42
	typLog      = 44
	typSync     = 50
	typSnapshot = 51
	typEnd      = 52
)

const (
	running = 2 // a goroutine's state; of a P it is idle
	waiting = 4
)

// A trace is a Go execution trace in the making. Its clock ticks once a nanosecond.
type trace struct {
	out  bytes.Buffer
	gen  uint64
	m    uint64 // thread that the batch is of
	time uint64 // of the last event
	from uint64 // of the batch
	body []byte
}

// newTrace returns a trace in which thread 0 runs goroutine 1 on P 0.
func newTrace() *trace {
	t := &trace{time: 1_000_000_000}
	t.out.WriteString("go 1.26 trace\x00\x00\x00")
	t.generation()
	t.event(0, typP, 0, 1)
	t.event(0, typStatus, 1, 0, running)
	return t
}

// size returns how many bytes t has.
func (t *trace) size() int { return t.out.Len() + len(t.body) }

// generation begins a generation.
func (t *trace) generation() {
	if t.gen++; t.gen > 1 {
		t.flush()
		t.out.WriteByte(typEnd)
	}
	t.table(typSync, func(b []byte) []byte {
		b = binary.AppendUvarint(append(b, typClock), 1_000_000_000)
		b = append(b, typSnapshot, 0)
		b = binary.AppendUvarint(b, t.time)
		b = binary.AppendUvarint(b, 1_700_000_000)
		return append(b, 0)
	})
	t.thread(0)
}

// thread goes on with the events of thread m.
func (t *trace) thread(m uint64) {
	t.flush()
	t.m, t.from = m, t.time
}

// event adds an event that happens the given nanoseconds after the last.
func (t *trace) event(after uint64, typ byte, args ...uint64) {
	if len(t.body) > 60_000 {
		t.thread(t.m)
	}
	t.time += after
	t.body = binary.AppendUvarint(append(t.body, typ), after)
	for _, a := range args {
		t.body = binary.AppendUvarint(t.body, a)
	}
}

// table adds a batch that is a table of that type.
func (t *trace) table(typ byte, content func([]byte) []byte) {
	t.flush()
	t.from, t.body = t.time, content([]byte{typ})
	t.flush()
	t.from = t.time
}

// worker adds a string, which has number 1: the name of a worker's region.
func (t *trace) worker() {
	t.table(typStrings, func(b []byte) []byte { return appendText(b, 1, "worker 1") })
}

func appendText(b []byte, id uint64, s string) []byte {
	b = binary.AppendUvarint(append(b, typString), id)
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// stack adds a call stack of that number with frames of these functions.
func appendStack(b []byte, id uint64, functions ...uint64) []byte {
	b = binary.AppendUvarint(append(b, typStack), id)
	b = binary.AppendUvarint(b, uint64(len(functions)))
	for _, f := range functions {
		for _, v := range []uint64{f, f, f, f} { // pc, function, file, line
			b = binary.AppendUvarint(b, v)
		}
	}
	return b
}

// flush writes the batch.
func (t *trace) flush() {
	if len(t.body) == 0 {
		return
	}
	t.out.WriteByte(typBatch)
	for _, v := range []uint64{t.gen, t.m, t.from} {
		t.out.Write(binary.AppendUvarint(nil, v))
	}
	size := make([]byte, binary.MaxVarintLen64) // padded, as the runtime writes it
	for i, n := 0, uint64(len(t.body)); i < len(size); i, n = i+1, n>>7 {
		size[i] = byte(n&0x7f) | 0x80
	}
	size[len(size)-1] &= 0x7f
	t.out.Write(size)
	t.out.Write(t.body)
	t.body = t.body[:0]
	t.from = t.time
}

// bytes ends the trace and returns it.
func (t *trace) bytes() []byte {
	t.flush()
	t.out.WriteByte(typEnd)
	return t.out.Bytes()
}

func appendNumber(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }
