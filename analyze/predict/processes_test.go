package predict_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// processes is a run of two processes, which do 16 tasks of 10 ms in turn and wait for gap ms between them. The
// coordinator ran for 20 ms alone, and for 16 to deal them.
func processes(gap int64) predict.Run {
	coordinator := &program.Program{Rank: -1, Symbols: &gotrace.Symbols{}, Goroutines: []program.Goroutine{
		{ID: 1, Ops: []program.Op{run(20 * ms)}},
		{ID: 7, Ops: []program.Op{run(10 * ms)}},
		{ID: 8, Ops: []program.Op{run(6 * ms)}},
	}}
	out := predict.Run{Programs: []*program.Program{coordinator}}
	for rank := range 2 {
		p := &program.Program{Rank: rank, Ps: 1, Symbols: &gotrace.Symbols{}, Crews: []program.Crew{{Workers: []int32{0}}}}
		g := program.Goroutine{ID: 9}
		for k := range 8 {
			begin := int64(k) * (10 + gap) * ms
			g.Ops = append(g.Ops, program.Op{Kind: program.Take, Ref: int32(k)}, run(10*ms))
			p.Chunks = append(p.Chunks, program.Chunk{
				Lo: 2*k + rank, Hi: 2*k + rank + 1, Begin: begin, End: begin + 10*ms, Took: 10 * ms,
			})
		}
		p.Goroutines = []program.Goroutine{g}
		out.Programs = append(out.Programs, p)
	}
	return out
}

// One process takes 20 + 160 ms. Of n, the i-th has its first task after i ms for the coordinator and 1 for the
// message; with each task of 10 ms it waits for 1 + 1 + 1, as recorded. Two take 20 + 2 + 1 + 8·10 + 7·3 ms, and 1 + 1
// until the coordinator has the last result: 126. Of 16, the last has its only one after 17 ms: 20 + 17 + 10 + 2 = 49.
// Without the coordinator two take 100 ms, and 16 take 30.
func TestProcesses(t *testing.T) {
	c := predict.Processes(processes(3), []int{1, 2, 16, 64})
	for i, want := range []struct{ low, high float64 }{
		{1, 1}, {180. / 126, 1.8}, {180. / 49, 6}, {180. / 49, 6},
	} {
		p := c.Predictions[i]
		near(t, fmt.Sprint(p.Cores, " processes"), p.Speedup, want.low, 0.001)
		near(t, fmt.Sprint(p.Cores, " at no cost"), p.High, want.high, 0.001)
	}
	near(t, "most", c.Most, 6, 0.001)
	if l := c.Limits; len(l) != 1 || l[0].Kind != predict.ByCoordinator || l[0].AtMost != 5 {
		t.Errorf("limits %+v", l)
	}
	if c.Work != 180*time.Millisecond || c.Warnings != nil {
		t.Errorf("work %v, warnings %+v", c.Work, c.Warnings)
	}
}

// Where it takes the coordinator longer to deal a task than a process to do it, more processes wait for it: each task
// costs 20 ms of the coordinator.
func TestCoordinatorLimits(t *testing.T) {
	r := processes(20)
	r.Programs[0].Goroutines[1].Ops = []program.Op{run(314 * ms)}
	c := predict.Processes(r, []int{8})
	near(t, "8 processes", c.Predictions[0].Speedup, 180./(20+16*20+30), 0.05)
}

// Evenly dealt, each of two processes has 8 of 16 tasks and 8 of the 3 ms between two; of 16 each has one. The
// coordinator has the last result after 1 ms more.
func TestEvenProcesses(t *testing.T) {
	r := processes(3)
	r.Even = true
	c := predict.Processes(r, []int{2, 16})
	near(t, "two", c.Predictions[0].Speedup, 180./(20+2+8*13+1), 0.001)
	near(t, "sixteen", c.Predictions[1].Speedup, 180./(20+16+13+1), 0.001)
}

// To start the coordinator takes 2 ms until it starts the first process, and 1 for each further one, which are ready
// after 8, or 9 of one that was disturbed. Work begins 3 ms after the last is ready. Another 4 end the run.
func TestStarts(t *testing.T) {
	const ms = sweep.Seconds(time.Millisecond)
	r := processes(3)
	r.Result = &sweep.Result{Startup: 15 * ms, Teardown: 4 * ms, Processes: []sweep.Process{
		{Role: sweep.Coordinator, Rank: -1, Entered: ms},
		{Role: sweep.Worker, Launched: 2 * ms, Ready: 10 * ms},
		{Role: sweep.Worker, Rank: 1, Launched: 3 * ms, Ready: 12 * ms},
	}}
	c := predict.Processes(r, []int{1, 2, 4})
	const one = 1 + 3 + 180 + 4
	near(t, "one", c.Predictions[0].Speedup, 1, 0)
	near(t, "two", c.Predictions[1].Speedup, one/(2+1+8+3+126.+4), 0.001)
	near(t, "two at no cost", c.Predictions[1].High, one/(1+3+100.+4), 0.001)
	// 4 do 4 tasks each, the last from 4 + 1 ms on.
	near(t, "four", c.Predictions[2].Speedup, one/(2+3+8+3+20+4+1+4*10+3*3+2.+4), 0.001)
}

// The garbage collector of a process lets its tasks take longer.
func TestCollectorOfProcesses(t *testing.T) {
	r := processes(3)
	r.Programs[1].Cycles = []time.Duration{16 * time.Millisecond}
	near(t, "two", predict.Processes(r, []int{2}).Predictions[0].Speedup, 196./(126+8), 0.001)
}

func TestUnknownProcesses(t *testing.T) {
	alone := processes(3)
	alone.Programs = alone.Programs[1:]
	idle := processes(3)
	for _, p := range idle.Programs {
		p.Crews = nil
	}
	for _, tt := range []struct {
		run  predict.Run
		kind warning.Kind
	}{
		{predict.Run{}, warning.PredictNoTasks},
		{alone, warning.PredictNoTasks},
		{idle, warning.PredictNoTasks},
	} {
		c := predict.Processes(tt.run, []int{2})
		p := c.Predictions[0]
		if !math.IsNaN(p.Speedup) || !math.IsNaN(c.Most) || p.Unknown.Kind != tt.kind || p.NoLow == nil || p.NoHigh == nil ||
			len(c.Warnings) != 1 {
			t.Errorf("%s: %+v, %+v", tt.kind, p, c.Warnings)
		}
	}
	waited := processes(3)
	waited.Programs[2].Chunks[5].Waited, waited.Programs[2].Chunks[5].Took = true, 1
	c := predict.Processes(waited, []int{2})
	near(t, "with a task that waited", c.Predictions[0].Speedup, 180./126, 0.001)
	if w := c.Warnings; len(w) != 1 || w[0].Kind != warning.PredictTasksWait || w[0].Figures.Of != 16 {
		t.Errorf("%+v", w)
	}
	lost := processes(3)
	lost.Programs[1].Lost = 2
	if c := predict.Processes(lost, []int{2}); c.Predictions[0].Unknown != nil || c.Warnings[0].Figures.Count != 2 {
		t.Errorf("with a gap: %+v", c.Warnings)
	}
}
