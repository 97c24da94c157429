package capture

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// judged is a task of two points of a workload, with the ceiling on one core and on two.
func judged() Task {
	about := sweep.Sweep{Workload: "w", Points: []sweep.Point{point("w", 1, 1, 1, 8), point("w", 1, 2, 2, 8)}}
	return Task{
		Sweeps: []sweep.Sweep{about, sweep.CeilingSweep(about.Points, 1)}, Rule: sweep.Rule{MinRuns: 40, MaxRuns: 40},
	}
}

// pretend makes the runs of m's blocks from first on, of which one of w takes w and one of the ceiling 100 ms, and
// returns the blocks that have the ceiling. It fails t if that ever takes more than its part.
func pretend(t *testing.T, m *measuring, first, blocks int, w time.Duration) (with []int) {
	t.Helper()
	for k := first; k < first+blocks; k++ {
		for _, run := range m.plan(block{kind: sweep.Timed, rep: k}) {
			took := w
			if run.Point.Workload == sweep.SpinWorkload {
				took = 100 * time.Millisecond
				if !slices.Contains(with, k) {
					with = append(with, k)
				}
			}
			res := sweep.Result{Run: run, Status: sweep.OK, Total: sweep.Seconds(took)}
			m.observe(&res, took)
			m.count(&res)
			m.have[run] = true
			m.end.Results = append(m.end.Results, res)
		}
		if ceilingPart*m.spentCeiling > m.spent {
			t.Fatalf("block %d: the ceiling had %v of %v", k, m.spentCeiling, m.spent)
		}
	}
	return with
}

// The ceiling takes at most a fifth of the time at any time, at all its points alike, and as often as that allows.
func TestCeilingPart(t *testing.T) {
	for _, tt := range []struct {
		w     time.Duration
		most  int // blocks of 40 that have the ceiling
		words string
	}{
		{time.Second, 40, ""},
		// A block takes 100 ms, so that 8 of them allow the 200 ms of the ceiling once. At first it is thought to take 300
		// ms.
		{50 * time.Millisecond, 5, "; the ceiling was measured in 5 of 40 timed blocks and took 20 % of the time of all runs"},
		{12 * time.Millisecond, 0, "; there was no time for the ceiling, which may take a fifth of it"},
		{16 * time.Millisecond, 1, "; the ceiling was measured in 1 of 40 timed blocks and took 14 % of the time of all runs"},
	} {
		var r Runner
		m := r.measuring(judged(), nil)
		m.took[m.subjects[0]], m.took[m.subjects[1]] = tt.w, tt.w // by the warm-up
		with := pretend(t, m, 0, 40, tt.w)
		if len(with) != tt.most || m.ceilingWords() != tt.words {
			t.Errorf("runs of %v: the ceiling in blocks %v, want %d of them: %q", tt.w, with, tt.most, m.ceilingWords())
		}
		if n := len(m.end.Results) - 80; n != 2*len(with) {
			t.Errorf("runs of %v: %d runs of the ceiling in %d blocks", tt.w, n, len(with))
		}
	}
}

// The first time of the ceiling keeps to its part as well where points are not known yet, and may be as quick as cores
// make them: with 750 ms on one core, 375 ms on two and 2 · 150 ms of the ceiling, that had 21 % of a block. With 800
// ms it has a fifth.
func TestCeilingFirst(t *testing.T) {
	for w, runs := range map[time.Duration]int{750 * time.Millisecond: 2, 800 * time.Millisecond: 4} {
		var r Runner
		m := r.measuring(judged(), nil)
		m.took[m.subjects[0]] = w
		if plan := m.plan(block{kind: sweep.Timed}); len(plan) != runs {
			t.Errorf("runs of %v: %d in the first block, want %d: %v", w, len(plan), runs, plan)
		}
	}
}

// The machine is known before the first run of a study that has the ceiling, and only then.
func TestCeilingPace(t *testing.T) {
	var r Runner
	m := r.measuring(judged(), nil)
	m.pace()
	if m.ceilingTime == ceilingTime || m.ceilingTime < 10*time.Millisecond || m.ceilingTime > time.Minute {
		t.Errorf("a run of the ceiling takes %v", m.ceilingTime)
	}
	alone := judged()
	alone.Sweeps = alone.Sweeps[:1]
	m = r.measuring(alone, nil)
	if m.pace(); m.ceilingTime != ceilingTime {
		t.Errorf("%v where there is none", m.ceilingTime)
	}
}

// What the ceiling took is said wherever it is more than its part, be it in all blocks.
func TestCeilingSaysWhatItTook(t *testing.T) {
	for took, want := range map[time.Duration]string{
		250 * time.Millisecond: "", // 500 of 2500 ms
		500 * time.Millisecond: "; the ceiling was measured in 1 of 1 timed blocks and took 33 % of the time of all runs",
	} {
		var r Runner
		m := r.measuring(judged(), nil)
		for _, run := range sweep.Block(m.points, 0, sweep.Timed) {
			res := sweep.Result{Run: run, Status: sweep.OK, Total: sweep.Seconds(time.Second)}
			if m.isCeiling(run.Point) {
				res.Total = sweep.Seconds(took)
			}
			m.end.Results = append(m.end.Results, res)
		}
		if got := m.ceilingWords(); got != want {
			t.Errorf("2 s and twice %v: %q, want %q", took, got, want)
		}
	}
}

// On a machine that others take most of, the first run of the ceiling is thought to take as much longer.
func TestCeilingBesideOthers(t *testing.T) {
	var r Runner
	m := r.measuring(judged(), nil)
	p := m.points[slices.IndexFunc(m.points, m.isCeiling)]
	if got := m.expected(p); got != ceilingTime {
		t.Errorf("%v alone, want %v", got, ceilingTime)
	}
	m.taken = sweep.Taken{Had: 8, Others: 5, Hypervisor: 1}
	if got := m.expected(p); got != 4*ceilingTime {
		t.Errorf("%v on a quarter of the machine, want %v", got, 4*ceilingTime)
	}
}

// What another block takes is told without the ceiling, which it need not have.
func TestNextBlockWithoutCeiling(t *testing.T) {
	res := newRunner(t)
	p := point("fifty", 1, 1, 1, 1)
	task := Task{
		Sweeps: []sweep.Sweep{
			{Workload: p.Workload, Points: []sweep.Point{p, point("fifty", 1, 2, 2, 1)}},
			sweep.CeilingSweep([]sweep.Point{{Cores: 2}}, 1),
		},
		Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
	}
	m := res.measuring(task, nil)
	m.spent = time.Hour // so that there is time for it
	began := time.Now()
	if err := m.block(t.Context(), block{kind: sweep.Timed}, 0); err != nil {
		t.Fatal(err)
	}
	if len(m.ceilingBlocks()) != 1 || m.last[sweep.Timed] > time.Since(began)-m.spentCeiling {
		t.Errorf("the last block is said to have taken %v, the ceiling %v of %v", m.last[sweep.Timed], m.spentCeiling, time.Since(began))
	}
}

// A study that goes on makes no run of the ceiling in blocks that it has already, and keeps account of what it had. It
// is over without any.
func TestCeilingGoesOn(t *testing.T) {
	var r Runner
	m := r.measuring(judged(), nil)
	first := pretend(t, m, 0, 20, 50*time.Millisecond)
	again := r.measuring(judged(), m.end.Results)
	for k := range 20 {
		if plan := again.plan(block{kind: sweep.Timed, rep: k}); len(plan) > 0 {
			t.Errorf("block %d is made again: %v", k, plan)
		}
	}
	if again.spent != m.spent || again.spentCeiling != m.spentCeiling {
		t.Errorf("had %v of %v, and then %v of %v", m.spentCeiling, m.spent, again.spentCeiling, again.spent)
	}
	if all := append(first, pretend(t, again, 20, 20, 50*time.Millisecond)...); len(all) != 5 {
		t.Errorf("the ceiling in blocks %v, want 5", all)
	}
	done := slices.DeleteFunc(slices.Clone(again.end.Results), func(r sweep.Result) bool {
		return r.Point.Workload == sweep.SpinWorkload
	})
	if _, over := judged().Over(done); !over {
		t.Error("not over without the ceiling")
	}
	if _, over := judged().Over(done[1:]); over {
		t.Error("over without a run")
	}
}

// A block that stands for another has the ceiling if that had it.
func TestCeilingRepeated(t *testing.T) {
	var r Runner
	m := r.measuring(judged(), nil)
	with := pretend(t, m, 0, 40, 50*time.Millisecond)
	for k := range 40 {
		plan := m.plan(block{kind: sweep.Timed, rep: 100 + k, replaces: &k})
		if has, want := len(plan) == 4, slices.Contains(with, k); has != want {
			t.Errorf("block %d: %v, want the ceiling: %v", k, plan, want)
		}
	}
}

// What is left is not said to be more of the ceiling than its part; a budget ends it as well.
func TestCeilingExpected(t *testing.T) {
	var r Runner
	task := judged()
	for _, tt := range []struct{ w, want time.Duration }{
		{time.Second, 40 * (2*time.Second + 2*ceilingTime)},
		{80 * time.Millisecond, 40 * (200 * time.Millisecond)},
	} {
		m := r.measuring(task, nil)
		m.took[m.subjects[0]], m.took[m.subjects[1]] = tt.w, tt.w
		if got := m.look(WarmUp); got.Low != tt.want || got.Points != 2 || got.Ceiling != 2 {
			t.Errorf("runs of %v: %+v, want %v", tt.w, got, tt.want)
		}
	}
	task.Rule.Budget = sweep.Seconds(2100 * time.Millisecond)
	m := r.measuring(task, nil)
	m.took[m.subjects[0]], m.took[m.subjects[1]] = time.Second, time.Second
	if plan := m.plan(block{kind: sweep.Timed}); len(plan) != 2 {
		t.Errorf("beyond the budget: %v", plan)
	}
}

// Where there is nothing else the loop is what a study is about.
func TestCeilingAlone(t *testing.T) {
	var r Runner
	m := r.measuring(Task{Sweeps: []sweep.Sweep{sweep.CeilingSweep(nil, 1)}, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 2}}, nil)
	if plan := m.plan(block{kind: sweep.Timed}); len(plan) != 1 || m.complete() || m.ceilingWords() != "" {
		t.Errorf("%v", plan)
	}
}

// However tasks are handed out, each worker of the loop has one.
func TestCeilingUnchunked(t *testing.T) {
	l := launch{
		r:   &Runner{settings: sweep.Settings{Chunk: 4, Static: true}},
		run: sweep.Run{Point: sweep.CeilingSweep([]sweep.Point{{Cores: 2}}, 1).Points[1]},
	}
	if s := l.spec("root"); s.Chunk != 0 || s.Static {
		t.Errorf("chunks of %d, static %v", s.Chunk, s.Static)
	}
	l.run.Point.Workload = "w"
	if s := l.spec("root"); s.Chunk != 4 || !s.Static {
		t.Errorf("%+v", s)
	}
}
