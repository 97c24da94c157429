package otlp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/internal/protobuf"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

// nested encodes a span with one attribute whose value is a list in a list … of the given number of levels.
func nested(levels int) []byte {
	wrap := func(field byte, b []byte) []byte {
		return append(binary.AppendUvarint([]byte{field<<3 | protobuf.Bytes}, uint64(len(b))), b...)
	}
	value := []byte{}
	for range levels {
		value = wrap(5, wrap(1, value)) // AnyValue.array_value, ArrayValue.values
	}
	// KeyValue.value, Span.attributes, ScopeSpans.spans, ResourceSpans.scope_spans, TracesData.resource_spans.
	return wrap(1, wrap(2, wrap(2, wrap(9, wrap(2, value)))))
}

// Six messages enclose the outermost value, TracesData included, and each list adds two.
func TestNestingIsBounded(t *testing.T) {
	for _, tt := range []struct {
		levels int
		want   error
	}{{0, nil}, {47, nil}, {48, errNesting}, {2000, errNesting}} {
		if _, err := decodeProto(nested(tt.levels)); !errors.Is(err, tt.want) {
			t.Errorf("%d levels: got %v, want %v", tt.levels, err, tt.want)
		}
	}
	list := strings.Repeat(`{"arrayValue":{"values":[`, 5000) + strings.Repeat(`]}}`, 5000)
	body := `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":` + list + `}]}]}]}]}`
	if _, err := decodeJSON([]byte(body)); err == nil {
		t.Error("15,000 levels of JSON: no error")
	}
}

func TestFieldNumberOutOfRange(t *testing.T) {
	// Field 2³²+1 of wire type 2: cut to 32 bits it would be field 1.
	b := binary.AppendUvarint(nil, (1<<32+1)<<3|protobuf.Bytes)
	if _, err := decodeProto(append(b, 0)); err == nil {
		t.Error("no error")
	}
}

func seedProto(f *testing.F) []byte {
	f.Helper()
	body, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(mustTraces(f, Resource{"s", "r"}, spans()))
	if err != nil {
		f.Fatal(err)
	}
	return body
}

// FuzzProto: whatever is accepted can be written, is one line, and is read back with as many spans.
func FuzzProto(f *testing.F) {
	f.Add([]byte{})
	f.Add(nested(3))
	f.Add(seedProto(f))
	f.Fuzz(func(t *testing.T, body []byte) {
		var td ptrace.Traces
		var err error
		limitstest.Holds(t, 400*int64(len(body))+1<<20, func() { td, err = decodeProto(body) })
		if err == nil {
			checkWritten(t, td)
		}
		_ = rejected(body, false)
		_ = rejected(body, true)
	})
}

// FuzzJSON is the same for OTLP/JSON, which is also what a file holds.
func FuzzJSON(f *testing.F) {
	var line bytes.Buffer
	if err := NewWriter(&line).Write(mustTraces(f, Resource{"s", "r"}, spans())); err != nil {
		f.Fatal(err)
	}
	f.Add(line.Bytes())
	f.Add([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":{"doubleValue":"NaN"}}]}]}]}]}`))
	f.Add([]byte("{}\n{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if td, err := decodeJSON(text); err == nil {
			checkWritten(t, td)
		}
		n := 0
		var err error
		limitstest.Holds(t, 400*int64(len(text))+1<<20, func() {
			err = Each("f", bytes.NewReader(text), func(s Span) error {
				if n++; s.Start < 0 || s.End < 0 {
					t.Errorf("negative time: %+v", s)
				}
				return nil
			})
		})
		if err != nil && !strings.HasPrefix(err.Error(), "f: line ") {
			t.Errorf("the error does not name its place: %v", err)
		}
	})
}

func checkWritten(t *testing.T, td ptrace.Traces) {
	t.Helper()
	n := td.SpanCount()
	var file bytes.Buffer
	if err := NewWriter(&file).Write(td); err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(file.Bytes(), []byte{'\n'}); n > 0 && lines != 1 {
		t.Fatalf("%d lines: %q", lines, file.Bytes())
	}
	got, err := readAll("f", bytes.NewReader(file.Bytes()))
	if err != nil || len(got) != n {
		t.Fatalf("wrote %d spans, read %d: %v: %q", n, len(got), err, file.Bytes())
	}
}
