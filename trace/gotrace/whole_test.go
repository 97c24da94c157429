package gotrace

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits"
)

// sameEvents fails if the events read by golang.org/x/exp/trace differ from those of our decoders. Only there may a
// processor's transition have a goroutine: see stitch.
func sameEvents(t *testing.T, what string, want, got []Event) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d events of %d", what, len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if want[i].Kind == ProcTransition && want[i].G == None {
			got[i].G = None
		}
		if got[i] != want[i] {
			t.Fatalf("%s: event %d of %d: %s", what, i, len(want), cmp.Diff(want[i], got[i]))
		}
	}
}

// TestNewerRelease reads real traces of Go 1.26 as if Go 1.25 were the newest that is known: every way in gives the
// events that our decoders give, on the same clock, with the same stacks and strings, and says that it fell back.
func TestNewerRelease(t *testing.T) {
	older := Options{Newest: latest - 1}
	for _, data := range [][]byte{manyGenerations(t, 8), busyTrace(t, 5_000)} {
		ours := mustOpen(t, data, 1)
		want, texts, err := all(t, ours)
		if err != nil || ours.Fallback() {
			t.Fatalf("error %v, fallback %v", err, ours.Fallback())
		}
		zip, err := io.ReadAll(zipped(t, data))
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range map[string]*Reader{
			"file":         must(Open(bytes.NewReader(data), int64(len(data)), "p0.trace", older))(t),
			"stream":       must(OpenStream(bytes.NewReader(data), "p0.trace", older))(t),
			"gzip":         must(Open(bytes.NewReader(zip), int64(len(zip)), "p0.trace", older))(t),
			"gzip, stream": must(OpenStream(bytes.NewReader(zip), "p0.trace", older))(t),
		} {
			got, gotTexts, err := all(t, r)
			if err != nil || !r.Fallback() || !r.SharedClock() || r.GoVersion() != "go1.26" {
				t.Errorf("%s: error %v, fallback %v, shared clock %v, %s", name, err, r.Fallback(), r.SharedClock(), r.GoVersion())
			}
			sameEvents(t, name, want, got)
			if diff := cmp.Diff(texts, gotTexts); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if diff := cmp.Diff(ours.symbols.stacks, r.symbols.stacks); diff != "" {
				t.Errorf("%s: stacks: %s", name, diff)
			}
			if r.Bytes() != int64(len(data)) || r.Events() != int64(len(want)) {
				t.Errorf("%s: %d bytes of %d, %d events of %d", name, r.Bytes(), len(data), r.Events(), len(want))
			}
		}
	}
}

// TestNewerReleaseStreams reads a pipe in the fallback: when the first event comes, no more than the first generation
// and a buffer have been taken of it.
func TestNewerReleaseStreams(t *testing.T) {
	data := manyGenerations(t, 8)
	first := sections(t, data)[0]
	pipe := &counted{r: bytes.NewReader(data)}
	r := must(OpenStream(pipe, "p0.trace", Options{Newest: latest - 1}))(t)
	var ev Event
	if err := r.Next(&ev); err != nil {
		t.Fatal(err)
	}
	if most := first.end + 2*limits.BatchBytes; pipe.n > most || most >= int64(len(data)) {
		t.Errorf("%d bytes are taken of %d, want at most %d", pipe.n, len(data), most)
	}
}

// TestNewerReleaseCut reads a trace that was cut off: all generations before the last are those of the whole trace, and
// the error says that the last is lost, with its bytes.
func TestNewerReleaseCut(t *testing.T) {
	data := manyGenerations(t, 6)
	secs := sections(t, data)
	last := secs[len(secs)-1]
	want, _, err := all(t, mustOpen(t, data, 1))
	if err != nil {
		t.Fatal(err)
	}
	cut := data[:len(data)-10]
	r := must(OpenStream(bytes.NewReader(cut), "p0.trace", Options{Newest: latest - 1}))(t)
	got, _, err := all(t, r)
	d, ok := errors.AsType[*DamageError](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	if d.Generation != last.number || d.Good != last.start || d.Lost != int64(len(cut))-last.start ||
		d.Events != int64(len(got)) {
		t.Errorf("got %+v of %d bytes and %d events; generation %d starts at %d",
			*d, len(cut), len(got), last.number, last.start)
	}
	if n := len(got) - 1; got[n].Kind != Sync || n < 100 {
		t.Fatalf("%d events, the last is %+v", len(got), got[n])
	}
	sameEvents(t, "cut", want[:len(got)-1], got[:len(got)-1])
}
