package verdict_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// at is a measured point of so many seconds, with a speedup over a base of one second.
func at(procs, workers, cores int, seconds float64) curve.Point {
	return curve.Point{
		Point: sweep.Point{Workload: "w", Procs: procs, Workers: workers, Cores: cores, Size: 100},
		N:     max(procs, workers), Runs: 10, Median: seconds, TotalMedian: seconds, WorkMedian: seconds,
		MedianRange: &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.99 * seconds, High: 1.01 * seconds},
		Speedup:     1 / seconds,
		Interval:    &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.99 / seconds, High: 1.01 / seconds},
		CPU:         1, MeanBusy: 1 / seconds,
	}
}

func threads(points ...curve.Point) curve.Curve {
	points[0].Interval = nil
	return curve.Curve{Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong}, Measure: curve.Total, Points: points}
}

// cpu sets the busy cores, and with them the CPU time, of p.
func cpu(p curve.Point, busy float64) curve.Point {
	p.MeanBusy, p.CPU = busy, busy*p.TotalMedian
	return p
}

func load(shares map[timeline.State]float64) verdict.Load {
	var l verdict.Load
	for s, x := range shares {
		l.Shares[s] = x
	}
	return l
}

func spin(speedup float64) *curve.Ceiling {
	one, two := at(1, 1, 1, 1), at(1, 2, 2, 1/speedup)
	one.Interval = nil
	return &curve.Ceiling{Curve: curve.Curve{Points: []curve.Point{one, two}}}
}

func TestJudge(t *testing.T) {
	const run, lock, wait, ch = timeline.Running, timeline.Lock, timeline.Waiting, timeline.Channel
	type shares = map[timeline.State]float64
	for _, tt := range []struct {
		name   string
		base   float64 // busy cores of the one worker, of one second
		two    curve.Point
		facts  verdict.Facts
		want   verdict.Bound
		first  string
		modify func(*curve.Curve)
	}{
		{
			name: "CPU-bound: one worker keeps its core busy", base: 0.99, two: cpu(at(1, 2, 2, 0.52), 1.9),
			want: verdict.CPU, first: "with 1 worker 0.99 of a core was busy",
		},
		{name: "CPU-bound on the threshold", base: 0.75, two: cpu(at(1, 2, 2, 0.52), 1.5), want: verdict.CPU, first: "with 1 worker 0.75 of a core was busy"},
		{name: "just below it is unclear", base: 0.74, two: cpu(at(1, 2, 2, 0.52), 1.5), want: verdict.Unclear, first: "with 1 worker 0.74 of a core was busy"},
		{name: "just above the one of I/O is unclear", base: 0.26, two: cpu(at(1, 2, 2, 0.52), 0.5), want: verdict.Unclear, first: "with 1 worker 0.26 of a core was busy"},
		{
			name: "I/O-bound on the threshold, most is waiting", base: 0.25, two: cpu(at(1, 2, 2, 0.52), 0.5),
			facts: verdict.Facts{Base: load(shares{run: 0.25, wait: 0.4, timeline.Serial: 0.35})},
			want:  verdict.IO, first: "with 1 worker 0.25 of a core was busy",
		},
		{
			name: "idle for another reason is not I/O", base: 0.1, two: cpu(at(1, 2, 2, 0.52), 0.2),
			facts: verdict.Facts{Base: load(shares{run: 0.1, wait: 0.4, timeline.Serial: 0.5})},
			want:  verdict.Unclear, first: "with 1 worker 0.10 of a core was busy",
		},
		{
			// An HTTP client waits at a channel for the goroutine that waits for the network.
			name: "I/O behind a channel", base: 0.02, two: cpu(at(1, 2, 2, 0.5), 0.04),
			facts: verdict.Facts{Base: load(shares{run: 0.02, wait: 0.18, ch: 0.8})}, want: verdict.IO,
		},
		{
			// 0.4 of a core was busy, and threads stood ready without one for 0.35 of the second.
			name: "CPU-bound on a machine that others use", base: 0.4, two: cpu(at(1, 2, 2, 0.52), 0.8), want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[0].RunQueue = 0.35 },
		},
		{
			name: "I/O no more when ready threads count", base: 0.2, two: cpu(at(1, 2, 2, 0.52), 0.5), want: verdict.Unclear,
			modify: func(c *curve.Curve) { c.Points[0].RunQueue = 0.06 },
		},
		{name: "I/O without a trace", base: 0.02, two: cpu(at(1, 2, 2, 0.5), 0.04), want: verdict.IO, first: "with 1 worker 0.02 of a core was busy"},
		{
			name: "lock-bound on the threshold", base: 0.99, two: cpu(at(1, 2, 2, 0.7), 1.4),
			facts: verdict.Facts{Base: load(shares{run: 1}), At: load(shares{run: 0.6, lock: 0.25, ch: 0.15})},
			want:  verdict.Lock, first: "with 2 workers the workers spent 25 % of their time waiting for locks, with 1 worker 0.0 %",
		},
		{
			name: "locks below the threshold", base: 0.99, two: cpu(at(1, 2, 2, 0.7), 1.4),
			facts: verdict.Facts{Base: load(shares{run: 1}), At: load(shares{run: 0.76, lock: 0.24})}, want: verdict.CPU,
		},
		{
			name: "locks behind channels", base: 0.99, two: cpu(at(1, 2, 2, 0.9), 1.1),
			facts: verdict.Facts{Base: load(shares{run: 1}), At: load(shares{run: 0.3, lock: 0.3, ch: 0.4})}, want: verdict.CPU,
		},
		{
			// The worker sleeps with the lock held: at the base that is all waiting, and of two workers one sleeps while the other waits for the lock.
			// As much time is waiting as is lock, but only the lock has grown.
			name: "a lock held during a wait", base: 0.01, two: cpu(at(1, 2, 2, 1), 0.01),
			facts: verdict.Facts{Base: load(shares{wait: 1}), At: load(shares{wait: 0.5, lock: 0.5})}, want: verdict.Lock,
		},
		{
			// Start-up and absence are no part of what a worker did: 0.15 of 0.5 is 30 %.
			name: "shares are of the released time", base: 0.99, two: cpu(at(1, 2, 2, 0.7), 1.4),
			facts: verdict.Facts{Base: load(shares{run: 1}), At: load(shares{run: 0.35, lock: 0.15, timeline.Startup: 0.3, timeline.Absent: 0.2})},
			want:  verdict.Lock, first: "with 2 workers the workers spent 30 % of their time waiting for locks, with 1 worker 0.0 %",
		},
		{
			// 1.25 s of CPU time where one worker took 1 s, and 1.25/0.7 = 1.79 of 2 cores busy.
			name: "memory-bound on the threshold", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.25/0.7), facts: verdict.Facts{Ceiling: spin(2)},
			want: verdict.Memory, first: "with 2 workers the same work took 1.25× the CPU time of 1 worker",
		},
		{name: "a little less inflation is none", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.24/0.7), facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.CPU},
		{
			// The spin loop itself gets 1.6 of 2 from these cores, so its CPU time inflates by 1.25: none is left for the program.
			name: "inflation that the machine explains", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.3/0.7), facts: verdict.Facts{Ceiling: spin(1.6)}, want: verdict.CPU,
		},
		{
			// 1.3 s of CPU time on 2 cores within 0.9 s: 1.44 busy, less than 1.5.
			name: "inflation while cores idle", base: 1, two: cpu(at(1, 2, 2, 0.9), 1.3/0.9), facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.CPU,
		},
		{
			name: "inflation over a base that waits", base: 0.7, two: cpu(at(1, 2, 2, 0.7), 1.6), facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.Unclear,
		},
		{
			name: "inflation in the kernel is not memory", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.4/0.7), facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Sys = 0.4 },
		},
		{
			name: "user time alone, where the kernel's part of the base was a guess of the clock tick", base: 1, two: cpu(at(1, 2, 2, 0.55), 1.9),
			facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[0].Sys = 0.3 },
		},
		{
			// 0.2 + 0.1 of one second, and no faster than before.
			name: "overhead-bound on the threshold", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.Overhead,
			first:  "with 2 processes starting, dispatching and finishing took 300 ms, 30 % of the time",
			modify: func(c *curve.Curve) { c.Sweep.Mode = sweep.Procs; c.Points[1].Startup, c.Points[1].Teardown = 0.2, 0.1 },
		},
		{
			name: "overhead below the threshold", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Startup, c.Points[1].Teardown = 0.2, 0.09 },
		},
		{
			// Speedup 1/0.66 = 1.52 of 2, above three quarters.
			name: "overhead that does not keep it from scaling", base: 0.99, two: cpu(at(2, 1, 2, 0.66), 1.5), want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Startup = 0.3 },
		},
		{
			// The coordinator computes for 0.45 s, of which 0.05 s may be start-up that is counted as such: 0.05 + 0.4 of 1 s.
			name: "dispatch is overhead", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.Overhead,
			first: "with 2 workers in each of 2 processes starting, dispatching and finishing took 450 ms, 45 % of the time",
			modify: func(c *curve.Curve) {
				c.Points[1].Startup, c.Points[1].Dispatch = 0.05, 0.45
				c.Points[1].Point.Workers = 2
			},
		},
		{
			name: "start-up is no part of a curve of work", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Measure = curve.Work; c.Points[1].Startup = 0.4 },
		},
		{name: "no CPU time was recorded", base: 0, two: cpu(at(1, 2, 2, 1), 0), want: verdict.Unclear},
		{
			name: "weak scaling: twice the work in the same time", base: 1, two: cpu(at(1, 2, 2, 1), 2), facts: verdict.Facts{Ceiling: spin(2)}, want: verdict.CPU,
			modify: func(c *curve.Curve) {
				c.Sweep.Scaling = sweep.Weak
				c.Points[1].Point.Size, c.Points[1].Speedup = 200, 2
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := threads(cpu(at(1, 1, 1, 1), tt.base), tt.two)
			if tt.modify != nil {
				tt.modify(&c)
			}
			tt.facts.Cores = 2
			v := verdict.Judge(c, tt.facts)
			if v.Bound != tt.want {
				t.Errorf("%s, want %s; evidence %+v", v.Bound, tt.want, v.Evidence)
			}
			if len(v.Evidence) == 0 {
				t.Fatal("no evidence")
			}
			if tt.first != "" && v.Evidence[0].Text != tt.first {
				t.Errorf("first evidence %q\nwant %q", v.Evidence[0].Text, tt.first)
			}
			for _, e := range v.Evidence {
				if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) || strings.Contains(e.Text, "NaN") || strings.Contains(e.Text, "%!") {
					t.Errorf("evidence %+v", e)
				}
			}
		})
	}
}

// texts are the sentences of v by name.
func texts(v verdict.Verdict) []string {
	var out []string
	for _, e := range v.Evidence {
		out = append(out, e.Name+": "+e.Text)
	}
	return out
}

func TestEvidence(t *testing.T) {
	c := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.6), 1.7), at(1, 4, 2, 0.6))
	c.Points[0].Sys, c.Points[1].Sys, c.Points[0].RunQueue = 0.3, 0.3, 0.06
	v := verdict.Judge(c, verdict.Facts{
		Cores: 2, Ceiling: spin(1.9),
		Base: load(map[timeline.State]float64{timeline.Running: 1}), At: load(map[timeline.State]float64{timeline.Running: 0.9, timeline.Channel: 0.1}),
	})
	want := []string{
		"mean_busy_cores: with 1 worker 0.99 of a core was busy",
		"missed_cores: with 1 worker threads were ready to run without a core for 60 ms, which is 0.06 of a core over the whole time",
		// 1/0.6, and 0.99 and 1.01 of it.
		"speedup: with 2 workers it was 1.67× as fast as with 1 worker (95 % interval 1.65–1.68×)",
		"share_of_ceiling: that is 88 % of the 1.90× that this machine gives a loop in registers",
		"mean_busy_cores_at_n: with 2 workers 1.70 of 2 cores were busy",
		"channel_share: with 2 workers the workers spent 10 % of their time waiting for channels, with 1 worker 0.0 %",
		"system_share: with 1 worker 30 % of the CPU time was spent in the kernel",
	}
	if d := cmp.Diff(want, texts(v)); d != "" {
		t.Error(d)
	}

	// Sleepers: eight workers on two cores are 7.7 times as fast as one. Judged at two.
	c = threads(cpu(at(1, 1, 1, 1), 0.02), cpu(at(1, 2, 2, 0.5), 0.04), cpu(at(1, 8, 2, 0.13), 0.2))
	v = verdict.Judge(c, verdict.Facts{Cores: 2, Base: load(map[timeline.State]float64{timeline.Waiting: 0.98, timeline.Running: 0.02})})
	want = []string{
		"mean_busy_cores: with 1 worker 0.02 of a core was busy",
		"waiting_share: with 1 worker the workers spent 98 % of their time waiting for files, the network or a timer",
		"speedup: with 2 workers it was 2.00× as fast as with 1 worker (95 % interval 1.98–2.02×)",
		"speedup_beyond_cores: with 8 workers on 2 cores it was 7.69× as fast as with 1 worker, more than cores alone could give",
	}
	if d := cmp.Diff(want, texts(v)); d != "" {
		t.Error(d)
	}
}

func TestJudgeLittleMeasured(t *testing.T) {
	none := threads(at(1, 1, 1, 1))
	none.Base = -1
	if v := verdict.Judge(none, verdict.Facts{Cores: 2}); v.Bound != verdict.Unclear || len(v.Evidence) != 1 {
		t.Errorf("without a base: %+v", v)
	}
	only := threads(cpu(at(1, 1, 1, 1), 0.9))
	if v := verdict.Judge(only, verdict.Facts{Cores: 2}); v.Bound != verdict.CPU || len(v.Evidence) != 1 {
		t.Errorf("with the base alone: %+v", v)
	}
	only.Points[0].Startup = 0.3
	if v := verdict.Judge(only, verdict.Facts{Cores: 2}); v.Bound != verdict.Overhead {
		t.Errorf("with the base alone, 30 %% of it start-up: %+v", v)
	}
}

func TestJudged(t *testing.T) {
	lost := at(1, 2, 2, 1)
	lost.Runs, lost.Speedup = 0, math.NaN()
	for _, tt := range []struct {
		name   string
		points []curve.Point
		cores  int
		want   int
	}{
		{"the largest within the cores", []curve.Point{at(1, 1, 1, 1), at(1, 2, 2, 1), at(1, 4, 2, 1)}, 2, 1},
		{"nothing else within: the next", []curve.Point{at(1, 1, 1, 1), at(1, 4, 2, 1), at(1, 8, 2, 1)}, 2, 1},
		{"one core", []curve.Point{at(1, 1, 1, 1), at(1, 2, 1, 1)}, 1, 1},
		{"failed ones are passed over", []curve.Point{at(1, 1, 1, 1), lost, at(1, 4, 2, 1)}, 2, 2},
		{"the base alone", []curve.Point{at(1, 1, 1, 1)}, 2, -1},
	} {
		c := threads(tt.points...)
		if got := verdict.Judged(&c, tt.cores); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestLoadOf(t *testing.T) {
	span := func(from, to time.Duration, s timeline.State) timeline.Span {
		return timeline.Span{Start: clock.Time(from), End: clock.Time(to), State: s}
	}
	tl := &timeline.Timeline{End: 100, Lanes: []timeline.Lane{
		{Kind: timeline.Worker, ID: 0, Spans: []timeline.Span{span(0, 60, timeline.Running), span(60, 100, timeline.Lock)}},
		{Kind: timeline.Worker, ID: 1, Spans: []timeline.Span{span(0, 100, timeline.Running)}},
		{Kind: timeline.Worker, ID: timeline.SerialID, Spans: []timeline.Span{span(0, 100, timeline.Waiting)}},
		{Kind: timeline.Goroutine, ID: 7, Spans: []timeline.Span{span(0, 100, timeline.Waiting)}},
	}}
	// Two workers of 100 ns: 160 running, 40 for a lock. Serial parts and other goroutines are no workers.
	var want verdict.Load
	want.Busy, want.Shares[timeline.Running], want.Shares[timeline.Lock] = 1.5, 0.8, 0.2
	got := verdict.LoadOf(tl, &cores.Use{Mean: 1.5})
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
	if got := verdict.LoadOf(nil, nil); got != (verdict.Load{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestStop(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    []float64 // speedups after the base, each ± 1 %
		want int
	}{
		{"rises to the end", []float64{1.9, 3.7}, 2},
		{"flat from 2 on", []float64{1.9, 1.91, 1.92}, 1},
		// 1.9 against 1.91 and 1.91 against 1.95 do not differ by themselves, but 1.9·1.01 = 1.919 < 1.95·0.99 = 1.93.
		{"creeps up", []float64{1.9, 1.91, 1.95}, 3},
		{"never rises", []float64{1.005, 0.9}, 0},
		{"peak", []float64{1.9, 1.2}, 1},
	} {
		points := []curve.Point{at(1, 1, 1, 1)}
		for i, s := range tt.s {
			points = append(points, at(1, i+2, i+2, 1/s))
		}
		c := threads(points...)
		if got := verdict.Stop(&c); got != tt.want {
			t.Errorf("%s: stops at %d, want %d", tt.name, got, tt.want)
		}
	}
	none := curve.Curve{Base: -1}
	if got := verdict.Stop(&none); got != -1 {
		t.Errorf("without a base it stops at %d", got)
	}
}

// Every bound must have its own text, and names of evidence are keys that others read.
func TestEvidenceNames(t *testing.T) {
	c := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.52), 1.9))
	for _, s := range []timeline.State{timeline.Lock, timeline.Channel, timeline.Waiting, timeline.Ready, timeline.GC, timeline.Serial, timeline.Unknown} {
		v := verdict.Judge(c, verdict.Facts{Cores: 2, At: load(map[timeline.State]float64{timeline.Running: 0.8, s: 0.2})})
		ok := slices.ContainsFunc(v.Evidence, func(e verdict.Evidence) bool {
			return strings.HasSuffix(e.Name, "_share") && e.Value == 0.2 && strings.Contains(e.Text, "20 % of their time")
		})
		if !ok {
			t.Errorf("state %d is not brought up: %q", s, texts(v))
		}
	}
}
