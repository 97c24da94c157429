package gotrace

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
)

// A Reader reads one trace.
type Reader struct {
	name    string
	version int // 26: format of Go 1.26
	symbols Symbols

	input    input
	scan     *scanner
	whole    *whole  // in place of scan and decoders, for formats that they do not know
	fallback bool    // whole is used because the format is newer
	inline   decoder // the decoder, with one reader
	ahead    *ahead  // the decoders, with several readers
	section  section // the generation that is being decoded
	reading  bool    // section has not ended

	resolver resolver

	buffer  buffer // the events being delivered
	at      int    // index of the next event in it
	text    int    // index of the next text in it
	message string // of the last log event delivered

	stitch stitch
	events int64      // events decoded so far
	last   clock.Time // time of the last of them; the earliest of all if there is none
	damage *DamageError
	ended  bool
	err    error // returned after the events in the buffer
}

// Options say how to read a trace.
type Options struct {
	// Readers is how many generations are decoded at a time, each on a core of its own; one of them by [Reader.Next]
	// itself. 0: 1 if there are at most two Ps, since analyses keep the other one busy, otherwise 2. More would only
	// wait, because analyses take longer than decoding.
	Readers int

	// Newest is the newest Go release (26 for Go 1.26) whose format this package decodes itself; golang.org/x/exp/trace
	// reads newer ones. 0: the newest that it knows. A lower number serves to compare the two.
	Newest int

	// Together is how many traces are read beside each other, of which each has its share of the memory that traces of Go
	// 1.21 and earlier may take. 0: 1.
	Together int

	// File renames the files of stacks before anything sees them. nil: they stay as they are.
	File func(string) string
}

// headerSize is the length of "go 1.26 trace\0\0\0".
const headerSize = 16

// Open returns a reader of the trace in the size bytes of r, from which it reads at several places at a time. name is
// the input's name in errors. The caller must call [Reader.Close] in the end.
func Open(r io.ReaderAt, size int64, name string, o Options) (*Reader, error) {
	head := make([]byte, min(headerSize, size))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if isGzip(head) {
		return OpenStream(io.NewSectionReader(r, 0, size), name, o)
	}
	return open(&file{r: r, size: size}, name, o)
}

// OpenStream returns a reader of the trace that comes from r, perhaps compressed by gzip. It holds each generation that
// is being decoded in memory. Otherwise it is like [Open].
func OpenStream(r io.Reader, name string, o Options) (*Reader, error) {
	content, err := limits.Unfold("", r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return open(&stream{r: content}, name, o)
}

// NewReader is [OpenStream] with one reader. It starts no goroutines, so the caller need not call Close.
func NewReader(r io.Reader, name string) (*Reader, error) {
	return OpenStream(r, name, Options{Readers: 1})
}

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

func open(in input, name string, o Options) (*Reader, error) {
	r := &Reader{name: name, input: in, symbols: Symbols{file: o.File}, last: math.MinInt64}
	head := in.window(0, headerSize)
	var err error
	if err = in.failure(); err != nil && len(head) < headerSize {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if r.version, err = parseHeader(head); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r.fallback = r.version > cmp.Or(o.Newest, latest)
	if r.version < firstV2 || r.fallback {
		if err = r.openWhole(max(o.Together, 1)); err != nil {
			return nil, err
		}
		return r, nil
	}
	r.resolver.symbols = &r.symbols
	r.scan = &scanner{in: in, version: r.version, off: headerSize}
	if in.length(headerSize+1) <= headerSize {
		r.section = section{number: 1, start: headerSize, end: headerSize}
		r.lose(errCut)
	}
	if o.Readers == 0 {
		o.Readers = min(max(runtime.GOMAXPROCS(0)-1, 1), 2)
	}
	if o.Readers > 1 {
		r.ahead = newAhead(r.scan, &r.resolver, o.Readers)
	}
	return r, nil
}

// openWhole leaves the trace, one of so many, to golang.org/x/exp/trace.
func (r *Reader) openWhole(together int) error {
	var err error
	if r.fallback {
		if r.whole, err = openWhole(r.input.rest(), &r.symbols); err != nil {
			return fmt.Errorf("%s: the trace format of Go 1.%d is newer than this program can read: those of Go 1.11 to 1.%d",
				r.name, r.version, newestReadable(r.version))
		}
	} else if r.whole, err = openOld(r.input.rest(), &r.symbols, together); err != nil {
		return fmt.Errorf("%s: trace of Go 1.%d: %w", r.name, r.version, err)
	}
	r.reading = true
	return nil
}

func parseHeader(head []byte) (version int, err error) {
	if len(head) == 0 {
		return 0, errors.New("empty file: the program ended before its trace was stopped, or none was started")
	}
	if len(head) < headerSize {
		return 0, fmt.Errorf("not a Go execution trace: it has only %d bytes, %q", len(head), head)
	}
	_, err = fmt.Sscanf(string(head), "go 1.%d trace\x00\x00\x00", &version)
	if err != nil {
		return 0, fmt.Errorf("not a Go execution trace: it begins with %q", head)
	}
	return version, nil
}

// Name returns the input's name in errors.
func (r *Reader) Name() string { return r.name }

// GoVersion returns the Go release that introduced the trace's format ("go1.26"); later releases may use it too.
func (r *Reader) GoVersion() string { return fmt.Sprintf("go1.%d", r.version) }

// Fallback reports whether the trace is of a newer Go release than this package decodes, so that golang.org/x/exp/trace
// reads it. That gives the same events, but takes longer, uses one core, and loses everything after the first damage.
func (r *Reader) Fallback() bool { return r.fallback }

// SharedClock reports whether times are on CLOCK_MONOTONIC, so that those of several processes can be compared. Up to
// Go 1.21 traces had a clock of their own.
func (r *Reader) SharedClock() bool { return r.version >= firstV2 }

// Symbols returns the stacks and strings of the events read so far, and perhaps of a few that follow.
func (r *Reader) Symbols() *Symbols { return &r.symbols }

// Message returns the text of the log event that was delivered last. It is not interned, because such texts tend to be
// all different.
func (r *Reader) Message() string { return r.message }

// Events returns the number of events delivered so far.
func (r *Reader) Events() int64 { return r.events - int64(r.buffer.n-r.at) }

// Bytes returns the number of bytes, after decompression, up to the end of the generation that is being read.
func (r *Reader) Bytes() int64 { return r.section.end }

// Close ends the reading. It does not close the input.
func (r *Reader) Close() {
	if r.err == nil {
		r.err = fmt.Errorf("%s: the reader is closed", r.name)
	}
	r.events = r.Events()
	r.buffer.reset()
	r.at = 0
	if r.ahead != nil {
		r.ahead.stop()
	}
}

// Next reads the next event into ev. At the end of the trace it returns io.EOF, or a *DamageError if it had to leave
// parts out; further calls return the same. An event of kind Gap marks a part that was left out between events.
func (r *Reader) Next(ev *Event) error {
	if err := r.await(); err != nil {
		return err
	}
	*ev = r.buffer.events()[r.at]
	r.at++
	if ev.Kind == Log {
		r.message = r.buffer.texts[r.text]
		r.text++
	}
	return nil
}

// Batch is like [Reader.Next], but returns all events that are decoded and not delivered yet, at least one. They are
// valid until the next call of either, and the caller must not change them.
func (r *Reader) Batch() ([]Event, error) {
	if err := r.await(); err != nil {
		return nil, err
	}
	events := r.buffer.events()[r.at:]
	r.at = r.buffer.n
	if n := len(r.buffer.texts); n > r.text {
		r.message, r.text = r.buffer.texts[n-1], n
	}
	return events, nil
}

// await sees to it that an event waits for delivery, or returns what ended the trace.
func (r *Reader) await() error {
	for r.at == r.buffer.n {
		if r.err != nil {
			return r.err
		}
		r.refill()
	}
	return nil
}

// refill decodes the next events, which may be none, or sets err after the last.
func (r *Reader) refill() {
	r.buffer.reset()
	r.at, r.text = 0, 0
	if !r.reading && !r.nextGeneration() {
		r.finish()
		return
	}
	gap := r.stitch.gap && r.events > 0
	if gap {
		*r.buffer.extend() = Event{Time: r.last + 1 - r.stitch.offset, Kind: Gap, G: None, P: None, M: None, Subject: None}
	}
	err := r.decode()
	if err = cmp.Or(r.deliver(gap), err); err != nil {
		r.endGeneration(err)
	}
}

// decode fills the buffer.
func (r *Reader) decode() error {
	switch {
	case r.ahead != nil:
		return r.ahead.read(&r.buffer)
	case r.whole != nil:
		return r.readWhole()
	default:
		return r.inline.read(&r.buffer)
	}
}

// nextGeneration begins the next generation that can be read, and reports whether there is one.
func (r *Reader) nextGeneration() bool {
	if r.whole != nil {
		r.behind()
		return false
	}
	for {
		var err error
		if r.ahead != nil {
			r.section, err = r.ahead.begin(r.section)
		} else if sec, end := r.scan.next(); end == nil {
			r.section = sec
		} else {
			err = end
		}
		if err != nil {
			return false
		}
		r.reading = true
		if r.section.data == nil {
			r.endGeneration(r.section.err)
			continue
		}
		if r.ahead == nil {
			if err = r.inline.open(r.version, &r.section); err == nil {
				r.resolver.begin(&r.inline.generation)
			}
		}
		if err == nil {
			return true
		}
		r.endGeneration(err)
	}
}

// behind says that another trace follows the one that was read as a whole.
func (r *Reader) behind() {
	if n := int64(r.whole.more); n > 0 {
		r.whole.more = 0
		r.section = section{number: r.section.number + 1, start: r.section.end, end: r.section.end + n}
		r.lose(another(r.section.start))
	}
}

// endGeneration ends the current generation; io.EOF means that all of it was read.
func (r *Reader) endGeneration(err error) {
	r.reading = false
	r.section.data, r.section.batches = nil, nil
	if r.ahead != nil {
		r.ahead.end()
	}
	if errors.Is(err, io.EOF) {
		if r.section.err == nil {
			r.stitch.next()
			return
		}
		err = nil
	}
	r.lose(cmp.Or(r.section.err, err))
	r.stitch.lost()
}
