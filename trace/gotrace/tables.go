package gotrace

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
)

// A generation is what a decoder knows about the one that it decodes. Stacks and strings stay encoded in tables until
// an event needs them. The events stay in the input, except for the batch of each thread that is being decoded.
type generation struct {
	input   io.ReaderAt
	size    int64  // bytes in input
	tables  []byte // the batches with stacks, strings and the like
	version int
	freq    float64    // nanoseconds per tick
	first   uint64     // time of the first batch, in ticks
	end     clock.Time // no event can be later
	wall    int64      // what must be added to CLOCK_MONOTONIC to get Unix nanoseconds; 0: unknown
	ahead   clock.Time // how far CLOCK_MONOTONIC is ahead of the trace's clock
	strings []wireText
	stacks  []wireFrames
	samples []sample
	threads map[int64]*thread
	cursors []*cursor
	spare   [][]byte // buffers for cursors

	operations uint64 // the string OperationCategory; 0: there is none

	// fault is what is broken in the tables: stacks and strings may be missing, and events do without them. It is
	// reported after the last event.
	fault error
}

// endSlack is the most by which the clocks of cores may differ.
const endSlack = clock.Time(10e6)

// A wireText is a string in the tables.
type wireText struct {
	at, size int32  // at 0: there is none
	reason   Reason // the reason that it names, once that was asked for
}

// A wireFrames is a stack in the tables.
type wireFrames struct {
	at int32 // of its first frame; 0: there is none
	n  int32 // frames
}

// A sample is a stack of a running goroutine, taken by the CPU profiler.
type sample struct {
	time    clock.Time
	g, p, m int64
	stack   uint64
}

// A scan iterates over numbers in data. After a fault it returns zeros.
type scan struct {
	data   []byte
	at     int
	broken bool
}

func (s *scan) number() uint64 {
	if s.at < len(s.data) && s.data[s.at] < 0x80 {
		s.at++
		return uint64(s.data[s.at-1])
	}
	return s.longNumber()
}

// longNumber is number for those of several bytes.
func (s *scan) longNumber() uint64 {
	rest := s.data[s.at:]
	if len(rest) >= 4 {
		if v, more := shortNumber(binary.LittleEndian.Uint32(rest)); more < 4 {
			s.at += int(more) + 1
			return v
		}
	}
	v, n := binary.Uvarint(rest)
	if n <= 0 {
		s.broken = true
		s.at = len(s.data)
		return 0
	}
	s.at += n
	return v
}

func (s *scan) byte() byte {
	if s.at >= len(s.data) {
		s.broken = true
		return 0
	}
	s.at++
	return s.data[s.at-1]
}

func (s *scan) more() bool { return s.at < len(s.data) && !s.broken }

var errTable = errors.New("a table of the generation is broken")

// parse takes the batches of a section and parses all that are not events.
func (g *generation) parse(sec *section, version int) error {
	for _, c := range g.cursors {
		g.spare = append(g.spare, c.data)
	}
	*g = generation{
		spare: g.spare,
		input: sec.data, size: sec.end - sec.start, tables: append(g.tables[:0], 0), version: version,
		strings: append(g.strings[:0], wireText{}), stacks: append(g.stacks[:0], wireFrames{}),
		samples: g.samples[:0], threads: make(map[int64]*thread), cursors: g.cursors[:0],
	}
	last := uint64(0)
	for _, b := range sec.batches {
		if g.first == 0 || b.time < g.first {
			g.first = b.time
		}
		last = max(last, b.time)
		if !b.experimental {
			if err := g.add(b); err != nil {
				return err
			}
		}
	}
	if g.freq == 0 {
		return errors.New("the clock's frequency is missing")
	}
	// The tables are written after all events.
	g.end = g.nanoseconds(last) + endSlack
	for i := range g.samples {
		g.samples[i].time = g.nanoseconds(uint64(g.samples[i].time))
	}
	slices.SortFunc(g.samples, func(a, b sample) int { return cmp.Compare(a.time, b.time) })
	return nil
}

// add takes a batch.
func (g *generation) add(b batch) error {
	var parse func(*scan, uint64) error
	switch {
	case b.typ == wireStrings:
		parse = g.parseStrings
	case b.typ == wireStacks:
		parse = g.parseStacks
	case b.typ == wireCPUSamples:
		parse = g.parseSamples
	case b.typ == wireFrequency && g.version < 25, b.typ == wireSync && g.version >= 25:
		parse = g.parseSync
	default:
		th := g.thread(b.thread)
		if th.cursor == nil {
			th.cursor = &cursor{thread: th}
			if n := len(g.spare); n > 0 {
				th.cursor.data, g.spare = g.spare[n-1][:0], g.spare[:n-1]
			}
			g.cursors = append(g.cursors, th.cursor)
		}
		th.cursor.batches = append(th.cursor.batches, b)
		return nil
	}
	at := len(g.tables)
	if at+int(b.size) > math.MaxInt32 {
		return fmt.Errorf("the tables of a generation have more than %d bytes", at)
	}
	g.tables = slices.Grow(g.tables, int(b.size))[:at+int(b.size)]
	if err := g.load(g.tables[at:], b); err != nil {
		return err
	}
	s := scan{data: g.tables, at: at}
	if b.typ != wireFrequency { // whose type is part of its content
		s.byte()
	}
	err := parse(&s, b.time)
	// without the clock there are no times, and a broken sample may have any
	if err != nil && (b.typ == wireStrings || b.typ == wireStacks) {
		g.fault = cmp.Or(g.fault, err)
		return nil
	}
	return err
}

// load reads a batch.
func (g *generation) load(into []byte, b batch) error {
	n, err := g.input.ReadAt(into, b.at)
	switch {
	case n == len(into):
		return nil
	case errors.Is(err, io.EOF): // which would mean that all is well
		return errCut
	default:
		return fmt.Errorf("reading: %w", err)
	}
}

// thread returns the thread with that id.
func (g *generation) thread(m int64) *thread {
	th := g.threads[m]
	if th == nil {
		th = &thread{id: m, g: noG, p: None}
		if n := len(g.threads) + 1; n <= math.MaxUint16 {
			th.index = uint16(n)
		}
		g.threads[m] = th
	}
	return th
}

func (g *generation) parseStrings(s *scan, _ uint64) error {
	for s.more() {
		if s.byte() != wireString {
			return errTable
		}
		id, size := s.number(), s.number()
		if s.broken || size > limits.TraceText || size > uint64(len(s.data)-s.at) {
			return errTable
		}
		t := entry(&g.strings, id, g.size)
		if t == nil || t.at != 0 {
			return errTable
		}
		t.at, t.size = int32(s.at), int32(size)
		s.at += int(size)
		if string(s.data[t.at:s.at]) == OperationCategory {
			g.operations = id
		}
	}
	return nil
}

func (g *generation) parseStacks(s *scan, _ uint64) error {
	for s.more() {
		if s.byte() != wireStack {
			return errTable
		}
		id, n := s.number(), s.number()
		if n > limits.Frames {
			return errTable
		}
		t := entry(&g.stacks, id, g.size)
		if t == nil || t.at != 0 {
			return errTable
		}
		at := s.at
		for range 4 * n {
			s.number()
		}
		if s.broken {
			return errTable
		}
		t.at, t.n = int32(at), int32(n)
	}
	return nil
}

// entry returns the entry for number id of a table, or nil if a generation of size bytes cannot have that number.
func entry[E any](table *[]E, id uint64, size int64) *E {
	if id == 0 || id > uint64(size) {
		return nil
	}
	if n := int(id) + 1; n > len(*table) {
		*table = append(*table, make([]E, n-len(*table))...)
	}
	return &(*table)[id]
}

func (g *generation) parseSamples(s *scan, _ uint64) error {
	for s.more() {
		if s.byte() != wireCPUSample {
			return errTable
		}
		x := sample{
			time: clock.Time(s.number()), m: int64(s.number()), p: int64(s.number()), g: int64(s.number()),
			stack: s.number(),
		}
		if s.broken {
			return errTable
		}
		if x.g == 0 {
			x.g = None
		}
		g.samples = append(g.samples, x)
	}
	return nil
}

// parseSync parses the clock's frequency and, since Go 1.25, what other clocks show at one of its times.
func (g *generation) parseSync(s *scan, time uint64) error {
	var ticks, mono uint64
	snapshot := false
	for s.more() {
		switch s.byte() {
		case wireFrequency:
			f := s.number()
			if f == 0 || g.freq != 0 {
				return errTable
			}
			g.freq = 1 / (float64(f) / 1e9)
		case wireClockSnapshot:
			snapshot = true
			time += s.number()
			ticks, mono = time, s.number()
			seconds, nanoseconds := s.number(), s.number()
			g.wall = int64(seconds)*1e9 + int64(nanoseconds) - int64(mono)
		default:
			return errTable
		}
	}
	if s.broken || g.version >= 25 && !snapshot {
		return errTable
	}
	if snapshot {
		g.ahead = clock.Time(int64(mono)) - g.nanoseconds(ticks)
	}
	return nil
}

// nanoseconds converts a time in ticks to nanoseconds.
func (g *generation) nanoseconds(ticks uint64) clock.Time { return clock.Time(float64(ticks) * g.freq) }
