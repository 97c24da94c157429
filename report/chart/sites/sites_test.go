package sites

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func TestOf(t *testing.T) {
	at := func(fn, file string, line int) gotrace.Frame { return gotrace.Frame{Func: fn, File: file, Line: line} }
	spin := func(line int, caller gotrace.Frame) []gotrace.Frame {
		return []gotrace.Frame{
			at("math.Exp", "/go/exp.go", 3), at("example.org/spin.Steps", "/u/spin/spin.go", line),
			caller,
		}
	}
	hold, iterate := at("main.(*lock).hold", "/u/main.go", 20), at("main.(*lock).iterate", "/u/main.go", 30)
	park := []gotrace.Frame{at("runtime.gopark", "/go/proc.go", 9), at("runtime.main", "/go/proc.go", 1)}
	got := Of([]ledger.Stack{
		{Time: 4, Waiting: spin(15, hold)},
		{Time: 5, Waiting: spin(15, iterate)},
		{Time: 3, Waiting: spin(13, hold)}, // another line of the first
		{Time: 2, Waiting: park},
		{Time: 6, Waiting: park, Blamed: []gotrace.Frame{hold}}, // the same wait, but for another
		{Time: 1},
	})
	const shown = "spin.Steps (spin.go:15)"
	parked := Place{At: "runtime.main (proc.go:1)"}
	want := []Site{
		{Time: 7, Waiting: Place{At: shown, Caller: "main.(*lock).hold (main.go:20)"}}, // 4 + 3
		{Time: 6, Waiting: parked, Blamed: Place{At: "main.(*lock).hold (main.go:20)"}},
		{Time: 5, Waiting: Place{At: shown, Caller: "main.(*lock).iterate (main.go:30)"}},
		{Time: 2, Waiting: parked},
		{Time: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if got, want := got[0].Waiting.Words(), shown+", called by main.(*lock).hold (main.go:20)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := got[0].Waiting.Brief(), shown+" ← main.(*lock).hold"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := parked.Words() + parked.Brief(); got != parked.At+parked.At {
		t.Errorf("without a caller %q", got)
	}
}
