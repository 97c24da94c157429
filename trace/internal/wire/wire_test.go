package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMessages(t *testing.T) {
	addr := "127.0.0.1:1"
	sent := []Message{
		{Serving: &addr},
		{Failure: &Failure{Error: "task 3: line\nbreak", Rank: 2}},
		{Done: &Outcome{Released: 1, Finished: 2, Digest: "ab", Tasks: 3, Processes: []Process{{Role: "worker", PID: 4}}}},
		{Spans: []Span{{TraceID: "a", Ints: map[string]int64{"rank": 0}}}},
		{End: &End{}},
	}
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
		{`{"end":{}}` + "\n" + `{"end":`, "message 2: unexpected EOF"},
		{"{}\n", "message 1: message has 0 fields set, want 1"},
		{`{"end":{},"failure":{}}` + "\n", "message 1: message has 2 fields set, want 1"},
		{"hello\n", "message 1: invalid character"},
	} {
		r := NewMessageReader(strings.NewReader(tt.text))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		if !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: error %v, want %q", tt.text, err, tt.want)
		}
	}
}

func FuzzMessageReader(f *testing.F) {
	f.Add([]byte(`{"end":{}}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
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
	// Kind, length, and the varints of 300 (0xac 0x02) and of the two tasks.
	if want := "G\x00\x00\x00\x00C\x03\x00\x00\x00\xac\x02\x02D\x20\xa1\x07\x00"; !strings.HasPrefix(string(text), want) {
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
	f.Add([]byte("D\xff\xff\xff\xffxyz")) // a length of 4 GiB that never arrives must not cost 4 GiB
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
