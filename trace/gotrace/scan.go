package gotrace

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/corecurve/corecurve/trace/limits"
)

const (
	firstV2      = 22 // the first release whose traces have generations
	latest       = 26 // the release with the newest format that is known
	explicitEnd  = 26 // the first release that ends each generation with a byte
	maxHeader    = 2 + 4*binary.MaxVarintLen64
	headersAhead = 3 // headers that must follow one another where a batch is said to start
)

// A section is one generation of a trace.
type section struct {
	number     int // counted from 1
	start, end int64
	batches    []batch
	data       io.ReaderAt // from start on; nil: nothing can be decoded
	err        error       // what is damaged: batches are missing
}

// A batch is a piece of what a thread has recorded. It has at most [limits.BatchBytes].
type batch struct {
	at           int64 // from the start of the section
	size         int32
	typ          uint8 // of its first event
	experimental bool
	thread       int64
	time         uint64 // ticks
}

// A scanner finds the generations of a trace from the headers of its batches: type, generation, thread, time and size.
// A damaged header hides where the next batch begins, which is then searched byte by byte.
type scanner struct {
	in      input
	version int
	off     int64
	number  int
	last    uint64 // generation of the last batch, by the trace's own number
}

// An anotherError says that a file holds more than one trace: their clocks and goroutines may have nothing in common.
type anotherError struct{ at int64 }

func (e anotherError) Error() string {
	return fmt.Sprintf("another trace begins at byte %d and is not read; split the file there", e.at)
}

func another(at int64) error { return anotherError{at} }

var (
	errCut     = errors.New("the trace is cut off in the middle")
	errMissing = errors.New("the end of the generation is missing")
)

// next returns the next generation, or io.EOF.
func (s *scanner) next() (section, error) {
	start := s.off
	if s.in.length(start+1) <= start {
		return section{}, io.EOF
	}
	s.number++
	if isHeader(s.in.window(start, headerSize)) {
		s.off = s.in.discard(start)
		return section{number: s.number, start: start, end: s.off, err: another(start)}, nil
	}
	c := cut{section: section{number: s.number, start: start}}
	var gen uint64
	last := int64(-1) // where the batch before begins
	for !c.done {
		h, err := s.header(s.off)
		if err == nil && !h.end && !h.padded && gen != 0 && h.gen != gen {
			err = fmt.Errorf("a batch of generation %d follows one of %d", h.gen, gen)
		}
		if !s.goesOn(h, err, gen) {
			if at := s.swallowed(last); at > 0 {
				s.cutShort(&c, at)
				continue
			}
			last = -1 // looked through
		}
		switch {
		case errors.Is(err, io.EOF):
			c.done, c.hopeless = true, s.version >= explicitEnd
			if c.hopeless {
				c.err = cmp.Or(c.err, errCut)
			}
		case errors.Is(err, errCut):
			s.brokenOff(&c, gen)
		case err != nil && isHeader(s.in.window(s.off, headerSize)):
			c.done = true
			if s.version >= explicitEnd {
				c.err = cmp.Or(c.err, errMissing)
			}
		case err != nil:
			c.hole(s.off, err)
			s.off = s.search(s.off+1, gen)
		case h.end:
			s.off++
			c.done = true
		case gen != 0 && h.gen != gen:
			c.done = true
			if s.version >= explicitEnd {
				c.err = cmp.Or(c.err, errMissing)
			}
		default:
			gen, s.last = h.gen, h.gen
			c.add(s.off, &h)
			if h.body > 0 {
				last = s.off
			}
			s.off += h.size
		}
	}
	c.end = s.off
	if data := s.in.take(c.start, c.end); !c.hopeless {
		c.data = data
	}
	return c.section, nil
}

// goesOn reports whether the trace goes on at s.off as one does, of which h and err are the header there. Else it may
// have been cut off in the batch before, whose rest is what came to lie behind it; that may by chance look like a
// header, or like the byte that ends a generation.
func (s *scanner) goesOn(h header, err error, gen uint64) bool {
	off := s.off
	if err == nil && h.end {
		off++
		h, err = s.header(off)
	}
	if err != nil {
		return errors.Is(err, io.EOF) || isHeader(s.in.window(off, headerSize))
	}
	return h.end || h.padded && (gen == 0 || h.gen-gen <= 1) // unsigned, so not if h.gen is smaller
}

// cutShort ends a section whose last batch is cut off: at begins another trace.
func (s *scanner) cutShort(c *cut, at int64) {
	s.off = at
	c.batches = c.batches[:len(c.batches)-1]
	c.done, c.err = true, cmp.Or(c.err, errCut)
	c.hopeless = s.version >= explicitEnd
}

// swallowed returns where in the batch at last another trace begins; 0 if none does.
func (s *scanner) swallowed(last int64) int64 {
	for off := last + 1; last >= 0 && off < s.off; off += searched - headerSize {
		b := s.in.window(off, searched)
		for i := 0; ; i++ {
			k := bytes.IndexByte(b[i:], 'g')
			if k < 0 {
				break
			}
			if i += k; off+int64(i) < s.off && isHeader(b[i:]) {
				return off + int64(i)
			}
		}
	}
	return 0
}

// brokenOff handles a batch that reaches beyond the end of the input: either its header is damaged, or the trace was
// cut off there.
func (s *scanner) brokenOff(c *cut, gen uint64) {
	if next := s.search(s.off+1, gen); s.in.length(next+1) > next {
		c.hole(s.off, errors.New("the header of a batch is broken"))
		s.off = next
		return
	}
	c.done = true
	if s.version < explicitEnd && s.off > c.start {
		return // the truncated rest counts as a generation of its own, since the batches before it may suffice
	}
	c.hopeless = true // its strings and stacks, which come last, are missing
	c.err = cmp.Or(c.err, errCut)
	s.off = s.in.length(math.MaxInt64)
}

// A cut is a section in the making.
type cut struct {
	section
	done     bool
	hopeless bool // decoding it would be useless
}

// hole records that the bytes at off are left out.
func (c *cut) hole(off int64, err error) { c.err = cmp.Or(c.err, fmt.Errorf("byte %d: %w", off, err)) }

// add adds the batch whose header is at off.
func (c *cut) add(off int64, h *header) {
	if h.body == 0 {
		return
	}
	c.batches = append(c.batches, batch{
		at: off + h.size - h.body - c.start, size: int32(h.body), typ: h.typ,
		experimental: h.experimental, thread: h.thread, time: h.time,
	})
}

// A header is the header of a batch.
type header struct {
	gen    uint64
	size   int64 // of the batch with its header
	body   int64 // of the batch without it
	end    bool  // it is the byte that ends a generation
	thread int64
	time   uint64

	typ          uint8 // of the first event
	experimental bool

	// padded says that the size takes as many bytes as a number can, because the runtime reserves them before it knows
	// the size. Hardly anything among the bytes of events looks like that.
	padded bool
}

// header parses the header at off. It returns io.EOF at the end of the input and errCut if the batch reaches beyond it.
func (s *scanner) header(off int64) (header, error) {
	b := s.in.window(off, maxHeader+1)
	if len(b) == 0 {
		return header{}, io.EOF
	}
	n := 1
	switch {
	case b[0] == wireEndOfGeneration && s.version >= explicitEnd:
		return header{end: true}, nil
	case b[0] == wireExperimentalBatch:
		n = 2
	case b[0] != wireEventBatch:
		return header{}, fmt.Errorf("no batch begins with the byte %d", b[0])
	}
	var values [4]uint64 // generation, thread, time, size
	last := 0
	for i := range values {
		v, k := binary.Uvarint(b[min(n, len(b)):])
		switch {
		case k == 0 && len(b) < maxHeader:
			return header{}, errCut
		case k <= 0:
			return header{}, errors.New("the header of a batch is broken")
		}
		values[i], last = v, k
		n += k
	}
	gen, size := values[0], values[3]
	if gen == 0 || size > limits.BatchBytes {
		return header{}, fmt.Errorf("a batch of generation %d has %d bytes", gen, size)
	}
	h := header{
		gen: gen, size: int64(n) + int64(size), body: int64(size), thread: int64(values[1]), time: values[2],
		experimental: b[0] == wireExperimentalBatch, padded: last == binary.MaxVarintLen64,
	}
	if size > 0 && n < len(b) {
		h.typ = b[n]
	}
	if s.in.length(off+h.size) < off+h.size {
		return header{}, errCut
	}
	return h, nil
}

// searched is how many bytes are looked through at a time.
const searched = 1024

// search returns where the next batch or another trace begins, at or after off, in a trace whose current generation is
// gen (0: unknown).
func (s *scanner) search(off int64, gen uint64) int64 {
	if gen == 0 {
		gen = s.last
	}
	for {
		b := s.in.window(off, searched)
		i := slices.IndexFunc(b, func(c byte) bool {
			return c == wireEventBatch || c == wireExperimentalBatch || c == 'g'
		})
		switch {
		case len(b) == 0:
			return off
		case i < 0:
			off += int64(len(b))
			continue
		}
		off += int64(i)
		if c := b[i]; c == 'g' && isHeader(s.in.window(off, headerSize)) || c != 'g' && s.follows(off, gen) {
			return off
		}
		off++
	}
}

// follows reports whether off looks like the start of a batch: several headers of the same generation or the next
// follow one another, or the end follows.
func (s *scanner) follows(off int64, gen uint64) bool {
	for range headersAhead {
		h, err := s.header(off)
		switch {
		case err != nil:
			return errors.Is(err, io.EOF)
		case h.end:
			off++
			continue
		case gen != 0 && h.gen-gen > 1, !h.padded: // unsigned, so also if h.gen is smaller
			return false
		}
		gen = h.gen
		off += h.size
	}
	return true
}
