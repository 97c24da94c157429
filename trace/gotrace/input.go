package gotrace

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/trace/limits"
)

// An input is the bytes of a trace, from which generations are cut.
type input interface {
	// window returns n bytes at off, or those up to the end of the input if there are fewer. They are valid until the
	// next call.
	window(off int64, n int) []byte
	// length returns the length of the input if that is less than atLeast, and otherwise atLeast or more.
	length(atLeast int64) int64
	// take returns the bytes from start to end. What is before end is not asked for again.
	take(start, end int64) io.ReaderAt
	// discard returns the length of the input, of which no byte from off on is asked for again.
	discard(off int64) int64
	// rest returns a reader of the whole input. After it only failure is called.
	rest() io.Reader
	// failure returns what kept the input from being read further, once its end has been met.
	failure() error
}

// A file is an input that can be read anywhere. To cut a trace of any length it reads only the headers of batches.
type file struct {
	r    io.ReaderAt
	size int64
	buf  [4096]byte
	at   int64 // of buf
	n    int   // bytes in buf
	err  error
}

func (f *file) window(off int64, n int) []byte {
	n = int(max(min(int64(n), f.size-off), 0))
	if off < f.at || off+int64(n) > f.at+int64(f.n) {
		k, err := f.r.ReadAt(f.buf[:min(int64(len(f.buf)), f.size-off)], off)
		f.at, f.n = off, k
		if err != nil && !errors.Is(err, io.EOF) && f.err == nil {
			f.err = err
		}
	}
	i := off - f.at
	return f.buf[i:min(i+int64(n), int64(f.n))]
}

func (f *file) length(int64) int64 { return f.size }

func (f *file) take(start, end int64) io.ReaderAt { return io.NewSectionReader(f.r, start, end-start) }

func (f *file) discard(int64) int64 { return f.size }

func (f *file) rest() io.Reader { return io.NewSectionReader(f.r, 0, f.size) }

func (f *file) failure() error { return f.err }

// A stream is an input that can be read once, such as a pipe. It holds the generation that is being cut off.
type stream struct {
	r    io.Reader
	buf  []byte
	base int64 // where buf begins
	end  bool
	err  error
}

func (s *stream) length(atLeast int64) int64 {
	for !s.end && s.base+int64(len(s.buf)) < atLeast {
		s.read()
	}
	return s.base + int64(len(s.buf))
}

// read appends the next piece to buf.
func (s *stream) read() {
	const piece = 64 << 10
	if len(s.buf) >= limits.GenerationBytes {
		s.end = true
		s.err = fmt.Errorf("a generation has more than %d MiB; unpack the file, of which so much need not be held in memory",
			limits.GenerationBytes>>20)
		return
	}
	if cap(s.buf)-len(s.buf) < piece {
		grown := make([]byte, len(s.buf), max(2*cap(s.buf), 4*piece))
		copy(grown, s.buf)
		s.buf = grown
	}
	n, err := s.r.Read(s.buf[len(s.buf) : len(s.buf)+piece])
	s.buf = s.buf[:len(s.buf)+n]
	if err != nil {
		s.end = true
		if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			s.err = fmt.Errorf("reading: %w", err)
		}
	}
}

func (s *stream) window(off int64, n int) []byte {
	end := min(s.length(off+int64(n)), off+int64(n))
	if end <= off {
		return nil
	}
	return s.buf[off-s.base : end-s.base]
}

func (s *stream) take(start, end int64) io.ReaderAt {
	data := s.buf[start-s.base : end-s.base]
	rest := s.buf[end-s.base:]
	room := max(2*len(rest), cap(s.buf)/2, 256<<10)
	if s.end {
		room = len(rest)
	}
	s.buf = make([]byte, len(rest), room)
	copy(s.buf, rest)
	s.base = end
	return bytes.NewReader(data)
}

func (s *stream) discard(off int64) int64 {
	n, err := io.Copy(io.Discard, s.r)
	s.base, s.buf = s.base+int64(len(s.buf))+n, nil
	if s.end = true; err != nil {
		s.err = cmp.Or(s.err, fmt.Errorf("reading: %w", err))
	}
	return s.base
}

func (s *stream) rest() io.Reader { return io.MultiReader(bytes.NewReader(s.buf), s.r) }

func (s *stream) failure() error { return s.err }
