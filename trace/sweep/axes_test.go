package sweep_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

// shape returns a sweep in brief: p×w@c per point.
func shape(s sweep.Sweep) (out [][4]int64) {
	for _, p := range s.Points {
		out = append(out, [4]int64{int64(p.Procs), int64(p.Workers), int64(p.Cores), p.Size})
	}
	return out
}

func TestSweeps(t *testing.T) {
	for _, tt := range []struct {
		name string
		axes sweep.Axes
		cpus int
		mode []sweep.Mode
		want [][][4]int64
	}{
		{
			"defaults on 2 CPUs: workers 1, 2, 4, cores capped",
			sweep.Axes{Sizes: []int64{100}},
			2,
			[]sweep.Mode{sweep.Threads},
			[][][4]int64{{{1, 1, 1, 100}, {1, 2, 2, 100}, {1, 4, 2, 100}}},
		},
		{
			"both share the point of one worker in one process",
			sweep.Axes{Mode: "both", Workers: []int{4, 1}, Sizes: []int64{8}},
			2,
			[]sweep.Mode{sweep.Threads, sweep.Procs},
			[][][4]int64{{{1, 1, 1, 8}, {1, 4, 2, 8}}, {{1, 1, 1, 8}, {4, 1, 2, 8}}},
		},
		{
			"sizes are an axis: in ascending order, each once",
			sweep.Axes{Workers: []int{2}, Sizes: []int64{80, 8, 80}},
			2,
			[]sweep.Mode{sweep.Threads, sweep.Threads},
			[][][4]int64{{{1, 2, 2, 8}}, {{1, 2, 2, 80}}},
		},
		{
			"a list of processes alone means mode procs",
			sweep.Axes{Procs: []int{1, 3}, Workers: []int{2}, Sizes: []int64{8}},
			4,
			[]sweep.Mode{sweep.Procs},
			[][][4]int64{{{1, 2, 2, 8}, {3, 2, 4, 8}}},
		},
		{
			"a list of cores alone means mode cores, with as many workers as the most cores",
			sweep.Axes{Cores: []int{1, 2}, Sizes: []int64{8}},
			4,
			[]sweep.Mode{sweep.Cores},
			[][][4]int64{{{1, 2, 1, 8}, {1, 2, 2, 8}}},
		},
		{
			"one core count confines every point",
			sweep.Axes{Cores: []int{1}, Workers: []int{1, 2}, Sizes: []int64{8}},
			4,
			[]sweep.Mode{sweep.Threads},
			[][][4]int64{{{1, 1, 1, 8}, {1, 2, 1, 8}}},
		},
		{
			"weak: the size grows with all workers",
			sweep.Axes{Mode: "grid", Scaling: "weak", Workers: []int{1, 2}, Procs: []int{1, 2}, Sizes: []int64{5}},
			8,
			[]sweep.Mode{sweep.Grid, sweep.Grid},
			[][][4]int64{{{1, 1, 1, 5}, {1, 2, 2, 10}}, {{2, 1, 2, 10}, {2, 2, 4, 20}}},
		},
		{
			"a grid over cores: a sweep for each, which share what has no more workers than cores",
			sweep.Axes{Mode: "grid", Workers: []int{1, 4}, Procs: []int{1}, Cores: []int{4, 1, 2}, Sizes: []int64{5}},
			4,
			[]sweep.Mode{sweep.Grid, sweep.Grid, sweep.Grid},
			[][][4]int64{{{1, 1, 1, 5}, {1, 4, 1, 5}}, {{1, 1, 1, 5}, {1, 4, 2, 5}}, {{1, 1, 1, 5}, {1, 4, 4, 5}}},
		},
		{
			"repeated counts are one point",
			sweep.Axes{Workers: []int{2, 2, 1}, Sizes: []int64{1}},
			2,
			[]sweep.Mode{sweep.Threads},
			[][][4]int64{{{1, 1, 1, 1}, {1, 2, 2, 1}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sweeps, err := tt.axes.Sweeps(sweep.Subject{Workload: "w"}, tt.cpus)
			if err != nil {
				t.Fatal(err)
			}
			var mode []sweep.Mode
			var got [][][4]int64
			for _, s := range sweeps {
				mode, got = append(mode, s.Mode), append(got, shape(s))
			}
			if d := cmp.Diff(tt.mode, mode) + cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// upTo returns 1, 2 … n.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

func TestSweepsRefuse(t *testing.T) {
	for _, tt := range []struct {
		axes sweep.Axes
		want string
	}{
		{sweep.Axes{Workers: []int{0}, Sizes: []int64{1}}, "--workers 0: must be at least 1"},
		{sweep.Axes{Procs: []int{-3}, Sizes: []int64{1}}, "--procs -3: must be at least 1"},
		{sweep.Axes{Workers: []int{5000}, Sizes: []int64{1}}, "at most 4096"},
		{sweep.Axes{Cores: []int{3}, Sizes: []int64{1}}, "--cores 3: only 2 CPUs"},
		{sweep.Axes{Sizes: []int64{0}}, "--size 0"},
		{sweep.Axes{Mode: "sideways", Sizes: []int64{1}}, `--mode "sideways"`},
		{sweep.Axes{Scaling: "odd", Sizes: []int64{1}}, `--scaling "odd"`},
		{sweep.Axes{Workers: []int{1, 2}, Procs: []int{1, 2}, Sizes: []int64{1}}, "--mode grid"},
		{sweep.Axes{Mode: "threads", Procs: []int{1, 2}, Sizes: []int64{1}}, "one --procs value"},
		{sweep.Axes{Mode: "procs", Workers: []int{1, 2}, Sizes: []int64{1}}, "one --workers value"},
		{sweep.Axes{Mode: "threads", Cores: []int{1, 2}, Sizes: []int64{1}}, "one --cores value"},
		{
			sweep.Axes{Mode: "grid", Cores: []int{1, 2}, Procs: []int{2}, Sizes: []int64{1}},
			"--cores 1 with --mode grid: the least of the grid, 2 × 1",
		},
		{sweep.Axes{Mode: "both", Cores: []int{1, 2}, Sizes: []int64{1}}, "one --cores value"},
		{sweep.Axes{Workers: []int{4}, Scaling: "weak", Sizes: []int64{1 << 52}}, "2^53"},
		{sweep.Axes{Sizes: []int64{1 << 62}}, "--size 4611686018427387904: must be at most 9007199254740992"},
		{sweep.Axes{Workers: upTo(257), Sizes: []int64{1}}, "--workers: 257 counts: at most 256 counts"},
		{sweep.Axes{Mode: "grid", Workers: upTo(100), Procs: upTo(41), Sizes: []int64{1}}, "4100 points: at most 4096"},
		{sweep.Axes{Workers: upTo(256), Sizes: make([]int64, 1025)}, "--size: 1025 sizes: at most 1024"},
	} {
		_, err := tt.axes.Sweeps(sweep.Subject{Workload: "w"}, 2)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want one with %q", tt.axes, err, tt.want)
		}
	}
}

// A count is swept where a workload has points to compare, of one size and in one mode.
func TestSwept(t *testing.T) {
	for _, tt := range []struct {
		axes sweep.Axes
		want bool
	}{
		{sweep.Axes{Workers: []int{2}}, false},
		{sweep.Axes{Workers: []int{2, 2}}, false},
		{sweep.Axes{Workers: []int{1, 2}}, true},
		{sweep.Axes{Procs: []int{1, 2}}, true},
		{sweep.Axes{Cores: []int{1, 2}}, true},
		{sweep.Axes{Mode: "cores", Cores: []int{2}}, false},
		{sweep.Axes{Mode: "both", Workers: []int{2}}, false},
		{sweep.Axes{Mode: "grid", Workers: []int{2}, Procs: []int{1, 2}}, true},
		{sweep.Axes{Mode: "grid", Workers: []int{2}, Procs: []int{2}}, false},
		{sweep.Axes{Workers: []int{2}, Sizes: []int64{10, 20}}, false},
		{sweep.Axes{Workers: []int{1, 2}, Scaling: "weak"}, true},
	} {
		sweeps, err := tt.axes.Sweeps(sweep.Subject{Workload: "x", Size: 8, PerWorker: 8}, 4)
		if err != nil {
			t.Fatal(err)
		}
		two, err := tt.axes.Sweeps(sweep.Subject{Workload: "y", Size: 9, PerWorker: 9}, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got := sweep.Swept(append(sweeps, two...)); got != tt.want {
			t.Errorf("%+v: swept %v", tt.axes, got)
		}
	}
}

func TestCeilingSweep(t *testing.T) {
	s := sweep.CeilingSweep([]sweep.Point{{Cores: 4}, {Cores: 2}, {Cores: 4}}, 10)
	// One worker per core at 1 (always, as the base), 2 and 4 cores; ten units to each worker.
	want := [][4]int64{{1, 1, 1, 10}, {1, 2, 2, 20}, {1, 4, 4, 40}}
	if d := cmp.Diff(want, shape(s)); d != "" {
		t.Error(d)
	}
}

func TestInterleave(t *testing.T) {
	var points []sweep.Point
	for w := 1; w <= 8; w++ {
		points = append(points, sweep.Point{Workload: "w", Procs: 1, Workers: w, Cores: 1, Size: 1})
	}
	var plan sweep.Plan
	for rep := range 5 {
		plan = append(plan, sweep.Block(points, rep, sweep.Timed)...)
	}
	plan = append(plan, sweep.Block(points, 0, sweep.Traced)...)
	got := plan.Interleave(7)

	// Blocks follow one another, each with every point once, and the traced block after the timed one of its repetition.
	orders := map[string]bool{}
	for b := 0; b < len(got); b += len(points) {
		seen, order := map[sweep.Run]bool{}, ""
		for _, r := range got[b : b+len(points)] {
			seen[r] = true
			order += string(rune('0' + r.Point.Workers))
			if r.Rep != got[b].Rep || r.Kind != got[b].Kind {
				t.Fatalf("block at %d is mixed: %v beside %v", b, r, got[b])
			}
		}
		if len(seen) != len(points) {
			t.Errorf("block at %d holds %d distinct runs, want %d", b, len(seen), len(points))
		}
		orders[order] = true
	}
	if len(orders) < 5 {
		t.Errorf("6 blocks have only %d different orders", len(orders))
	}
	if got[len(points)].Kind != sweep.Traced {
		t.Errorf("run %d is %v, want the traced block of repetition 0", len(points), got[len(points)])
	}
	// A block alone has the order that it has within the whole plan, so a resumed study goes on the same way.
	alone := sweep.Block(points, 3, sweep.Timed).Interleave(7)
	if d := cmp.Diff(got[4*len(points):5*len(points)], alone); d != "" {
		t.Error(d)
	}
	if cmp.Equal(got, plan.Interleave(8)) {
		t.Error("seeds 7 and 8 give the same order")
	}
}

func TestLayoutOf(t *testing.T) {
	for series, want := range map[string][2]int{
		"procs=2": {2, 0}, "procs=2, cores=4": {2, 4}, "": {}, "procs=": {}, "procs=2x": {}, "2 processes": {}, "procs=<i>": {},
	} {
		if procs, cores := sweep.LayoutOf(series); procs != want[0] || cores != want[1] {
			t.Errorf("%q: %d processes on %d cores, want %v", series, procs, cores, want)
		}
	}
}
