package replay_test

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// operate lets goroutine g, on P 0, do an operation.
func (s *script) operate(g int64, o gotrace.Operation) {
	task, message := o.Pack()
	ev := gotrace.Event{Kind: gotrace.Operated, G: g, P: 0, M: 9, Subject: none, Task: task, Stack: s.stack("main.f")}
	if message != "" {
		ev.Value = o.Amount
	}
	s.add(ev)
}

// operated returns the operations in the steps: goroutine, operation, object and amount.
func operated(steps []replay.Step) []string {
	var got []string
	for i := range steps {
		if x := &steps[i]; x.Kind == replay.Operated {
			got = append(got, fmt.Sprintf("g%d %d object %d amount %d", x.G, x.Op, x.Object(), x.Amount()))
		}
	}
	return got
}

// TestOperated: objects are numbered as they come. A channel that is made where another was is a new one, and so is a
// WaitGroup that begins at zero; and whatever is used as something else than before. Goroutine 9 that only a log
// event mentions gets a slot.
func TestOperated(t *testing.T) {
	const a, b = 0xc000010000, 0xc000020000
	type op = gotrace.Operation
	s := newScript()
	s.move(none, 7, 0, 9, gotrace.Runnable, gotrace.Running, 0)
	for _, o := range []op{
		{Op: gotrace.OpMake, Amount: 4, Object: a},
		{Op: gotrace.OpSend, Amount: 4, Object: a},
		{Op: gotrace.OpLock, Object: b},
		{Op: gotrace.OpMake, Object: a},
		{Op: gotrace.OpRecv, Mode: gotrace.OfClosed, Object: a},
		{Op: gotrace.OpRLock, Object: b},
		{Op: gotrace.OpAdd, Amount: 1000, Object: b},
		{Op: gotrace.OpAdd, Amount: 1, Object: b},
		{Op: gotrace.OpAdd, Amount: -1001, Object: b},
		{Op: gotrace.OpWait, Object: b},
		{Op: gotrace.OpAdd, Amount: 1, Object: b},
		{Op: gotrace.OpOncePass, Object: b},
		{Op: gotrace.OpOnceBegin, Object: b},
		{Op: gotrace.OpAdd, Amount: 1 << 40, Object: b},
	} {
		s.operate(7, o)
	}
	s.operate(9, op{Op: gotrace.OpUnlock, Object: b})
	s.operate(none, op{Op: gotrace.OpUnlock, Object: b}) // on no goroutine: nothing that can be followed
	want := []string{
		"g0 1 object 0 amount 4", "g0 2 object 0 amount 4", "g0 5 object 1 amount 0", "g0 1 object 2 amount 0",
		"g0 3 object 2 amount 0", "g0 7 object 1 amount 0", "g0 9 object 3 amount 1000", "g0 9 object 3 amount 1",
		"g0 9 object 3 amount -1001", "g0 10 object 3 amount 0", "g0 9 object 4 amount 1", "g0 17 object 5 amount 0",
		"g0 15 object 6 amount 0", "g0 9 object 7 amount 2147483647", "g1 6 object 8 amount 0",
	}
	if diff := cmp.Diff(want, operated(s.out)); diff != "" {
		t.Error(diff)
	}
	for _, x := range s.out {
		if x.Kind == replay.Operated && (x.G == 0 && (x.Cause.String() != "user" || x.P != 0) || x.Stack == 0) {
			t.Errorf("%+v", x)
		}
		if x.Kind != replay.Operated && (x.Op != 0 || x.Mode != 0) {
			t.Errorf("no operation: %+v", x)
		}
	}
}

// TestOrigin: an object is from where it was made, or from where the trace first tells that it was used. A channel that
// is made where another was is from there; a WaitGroup that begins anew is from nowhere unless the trace tells it
// again.
func TestOrigin(t *testing.T) {
	type op = gotrace.Operation
	s := newScript()
	for i, x := range []struct {
		op
		at, from string
		made     bool
	}{
		{op{Op: gotrace.OpMake, Object: 8}, "main.f", "main.f", true},
		{op{Op: gotrace.OpAdd, Amount: 1, Object: 16}, "main.f", "main.f", false},
		{op{Op: gotrace.OpLock, Object: 4}, "", "", false},
		{op{Op: gotrace.OpSend, Object: 8}, "main.g", "main.f", true},
		{op{Op: gotrace.OpLock, Object: 4}, "main.g", "main.g", false},
		{op{Op: gotrace.OpMake, Object: 8}, "main.g", "main.g", true},
		{op{Op: gotrace.OpRecv, Object: 12}, "main.g", "main.g", false},
		{op{Op: gotrace.OpAdd, Amount: -1, Object: 16}, "main.g", "main.f", false},
		{op{Op: gotrace.OpAdd, Amount: 1, Object: 16}, "", "", false},
	} {
		task, _ := x.Pack()
		ev := gotrace.Event{Kind: gotrace.Operated, G: 7, P: 0, M: 9, Subject: none, Task: task}
		want := gotrace.StackID(0)
		if x.at != "" {
			ev.Stack = s.stack(x.at)
		}
		if x.from != "" {
			want = s.stack(x.from)
		}
		s.add(ev)
		if stack, made := s.out[len(s.out)-1].Origin(); stack != want || made != x.made {
			t.Errorf("operation %d is on what is from %d, made %t; want %d, %t", i, stack, made, want, x.made)
		}
	}
}

// TestOperatedAfterGap: what was an object before a part that could not be read is another one after it.
func TestOperatedAfterGap(t *testing.T) {
	s := newScript()
	lock := gotrace.Operation{Op: gotrace.OpLock, Object: 0xc000010000}
	s.operate(7, lock)
	s.kind(gotrace.Gap)
	s.operate(7, lock)
	want := []string{"g0 5 object 0 amount 0", "g0 5 object 1 amount 0"}
	if diff := cmp.Diff(want, operated(s.out)); diff != "" {
		t.Error(diff)
	}
}

// Folds read many steps, so that a step must not grow beyond a line of the cache.
func TestStepSize(t *testing.T) {
	if size := unsafe.Sizeof(replay.Step{}); size != 64 {
		t.Errorf("a step has %d bytes", size)
	}
}
