package verdict_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/verdict"
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
	return curve.Curve{
		Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong}, Measure: curve.Total,
		Points: points,
	}
}

// cpu sets the busy cores, and with them the CPU time, of p.
func cpu(p curve.Point, busy float64) curve.Point {
	p.MeanBusy, p.CPU = busy, busy*p.TotalMedian
	return p
}

func spin(speedup float64) *curve.Ceiling {
	one, two := at(1, 1, 1, 1), at(1, 2, 2, 1/speedup)
	one.Interval = nil
	return &curve.Ceiling{Curve: curve.Curve{Points: []curve.Point{one, two}}}
}

func TestJudge(t *testing.T) {
	const run, lock, wait, ch = cause.User, cause.Mutex, cause.Net, cause.ChanRecv
	type load = verdict.Load
	for _, tt := range []struct {
		name   string
		base   float64 // busy cores of the one worker, of one second
		two    curve.Point
		in     verdict.Input
		want   verdict.Bound
		first  verdict.Kind
		modify func(*curve.Curve)
	}{
		{
			name: "CPU-bound: one worker keeps its core busy", base: 0.99, two: cpu(at(1, 2, 2, 0.52), 1.9),
			want: verdict.CPU, first: verdict.BusyCores,
		},
		{
			name: "CPU-bound on the threshold", base: 0.75, two: cpu(at(1, 2, 2, 0.52), 1.5), want: verdict.CPU,
			first: verdict.BusyCores,
		},
		{
			name: "just below it is unclear", base: 0.74, two: cpu(at(1, 2, 2, 0.52), 1.5), want: verdict.Unclear,
			first: verdict.BusyCores,
		},
		{
			name: "just above the one of I/O is unclear", base: 0.26, two: cpu(at(1, 2, 2, 0.52), 0.5),
			want: verdict.Unclear, first: verdict.BusyCores,
		},
		{
			name: "I/O-bound on the threshold, most is waiting", base: 0.25, two: cpu(at(1, 2, 2, 0.52), 0.5),
			in:   verdict.Input{Base: load{run: 0.25, wait: 0.4, cause.Serial: 0.35}},
			want: verdict.IO, first: verdict.BusyCores,
		},
		{
			name: "idle for another reason is not I/O", base: 0.1, two: cpu(at(1, 2, 2, 0.52), 0.2),
			in:   verdict.Input{Base: load{run: 0.1, wait: 0.4, cause.Serial: 0.5}},
			want: verdict.Unclear, first: verdict.BusyCores,
		},
		{
			// An HTTP client waits at a channel for the goroutine that waits for the network.
			name: "I/O behind a channel", base: 0.02, two: cpu(at(1, 2, 2, 0.5), 0.04),
			in: verdict.Input{Base: load{run: 0.02, wait: 0.18, ch: 0.8}}, want: verdict.IO,
		},
		{
			// 0.4 of a core was busy, and threads stood ready without one for 0.35 of the second.
			name: "CPU-bound on a machine that others use", base: 0.4, two: cpu(at(1, 2, 2, 0.52), 0.8),
			want:   verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[0].RunQueue = 0.35 },
		},
		{
			name: "I/O no more when ready threads count", base: 0.2, two: cpu(at(1, 2, 2, 0.52), 0.5),
			want:   verdict.Unclear,
			modify: func(c *curve.Curve) { c.Points[0].RunQueue = 0.06 },
		},
		{
			name: "I/O without a trace", base: 0.02, two: cpu(at(1, 2, 2, 0.5), 0.04), want: verdict.IO,
			first: verdict.BusyCores,
		},
		{
			name: "lock-bound on the threshold", base: 0.99, two: cpu(at(1, 2, 2, 0.7), 1.4),
			in:   verdict.Input{Base: load{run: 1}, At: load{run: 0.6, lock: 0.25, ch: 0.15}},
			want: verdict.Lock, first: "lock_share",
		},
		{
			name: "locks below the threshold", base: 0.99, two: cpu(at(1, 2, 2, 0.7), 1.4),
			in: verdict.Input{Base: load{run: 1}, At: load{run: 0.76, lock: 0.24}}, want: verdict.CPU,
		},
		{
			name: "locks behind channels", base: 0.99, two: cpu(at(1, 2, 2, 0.9), 1.1),
			in: verdict.Input{Base: load{run: 1}, At: load{run: 0.3, lock: 0.3, ch: 0.4}}, want: verdict.CPU,
		},
		{
			// The worker sleeps with the lock held: at the base that is all waiting, and of two workers one sleeps
			// while the other waits for the lock. As much time is waiting as is lock, but only the lock has grown.
			name: "a lock held during a wait", base: 0.01, two: cpu(at(1, 2, 2, 1), 0.01),
			in: verdict.Input{Base: load{wait: 1}, At: load{wait: 0.5, lock: 0.5}}, want: verdict.Lock,
		},
		{
			// 1.25 s of CPU time where one worker took 1 s, and 1.25/0.7 = 1.79 of 2 cores busy.
			name: "memory-bound on the threshold", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.25/0.7),
			in:   verdict.Input{Ceiling: spin(2)},
			want: verdict.Memory, first: verdict.CPUInflation,
		},
		{
			name: "inflation in functions that hardly run at the base", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.25/0.7),
			in:   verdict.Input{Ceiling: spin(2), Fresh: 0.5},
			want: verdict.Spin, first: verdict.CPUInflation,
		},
		{
			name: "a little less inflation is none", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.24/0.7),
			in: verdict.Input{Ceiling: spin(2)}, want: verdict.CPU,
		},
		{
			// The spin loop itself gets 1.6 of 2 from these cores, so its CPU time inflates by 1.25: none is left for
			// the program.
			name: "inflation that the machine explains", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.3/0.7),
			in: verdict.Input{Ceiling: spin(1.6)}, want: verdict.CPU,
		},
		{
			// 1.3 s of CPU time on 2 cores within 0.9 s: 1.44 busy, less than 1.5.
			name: "inflation while cores idle", base: 1, two: cpu(at(1, 2, 2, 0.9), 1.3/0.9),
			in: verdict.Input{Ceiling: spin(2)}, want: verdict.CPU,
		},
		{
			name: "inflation over a base that waits", base: 0.7, two: cpu(at(1, 2, 2, 0.7), 1.6),
			in: verdict.Input{Ceiling: spin(2)}, want: verdict.Unclear,
		},
		{
			name: "inflation in the kernel is not memory", base: 1, two: cpu(at(1, 2, 2, 0.7), 1.4/0.7),
			in: verdict.Input{Ceiling: spin(2)}, want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Sys = 0.4 },
		},
		{
			name: "user time alone, where the kernel's part of the base was a guess of the clock tick", base: 1,
			two: cpu(at(1, 2, 2, 0.55), 1.9),
			in:  verdict.Input{Ceiling: spin(2)}, want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[0].Sys = 0.3 },
		},
		{
			// 0.2 + 0.1 of one second, and no faster than before.
			name: "overhead-bound on the threshold", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.Overhead,
			first: verdict.OverheadPart,
			modify: func(c *curve.Curve) {
				c.Sweep.Mode = sweep.Procs
				c.Points[1].Startup, c.Points[1].Teardown = 0.2, 0.1
			},
		},
		{
			name: "overhead below the threshold", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Startup, c.Points[1].Teardown = 0.2, 0.09 },
		},
		{
			// Speedup 1/0.66 = 1.52 of 2, above three quarters.
			name: "overhead that does not keep it from scaling", base: 0.99, two: cpu(at(2, 1, 2, 0.66), 1.5),
			want:   verdict.CPU,
			modify: func(c *curve.Curve) { c.Points[1].Startup = 0.3 },
		},
		{
			// The coordinator computes for 0.45 s, of which 0.05 s may be start-up that is counted as such: 0.05 + 0.4
			// of 1 s.
			name: "dispatch is overhead", base: 0.99, two: cpu(at(2, 1, 2, 1), 1), want: verdict.Overhead,
			first: verdict.OverheadPart,
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
			name: "weak scaling: twice the work in the same time", base: 1, two: cpu(at(1, 2, 2, 1), 2),
			in: verdict.Input{Ceiling: spin(2)}, want: verdict.CPU,
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
			tt.in.Cores = 2
			v := verdict.Judge(c, tt.in)
			if v.Bound != tt.want {
				t.Errorf("%s, want %s; evidence %+v", v.Bound, tt.want, v.Evidence)
			}
			if len(v.Evidence) == 0 {
				t.Fatal("no evidence")
			}
			if tt.first != "" && v.Evidence[0].Kind != tt.first {
				t.Errorf("first evidence %q, want %q", v.Evidence[0].Kind, tt.first)
			}
			for _, e := range v.Evidence {
				if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
					t.Errorf("evidence %+v", e)
				}
			}
		})
	}
}

func TestJudgeLittleMeasured(t *testing.T) {
	none := threads(at(1, 1, 1, 1))
	none.Base = -1
	if v := verdict.Judge(none, verdict.Input{Cores: 2}); v.Bound != verdict.Unclear || len(v.Evidence) != 1 {
		t.Errorf("without a base: %+v", v)
	}
	only := threads(cpu(at(1, 1, 1, 1), 0.9))
	if v := verdict.Judge(only, verdict.Input{Cores: 2}); v.Bound != verdict.CPU || len(v.Evidence) != 1 {
		t.Errorf("with the base alone: %+v", v)
	}
	only.Points[0].Startup = 0.3
	if v := verdict.Judge(only, verdict.Input{Cores: 2}); v.Bound != verdict.Overhead {
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

// TestLoadOf: two workers of 100 ns each, 150 of their own code, 40 at a lock and 10 until the last has joined; what
// lies outside the work, and start-up that a ledger of the whole run has, is no part of it.
func TestLoadOf(t *testing.T) {
	a := stack.Account{Lanes: stack.Workers, Parts: []stack.Part{
		{Cause: cause.User, Time: 150},
		{Cause: cause.Mutex, Time: 40},
		{Cause: cause.Join, Time: 10},
		{Cause: cause.Startup, Time: 30},
		{Cause: cause.Teardown, Outside: true, Time: 70},
	}}
	want := verdict.Load{cause.User: 0.75, cause.Mutex: 0.2, cause.Join: 0.05}
	if d := cmp.Diff(want, verdict.LoadOf(a), cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
	a.Lanes = stack.Cores
	if got := verdict.LoadOf(a); got != nil {
		t.Errorf("of cores: %+v", got)
	}
}

// TestJoinIsNoLock: two workers of which one waits for the other for 40 % of its time were called lock-bound, while the
// ledger of the same recording booked the wait as block.join.
func TestJoinIsNoLock(t *testing.T) {
	c := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.7), 1.4))
	v := verdict.Judge(c, verdict.Input{
		Cores: 2, Base: verdict.Load{cause.User: 1}, At: verdict.Load{cause.User: 0.6, cause.Join: 0.4},
	})
	if v.Bound != verdict.CPU {
		t.Errorf("%s, want %s", v.Bound, verdict.CPU)
	}
	i := slices.IndexFunc(v.Evidence, func(e verdict.Evidence) bool { return e.Kind == "join_share" })
	if i < 0 || v.Evidence[i].Value != 0.4 || !slices.Equal(v.Evidence[i].Causes, []cause.Cause{cause.Join}) {
		t.Errorf("the join is not brought up: %+v", v.Evidence)
	}
}

// TestTracedAndNotTold: of a command of several threads that was traced, of which the trace tells no workers apart, it
// was said that no trace says what they did.
func TestTracedAndNotTold(t *testing.T) {
	unclear := threads(cpu(at(1, 1, 1, 1), 0.5), cpu(at(1, 2, 2, 0.7), 0.7))
	waits := threads(cpu(at(1, 1, 1, 1), 0.02), cpu(at(1, 2, 2, 0.5), 0.04))
	for _, tt := range []struct {
		name   string
		c      curve.Curve
		traced verdict.Traced
		want   verdict.Kind
	}{
		{"unclear, no trace", unclear, verdict.Traced{}, verdict.NotTraced},
		{"unclear, trace of the judged point", unclear, verdict.Traced{At: true}, verdict.NotTold},
		{"waits, no trace of the base", waits, verdict.Traced{At: true}, verdict.NotTraced},
		{"waits, trace of the base", waits, verdict.Traced{Base: true}, verdict.NotTold},
	} {
		v := verdict.Judge(tt.c, verdict.Input{Cores: 2, Traced: tt.traced})
		var got []verdict.Kind
		for _, e := range v.Evidence {
			if e.Kind == verdict.NotTraced || e.Kind == verdict.NotTold {
				got = append(got, e.Kind)
			}
		}
		if !slices.Equal(got, []verdict.Kind{tt.want}) {
			t.Errorf("%s: %s with %v, want %s", tt.name, v.Bound, got, tt.want)
		}
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

// Every cause in which a worker loses time is brought up, under the name of its group, which others read.
func TestEvidenceKinds(t *testing.T) {
	c := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.52), 1.9))
	for _, x := range []struct {
		cause cause.Cause
		want  verdict.Kind
	}{
		{cause.Mutex, "lock_share"},
		{cause.Futex, "lock_share"},
		{cause.Select, "channel_share"},
		{cause.Join, "join_share"},
		{cause.Cond, "condition_share"},
		{cause.Sleep, "sleep_share"},
		{cause.Net, "network_share"},
		{cause.IO, "io_share"},
		{cause.BlockSyscall, "syscall_share"},
		{cause.Preempted, "ready_share"},
		{cause.GCAssist, "gc_share"},
		{cause.Serial, "serial_share"},
		{cause.Dispatch, "dispatch_share"},
		{cause.Unknown, "unknown_share"},
	} {
		v := verdict.Judge(c, verdict.Input{Cores: 2, At: verdict.Load{cause.User: 0.8, x.cause: 0.2}})
		if !slices.ContainsFunc(v.Evidence,
			func(e verdict.Evidence) bool { return e.Kind == x.want && e.Value == 0.2 }) {
			t.Errorf("%s is not brought up: %+v", x.cause, v.Evidence)
		}
	}
	for _, c2 := range []cause.Cause{cause.User, cause.Syscall, cause.Runtime, cause.Tracer} {
		v := verdict.Judge(c, verdict.Input{Cores: 2, At: verdict.Load{cause.User: 0.8, c2: 0.2}})
		if slices.ContainsFunc(v.Evidence,
			func(e verdict.Evidence) bool { return strings.HasSuffix(string(e.Kind), "_share") && len(e.Causes) > 0 }) {
			t.Errorf("%s is no loss: %+v", c2, v.Evidence)
		}
	}
}

// The base keeps its core busy. With two workers 0.9 of two cores are busy, or 1.02 of them, as a serial program keeps
// them: more than a quarter of the core time waits. Ready threads that miss 0.7 of a core do not wait, and then 0.8 of
// it is wanted.
func TestBoundAtTheBaseOnly(t *testing.T) {
	waits := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 1.1), 0.9))
	serial := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 1), 1.02))
	missed := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 1.1), 0.9))
	missed.Points[1].RunQueue = 0.77
	alone := threads(cpu(at(1, 1, 1, 1), 0.99))
	for want, curves := range map[bool][]curve.Curve{true: {waits, serial}, false: {missed, alone}} {
		for _, c := range curves {
			if v := verdict.Judge(c, verdict.Input{Cores: 2}); v.Bound != verdict.CPU || v.BaseOnly != want {
				t.Errorf("%s, at the base only: %v, want %v", v.Bound, v.BaseOnly, want)
			}
		}
	}
}
