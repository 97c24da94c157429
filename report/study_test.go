package report

import (
	"math/rand/v2"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A fake makes up studies. Times are given by hand per point; every run of a point lies within ±1 % of it, so that
// medians and intervals are not all alike.
type fake struct {
	in  study.Input
	rnd *rand.Rand
}

func newFake(cpus int) *fake {
	host := sweep.Host{
		OS: "linux", Arch: "amd64", Kernel: "6.8.0", CPUModel: "AMD EPYC 7B13", Physical: cpus, Sockets: 1,
		Governor: "performance", MemoryBytes: 8e9, Level: "go trace",
	}
	for i := range cpus {
		host.CPUs = append(host.CPUs, sweep.CPU{ID: i, Core: i})
	}
	return &fake{
		rnd: rand.New(rand.NewPCG(1, 2)),
		in: study.Input{
			Header: sweep.Header{
				Schema: sweep.StudySchema, CreatedAt: "2026-11-21T04:30:00Z", Command: []string{"corecurve", "run", "pi", "--mode", "both"},
				Tool: "v0.1.0", Go: "go1.26.0", Seed: 42, Host: host,
				Rule:     sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05},
				Settings: sweep.Settings{Warmup: 1, Traced: 1, Timeout: sweep.Seconds(time.Minute)},
				Stopped:  "after 10 runs of every point: every interval is within ±5 %",
			},
			Explained: map[sweep.Run]study.Explained{},
		},
	}
}

// A spot is what the runs of one point are made of.
type spot struct {
	n       int
	total   time.Duration
	startup time.Duration
	cpu     time.Duration
}

// sweep adds a curve with runs timed runs and one traced run of every spot. A spot without a total gets no runs.
func (f *fake) sweep(workload string, mode sweep.Mode, scaling sweep.Scaling, runs int, spots ...spot) {
	h := &f.in.Header
	if workload != sweep.SpinWorkload && study.ProgramOf(*h, workload).Argv == nil {
		h.Workloads = append(h.Workloads, sweep.Program{
			Name: workload, Doc: "The workload " + workload + ".", Unit: "steps", Argv: []string{"corecurve", workload}, SHA256: "0123abcd",
		})
	}
	s := sweep.Sweep{Workload: workload, Mode: mode, Scaling: scaling, Size: 1000}
	for _, sp := range spots {
		p := sweep.Point{Workload: workload, Procs: 1, Workers: 1, Cores: min(sp.n, len(h.Host.CPUs)), Size: 1000}
		if mode == sweep.Procs {
			p.Procs = sp.n
		} else {
			p.Workers = sp.n
		}
		if scaling == sweep.Weak {
			p.Size *= int64(sp.n)
		}
		s.Points = append(s.Points, p)
		if sp.total > 0 && !f.has(p) {
			f.runs(p, sp, runs)
		}
	}
	h.Sweeps = append(h.Sweeps, s)
}

func (f *fake) has(p sweep.Point) bool {
	for i := range f.in.Results {
		if f.in.Results[i].Point == p {
			return true
		}
	}
	return false
}

func (f *fake) runs(p sweep.Point, sp spot, runs int) {
	for rep := range runs {
		f.add(sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, sp)
	}
	if p.Workload == sweep.SpinWorkload {
		return
	}
	run := sweep.Run{Point: p, Kind: sweep.Traced}
	f.add(run, sp)
	f.in.Explained[run] = explained(p, sp)
}

func (f *fake) add(run sweep.Run, sp spot) {
	total := time.Duration(float64(sp.total) * (0.99 + 0.02*f.rnd.Float64()))
	f.in.Results = append(f.in.Results, sweep.Result{
		Schema: sweep.RunSchema, Run: run, Status: sweep.OK, StartedAt: "2026-11-21T04:30:01Z", Start: sweep.Seconds(5 * time.Second),
		Total: sweep.Seconds(total), Work: sweep.Seconds(total - sp.startup), Startup: sweep.Seconds(sp.startup),
		User: sweep.Seconds(sp.cpu), MaxRSS: 12_300_000, Digest: "d", Tasks: 16,
		Processes: []sweep.Process{{Role: sweep.Worker, PID: 100}},
	})
}

// explained is the trace of a run in which every worker ran half of the time, and waited for a core in the other half
// if there are too few.
func explained(p sweep.Point, sp spot) study.Explained {
	const start = clock.Time(5e9)
	end := start + clock.Time(sp.total)
	half := start + clock.Time(sp.total/2)
	t := &timeline.Timeline{Start: start, End: end}
	for i := range p.Parallelism() {
		rest := timeline.Running
		switch {
		case sp.cpu < sp.total/4:
			rest = timeline.Waiting
		case i >= p.Cores:
			rest = timeline.Ready
		}
		t.Lanes = append(t.Lanes, timeline.Lane{
			Kind: timeline.Worker, Rank: i / p.Workers, ID: int64(i), Name: "worker",
			Marks: []timeline.Mark{{Start: start, End: half, Label: "1"}},
			Spans: []timeline.Span{{Start: start, End: half, State: timeline.Running}, {Start: half, End: end, State: rest}},
		})
	}
	use := &cores.Use{Start: start, End: end, Cores: p.Cores, MaxPs: p.Procs * p.GOMAXPROCS(), Mean: float64(p.Cores)}
	use.Profile = make([]time.Duration, p.Cores+1)
	use.Profile[p.Cores] = sp.total
	use.Steps = []cores.Step{{Start: start, Busy: p.Cores}, {Start: end, Busy: 0}}
	return study.Explained{Timeline: t, Use: use}
}

const ms = time.Millisecond

// both is pi on threads and on processes on two cores, as the documents' tests look at it.
func both() *fake {
	f := newFake(2)
	f.pi()
	f.spin()
	return f
}

func (f *fake) pi() {
	f.sweep("pi", sweep.Threads, sweep.Strong, 10, spot{1, 512 * ms, 4 * ms, 508 * ms}, spot{2, 266 * ms, 4 * ms, 512 * ms}, spot{4, 264 * ms, 4 * ms, 514 * ms})
	f.sweep("pi", sweep.Procs, sweep.Strong, 10, spot{1, 512 * ms, 4 * ms, 508 * ms}, spot{2, 277 * ms, 12 * ms, 520 * ms}, spot{4, 280 * ms, 16 * ms, 530 * ms})
}

func (f *fake) fetch() {
	f.sweep("fetch", sweep.Threads, sweep.Strong, 10, spot{1, 800 * ms, 4 * ms, 9 * ms}, spot{2, 404 * ms, 4 * ms, 9 * ms}, spot{4, 205 * ms, 4 * ms, 9 * ms})
	f.sweep("fetch", sweep.Procs, sweep.Strong, 10, spot{1, 800 * ms, 4 * ms, 9 * ms}, spot{2, 412 * ms, 12 * ms, 15 * ms}, spot{4, 216 * ms, 16 * ms, 25 * ms})
}

func (f *fake) spin() {
	f.sweep(sweep.SpinWorkload, sweep.Threads, sweep.Weak, 10, spot{1, 100 * ms, 4 * ms, 96 * ms}, spot{2, 102 * ms, 4 * ms, 195 * ms})
}

// busy gives lane k of t a thousand turns of running and waiting for a lock.
func busy(t *timeline.Timeline, k int) {
	const turns = 1000
	l := &t.Lanes[k]
	l.Spans = nil
	length := t.End.Sub(t.Start) / turns
	for i := range turns {
		start := t.Start + clock.Time(time.Duration(i)*length)
		l.Spans = append(l.Spans, timeline.Span{Start: start, End: start + clock.Time(length/2), State: timeline.Running},
			timeline.Span{Start: start + clock.Time(length/2), End: start + clock.Time(length), State: timeline.Lock})
	}
}
