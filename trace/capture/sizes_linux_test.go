package capture

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

// sized is a task of one and two workers at each size.
func sized(sizes ...int64) Task {
	t := Task{Rule: sweep.Rule{MinRuns: 2, MaxRuns: 2}, Traced: 1, Warmup: 1}
	for _, size := range sizes {
		t.Sweeps = append(t.Sweeps, sweep.Sweep{
			Workload: "w", Mode: sweep.Threads, Size: size,
			Points: []sweep.Point{point("w", 1, 1, 1, size), point("w", 1, 2, 2, size)},
		})
	}
	return t
}

// sizesOf are the sizes of points, each once.
func sizesOf(points []sweep.Point) (out []int64) {
	for _, p := range points {
		if len(out) == 0 || out[len(out)-1] != p.Size {
			out = append(out, p.Size)
		}
	}
	return out
}

// Of many sizes three are traced: the smallest, the largest, and the one where more workers first were faster in the
// first block. It is the same in a study that is resumed.
func TestExplainedSizes(t *testing.T) {
	var r Runner
	if got := sizesOf(r.measuring(sized(1, 10, 100), nil).explained()); cmp.Diff([]int64{1, 10, 100}, got) != "" {
		t.Errorf("three sizes: %v", got)
	}
	all := []int64{1, 10, 100, 1000, 10_000, 100_000}
	m := r.measuring(sized(all...), nil)
	if got := sizesOf(m.explained()); cmp.Diff([]int64{1, 1000, 100_000}, got) != "" {
		t.Errorf("before the first block: %v", got)
	}
	var done []sweep.Result
	for _, s := range m.t.Sweeps {
		for i, p := range s.Points {
			took := sweep.Seconds(p.Size)
			if i == 1 { // starting the second worker takes 60
				took = took/2 + 60
			}
			done = append(done,
				sweep.Result{Run: sweep.Run{Point: p, Kind: sweep.Timed}, Status: sweep.OK, Total: took},
				sweep.Result{Run: sweep.Run{Point: p, Rep: 1, Kind: sweep.Timed}, Status: sweep.OK, Total: 1}) // another block decides nothing
		}
	}
	if got := sizesOf(r.measuring(sized(all...), done).explained()); cmp.Diff([]int64{1, 1000, 100_000}, got) != "" {
		t.Errorf("100 takes 110: %v", got)
	}
	done[5*2].Total = 1000 // two workers at 100
	done[4*2].Total = 2000
	if got := sizesOf(r.measuring(sized(all...), done).explained()); cmp.Diff([]int64{1, 100, 100_000}, got) != "" {
		t.Errorf("100 pays: %v", got)
	}
}

// What a size takes is thought from those below: 10 ms of start and 1 ms for each unit.
func TestExtrapolatedSizes(t *testing.T) {
	var r Runner
	m := r.measuring(sized(1, 10, 100, 100_000), nil)
	at := func(i int) time.Duration { return m.expected(m.t.Sweeps[i].Points[0]) }
	if got := at(3); got != 0 {
		t.Errorf("nothing is known, and it takes %v", got)
	}
	m.took[m.t.Sweeps[0].Points[0]] = 11 * time.Millisecond
	if got := at(1); got != 110*time.Millisecond { // no more is known
		t.Errorf("from one size: %v", got)
	}
	m.took[m.t.Sweeps[1].Points[0]] = 20 * time.Millisecond
	m.took[m.t.Sweeps[2].Points[0]] = 110 * time.Millisecond
	if got := at(3); got != 100_010*time.Millisecond {
		t.Errorf("from three sizes: %v", got)
	}
	if got := m.expected(m.t.Sweeps[3].Points[1]); got != 75_007_500*time.Microsecond { // between half of it and all
		t.Errorf("two workers: %v", got)
	}
}
