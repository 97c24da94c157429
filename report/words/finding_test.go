package words_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

func frames(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "/src/x.go", Line: 31 + i})
	}
	return out
}

// row is a row with one place.
func row(c cause.Cause, takes float64, waiting, blamed []gotrace.Frame) stack.Row {
	r := stack.Row{Cause: c, Speedup: takes}
	if len(waiting)+len(blamed) > 0 {
		p := stack.Place{Waiting: waiting, Blamed: blamed, Speedup: takes}
		r.Places = []stack.Place{p}
		if _, ok := place.Of(p.Stack(c)); ok {
			r.Top, r.Share = p.Stack(c), 1
		}
	}
	return r
}

func of(speedup float64, rows ...stack.Row) finding.Input {
	return finding.Input{
		Workload: "w", Mode: sweep.Threads, N: 2, BaseN: 1, Seconds: 0.5,
		Stack: &stack.Stack{
			N: 2, Usable: 2, Speedup: speedup, Traced: speedup, Lanes: stack.Workers, Rows: rows,
			Need: speedup, BaseNeed: 1, Cores: 2, BaseCores: 1,
		},
	}
}

// Every cause has its own sentence. In each case it takes 0.5 of the speedup 1.4, beside 0.1 of start-up: 0.5/0.6 =
// 83 %; without it the speedup would be 1.4 / (1 − 0.5/2) = 1.8667.
func TestFindingTitle(t *testing.T) {
	lib := func(f string) []gotrace.Frame { return frames("runtime.gopark", f, "main.wait") }
	long := frames("main.long", "main.main")
	for _, tt := range []struct {
		row  stack.Row
		want string
	}{
		{row(cause.Join, 0.5, frames("sync.(*WaitGroup).Wait"), long), "workers waiting for others to finish (block.join), the longest in main.long (x.go:31)"},
		{row(cause.Serial, 0.5, nil, long), "workers idle while a serial part runs (serial), main.long (x.go:31)"},
		{row(cause.Mutex, 0.5, lib("sync.(*Mutex).Lock"), long), "workers waiting for a lock (block.mutex), taken in main.wait (x.go:33)"},
		{row(cause.ChanRecv, 0.5, lib("runtime.chanrecv1"), long), "workers waiting at channels (block.chan.recv), for main.long (x.go:31)"},
		{row(cause.GCAssist, 0.5, frames("runtime.mallocgc", "main.build"), nil), "garbage collection (gc.assist), for what is allocated in main.build (x.go:32)"},
		{row(cause.GCDedicated, 0.5, frames("runtime.gcBgMarkWorker"), nil), "garbage collection (gc.dedicated)"},
		{row(cause.WorkInflation, 0.5, long, nil), "the same work taking longer on a core than at the base (work.inflation), in main.long (x.go:31)"},
		{row(cause.Cond, 0.5, lib("sync.(*Cond).Wait"), long), "workers waiting for a condition (block.cond), for main.long (x.go:31)"},
		{row(cause.Sleep, 0.5, lib("time.Sleep"), nil), "workers sleeping (block.sleep), in main.wait (x.go:33)"},
		{row(cause.Net, 0.5, lib("net.(*conn).Read"), nil), "workers waiting for the network (block.net), in main.wait (x.go:33)"},
		{
			row(cause.Cond, 0.5, []gotrace.Frame{{Func: "another thread of program python3, or a lock"}}, nil),
			"workers waiting (block.cond) for another thread of program python3, or a lock",
		},
		{
			row(cause.Futex, 0.5, []gotrace.Frame{{Func: "what is likely a lock of program python3"}}, nil),
			"workers waiting (block.futex) for what is likely a lock of program python3",
		},
		{row(cause.IO, 0.5, nil, nil), "workers waiting for input and output (block.io)"},
		{row(cause.Futex, 0.5, nil, nil), "workers waiting for a lock outside Go (block.futex)"},
		{row(cause.BlockSyscall, 0.5, lib("os.(*File).Read"), nil), "system calls (block.syscall), in main.wait (x.go:33)"},
		{row(cause.SchedLatency, 0.5, nil, nil), "workers that are ready, not yet running, while a core is free (sched.latency)"},
		{row(cause.Preempted, 0.5, nil, nil), "workers that are ready, taken off their core for other programs or the tracing (os.preempted)"},
		{row(cause.Dispatch, 0.5, nil, nil), "handing tasks to processes and collecting results (dispatch)"},
		{row(cause.Runtime, 0.5, nil, nil), "the Go runtime's own work (runtime)"},
		{row(cause.Tracer, 0.5, nil, nil), "recording the trace, which only traced runs do (tracer)"},
	} {
		found, warnings := finding.Rank(of(1.4, row(cause.Startup, 0.1, nil, nil), tt.row))
		if len(found) != 2 || len(warnings) != 0 {
			t.Fatalf("%s: %d findings, warnings %+v; want 2 and none", tt.row.Cause, len(found), warnings)
		}
		f := found[0]
		if want := "83 % of the lost core time is " + tt.want; words.Plain(words.FindingTitle(&f)) != want {
			t.Errorf("%s: %q, want %q", tt.row.Cause, words.Plain(words.FindingTitle(&f)), want)
		}
	}
}

// Of 0.6 that is lost, the collector takes 0.3 (two rows, together half) and one lock 0.28; channels (0.02, or 3.3 %)
// are below what is claimed and are named as excluded, as is what does not occur. The fewer work at the point gives
// 0.05 back and is no loss.
func TestFindingEvidence(t *testing.T) {
	in := of(1.45,
		row(cause.GCDedicated, 0.1, nil, nil), row(cause.GCAssist, 0.2, frames("runtime.mallocgc", "main.build"), nil),
		row(cause.Mutex, 0.28, frames("sync.(*Mutex).Lock", "main.get"), frames("main.put")), row(cause.ChanSend, 0.02, nil, nil),
		row(cause.WorkInflation, -0.05, nil, nil))
	found, warnings := finding.Rank(in)
	if len(found) != 2 || found[0].Cause != cause.GCAssist || found[1].Cause != cause.Mutex || len(warnings) != 0 {
		t.Fatalf("findings %+v, warnings %+v; want gc.assist and block.mutex", found, warnings)
	}
	want := []string{
		"With 2 workers the speedup is 1.45× where 2.00× would be ideal; this takes 0.28× of the 0.60× that all causes take, 70.0 ms of each worker's time.",
		"There is but one traced run of a point.",
		"100 % of it belongs to main.get (x.go:32).",
		"What was waited for was meanwhile in main.put (x.go:31).",
		"Without it, other losses unchanged, the speedup would be up to about 1.69×.", // 1.45·2 / (1.45 + 0.3 + 0.02 − 0.05)
		"Ruled out: waiting at channels (block.chan.send, block.chan.recv, block.select) 3.3 %; waiting for others to finish (block.join) 0 %; " +
			"idle while a serial part runs (serial) 0 %; the same work taking longer on a core than at the base (work.inflation) 0 %; " +
			"ready, not yet running (sched.latency, os.preempted) 0 %.",
	}
	if d := cmp.Diff(want, words.PlainAll(words.FindingEvidence(&found[1]))); d != "" {
		t.Error(d)
	}
	// Its line says what would be won; what is ruled out is the same of all findings of the point, and stands with the
	// first.
	for another, want := range map[bool][]string{false: slices.Delete(slices.Clone(want), 4, 5), true: want[:4]} {
		if d := cmp.Diff(want, words.PlainAll(words.FindingSupport(&found[1], another))); d != "" {
			t.Errorf("another %v: %s", another, d)
		}
	}
	if s := strings.Join(words.PlainAll(words.FindingEvidence(&found[0])), "\n"); !strings.Contains(s, "It consists of gc.assist 0.20×, gc.dedicated 0.10×.") {
		t.Errorf("the evidence does not name what the collector's time consists of:\n%s", s)
	}
}

// With a quarter of the loss unexplained no rival is excluded, and a warning says so.
func TestNothingExcluded(t *testing.T) {
	found, warnings := finding.Rank(of(1.6, row(cause.Mutex, 0.3, nil, nil), row(cause.NotExplained, 0.1, nil, nil)))
	if len(found) != 1 || len(warnings) != 1 {
		t.Fatalf("findings %+v, warnings %+v; want one of each", found, warnings)
	}
	if got, want := words.PlainAll(words.FindingEvidence(&found[0]))[3], "Other causes are not excluded: 25 % of what is lost is not explained."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The traced runs lose 0.33 of the speedup that the timed ones do not: that may be part of one cause, and all of
// another.
func TestSurplus(t *testing.T) {
	found, _ := finding.Rank(of(1.5, row(cause.Preempted, 0.5, nil, nil), row(cause.WorkInflation, 0.33, nil, nil), row(cause.NotExplained, -0.33, nil, nil)))
	for i, part := range []string{"part", "all"} {
		want := "There is but one traced run of a point; the traced runs lose 0.33× that the timed ones do not, which may be " + part + " of this."
		if got := words.FindingEvidence(&found[i])[1]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Eight workers on two cores that compute: whether Go's scheduler or that of the OS lets them wait, the run's own
// workers are the reason.
func TestReadyWithoutACore(t *testing.T) {
	for _, c := range []cause.Cause{cause.SchedLatency, cause.Preempted} {
		in := of(1.9, row(c, 6, nil, nil))
		in.N, in.Stack.N = 8, 8
		found, _ := finding.Rank(in)
		if len(found) != 1 || !strings.Contains(words.FindingTitle(&found[0]), "there are more workers than cores") {
			t.Errorf("%s: findings %+v", c, found)
		}
	}
	found, _ := finding.Rank(of(1, row(cause.Preempted, 1, nil, nil)))
	if len(found) != 1 || !strings.Contains(words.FindingTitle(&found[0]), "taken off their core for other programs or the tracing (os.preempted)") {
		t.Errorf("two workers on two cores: findings %+v", found)
	}
}

// TestWithout: what could be won is not said where it is no more than what is reached, to the digits that are shown.
func TestWithout(t *testing.T) {
	for want, f := range map[string]finding.Finding{
		"up to about 1.80×":                   {Speedup: 1.6, AboutSpeedup: 1.8, Reach: 1.97, Ideal: 4},
		"up to the ideal of 2.00×":            {Speedup: 1.6, AboutSpeedup: 2, Reach: 2, Ideal: 2},
		"up to the measured ceiling of 1.97×": {Speedup: 1.6, AboutSpeedup: 1.97, Reach: 1.97, Ideal: 4, Ceiling: 1.97},
		"up to 2.00×, by the number of cores": {Speedup: 1.6, AboutSpeedup: 2, Reach: 2, Ideal: 4, BaseNeed: 1},
		"":                                    {Speedup: 1.601, AboutSpeedup: 1.604, Reach: 2, Ideal: 2},
		"up to 2.03× (measured ceiling 1.93×; 5 % of the base's time takes no core)": {
			Speedup: 1.6, AboutSpeedup: 2.03, Reach: 2.03, Ideal: 4, Ceiling: 1.93, BaseNeed: 0.95,
		},
	} {
		if got := words.Plain(words.Without(&f)); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
}

// Where the speedup may be all that can be reached, that is said with its interval.
func TestNoLossIsShown(t *testing.T) {
	in := of(1.9, row(cause.Mutex, 0.1, nil, nil))
	in.Interval = &curve.Interval{Method: curve.Bootstrap, Level: curve.Level, Low: 1.85, High: 2.01}
	for ceiling, want := range map[float64]string{
		0:    "No loss is shown: 1.90× (95 % interval 1.85–2.01×) may be the ideal of 2.00×.",
		1.95: "No loss is shown: 1.90× (95 % interval 1.85–2.01×) may be the measured ceiling of 1.95×.",
	} {
		in.Ceiling = ceiling
		found, _ := finding.Rank(in)
		if got := words.PlainAll(words.FindingEvidence(&found[0])); len(found) != 1 || got[1] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	in.Interval.High = 1.94
	found, _ := finding.Rank(in)
	if text := strings.Join(words.FindingEvidence(&found[0]), " "); strings.Contains(text, "No loss") {
		t.Errorf("a loss is shown, and %q", text)
	}
}

// TestNoLoss: of a point whose interval reaches what the cores can give no loss is shown.
func TestNoLoss(t *testing.T) {
	f := finding.Finding{Speedup: 1.94, Interval: &curve.Interval{Low: 1.9, High: 2}, Reach: 1.99, Ideal: 2}
	if got, want := words.NoLoss(&f), "no loss is shown: 1.94× (1.90–2.00) of 1.99×"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.Interval.High = 1.97
	if got := words.NoLoss(&f); got != "" {
		t.Errorf("%q of a loss", got)
	}
}

// Where a replay has a change against the cause, that says what could be won, and by what; else it is a bound, and why.
func TestWon(t *testing.T) {
	change := func(kind predict.ChangeKind, speedup, high float64) *finding.Replay {
		return &finding.Replay{Unchanged: 1.6, Change: predict.Change{
			Kind: kind, Func: "a/spin.Steps", Caller: "main.part", Cores: 2, Speedup: speedup, Low: speedup, High: high,
			Gain: speedup/1.6 - 1,
		}, Lock: frames("main.first")}
	}
	for _, tt := range []struct {
		f              finding.Finding
		won, supported string
	}{
		{
			finding.Finding{Replay: change(predict.FasterFunction, 1.8, 1.8)},
			"by replay 1.80× with that twice as fast",
			"By replay, spin.Steps called by main.part twice as fast: 1.80× on 2 cores, +12 %; 1.60× is predicted without this " +
				"change.",
		},
		{
			finding.Finding{Replay: change(predict.WithoutLock, 1.8, 1.9)},
			"by replay 1.80× (1.80–1.90) without this lock",
			"By replay, without the lock first used at main.first (x.go:31): 1.80× (1.80–1.90) on 2 cores, +12 %; 1.60× is " +
				"predicted without this change.",
		},
		{
			finding.Finding{Replay: change(predict.WithoutCollector, 1.601, 1.601)},
			"by replay no faster without garbage collection",
			"By replay, without garbage collection: 1.60× on 2 cores, 0.1 %; 1.60× is predicted without this change.",
		},
		{
			finding.Finding{NoReplay: finding.Misses},
			"without it up to about 1.80×",
			"That is a bound, by the time that it takes; no replay says more, for the prediction is not shown to agree with " +
				"what was measured.",
		},
	} {
		f := tt.f
		f.Speedup, f.AboutSpeedup, f.Reach, f.Ideal, f.Lost, f.Takes = 1.5, 1.8, 2, 2, 0.5, 0.3
		if got := words.Plain(words.Won(&f)); got != tt.won {
			t.Errorf("%q, want %q", got, tt.won)
		}
		said := words.PlainAll(words.FindingSupport(&f, false))
		if !slices.Contains(said, tt.supported) {
			t.Errorf("%q is not among %q", tt.supported, said)
		}
	}
}
