package gotrace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	exptrace "golang.org/x/exp/trace"
)

// A whole reads a trace by means of golang.org/x/exp/trace, from its first byte to its last: one without generations,
// or of a format newer than the decoder of generations knows. Tests hold that decoder against it.
type whole struct {
	symbols *Symbols // that it adds to
	message string   // of the last log event

	data   counted
	buffer *bufio.Reader // of data, from which trace reads
	trace  *exptrace.Reader
	stacks map[exptrace.Stack]StackID // of the generation
	recent [256][2]knownStack
	synced bool // the last event is a Sync
}

// counted counts the bytes that are read of r and remembers what kept it from being read further.
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

func openWhole(data io.Reader, symbols *Symbols) (*whole, error) {
	w := &whole{symbols: symbols, data: counted{r: data}, stacks: make(map[exptrace.Stack]StackID)}
	w.buffer = bufio.NewReaderSize(&w.data, maxBatch) // the reader below adds no buffer to one that is large
	var err error
	w.trace, err = openTrace(w.buffer)
	return w, err
}

// openTrace makes the reader below; it reads all of a trace of Go 1.21 and earlier, and must not panic on what it finds
// there.
func openTrace(r io.Reader) (tr *exptrace.Reader, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	return exptrace.NewReader(r)
}

// newestReadable is the newest release before the given one whose format the reader below takes. It tells only by being
// asked.
func newestReadable(before int) int {
	for v := min(before-1, 99); v > latest; v-- {
		if _, err := openTrace(strings.NewReader(fmt.Sprintf("go 1.%d trace\x00\x00\x00", v))); err == nil {
			return v
		}
	}
	return latest
}

// consumed is the number of bytes that the reader below has taken. It takes a generation at a time.
func (w *whole) consumed() int64 { return w.data.n - int64(w.buffer.Buffered()) }

// skip reads to the end of the data, so that what is lost can be counted.
func (w *whole) skip() {
	_, _ = io.Copy(io.Discard, w.buffer) // an error is one that data remembers
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
		if err := checkTime(&ev); err != nil {
			return err
		}
		b.add(&ev, w.message)
		if w.synced = ev.Kind == Sync; w.synced { // stacks are numbered anew, and would keep their tables in memory
			clear(w.recent[:])
			clear(w.stacks)
			return nil
		}
	}
	return nil
}

// readWhole fills the buffer and keeps track of the generation.
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
