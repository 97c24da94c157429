package osched

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/corecurve/corecurve/trace/clock"
)

// writeBuffer is how many bytes of lines are collected before they are compressed.
const writeBuffer = 64 << 10

// A writer writes records as a file. One goroutine at a time may use it.
type writer struct {
	gz      *gzip.Writer
	start   clock.Time
	buf     []byte
	records int64
}

// newWriter returns a writer that begins with the header, whose Schema and Clock it fills in.
func newWriter(w io.Writer, h Header) (*writer, error) {
	h.Schema, h.Clock = schema, "CLOCK_MONOTONIC"
	line, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("scheduler records: header: %w", err)
	}
	gz, err := gzip.NewWriterLevel(w, gzip.BestSpeed) // fast, because it runs beside what is measured
	if err != nil {
		return nil, fmt.Errorf("scheduler records: %w", err)
	}
	return &writer{gz: gz, start: h.Start, buf: append(line, '\n')}, nil
}

// count returns the number of records written.
func (w *writer) count() int64 { return w.records }

// write appends a record.
func (w *writer) write(r *Record) error {
	w.records++
	w.buf = appendLine(w.buf, r, w.start)
	if len(w.buf) < writeBuffer {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() error {
	_, err := w.gz.Write(w.buf)
	w.buf = w.buf[:0]
	if err != nil {
		return fmt.Errorf("scheduler records: %w", err)
	}
	return nil
}

// close ends the file. It does not close the underlying writer.
func (w *writer) close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.gz.Close(); err != nil {
		return fmt.Errorf("scheduler records: %w", err)
	}
	return nil
}

func appendLine(b []byte, r *Record, start clock.Time) []byte {
	letter := byte('?')
	if int(r.Kind) < len(letters) {
		letter = letters[r.Kind]
	}
	b = append(b, '[', '"', letter, '"')
	b = appendInts(b, int64(r.Time-start))
	switch r.Kind {
	case In, Out, Preempt, Exit:
		b = appendInts(b, int64(r.CPU), int64(r.PID), int64(r.TID))
	case Fork:
		b = appendInts(b, int64(r.CPU), int64(r.PID), int64(r.TID), int64(r.Parent), int64(r.Creator))
	case Comm, Exec:
		b = appendInts(b, int64(r.CPU), int64(r.PID), int64(r.TID))
		b = appendText(b, r.Name)
	case Lost:
		b = appendInts(b, int64(r.CPU))
		b = strconv.AppendUint(append(b, ','), r.Count, 10)
	case Blocked:
		b = appendInts(b, int64(r.PID), int64(r.TID))
		b = appendText(b, r.Reason.String())
		b = appendInts(b, int64(r.Call))
		b = strconv.AppendUint(append(b, ','), r.Object, 10)
		b = appendText(b, r.Name)
	case Woken:
		b = appendInts(b, int64(r.PID), int64(r.TID))
	case Usage:
		b = appendInts(b, int64(r.PID), int64(r.TID), r.OnCPU, r.Ready)
	}
	return append(b, ']', '\n')
}

func appendInts(b []byte, values ...int64) []byte {
	for _, v := range values {
		b = strconv.AppendInt(append(b, ','), v, 10)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	text, err := json.Marshal(s) // names of threads are any bytes: what is not UTF-8 is replaced
	if err != nil {
		text = []byte(`""`) // strings can always be encoded
	}
	return append(append(b, ','), text...)
}
