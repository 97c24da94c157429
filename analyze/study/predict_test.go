package study_test

import (
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

const ms = int64(time.Millisecond)

// crew is main, which computes for 100 ms and then waits for a worker that does 8 tasks of 50 ms.
func crew() *program.Program {
	p := &program.Program{Symbols: &gotrace.Symbols{}, Ps: 1, Pauses: []program.Pause{{G: 0, By: 1}}}
	var work []program.Op
	for i := range int32(8) {
		p.Chunks = append(p.Chunks, program.Chunk{Lo: int(i), Hi: int(i) + 1})
		work = append(work, program.Op{Kind: program.Take, Ref: i}, program.Op{Kind: program.Run, D: 50 * ms})
	}
	p.Crews = []program.Crew{{Workers: []int32{1}}}
	p.Goroutines = []program.Goroutine{
		{ID: 1, Creator: program.None, Ops: []program.Op{
			{Kind: program.Run, D: 100 * ms}, {Kind: program.Create, Ref: 1}, {Kind: program.Block},
		}},
		{ID: 2, Over: true, Ops: append(work, program.Op{Kind: program.Leave}, program.Op{Kind: program.Wake})},
	}
	return p
}

// crewed is a study of it with 1, 2 and 4 workers on 2 cores: it takes 600 ms, of which 100 are no work, 400 ms with 2
// workers and 390 with 4, which take turns.
func crewed() study.Input {
	s := sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 8}
	in := study.Input{
		Header: sweep.Header{
			Workloads: []sweep.Program{{Name: "w"}}, Scheduler: &sweep.Scheduler{Switch: 100, Wake: 5000, Waker: 2000},
			Host: sweep.Host{CPUs: []sweep.CPU{{ID: 0}, {ID: 1, Core: 1}}},
		},
		Predict: &study.Predicting{},
	}
	for i, work := range []int64{500, 300, 290} {
		p := sweep.Point{Workload: "w", Procs: 1, Workers: 1 << i, Cores: min(1<<i, 2), Size: 8}
		s.Points = append(s.Points, p)
		for rep := range 6 {
			r := sweep.Result{Status: sweep.OK, Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}}
			r.Work, r.Total = sweep.Seconds(work*ms+int64(rep)*ms/10), sweep.Seconds((work+100)*ms+int64(rep)*ms/10)
			in.Results = append(in.Results, r)
		}
		traced := in.Results[len(in.Results)-6]
		traced.Kind, traced.Captures = sweep.Traced, []sweep.Capture{{Kind: sweep.GoTrace, Path: "p0.trace"}}
		in.Results = append(in.Results, traced)
	}
	in.Header.Sweeps = []sweep.Sweep{s}
	in.Explained = map[sweep.Run]study.Explained{}
	for r, replayed := range study.Replayed(&in.Header, in.Results) {
		if replayed {
			in.Explained[r] = study.Explained{Program: crew(), Path: &critical.Path{}, TraceBytes: 1000}
		}
	}
	return in
}

func curveOf(in study.Input) *study.Curve { return &study.Analyze(in).Workloads[0].Curves[0] }

// The work takes 100 ms and as many times 50 as the tasks of the busiest worker: 300 ms on 2 cores, 200 on 4, 150 from
// 8 on. With the 100 ms that are no work the whole takes 400, 300 and 250 of 600.
func TestPredicted(t *testing.T) {
	c := curveOf(crewed())
	p := c.Prediction
	if p == nil || p.Unknown != nil || p.Run.Point.Workers != 1 {
		t.Fatalf("%+v", p)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 0.005*want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	near("share that stays", p.Fixed, 1./6)
	for n, want := range map[int]float64{1: 1, 2: 1.5, 4: 2, 8: 2.4, 128: 2.4} {
		near("speedup", p.At(n).Speedup, want)
	}
	near("most", p.Most, 2.4)
	if len(p.Checks) != 1 || p.Checks[0].At != 1 || !p.Checks[0].Within || !p.Holds() || math.Abs(p.Checks[0].Error) > 0.005 {
		t.Errorf("checked: %+v", p.Checks)
	}
	if !p.Curve.Calibrated {
		t.Error("what was measured of the scheduler is not used")
	}
}

// What was measured at 2 workers is 1.09 instead of 1.5: the prediction does not hold.
func TestPredictedWrong(t *testing.T) {
	in := crewed()
	for i := range in.Results {
		if r := &in.Results[i]; r.Point.Workers == 2 {
			r.Work, r.Total = r.Work+sweep.Seconds(150*ms), r.Total+sweep.Seconds(150*ms)
		}
	}
	p := curveOf(in).Prediction
	if len(p.Checks) != 1 || p.Checks[0].Within || p.Holds() || math.Abs(p.Checks[0].Error-1.5/(600./550)+1) > 0.01 {
		t.Errorf("%+v", p.Checks)
	}
}

func TestUnpredicted(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*study.Input)
		want   warning.Kind
	}{
		{"no captures", func(in *study.Input) {
			for i := range in.Results {
				in.Results[i].Captures = nil
			}
		}, warning.PredictNoTrace},
		{"not read", func(in *study.Input) { in.Explained = nil }, warning.PredictNoTrace},
		{"processes", func(in *study.Input) {
			s := &in.Header.Sweeps[0]
			s.Mode, s.Points[2].Procs, s.Points[2].Workers = sweep.Procs, 4, 1
		}, warning.PredictProcs},
		{"weak", func(in *study.Input) { in.Header.Sweeps[0].Points[2].Size = 32 }, warning.PredictGrows},
		{"long trace", func(in *study.Input) { in.Predict.Bytes = 999 }, warning.PredictLarge},
		{"no crew", func(in *study.Input) {
			for r, x := range in.Explained {
				x.Program.Crews = nil
				x.Program.Goroutines[1].Ops = []program.Op{{Kind: program.Run, D: ms}, {Kind: program.Wake}}
				in.Explained[r] = x
			}
		}, warning.PredictNoPool},
	} {
		in := crewed()
		tt.change(&in)
		p := curveOf(in).Prediction
		if p.Unknown == nil || p.Unknown.Kind != tt.want || p.Points != nil || p.Holds() {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
	in := crewed()
	in.Predict = nil
	if p := curveOf(in).Prediction; p != nil || p.Holds() {
		t.Errorf("not asked for: %+v", p)
	}
}

// waiting lets the workers of the traced runs of crewed wait for a lock for so many per mille of their work, by their
// number.
func waiting(in *study.Input, by map[int]int64) {
	for i := range in.Results {
		r := &in.Results[i]
		if r.Kind != sweep.Traced {
			continue
		}
		x, l := in.Explained[r.Run], &ledger.Ledger{}
		for id := range r.Point.Workers {
			wall := time.Duration(r.Work)
			wait := wall * time.Duration(by[r.Point.Workers]) / 1000
			l.Workers = append(l.Workers, ledger.WorkerTime{ID: id, Wall: wall, ByCause: map[cause.Cause]time.Duration{
				cause.User: wall - wait, cause.Mutex: wait,
			}})
		}
		x.Ledger = l
		in.Explained[r.Run] = x
	}
}

// Workers that wait for each other at larger counts, and did not where there was one, leave no figure but a bound.
func TestUnseen(t *testing.T) {
	in := crewed()
	if x := study.Replayed(&in.Header, in.Results); len(x) != 3 {
		t.Errorf("%d runs are read, want that with 1 worker and those with 2 and 4", len(x))
	}
	waiting(&in, map[int]int64{1: 1, 2: 30, 4: 200})
	p := curveOf(in).Prediction
	q := p.At(4)
	if p.Unknown != nil || p.Holds() || !math.IsNaN(q.Speedup) || math.Abs(q.High-2) > 0.01 || math.Abs(p.Most-2.4) > 0.01 {
		t.Fatalf("%+v, on 4: %+v", p, q)
	}
	f := q.Unknown.Figures
	if q.Unknown.Kind != warning.PredictWaits || f.Count != 4 || f.Of != 1 || math.Abs(f.Ratio-0.2) > 1e-6 ||
		math.Abs(f.AgainstRatio-0.001) > 1e-6 || q.Unknown.Items[0].Name != string(cause.Lock) {
		t.Errorf("%+v", q.Unknown)
	}
	in = crewed()
	waiting(&in, map[int]int64{1: 995, 2: 1000, 4: 1000})
	if q := curveOf(in).Prediction.At(4); q.Unknown != nil {
		t.Errorf("the recording shows it: %+v", q.Unknown)
	}
}
