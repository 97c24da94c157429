package gotrace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/trace/limits"
)

// A whole reads a trace with golang.org/x/exp/trace, from its first byte to its last: one without generations, or of a
// newer format than the decoder of generations knows. Tests compare that decoder with it.
type whole struct {
	symbols *Symbols // to which it adds
	message string   // of the last log event
	procs   int64    // GOMAXPROCS, to be told before the first event; 0: the trace tells it
	more    int      // bytes of another trace behind it
	mender  *mender  // of a trace of Go 1.21 or earlier; nil: it is of a later release

	data   counted
	buffer *bufio.Reader // buffers data for trace
	trace  *exptrace.Reader
	stacks map[exptrace.Stack]StackID // of the generation
	recent [256][2]knownStack
	synced bool // the last event is a Sync
}

// counted counts the bytes that are read from r and keeps the error that stopped it.
type counted struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counted) Read(p []byte) (n int, err error) {
	n, err = c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = fmt.Errorf("reading: %w", err)
	}
	return n, err
}

// openOld is openWhole for a trace of Go 1.21 or earlier, which is one of so many.
func openOld(data io.Reader, symbols *Symbols, together int) (*whole, error) {
	o, err := readOld(data, together)
	if err != nil {
		return nil, err
	}
	w, err := openWhole(bytes.NewReader(o.data), symbols)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", shorten(err), errInParts)
	}
	w.procs, w.more, w.mender = o.procs, o.more, &mender{starts: o.starts.add(symbols)}
	return w, nil
}

func openWhole(data io.Reader, symbols *Symbols) (*whole, error) {
	w := &whole{symbols: symbols, data: counted{r: data}, stacks: make(map[exptrace.Stack]StackID)}
	w.buffer = bufio.NewReaderSize(&w.data, limits.BatchBytes) // exptrace.NewReader adds no buffer to one this large
	var err error
	w.trace, err = openTrace(w.buffer)
	return w, err
}

// openTrace returns a reader of golang.org/x/exp/trace. That reads all of a trace of Go 1.21 and earlier at once, so a
// panic on damaged input is turned into an error.
func openTrace(r io.Reader) (tr *exptrace.Reader, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	return exptrace.NewReader(r)
}

// newestReadable returns the newest release before the given one whose format golang.org/x/exp/trace accepts. The only
// way to find out is to try.
func newestReadable(before int) int {
	for v := min(before-1, 99); v > latest; v-- {
		if _, err := openTrace(strings.NewReader(fmt.Sprintf("go 1.%d trace\x00\x00\x00", v))); err == nil {
			return v
		}
	}
	return latest
}

// consumed returns the number of bytes that trace has taken. It takes a generation at a time.
func (w *whole) consumed() int64 { return w.data.n - int64(w.buffer.Buffered()) }

// skip reads to the end of the data, so that what is lost can be counted.
func (w *whole) skip() {
	_, _ = io.Copy(io.Discard, w.buffer) // data keeps the error
}

// read decodes events into b until it is full or a generation has begun, or returns io.EOF after the last.
func (w *whole) read(b *buffer) (err error) {
	defer guard(&err)
	for !b.full() {
		e, err := w.trace.ReadEvent()
		if err != nil {
			return err
		}
		var ev Event
		w.convert(&e, &ev)
		if w.mender != nil && !w.mender.mend(&ev, w.symbols) {
			continue
		}
		if !possible(ev.Time) {
			return impossible(ev.Time)
		}
		if w.procs > 0 {
			b.add(&Event{
				Time: ev.Time, Kind: MetricValue, Metric: GOMAXPROCS, Value: w.procs, G: None, P: None, M: None,
				Subject: None,
			}, "")
			w.procs = 0
		}
		b.add(&ev, w.message)
		if w.synced = ev.Kind == Sync; w.synced { // stacks are numbered anew; the old ones would keep their tables in memory
			clear(w.recent[:])
			clear(w.stacks)
			return nil
		}
	}
	return nil
}

// readWhole fills the buffer and tracks which generation is being read.
func (r *Reader) readWhole() error {
	err := r.whole.read(&r.buffer)
	switch {
	case err == nil && r.whole.synced:
		r.section = section{number: r.section.number + 1, start: r.section.end, end: r.whole.consumed()}
	case err != nil && !errors.Is(err, io.EOF):
		r.whole.skip()
		r.section.end = r.whole.consumed()
	}
	return err
}
