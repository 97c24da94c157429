package gotrace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/limits"
)

// oldTrace is a trace of Go 1.21, of four workers at a GOMAXPROCS of 8.
func oldTrace(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "go1.21.trace"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestOldTellsProcs: a trace of Go 1.21 says what GOMAXPROCS was, before anything else.
func TestOldTellsProcs(t *testing.T) {
	r := must(OpenStream(bytes.NewReader(oldTrace(t)), "old.trace", Options{}))(t)
	events, _, err := all(t, r)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(events, func(e Event) bool { return e.Kind == MetricValue && e.Metric == GOMAXPROCS })
	if i < 0 || events[i].Value != 8 {
		t.Fatalf("GOMAXPROCS is told by event %d of %d", i, len(events))
	}
	if before := slices.IndexFunc(events, func(e Event) bool { return e.Kind == ProcTransition }); before < i {
		t.Errorf("event %d tells GOMAXPROCS, event %d a P", i, before)
	}
	for i := 1; i < len(events); i++ {
		if events[i].Time < events[i-1].Time {
			t.Fatalf("event %d goes back in time", i)
		}
	}
}

// TestOldStarts: a trace of Go 1.21 says where the goroutines start that are there when a recording begins. One in a
// system call without a start is a thread that waits to be called from C. Who stops the recording does not give way.
//
// The program imports net, which makes such a thread, sleeps for 50 ms and stops the recording.
func TestOldStarts(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "go1.21-cgo.trace"))
	if err != nil {
		t.Fatal(err)
	}
	r := must(OpenStream(bytes.NewReader(data), "old.trace", Options{}))(t)
	events, _, err := all(t, r)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	last := Undetermined // the state of main
	for _, ev := range events {
		if ev.Kind != GoTransition {
			continue
		}
		if ev.From == Undetermined {
			start := ""
			if s := r.Symbols().Stack(ev.SubjectStack); len(s) > 0 {
				start = s[len(s)-1].Func
			}
			got = append(got, fmt.Sprintf("%s %v", start, ev.To))
		}
		if ev.Subject == 1 {
			last = ev.To
		}
	}
	slices.Sort(got)
	want := []string{
		fmt.Sprintf(" %v", Running), fmt.Sprintf(" %v", Syscall), fmt.Sprintf("runtime.bgscavenge %v", Waiting),
		fmt.Sprintf("runtime.bgsweep %v", Waiting), fmt.Sprintf("runtime.forcegchelper %v", Waiting),
		fmt.Sprintf("runtime.runfinq %v", Waiting),
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if last != Running {
		t.Errorf("main ends as %v", last)
	}
}

// TestOldDamaged: what is wrong with a trace of Go 1.21 is said, with the place and that none of it can be read.
func TestOldDamaged(t *testing.T) {
	good := oldTrace(t)
	broken := slices.Clone(good)
	broken[len(broken)/2] = 0xff
	for name, w := range map[string]struct {
		data []byte
		want string
	}{
		"cut":    {good[:len(good)/2], "cut off at byte"},
		"broken": {append(slices.Clone(good[:headerSize]), 0), "damaged at byte 16"},
		"hole":   {append(slices.Clone(good), make([]byte, 1<<20)...), "damaged at byte"},
		"byte":   {broken, ""},
	} {
		_, err := Open(bytes.NewReader(w.data), int64(len(w.data)), "old.trace", Options{})
		if err == nil || !strings.Contains(err.Error(), w.want) || !errors.Is(err, errInParts) ||
			!strings.HasPrefix(err.Error(), "old.trace: trace of Go 1.21: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOldLimits: a trace that would take too much memory is refused before it does.
func TestOldLimits(t *testing.T) {
	head := []byte("go 1.21 trace\x00\x00\x00")
	many := append(slices.Clone(head), bytes.Repeat([]byte{15, 0}, limits.OldTraceEvents+1)...) // goroutines that end
	for name, w := range map[string]struct {
		data io.Reader
		want string
	}{
		"bytes":  {io.MultiReader(bytes.NewReader(head), io.LimitReader(zeros{}, 1<<40)), "more than 128 MiB"},
		"events": {bytes.NewReader(many), "more than 5 million events"},
	} {
		if _, err := OpenStream(w.data, "old.trace", Options{}); err == nil || !strings.Contains(err.Error(), w.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOldTogether: traces that are read beside each other share the memory, in as many events and bytes.
func TestOldTogether(t *testing.T) {
	o := Options{Together: 4}
	few := append([]byte("go 1.21 trace\x00\x00\x00"), bytes.Repeat([]byte{15, 0}, limits.OldTraceEvents/4+1)...)
	if _, err := OpenStream(bytes.NewReader(few), "old.trace", o); err == nil || !strings.Contains(err.Error(), "more than 1250000 events") {
		t.Error(err)
	}
	long := io.MultiReader(bytes.NewReader(few[:headerSize]), io.LimitReader(zeros{}, 1<<40))
	if _, err := OpenStream(long, "old.trace", o); err == nil || !strings.Contains(err.Error(), "more than 32 MiB") {
		t.Error(err)
	}
}

// zeros are zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestStreamWithoutBatches: of a stream no more is held than a generation may have, and it is said that there is more.
func TestStreamWithoutBatches(t *testing.T) {
	data := io.MultiReader(strings.NewReader("go 1.26 trace\x00\x00\x00"), io.LimitReader(zeros{}, 1<<40))
	_, _, err := all(t, must(OpenStream(data, "bomb.gz", Options{}))(t))
	var damage *DamageError
	if !errors.As(err, &damage) || damage.Lost > limits.GenerationBytes+1<<20 ||
		!strings.Contains(err.Error(), "a generation has more than 128 MiB") {
		t.Errorf("%v", err)
	}
}

// TestCutAndAnother: behind a trace that is cut off, too, it is said that another begins, wherever the cut is: what is
// taken for the rest of a batch may end in front of anything. Only if that is a batch of the other trace, nothing
// shows.
func TestCutAndAnother(t *testing.T) {
	whole := manyGenerations(t, 3)
	starts := headers(t, whole)
	told := 0
	for at := headerSize + 1; at < len(whole); at += len(whole)/500 + 1 {
		data := slices.Concat(whole[:at], whole)
		before, _ := slices.BinarySearch(starts, int64(at))
		s := scanner{in: &file{r: bytes.NewReader(data), size: int64(len(data))}, version: latest}
		if h, err := s.header(starts[before-1]); err == nil && slices.Contains(starts, starts[before-1]+h.size-int64(at)) {
			continue
		}
		told++
		r, err := Open(bytes.NewReader(data), int64(len(data)), "p0.trace", Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = all(t, r)
		r.Close()
		if err == nil || !strings.Contains(err.Error(), another(int64(at)).Error()) {
			t.Errorf("cut at byte %d of %d: %v", at, len(whole), err)
		}
	}
	if told < 400 {
		t.Errorf("of 500 cuts only %d can be told", told)
	}
}

// headers returns where the batches of a trace begin, and what ends its generations.
func headers(t *testing.T, trace []byte) (at []int64) {
	s := scanner{
		in: &file{r: bytes.NewReader(trace), size: int64(len(trace))}, version: latest, off: headerSize,
	}
	for s.off < int64(len(trace)) {
		h, err := s.header(s.off)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, s.off)
		s.off += max(h.size, 1)
	}
	return at
}

// TestTwoTraces: of two traces in one file the first is read, and it is said where the other begins.
func TestTwoTraces(t *testing.T) {
	recent, before := manyGenerations(t, 3), oldTrace(t)
	for name, w := range map[string][2][]byte{
		"new": {recent, recent}, "old": {before, before}, "new, old": {recent, before}, "old, new": {before, recent},
	} {
		data := slices.Concat(w[0], w[1])
		want, _, err := all(t, must(OpenStream(bytes.NewReader(w[0]), "p0.trace", Options{}))(t))
		if err != nil {
			t.Fatal(err)
		}
		for way, r := range map[string]*Reader{
			"file":   must(Open(bytes.NewReader(data), int64(len(data)), "p0.trace", Options{}))(t),
			"stream": must(OpenStream(bytes.NewReader(data), "p0.trace", Options{Readers: 1}))(t),
		} {
			got, _, err := all(t, r)
			var damage *DamageError
			if !errors.As(err, &damage) || !errors.Is(damage.Err, another(int64(len(w[0])))) &&
				damage.Err.Error() != another(int64(len(w[0]))).Error() || damage.Lost != int64(len(w[1])) {
				t.Errorf("%s, %s: %v", name, way, err)
			}
			if len(got) != len(want) {
				t.Errorf("%s, %s: %d events of %d", name, way, len(got), len(want))
			}
		}
	}
}

// TestOldNumbers reads an old trace over and over: its stacks and strings have the same numbers every time.
func TestOldNumbers(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "go1.21-cgo.trace"))
	if err != nil {
		t.Fatal(err)
	}
	first, want, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		r, got, err := read(t, data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(first.symbols.stacks, r.symbols.stacks); diff != "" {
			t.Fatal(diff)
		}
	}
}
