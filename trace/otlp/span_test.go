package otlp

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

const (
	traceID = "0102030405060708090a0b0c0d0e0f10"
	parent  = "1112131415161718"
)

func spanID(n int) string { return fmt.Sprintf("%016x", n) }

// spans returns the spans of one run of two processes: a root and its only child.
func spans() []wire.Span {
	return []wire.Span{
		{TraceID: traceID, SpanID: spanID(1), ParentID: parent, Name: "process 0", Start: 1_000, End: 9_000, PID: 41, Ints: map[string]int64{"tasks": 7}},
		{TraceID: traceID, SpanID: spanID(2), ParentID: spanID(1), Name: "worker 3", Start: 2_000, End: 8_000, PID: 41, Error: "task 5: no"},
		{TraceID: traceID, SpanID: spanID(3), Name: "process 1", Start: 1_500, End: 9_500, Rank: 1, PID: 42, Strings: map[string]string{"why": "ünï\n"}},
	}
}

func of(spans []wire.Span, res Resource) []Span {
	var out []Span
	for _, s := range spans {
		out = append(out, Span{Span: s, Resource: res, Scope: scopeName})
	}
	return out
}

func mustTraces(t testing.TB, res Resource, spans []wire.Span) ptrace.Traces {
	t.Helper()
	td, err := Traces(res, spans)
	if err != nil {
		t.Fatal(err)
	}
	return td
}

// Spans that are written to a file are read back unchanged.
func TestRoundTrip(t *testing.T) {
	res := Resource{Service: "pi", RunID: "pi-p2-w1-c2-s100-r00-traced"}
	var file bytes.Buffer
	w := NewWriter(&file)
	if err := w.Write(mustTraces(t, res, spans())); err != nil {
		t.Fatal(err)
	}
	got, err := readAll("spans.jsonl", &file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(of(spans(), res), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The line is OTLP/JSON as specified: ids in hexadecimal, 64-bit numbers as strings, keys in lower camel case.
func TestLineIsOTLP(t *testing.T) {
	var file bytes.Buffer
	one := []wire.Span{{
		TraceID: traceID, SpanID: spanID(1), Name: "x", Start: 1, End: 2, PID: 3, Rank: 1, Ints: map[string]int64{"k": 5},
	}}
	if err := NewWriter(&file).Write(mustTraces(t, Resource{"s", "r"}, one)); err != nil {
		t.Fatal(err)
	}
	want := `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}},` +
		`{"key":"corecurve.run.id","value":{"stringValue":"r"}},{"key":"process.pid","value":{"intValue":"3"}},` +
		`{"key":"corecurve.rank","value":{"intValue":"1"}}]},"scopeSpans":[{"scope":{"name":"github.com/corecurve/corecurve"},` +
		`"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0000000000000001","name":"x","kind":1,` +
		`"startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"k","value":{"intValue":"5"}}],"status":{}}]}]}]}` + "\n"
	got := strings.ReplaceAll(file.String(), `"parentSpanId":"",`, "") // pdata writes an empty parent
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTracesLeavesOutWhatHasNoIdentity(t *testing.T) {
	in := spans()
	in[0].TraceID = "0102"
	in[1].SpanID = strings.Repeat("0", 16)
	td, err := Traces(Resource{}, in)
	if td.SpanCount() != 1 {
		t.Errorf("%d spans, want 1", td.SpanCount())
	}
	want := `span 0 ("process 0"): trace id: "0102" is not 32 hexadecimal digits (and 1 more spans left out)`
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

// Attributes other than whole numbers become text, and nothing is invented that a foreign program does not say.
func TestForeignSpan(t *testing.T) {
	line := `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},"scopeSpans":[{"scope":{"name":"lib"},` +
		`"spans":[{"traceId":"` + traceID + `","spanId":"` + spanID(9) + `","name":"GET","startTimeUnixNano":"5","endTimeUnixNano":"18446744073709551615",` +
		`"attributes":[{"key":"ok","value":{"boolValue":true}},{"key":"f","value":{"doubleValue":0.5}},{"key":"n","value":{"intValue":"-3"}}],` +
		`"status":{"code":2}}]}]}]}`
	got, err := readAll("f", strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	want := []Span{{
		Span: wire.Span{
			TraceID: traceID, SpanID: spanID(9), Name: "GET", Start: 5, End: limits.Wall, Rank: noRank,
			Ints: map[string]int64{"n": -3}, Strings: map[string]string{"ok": "true", "f": "0.5"}, Error: "error without a message",
		},
		Resource: Resource{Service: "svc"}, Scope: "lib",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestReadDamaged(t *testing.T) {
	var file bytes.Buffer
	if err := NewWriter(&file).Write(mustTraces(t, Resource{}, spans()[:1])); err != nil {
		t.Fatal(err)
	}
	good := file.String()
	tests := []struct {
		name, text string
		spans      int
		err        string
	}{
		{"empty", "", 0, ""},
		{"no last newline", strings.TrimSpace(good), 1, ""},
		{"blank lines", "\n" + good + "\n\r\n" + good, 2, ""},
		{"cut off", good + good[:len(good)/2], 1, "f: line 2: "},
		{"damaged in the middle", good + "{\"a\n" + good + "x\n" + good, 3, "f: line 2: .* (and 1 more damaged lines)"},
		{"not an object", "null\n" + good, 1, "f: line 1: not a JSON object"},
		{"two values in a line", good[:len(good)-1] + good, 0, "f: line 1: "},
		{"wrong type", `{"resourceSpans":3}` + "\n" + good, 1, "f: line 1: "},
		{"nested", strings.Repeat("[", 1<<20) + "\n" + good, 1, "f: line 1: "},
		{"too long", strings.Repeat("x", limits.SpanLineBytes) + "\n" + good, 1, "f: line 1: 16777217 bytes: at most 16777216 bytes"},
		{"too long at the end", good + strings.Repeat("x", 20<<20), 1, "f: line 2: 20 MiB: at most 16 MiB"},
		{"values", `{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Repeat("{},", 1<<20) + "{}]}]}]}\n" + good, 1, "f: line 1: more than 1048576 values"},
		{"long text", `{"resourceSpans":[{"schemaUrl":"` + strings.Repeat("x", 1<<20) + "\"}]}\n" + good, 1, "f: line 1: 1048576 bytes of one text: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			err := Each("f", strings.NewReader(tt.text), func(Span) error { n++; return nil })
			if n != tt.spans {
				t.Errorf("%d spans, want %d", n, tt.spans)
			}
			begin, end, _ := strings.Cut(tt.err, ".*")
			switch {
			case tt.err == "" && err != nil:
				t.Error(err)
			case tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), begin) || !strings.HasSuffix(err.Error(), end)):
				t.Errorf("got error %v, want %s", err, tt.err)
			}
		})
	}
}

// What a Writer writes, a reader takes: spans that are too much for a line are on several, and one that is too much by
// itself is left out, with an error.
func TestWriteLarge(t *testing.T) {
	td := ptrace.NewTraces()
	ss := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for i := range 200 {
		s := ss.AppendEmpty()
		s.SetName(fmt.Sprint(i))
		s.Attributes().PutStr("text", strings.Repeat("x", 200_000))
		if i == 100 {
			s.Attributes().PutStr("long", strings.Repeat("x", limits.TextBytes+1))
		}
	}
	var file bytes.Buffer
	err := NewWriter(&file).Write(td)
	want := "a span is too large to be kept: 262145 bytes of one text: at most 262144 bytes of one text"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
	n := 0
	err = Each("f", &file, func(s Span) error {
		if n == 100 {
			n++
		}
		if s.Name != fmt.Sprint(n) {
			t.Errorf("span %s, want %d", s.Name, n)
		}
		n++
		return nil
	})
	if err != nil || n != 200 {
		t.Errorf("%d spans, %v", n, err)
	}
}

// Seven spans of two resources and two scopes in parts of three: the order stays, and every part names resource and
// scope.
func TestSplit(t *testing.T) {
	td := ptrace.NewTraces()
	name := 0
	for range 2 {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr(serviceKey, fmt.Sprintf("service %d", name))
		for range 2 {
			ss := rs.ScopeSpans().AppendEmpty()
			ss.Scope().SetName(fmt.Sprintf("scope %d", name))
			for range 2 - name/6 { // the last scope has one
				ss.Spans().AppendEmpty().SetName(fmt.Sprint(name))
				name++
			}
		}
	}
	var sizes []int
	var got []string
	for _, part := range split(td, 3) {
		sizes = append(sizes, part.SpanCount())
		if err := eachSpan(part, func(s Span) error {
			got = append(got, s.Service+", "+s.Scope+", "+s.Name)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"service 0, scope 0, 0", "service 0, scope 0, 1", "service 0, scope 2, 2", "service 0, scope 2, 3",
		"service 4, scope 4, 4", "service 4, scope 4, 5", "service 4, scope 6, 6",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]int{3, 3, 1}, sizes); d != "" {
		t.Errorf("sizes (-want +got):\n%s", d)
	}
}

// readAll returns all spans of a file.
func readAll(name string, r io.Reader) ([]Span, error) {
	var spans []Span
	err := Each(name, r, func(s Span) error {
		spans = append(spans, s)
		return nil
	})
	return spans, err
}
