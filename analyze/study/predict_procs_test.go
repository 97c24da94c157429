package study_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// dealt is a study with 1, 2 and 4 processes, whose run of two left all traces: 8 tasks of 50 ms, after 100 ms alone.
// In all 100 ms of each run are no work. Of those, the coordinator of the traced run has its first child after 2, and
// the next 1 later; both are ready 7 after they were started.
func dealt() study.Input {
	in := crewed()
	s := &in.Header.Sweeps[0]
	s.Mode = sweep.Procs
	for i := range s.Points {
		s.Points[i].Procs, s.Points[i].Workers = s.Points[i].Workers, 1
	}
	for i := range in.Results {
		r := &in.Results[i]
		r.Point.Procs, r.Point.Workers = r.Point.Workers, 1
		if r.Kind == sweep.Traced && r.Point.Procs > 1 {
			for range r.Point.Procs {
				r.Captures = append(r.Captures, r.Captures[0])
			}
			r.Startup, r.Teardown = sweep.Seconds(10*ms), sweep.Seconds(0)
			r.Processes = []sweep.Process{
				{Role: sweep.Coordinator, Rank: -1, Entered: sweep.Seconds(ms)},
				{Role: sweep.Worker, Launched: sweep.Seconds(2 * ms), Ready: sweep.Seconds(9 * ms)},
				{Role: sweep.Worker, Rank: 1, Launched: sweep.Seconds(3 * ms), Ready: sweep.Seconds(10 * ms)},
			}
		}
	}
	programs := []*program.Program{{Rank: -1, Symbols: &gotrace.Symbols{}, Goroutines: []program.Goroutine{
		{ID: 1, Ops: []program.Op{{Kind: program.Run, D: 100 * ms}}},
	}}}
	for rank := range 2 {
		p := &program.Program{Rank: rank, Symbols: &gotrace.Symbols{}, Crews: []program.Crew{{Workers: []int32{0}}}}
		var ops []program.Op
		for k := range 4 {
			ops = append(ops, program.Op{Kind: program.Take, Ref: int32(k)}, program.Op{Kind: program.Run, D: 50 * ms})
			p.Chunks = append(p.Chunks, program.Chunk{
				Lo: 2*k + rank, Hi: 2*k + rank + 1, Begin: int64(k) * 50 * ms, End: int64(k+1) * 50 * ms, Took: 50 * ms,
			})
		}
		p.Goroutines = []program.Goroutine{{ID: 5, Ops: ops}}
		programs = append(programs, p)
	}
	in.Explained = map[sweep.Run]study.Explained{}
	for r := range study.Replayed(&in.Header, in.Results) {
		in.Explained[r] = study.Explained{Programs: programs, Path: &critical.Path{}, TraceBytes: 1000}
	}
	return in
}

// One process takes 100 + 400 ms after 1 for its start, two 100 + 200 after 10, four 100 + 100 after 12.
func TestPredictedProcesses(t *testing.T) {
	p := curveOf(dealt()).Prediction
	if p.Unknown != nil || p.Run.Point.Procs != 2 || p.Fixed != 0 {
		t.Fatalf("%+v", p)
	}
	for n, want := range map[int]float64{1: 1, 2: 501. / 310, 4: 501. / 212} {
		if got := p.At(n).Speedup; math.Abs(got-want) > 1e-3*want {
			t.Errorf("%d processes: %v, want %v", n, got, want)
		}
	}
	in := dealt()
	in.Measure = "work"
	if got := curveOf(in).Prediction.At(2).Speedup; math.Abs(got-500./300) > 1e-3 {
		t.Errorf("of the work: %v", got)
	}
}
