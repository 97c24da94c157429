package otlp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// lineSpans is the largest number of spans in a line, so that a reader needs little memory. A batch of the size that
// children are told to send is one line.
const lineSpans = 8192

// maxLine bounds the memory that a damaged file can claim. No line that a Writer wrote comes near it.
const maxLine = 1 << 30

// A Writer writes spans as OTLP JSON lines. Several goroutines may use it at once.
type Writer struct {
	mu sync.Mutex
	w  io.Writer
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write appends td. Every line reaches the underlying writer in one call, so a truncated file loses only its last line.
func (w *Writer) Write(td ptrace.Traces) error {
	for _, part := range split(td, lineSpans) {
		n := part.SpanCount()
		if n == 0 {
			continue
		}
		text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(part)
		if err != nil {
			return fmt.Errorf("encoding %d spans: %w", n, err)
		}
		if err := w.line(append(text, '\n')); err != nil {
			return fmt.Errorf("writing %d spans: %w", n, err)
		}
	}
	return nil
}

func (w *Writer) line(text []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.w.Write(text)
	return err
}

// split returns td in parts of at most limit spans, in order. Usually td is one part and is not copied.
func split(td ptrace.Traces, limit int) []ptrace.Traces {
	if td.SpanCount() <= limit {
		return []ptrace.Traces{td}
	}
	var parts []ptrace.Traces
	room := 0
	for _, rs := range td.ResourceSpans().All() {
		var toResource ptrace.ResourceSpans
		inResource := false
		for _, ss := range rs.ScopeSpans().All() {
			var to ptrace.SpanSlice
			inScope := false
			for _, s := range ss.Spans().All() {
				if room == 0 {
					parts = append(parts, ptrace.NewTraces())
					room, inResource, inScope = limit, false, false
				}
				if !inResource {
					toResource = parts[len(parts)-1].ResourceSpans().AppendEmpty()
					rs.Resource().CopyTo(toResource.Resource())
					toResource.SetSchemaUrl(rs.SchemaUrl())
					inResource, inScope = true, false
				}
				if !inScope {
					toScope := toResource.ScopeSpans().AppendEmpty()
					ss.Scope().CopyTo(toScope.Scope())
					toScope.SetSchemaUrl(ss.SchemaUrl())
					to, inScope = toScope.Spans(), true
				}
				s.CopyTo(to.AppendEmpty())
				room--
			}
		}
	}
	return parts
}

// Each calls f with every span of a file of OTLP JSON lines, whose name appears in errors. It skips damaged lines; the
// error then names the first and says how many more there are. An error of f ends the reading and is returned as it is.
func Each(name string, r io.Reader, f func(Span) error) error {
	return eachLine(name, r, maxLine, f)
}

func eachLine(name string, r io.Reader, limit int, f func(Span) error) error {
	br := bufio.NewReaderSize(r, 64<<10)
	var buf []byte
	var firstBad error
	bad := 0
	damaged := func(n int, err error) {
		bad++
		if firstBad == nil {
			firstBad = fmt.Errorf("%s: line %d: %w", name, n, err)
		}
	}
	for n := 1; ; n++ {
		line, err := readLine(br, buf[:0], limit)
		buf = line
		end := errors.Is(err, io.EOF)
		switch {
		case errors.Is(err, errLongLine):
			damaged(n, err)
			continue
		case err != nil && !end:
			return fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			td, err := decodeJSON(line)
			if err != nil {
				damaged(n, err)
			} else if err := eachSpan(td, f); err != nil {
				return err
			}
		}
		if end {
			break
		}
	}
	if bad > 1 {
		firstBad = fmt.Errorf("%w (and %d more damaged lines)", firstBad, bad-1)
	}
	return firstBad
}

var errLongLine = errors.New("line is too long to hold spans")

// readLine appends the next line to buf. It skips a line above the limit, with errLongLine.
func readLine(br *bufio.Reader, buf []byte, limit int) ([]byte, error) {
	long := false
	for {
		part, err := br.ReadSlice('\n')
		if long = long || len(buf)+len(part) > limit; long {
			buf = buf[:0]
		} else {
			buf = append(buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil && long:
			return buf, errLongLine
		case errors.Is(err, io.EOF) && long:
			// The next call meets the end again.
			return buf, errLongLine
		}
		return buf, err
	}
}
