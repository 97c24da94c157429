package words

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestActivity(t *testing.T) {
	shares := func(s timeline.State, v float64) (out timeline.Shares) {
		out[s], out[timeline.Running] = v, 1-v
		return out
	}
	idle := func(id int64, ms int) timeline.Idle {
		return timeline.Idle{Worker: &timeline.Lane{ID: id}, From: 1e9 + clock.Time(ms)*1e6}
	}
	joins := func(id int64, ms int) timeline.Idle {
		i := idle(id, ms)
		i.Joins = true
		return i
	}
	for _, test := range []struct {
		want string
		a    timeline.Activity
	}{
		{"", timeline.Activity{}},
		{"worker 1 is idle from 246 ms on", timeline.Activity{Release: 1e9, From: 1e9, To: 1.5e9, Workers: 2, Idle: []timeline.Idle{idle(1, 246)}}},
		{"3 of 4 workers are idle from 172 ms on", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 4,
			Idle: []timeline.Idle{idle(1, 160), idle(3, 165), idle(2, 172)},
		}},
		// In the words of their rows, if these say more than nothing.
		{"2 of 4 workers wait for others to finish from 165 ms on", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 4, Idle: []timeline.Idle{joins(1, 160), joins(3, 165)},
		}},
		{"2 of 4 workers are idle from 165 ms on", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 4, Idle: []timeline.Idle{idle(1, 160), joins(3, 165)},
		}},
		{"worker 1 waits for others to finish from 160 ms on", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 4, Idle: []timeline.Idle{joins(1, 160)},
		}},
		// What takes more of the time of all of them comes first.
		{"workers are waiting for a lock or a condition for 40 % of the time", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 4, Shares: shares(timeline.Lock, 0.4), Idle: []timeline.Idle{idle(1, 400)},
		}},
		// Of 500 ms nobody is there for the first 100, of which the shares are not.
		{"workers are waiting for a lock or a condition for 40 % of their time", timeline.Activity{
			Release: 1e9, From: 1.1e9, To: 1.5e9, Workers: 2, Shares: shares(timeline.Lock, 0.4),
		}},
		// 470 of 500 ms is next to the end.
		{"workers are waiting for a lock or a condition for 40 % of the time", timeline.Activity{
			Release: 1e9, From: 1e9, To: 1.5e9, Workers: 2,
			Shares: shares(timeline.Lock, 0.4), Idle: []timeline.Idle{idle(1, 470)},
		}},
		{"workers are busy for 95 % of the time", timeline.Activity{Release: 1, From: 1, To: 2, Workers: 2, Shares: shares(timeline.GC, 0.05)}},
		// What two states take nearly alike, a title tells of both.
		{
			"workers are ready, on no core, for 30 % of the time and waiting for their next tasks for 26 %",
			timeline.Activity{Release: 1, From: 1, To: 2, Workers: 2, Shares: timeline.Shares{
				timeline.Ready: 0.3, timeline.Dispatch: 0.26, timeline.Running: 0.44,
			}},
		},
		// The mean over workers that differ hides the one that waits.
		{"worker 1 is waiting at channels for 38 % of the time", timeline.Activity{
			Release: 1, From: 1, To: 2, Workers: 2, Shares: shares(timeline.Channel, 0.19),
			Each: []timeline.Own{{Worker: &timeline.Lane{}, Shares: shares(timeline.Channel, 0)}, {Worker: &timeline.Lane{ID: 1}, Shares: shares(timeline.Channel, 0.38)}},
		}},
		{"workers are waiting at channels for 30 % of the time", timeline.Activity{
			Release: 1, From: 1, To: 2, Workers: 2, Shares: shares(timeline.Channel, 0.3),
			Each: []timeline.Own{{Worker: &timeline.Lane{}, Shares: shares(timeline.Channel, 0.21)}, {Worker: &timeline.Lane{ID: 1}, Shares: shares(timeline.Channel, 0.39)}},
		}},
		{"the worker is ready, on no core, for 20 % of the time", timeline.Activity{
			Release: 1, From: 1, To: 2, Workers: 1, Shares: shares(timeline.Ready, 0.2),
		}},
	} {
		if got := Plain(Activity(&test.a, &timeline.Timeline{}, "workers")); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	// Of two processes that of the worker is named, which is its only one.
	two := &timeline.Timeline{Lanes: []timeline.Lane{
		{Kind: timeline.Worker, Rank: 0}, {Kind: timeline.Worker, Rank: 1, ID: 3},
	}}
	a := timeline.Activity{Release: 1e9, From: 1e9, To: 1.5e9, Workers: 2, Idle: []timeline.Idle{{Worker: &two.Lanes[1], From: 1.246e9}}}
	if got, want := Plain(Activity(&a, two, "workers")), "process 1 is idle from 246 ms on"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBusiest(t *testing.T) {
	lane := func(name string, ran clock.Time) timeline.Lane {
		return timeline.Lane{Kind: timeline.Thread, Name: name, Spans: []timeline.Span{
			{Start: 0, End: ran, State: timeline.Running}, {Start: ran, End: 1000, State: timeline.Lock},
		}}
	}
	for _, c := range []struct {
		lanes []timeline.Lane
		want  string
	}{
		{[]timeline.Lane{lane("xz", 30), lane("xz, thread 2", 970)}, "one of 2 threads (xz, thread 2) has 97 % of the CPU time"},
		{[]timeline.Lane{lane("a", 500), lane("b", 500)}, ""}, // none does most
		{[]timeline.Lane{lane("a", 500)}, ""},                 // there is no other
		{[]timeline.Lane{lane("a", 0), lane("b", 0)}, ""},
		{[]timeline.Lane{{Kind: timeline.Worker}, lane("a", 10), lane("b", 500)}, ""},
		{[]timeline.Lane{{Kind: timeline.Goroutine}, lane("thread 7", 970), lane("thread 8", 30)}, ""}, // goroutines take turns on them
		{nil, ""},
	} {
		if got := Plain(Busiest(&timeline.Timeline{End: 1000, Lanes: c.lanes})); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestWorkersSeen(t *testing.T) {
	p := sweep.Point{Procs: 2, Workers: 2}
	for n, want := range map[int]string{0: "", 3: ", 3 of 4 in the trace", 4: ""} {
		if got := WorkersSeen(n, p); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestOfBenchmark(t *testing.T) {
	if OfBenchmark(nil) != nil {
		t.Error("what is no benchmark has goroutines of one")
	}
	r := OfBenchmark(&sweep.Benchmark{Name: "BenchmarkWrite/size=9"})
	for from, want := range map[string]string{
		"testing.(*B).run1.func1":              "BenchmarkWrite (goroutine)",
		"testing.(*B).launch":                  "BenchmarkWrite (goroutine)",
		"process 1, testing.(*B).launch":       "process 1, BenchmarkWrite (goroutine)",
		"testing.(*B).RunParallel.func1":       "BenchmarkWrite (RunParallel)",
		"example.com/disk.(*Pool).launch.func": "example.com/disk.(*Pool).launch.func",
	} {
		if got := r.Replace(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}

func TestOneGoroutine(t *testing.T) {
	for _, c := range []struct {
		share float64
		of    int
		want  string
	}{
		{1, 1, ""}, // no other could
		{0.59, 3, ""},
		{0.94, 3, "one goroutine does 94 % of the work"},
		{0.97, 3, "one goroutine does 97 % of the work"},
		{0.996, 3, "one goroutine does all the work"},
	} {
		if got := Plain(OneGoroutine(c.share, c.of)); got != c.want {
			t.Errorf("%v of %d: %q, want %q", c.share, c.of, got, c.want)
		}
	}
	for share, want := range map[float64]string{0.29: "", 0.41: "start-up takes 41 % of the run"} {
		if got := Plain(Starting(share)); got != want {
			t.Errorf("%v: %q, want %q", share, got, want)
		}
	}
}
