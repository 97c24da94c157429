package otlp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/limits"
)

// A Writer writes spans as OTLP JSON lines. Several goroutines may use it at once.
type Writer struct {
	mu sync.Mutex
	w  io.Writer
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write appends td. It leaves out spans that no reader would take, with an error. Every line reaches the underlying
// writer in one call, so a truncated file loses only its last line.
func (w *Writer) Write(td ptrace.Traces) error {
	var large error
	for _, part := range split(td, limits.LineSpans) {
		large = errors.Join(large, w.part(part))
	}
	return large
}

// part writes td as a line, or as several, if a reader would not take it as one.
func (w *Writer) part(td ptrace.Traces) error {
	n := td.SpanCount()
	if n == 0 {
		return nil
	}
	text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	if err != nil {
		return fmt.Errorf("encoding %d spans: %w", n, err)
	}
	err = limits.Count("", "bytes", int64(len(text)), limits.SpanLineBytes-1)
	if err == nil {
		err = limits.JSON("", text, limits.SpanValues)
	}
	switch {
	case err != nil && n == 1:
		return fmt.Errorf("a span is too large to be kept: %w", err)
	case err != nil:
		var errs error
		for _, half := range split(td, (n+1)/2) {
			errs = errors.Join(errs, w.part(half))
		}
		return errs
	}
	if err := w.line(append(text, '\n')); err != nil {
		return fmt.Errorf("writing %d spans: %w", n, err)
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
	lines := limits.NewLines(r, limits.SpanLineBytes)
	var firstBad error
	bad := 0
	damaged := func(err error) {
		bad++
		if firstBad == nil {
			firstBad = fmt.Errorf("%s: line %d: %w", name, lines.Number(), err)
		}
	}
	for end := false; !end; {
		line, err := lines.Next()
		end = errors.Is(err, io.EOF)
		switch {
		case lines.Skipped():
			damaged(err)
			continue
		case err != nil && !end:
			return fmt.Errorf("%s: line %d: %w", name, lines.Number(), err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			td, err := decodeJSON(line)
			if err != nil {
				damaged(err)
			} else if err := eachSpan(td, f); err != nil {
				return err
			}
		}
	}
	if bad > 1 {
		firstBad = fmt.Errorf("%w (and %d more damaged lines)", firstBad, bad-1)
	}
	return firstBad
}
