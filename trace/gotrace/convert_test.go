package gotrace

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/trace/clock"
)

func makeEvent[T exptrace.EventDetails](t *testing.T, c exptrace.EventConfig[T]) exptrace.Event {
	t.Helper()
	e, err := exptrace.MakeEvent(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func emptyReader() *Reader {
	r := &Reader{whole: &whole{stacks: map[exptrace.Stack]StackID{}}}
	r.whole.symbols = &r.symbols
	return r
}

// TestConvert feeds hand-made events. Numbers of strings and stacks count up from 1 in the order in which they are
// first seen; the frames of a stack are interned function first, then file.
func TestConvert(t *testing.T) {
	lock := exptrace.MakeStack([]exptrace.StackFrame{
		{PC: 1, Func: "sync.(*Mutex).Lock", File: "mutex.go", Line: 45},
		{PC: 2, Func: "main.work", File: "main.go", Line: 7},
	})
	blocks := exptrace.MakeGoStateTransition(7, exptrace.GoRunning, exptrace.GoWaiting)
	blocks.Reason = "sync"
	wakes := exptrace.MakeGoStateTransition(8, exptrace.GoWaiting, exptrace.GoRunnable)
	creates := exptrace.MakeGoStateTransition(9, exptrace.GoNotExist, exptrace.GoRunnable)
	creates.Stack = exptrace.MakeStack([]exptrace.StackFrame{{PC: 3, Func: "main.main.func1", File: "main.go", Line: 3}})
	odd := exptrace.MakeGoStateTransition(7, exptrace.GoRunning, exptrace.GoWaiting)
	odd.Reason = "something new"

	for _, tc := range []struct {
		name string
		make func(t *testing.T) exptrace.Event
		want Event
		text string // of Name
	}{
		{"block", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StateTransition]{
				Kind: exptrace.EventStateTransition, Time: 10, Goroutine: 7, Proc: 1, Thread: 99, Stack: lock, Details: blocks,
			})
		}, Event{
			Time: 10, Kind: GoTransition, G: 7, P: 1, M: 99, Subject: 7, From: Running, To: Waiting, Reason: SyncWait,
			Stack: 1, SubjectStack: 1,
		}, ""},
		{"wake", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StateTransition]{
				Kind: exptrace.EventStateTransition, Time: 11, Goroutine: 7, Proc: 1, Thread: 99, Stack: lock, Details: wakes,
			})
		}, Event{
			Time: 11, Kind: GoTransition, G: 7, P: 1, M: 99, Subject: 8, From: Waiting, To: Runnable, Stack: 1,
		}, ""},
		{"create", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StateTransition]{
				Kind: exptrace.EventStateTransition, Time: 12, Goroutine: 7, Proc: 1, Thread: 99, Stack: lock, Details: creates,
			})
		}, Event{
			Time: 12, Kind: GoTransition, G: 7, P: 1, M: 99, Subject: 9, From: NotExist, To: Runnable, Stack: 1, SubjectStack: 2,
		}, ""},
		{"unknown reason", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StateTransition]{
				Kind: exptrace.EventStateTransition, Time: 13, Goroutine: 7, Proc: 1, Thread: 99, Details: odd,
			})
		}, Event{
			Time: 13, Kind: GoTransition, G: 7, P: 1, M: 99, Subject: 7, From: Running, To: Waiting,
			Reason: ReasonOther, Name: 1,
		}, "something new"},
		{"proc", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StateTransition]{
				Kind: exptrace.EventStateTransition, Time: 14, Goroutine: -1, Proc: -1, Thread: 99,
				Details: exptrace.MakeProcStateTransition(3, exptrace.ProcIdle, exptrace.ProcRunning),
			})
		}, Event{Time: 14, Kind: ProcTransition, G: None, P: None, M: 99, Subject: 3, From: Idle, To: Running}, ""},
		{"stop the world", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.Range]{
				Kind: exptrace.EventRangeBegin, Time: 15, Goroutine: 7, Proc: 1, Thread: 99,
				Details: exptrace.Range{
					Name: "stop-the-world (GC mark termination)", Scope: exptrace.MakeResourceID(exptrace.GoID(7)),
				},
			})
		}, Event{Time: 15, Kind: RangeBegin, G: 7, P: 1, M: 99, Subject: 7, Range: StopTheWorld, Name: 1}, "GC mark termination"},
		{"sweep", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.Range]{
				Kind: exptrace.EventRangeEnd, Time: 16, Goroutine: 7, Proc: 1, Thread: 99,
				Details: exptrace.Range{Name: "GC incremental sweep", Scope: exptrace.MakeResourceID(exptrace.ProcID(1))},
			})
		}, Event{Time: 16, Kind: RangeEnd, G: 7, P: 1, M: 99, Subject: 1, Range: GCSweep}, ""},
		{"gomaxprocs", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.Metric]{
				Kind: exptrace.EventMetric, Time: 17, Goroutine: 7, Proc: 1, Thread: 99,
				Details: exptrace.Metric{Name: "/sched/gomaxprocs:threads", Value: exptrace.Uint64Value(4)},
			})
		}, Event{Time: 17, Kind: MetricValue, G: 7, P: 1, M: 99, Subject: None, Metric: GOMAXPROCS, Value: 4}, ""},
		{"region", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.Region]{
				Kind: exptrace.EventRegionBegin, Time: 18, Goroutine: 7, Proc: 1, Thread: 99,
				Details: exptrace.Region{Task: 5, Type: "worker 3"},
			})
		}, Event{Time: 18, Kind: RegionBegin, G: 7, P: 1, M: 99, Subject: None, Task: 5, Name: 1}, "worker 3"},
		{"label", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.Label]{
				Kind: exptrace.EventLabel, Time: 19, Goroutine: 7, Proc: 1, Thread: 99,
				Details: exptrace.Label{Label: "GC (dedicated)", Resource: exptrace.MakeResourceID(exptrace.GoID(7))},
			})
		}, Event{Time: 19, Kind: Label, G: 7, P: 1, M: 99, Subject: 7, Name: 1}, "GC (dedicated)"},
		{"sample", func(t *testing.T) exptrace.Event {
			return makeEvent(t, exptrace.EventConfig[exptrace.StackSample]{
				Kind: exptrace.EventStackSample, Time: 20, Goroutine: 7, Proc: 1, Thread: 99, Stack: lock,
			})
		}, Event{Time: 20, Kind: StackSample, G: 7, P: 1, M: 99, Subject: None, Stack: 1}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := emptyReader()
			e := tc.make(t)
			got := r.buffer.extend()
			r.whole.convert(&e, got)
			if err := r.deliver(false); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, *got); diff != "" {
				t.Error(diff)
			}
			if text := r.Symbols().Text(got.Name); tc.text != "" && text != tc.text {
				t.Errorf("name %q, want %q", text, tc.text)
			}
		})
	}
}

// TestClock: a trace whose clock is 5 s behind CLOCK_MONOTONIC is moved by that; one that is 100 ns off is left alone.
// The wall clock stands at 1000 s when CLOCK_MONOTONIC stands at 20 s, so 980 s must be added to times.
func TestClock(t *testing.T) {
	for _, tc := range []struct {
		name      string
		trace     exptrace.Time
		wantFirst clock.Time
	}{
		{"other clock", 15e9, 20e9 + 7},
		{"same clock", 20e9 - 100, 20e9 - 100 + 7},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := emptyReader()
			e := makeEvent(t, exptrace.EventConfig[exptrace.Sync]{
				Kind: exptrace.EventSync, Time: tc.trace + 7,
				Details: exptrace.Sync{N: 1, ClockSnapshot: &exptrace.ClockSnapshot{
					Trace: tc.trace, Wall: time.Unix(1000, 0), Mono: 20e9,
				}},
			})
			got := r.buffer.extend()
			r.whole.convert(&e, got)
			if err := r.deliver(false); err != nil {
				t.Fatal(err)
			}
			if got.Time != tc.wantFirst || got.Value != 980e9 || got.Kind != Sync {
				t.Errorf("time %d, want %d; to wall clock %d, want 980e9", got.Time, tc.wantFirst, got.Value)
			}
		})
	}
}

func TestSymbols(t *testing.T) {
	var s Symbols
	a := s.Intern("a")
	if s.Intern("b") == a || s.Intern("a") != a || s.Intern("") != 0 ||
		s.Text(a) != "a" || s.Text(0) != "" || s.Text(99) != "" {
		t.Errorf("strings: %+v", s.strings)
	}
	frames := []Frame{{"f", "f.go", 1}, {"g", "g.go", 2}}
	id := s.InternStack(frames)
	frames[1].Line = 3
	other := s.InternStack(frames)
	if id == other || s.Stack(id)[1].Line != 2 || s.InternStack(nil) != 0 || s.Stack(0) != nil || s.Stack(99) != nil {
		t.Errorf("stacks: %+v", s.stacks)
	}
	frames[1].Line = 2
	if s.InternStack(frames) != id {
		t.Error("the same frames have two numbers")
	}
}
