package gotrace

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	rtrace "runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
)

// read returns all events of a trace and the error that ended it, nil at its end.
func read(tb testing.TB, data []byte) (*Reader, []Event, error) {
	tb.Helper()
	r, err := NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		tb.Fatal(err)
	}
	var evs []Event
	var ev Event
	for {
		if err := r.Next(&ev); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return r, evs, err
		}
		evs = append(evs, ev)
	}
}

func TestNewReaderSaysWhatIsWrong(t *testing.T) {
	for _, tc := range []struct{ name, input, want string }{
		{"empty", "", "x.trace: empty file: the program ended before its trace was stopped, or none was started"},
		{"text", "hello, this is no trace at all\n", `x.trace: not a Go execution trace: it begins with "hello, this is n"`},
		{"short", "go 1.", `x.trace: not a Go execution trace: it has only 5 bytes, "go 1."`},
		{"gzip", "\x1f\x8b\x07\x00 and so on and so forth", "x.trace: gzip: invalid header"},
		{"newer", "go 1.99 trace\x00\x00\x00", "x.trace: the trace format of Go 1.99 is newer than this program can read: those of Go 1.11 to 1.26"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(tc.input), "x.trace")
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRecorded reads a trace of this process and looks for what analyses rely on.
func TestRecorded(t *testing.T) {
	before := clock.Now()
	data := busyTrace(t, 2000)
	after := clock.Now()
	r, evs, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	sym := r.Symbols()
	var kinds [Gap + 1]int
	regions := map[string]int{}
	var wakes, named, blocked int
	last := clock.Time(-1)
	for i, ev := range evs {
		kinds[ev.Kind]++
		if ev.Time <= last {
			t.Fatalf("event %d: time %d after %d", i, ev.Time, last)
		}
		last = ev.Time
		if runtime.GOOS == "linux" && (ev.Time < before-clock.Time(time.Second) || ev.Time > after+clock.Time(time.Second)) {
			t.Fatalf("event %d: time %d, recorded between %d and %d", i, ev.Time, before, after)
		}
		switch {
		case ev.Kind == RegionBegin:
			regions[sym.Text(ev.Name)]++
		case ev.Kind == GoTransition && ev.From == Waiting && ev.To == Runnable && ev.G != None && ev.G != ev.Subject:
			wakes++ // G woke Subject
		case ev.Kind == GoTransition && ev.From == NotExist:
			if st := sym.Stack(ev.SubjectStack); len(st) == 1 && st[0].Func == "sync.(*WaitGroup).Go.func1" {
				named++
			}
		case ev.Kind == GoTransition && ev.To == Waiting && ev.Reason == ChanReceive:
			st := sym.Stack(ev.Stack)
			if len(st) > 0 && ev.Stack == ev.SubjectStack && st[0].Func == "runtime.chanrecv2" && st[0].Line > 0 {
				blocked++
			}
		}
	}
	want := map[string]int{"worker 0": 1, "worker 1": 1, "worker 2": 1, "worker 3": 1}
	if diff := cmp.Diff(want, regions); diff != "" {
		t.Error(diff)
	}
	for _, k := range []Kind{GoTransition, ProcTransition, MetricValue, RegionEnd, TaskBegin, TaskEnd, Log, Sync} {
		if kinds[k] == 0 {
			t.Errorf("no event of kind %d", k)
		}
	}
	if wakes == 0 || named == 0 || blocked == 0 {
		t.Errorf("%d wake-ups, %d workers created, %d blocked receives with a stack", wakes, named, blocked)
	}
	if !strings.HasPrefix(r.Message(), "item ") {
		t.Errorf("last message %q", r.Message())
	}
	if !r.SharedClock() || r.Events() != int64(len(evs)) || r.Bytes() != int64(len(data)) {
		t.Errorf("shared clock %v, %d events of %d, %d bytes of %d",
			r.SharedClock(), r.Events(), len(evs), r.Bytes(), len(data))
	}
}

// generations records a trace of several generations: asking a flight recorder for its window ends the present one.
func generations(tb testing.TB, n int) []byte {
	tb.Helper()
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		tb.Fatal(err)
	}
	defer fr.Stop()
	return record(tb, func() {
		for range n {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() { time.Sleep(time.Millisecond) })
			}
			wg.Wait()
			if _, err := fr.WriteTo(io.Discard); err != nil {
				tb.Fatal(err)
			}
		}
	})
}

// TestCut reads a trace that ends in the middle, as after a crash: the generations before the cut are delivered as they
// are in the whole trace, then one error says where and how much is lost.
func TestCut(t *testing.T) {
	data := generations(t, 4)
	whole, want, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if whole.section.number < 4 {
		t.Fatalf("%d generations", whole.section.number)
	}
	cut := len(data) - 100 // in the last generation
	r, got, err := read(t, data[:cut])
	var d *DamageError
	if !errors.As(err, &d) {
		t.Fatalf("got error %v", err)
	}
	if d.Input != "p0.trace" || d.Generation < 2 || d.Good <= headerSize || d.Good+d.Lost != int64(cut) || d.Lost == 0 ||
		d.Events != int64(len(got)) {
		t.Errorf("got %+v of %d bytes and %d events", *d, cut, len(got))
	}
	if len(got) < 100 {
		t.Fatalf("only %d events", len(got))
	}
	// The last is the Sync event at the damage; the ones before are those of the whole trace.
	n := len(got) - 1
	if diff := cmp.Diff(want[:n], got[:n]); diff != "" {
		t.Error(diff)
	}
	var ev Event
	if again := r.Next(&ev); !errors.Is(again, err) {
		t.Errorf("the second time: %v", again)
	}
	if !strings.HasPrefix(err.Error(), "p0.trace: generation ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("message %q", err)
	}
	t.Log(err)
}

// TestGenerationsShareSymbols checks that the same stack in two generations has one number.
func TestGenerationsShareSymbols(t *testing.T) {
	r, evs, err := read(t, generations(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[StackID]map[int]bool{}
	gen := 0
	for _, ev := range evs {
		if ev.Kind == Sync {
			gen++
		}
		if ev.Kind == GoTransition && ev.To == Waiting && ev.Reason == Sleep {
			if seen[ev.Stack] == nil {
				seen[ev.Stack] = map[int]bool{}
			}
			seen[ev.Stack][gen] = true
		}
	}
	for id, gens := range seen {
		if st := r.Symbols().Stack(id); len(st) > 0 && st[0].Func == "time.Sleep" && len(gens) >= 3 {
			return
		}
	}
	t.Errorf("no stack of the sleeping goroutines is in three generations: %v", seen)
}

func TestMerger(t *testing.T) {
	// The same trace three times stands for three processes at the same time; a damaged one ends early.
	data := generations(t, 3)
	cut := data[:len(data)-100]
	_, whole, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	_, part, err := read(t, cut)
	if err == nil {
		t.Fatal("the cut trace reads as whole")
	}
	var rs []*Reader
	for _, d := range [][]byte{data, cut, data} {
		r, err := NewReader(bytes.NewReader(d), "m.trace")
		if err != nil {
			t.Fatal(err)
		}
		rs = append(rs, r)
	}
	m := NewMerger(rs...)
	got := make([][]Event, 3)
	damaged := make([]int, 3)
	last := clock.Time(-1)
	for {
		events, i, err := m.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			damaged[i]++
			continue
		}
		for _, ev := range events {
			if ev.Time < last {
				t.Fatalf("time %d after %d", ev.Time, last)
			}
			last = ev.Time
		}
		got[i] = append(got[i], events...)
	}
	if diff := cmp.Diff([][]Event{whole, part, whole}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1, 0}, damaged); diff != "" {
		t.Error(diff)
	}
}

// TestBatch reads traces in batches, one alone and two beside each other: the events are those that come one by one,
// with the last text, and the end stays the end.
func TestBatch(t *testing.T) {
	data := busyTrace(t, 2000)
	one, want, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	r := must(NewReader(bytes.NewReader(data), "p0.trace"))(t)
	var first Event
	if err := r.Next(&first); err != nil {
		t.Fatal(err)
	}
	got := []Event{first}
	for {
		events, err := r.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, error %v", len(events), err)
		}
		if got = append(got, events...); r.Events() != int64(len(got)) {
			t.Fatalf("%d events of %d", r.Events(), len(got))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := r.Batch(); !errors.Is(err, io.EOF) || r.Next(&first) == nil || r.Message() != one.Message() {
		t.Errorf("after the end: %v; last text %q, want %q", err, r.Message(), one.Message())
	}
	m := NewMerger(must(NewReader(bytes.NewReader(data), "p0.trace"))(t), must(NewReader(bytes.NewReader(data), "p1.trace"))(t))
	both := make([][]Event, 2)
	for {
		events, i, err := m.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, error %v", len(events), err)
		}
		if len(both[1-i]) < len(want) && events[len(events)-1].Time > want[len(both[1-i])].Time {
			t.Fatalf("trace %d is read past the next event of the other", i)
		}
		both[i] = append(both[i], events...)
	}
	if diff := cmp.Diff([][]Event{want, want}, both); diff != "" {
		t.Error(diff)
	}
}

func FuzzReader(f *testing.F) {
	data := generations(f, 2)
	f.Add(data)
	f.Add(data[:len(data)/2])
	for _, at := range []int{17, 40, len(data) / 3} {
		bad := bytes.Clone(data)
		bad[at] ^= 0x55
		f.Add(bad)
	}
	f.Add([]byte("go 1.21 trace\x00\x00\x00"))
	f.Add([]byte("go 1.22 trace\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		last := clock.Time(-1 << 62)
		for {
			var ev Event
			if err := r.Next(&ev); err != nil {
				return
			}
			if ev.Time < last {
				t.Fatalf("time %d after %d", ev.Time, last)
			}
			last = ev.Time
			if ev.Kind == BadKind || ev.Kind > Gap {
				t.Fatalf("kind %d", ev.Kind)
			}
		}
	})
}
