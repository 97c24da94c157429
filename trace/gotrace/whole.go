package gotrace

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	exptrace "golang.org/x/exp/trace"
)

// A whole makes the events of a trace that has no generations, by means of golang.org/x/exp/trace. Tests hold the decoder of
// generations against it.
type whole struct {
	symbols *Symbols // that it adds to
	message string   // of the last log event

	trace  *exptrace.Reader
	stacks map[exptrace.Stack]StackID // of the generation
	recent [256][2]knownStack
}

func openWhole(head []byte, data io.Reader, symbols *Symbols) (*whole, error) {
	w := &whole{symbols: symbols, stacks: make(map[exptrace.Stack]StackID)}
	var err error
	w.trace, err = openTrace(bufio.NewReaderSize(io.MultiReader(bytes.NewReader(head), data), maxBatch))
	return w, err
}

// openTrace makes the reader below; it reads all of a trace of Go 1.21 and earlier, and must not panic on what it finds there.
func openTrace(r io.Reader) (tr *exptrace.Reader, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	return exptrace.NewReader(r)
}

// read decodes events into b until it is full, or returns io.EOF after the last.
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
		if ev.Kind == Sync { // stacks are numbered anew, and would keep their tables in memory
			clear(w.recent[:])
			clear(w.stacks)
		}
		b.add(&ev, w.message)
	}
	return nil
}
