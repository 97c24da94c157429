package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

func TestMessages(t *testing.T) {
	addr := "127.0.0.1:1"
	for _, sent := range [][]Message{
		{{Serving: &addr}, {Failure: &Failure{Error: "line\nbreak", Rank: 2}}},
		{
			{Done: &Outcome{Released: 1, Finished: 2, Digest: "ab", Tasks: 3, Processes: []Process{{Role: "worker", PID: 4}}}},
			{Spans: []Span{{TraceID: "a", Ints: map[string]int64{"rank": 0}}}},
			{Spans: []Span{{TraceID: "b", Strings: map[string]string{"long": strings.Repeat("x", 100_000)}}}},
			{End: &End{}},
		},
	} {
		readBack(t, sent)
	}
}

func readBack(t *testing.T, sent []Message) {
	t.Helper()
	var text bytes.Buffer
	for i := range sent {
		if err := WriteMessage(&text, &sent[i]); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(text.String(), "\n"); n != len(sent) {
		t.Errorf("%d lines, want one for each of %d messages", n, len(sent))
	}
	r := NewMessageReader(&text)
	for i := range sent {
		got, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sent[i], got); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want EOF", err)
	}
}

func TestMessageReaderRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"done":{}}` + "\n" + `{"end":`, "half a message on the pipe of corecurve (fd 4): 7 bytes, then its end was closed"},
		{"{}\n", `3 bytes on the pipe of corecurve (fd 4) that are no message: "{}\n"`},
		{`{"end":{},"failure":{}}` + "\n", "message has 2 fields set, want 1"},
		{"hello\n", `6 bytes on the pipe of corecurve (fd 4) that are no message: "hello\n"`},
		{"h", `1 byte on the pipe of corecurve (fd 4) that are no message: "h"`},
		{`{"done":[]}` + "\n", "message 1 on the pipe of corecurve (fd 4), which is none of a run: json: cannot unmarshal"},
		{`{"end":{}}` + "\n", "it comes before the outcome"},
		{`{"spans":[{}]}` + "\n", "it comes before the outcome"},
		{`{"done":{}}` + "\n" + `{"done":{}}` + "\n", "message 2 on the pipe of corecurve (fd 4), which is none of a run: it is a second"},
		{`{"failure":{}}` + "\n" + `{"done":{}}` + "\n", "it comes after a failure"},
		{`{"done":{}}` + "\n" + `{"end":{}}` + "\n" + `{"end":{}}` + "\n", "it comes after the end"},
		{`{"done":{}}` + "\n" + `{"end":{"spans_started":-1}}` + "\n", "spans_started is -1"},
		{`{"failure":{"error":"` + strings.Repeat("x", limits.TextBytes+1) + `"}}` + "\n", "bytes of one text"},
		{`{"failure":"` + strings.Repeat("x", limits.MessageBytes) + `"}` + "\n", "that is too long: more than 32 MiB"},
	} {
		r := NewMessageReader(strings.NewReader(tt.text))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80q: error %v, want %q", tt.text, err, tt.want)
		}
	}
}

func FuzzMessageReader(f *testing.F) {
	f.Add([]byte(`{"end":{}}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		limitstest.Holds(t, 400*int64(len(text))+1<<20, func() {
			r := NewMessageReader(bytes.NewReader(text))
			for {
				m, err := r.Next()
				if err != nil {
					return
				}
				if err := m.check(); err != nil {
					t.Error(err)
				}
			}
		})
	})
}

func TestFrames(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 50_000)
	text := AppendFrame(nil, FrameRelease)
	text = AppendChunk(text, 300, 302)
	start := len(text)
	text = append(BeginFrame(text, FrameResults), long...)
	if err := EndFrame(text, start); err != nil {
		t.Fatal(err)
	}
	// The mark, kind, length, and the varints of 300 (0xac 0x02) and of the two tasks.
	if want := "\xffG\x00\x00\x00\x00\xffC\x03\x00\x00\x00\xac\x02\x02\xffD\x20\xa1\x07\x00"; !strings.HasPrefix(string(text), want) {
		t.Errorf("frames begin with %q, want %q", text[:len(want)], want)
	}
	// Whether the bytes come one by one makes no difference.
	r := NewFrameReader(io.MultiReader(
		bytes.NewReader(text[:7]), bytes.NewReader(text[7:40_000]), bytes.NewReader(text[40_000:])))
	kind, payload, err := r.Next()
	if kind != FrameRelease || len(payload) != 0 || err != nil {
		t.Errorf("first frame %q %q, %v", kind, payload, err)
	}
	kind, payload, err = r.Next()
	lo, hi, rest, rangeErr := CutRange(payload)
	if kind != FrameChunk || err != nil || lo != 300 || hi != 302 || len(rest) != 0 || rangeErr != nil {
		t.Errorf("second frame %q of %d-%d, %v, %v", kind, lo, hi, err, rangeErr)
	}
	kind, payload, err = r.Next()
	if kind != FrameResults || !bytes.Equal(payload, long) || err != nil {
		t.Errorf("third frame %q of %d bytes, %v", kind, len(payload), err)
	}
	if _, _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want EOF", err)
	}
	for _, cut := range []int{2, 7, 30} {
		r := NewFrameReader(bytes.NewReader(text[:cut]))
		var err error
		for err == nil {
			_, _, err = r.Next()
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut at %d: error %v, want an unexpected end", cut, err)
		}
	}
}

func FuzzFrameReader(f *testing.F) {
	f.Add(AppendChunk(AppendFrame(nil, FrameRelease), 1, 2))
	f.Add([]byte("\xffD\x00\x00\x00\x3fxyz")) // a length of 1 GiB that never arrives must not cost 1 GiB
	f.Fuzz(func(t *testing.T, text []byte) {
		r := NewFrameReader(bytes.NewReader(text))
		for {
			_, payload, err := r.Next()
			if err != nil {
				return
			}
			if cap(r.payload) > 1<<16+2*len(text) {
				t.Errorf("%d bytes of memory for %d of input", cap(r.payload), len(text))
			}
			if lo, hi, _, err := CutRange(payload); err == nil && (lo < 0 || hi < lo) {
				t.Errorf("range %d-%d", lo, hi)
			}
		}
	})
}
