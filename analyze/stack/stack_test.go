package stack

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

const (
	ms   = ledger.CoreTime(time.Millisecond)
	long = "example.com/job.long"
)

func frames(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "job.go", Line: 10 + i})
	}
	return out
}

// point is a measured point of so many workers on two cores.
func point(workers int, startup, work, teardown float64) curve.Point {
	total := startup + work + teardown
	return curve.Point{
		Point: sweep.Point{Workload: "w", Procs: 1, Workers: workers, Cores: min(workers, 2), Size: 1}, N: workers,
		Runs:   10,
		Median: total, TotalMedian: total, WorkMedian: work, Startup: startup, Teardown: teardown,
	}
}

func threads(scaling sweep.Scaling, points ...curve.Point) *curve.Curve {
	for i := range points {
		if scaling == sweep.Weak {
			points[i].Point.Size = int64(points[i].N)
		}
	}
	return &curve.Curve{
		Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: scaling}, Measure: curve.Total, Points: points,
	}
}

// account is one of a traced run that took as long as the timed ones.
func account(p curve.Point, parts ...Part) Account {
	d := func(s float64) time.Duration { return time.Duration(math.Round(1e9 * s)) }
	return Account{
		Lanes: Workers, Count: p.Point.Parallelism(), Parts: parts,
		Total: d(p.TotalMedian), Startup: d(p.Startup), Work: d(p.WorkMedian), Teardown: d(p.Teardown),
	}
}

func rows(s *Stack) map[cause.Cause]float64 {
	out := map[cause.Cause]float64{}
	for _, r := range s.Rows {
		out[r.Cause] = r.Speedup
	}
	return out
}

var near = cmpopts.EquateApprox(0, 1e-9)

// One worker: 0.1 s start-up and 0.9 s of running. Two: 0.7 s, of which both lose 0.1 s to start-up, they run for 1.0 s
// together, and one waits 0.2 s for the other. So n·T − T₁ = 1.4 − 1.0 = 0.4 s, of which 0.1 is start-up, 0.1
// inflation, 0.2 the join; each over T = 0.7 s.
func TestBuildStrong(t *testing.T) {
	one, two := point(1, 0.1, 0.9, 0), point(2, 0.1, 0.6, 0)
	s := Build(Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns: []Account{
			account(one, Part{Cause: cause.Startup, Outside: true, Time: 100 * ms},
				Part{Cause: cause.User, Time: 900 * ms}),
		},
		AtRuns: []Account{account(
			two, Part{Cause: cause.User, Time: 1000 * ms}, Part{Cause: cause.Startup, Outside: true, Time: 200 * ms},
			Part{Cause: cause.Join, Time: 200 * ms, Stacks: []ledger.Stack{
				{
					Time: 150 * ms, Waiting: frames("sync.(*WaitGroup).Wait", "main.main"),
					Blamed: frames(long, "main.main"),
				},
				{
					Time: 50 * ms, Waiting: frames("sync.(*WaitGroup).Wait", "main.main"),
					Blamed: frames("example.com/job.short"),
				},
			}})},
	})
	want := map[cause.Cause]float64{
		cause.Join: 0.2 / 0.7, cause.Startup: 0.1 / 0.7, cause.WorkInflation: 0.1 / 0.7, cause.NotExplained: 0,
	}
	if d := cmp.Diff(want, rows(s), near); d != "" {
		t.Error(d)
	}
	if s.N != 2 || s.Usable != 2 || math.Abs(s.Speedup-1/0.7) > 1e-12 || len(s.Warnings) != 0 {
		t.Errorf("n %g, usable %g, speedup %g, warnings %+v; want 2, 2, 1.4286 and none", s.N, s.Usable, s.Speedup,
			s.Warnings)
	}
	join := s.Rows[0]
	if join.Cause != cause.Join || join.Top[0].Func != long || math.Abs(join.Share-0.75) > 1e-9 ||
		len(join.Places) != 2 {
		t.Errorf("the first row is %+v; want block.join, three quarters of it because of %s", join, long)
	}
}

// One worker starts for 0.4 s, runs for 0.5 s and is ready for 0.1 s, while others have its core. Starting takes a
// core, though no trace shows it, so that four workers on two cores can be no more than twice as fast, whatever their
// own start-up. Where the work is four times that of the base, it starts but once: 0.6 s and a quarter of 0.4 s are
// what takes a core of the 1 s.
func TestStartingTakesACore(t *testing.T) {
	for scaling, want := range map[sweep.Scaling]float64{sweep.Strong: 2, sweep.Weak: 2 / 0.7} {
		one, four := point(1, 0.4, 0.6, 0), point(4, 0.4, 0.3, 0)
		s := Build(Input{
			Curve: threads(scaling, one, four), At: 1,
			BaseRuns: []Account{
				account(one, Part{Cause: cause.Startup, Outside: true, Time: 400 * ms},
					Part{Cause: cause.User, Time: 500 * ms}, Part{Cause: cause.Preempted, Time: 100 * ms}),
			},
			AtRuns: []Account{
				account(four, Part{Cause: cause.Startup, Outside: true, Time: 1600 * ms},
					Part{Cause: cause.User, Time: 600 * ms}, Part{Cause: cause.SchedLatency, Time: 600 * ms}),
			},
		})
		if got := s.Reach(0); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: reaches %v, want %v", scaling, got, want)
		}
	}
}

// Weak scaling: two workers do twice the work of one, whose second holds 0.2 s of sleep. At two workers a second passes
// as well, then 0.25 s more of waiting for a lock. So n(Tₙ − T₁) = 2·0.25 = 0.5 s over T = 1.25: 0.4 of the speedup,
// all of it the lock's; the sleep, twice 0.2 s against once, cancels.
func TestBuildWeak(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 1.25, 0)
	s := Build(Input{
		Curve: threads(sweep.Weak, one, two), At: 1,
		BaseRuns: []Account{
			account(one, Part{Cause: cause.User, Time: 800 * ms}, Part{Cause: cause.Sleep, Time: 200 * ms}),
		},
		AtRuns: []Account{account(
			two, Part{Cause: cause.User, Time: 1600 * ms}, Part{Cause: cause.Sleep, Time: 400 * ms},
			Part{Cause: cause.Mutex, Time: 500 * ms})},
	})
	want := map[cause.Cause]float64{cause.Mutex: 0.4, cause.Sleep: 0, cause.WorkInflation: 0, cause.NotExplained: 0}
	if d := cmp.Diff(want, rows(s), near); d != "" {
		t.Error(d)
	}
	if math.Abs(s.Speedup-1.6) > 1e-12 {
		t.Errorf("speedup %g, want 2·1/1.25 = 1.6", s.Speedup)
	}
}

// Traced runs that took twice as long count half; what their traces do not cover (a quarter of the point's) is not
// explained. Four workers on two cores: the ideal stays 4, of which the cores allow 2.
func TestBuildScalesAndSaysWhatIsLeft(t *testing.T) {
	one, four := point(1, 0, 1, 0), point(4, 0, 0.5, 0)
	at := account(four, Part{Cause: cause.User, Time: 2000 * ms}, Part{Cause: cause.SchedLatency, Time: 1000 * ms})
	at.Total, at.Work = time.Second, time.Second
	base := account(one, Part{Cause: cause.User, Time: 2000 * ms})
	base.Total, base.Work = 2*time.Second, 2*time.Second
	s := Build(Input{
		Curve: threads(sweep.Strong, one, four), At: 1, BaseRuns: []Account{base}, AtRuns: []Account{at, at},
	})
	// User 2 s, halved, is the 1 s of the base. Ready: 0.5 s over T = 0.5 s. Left: 4·0.5 − 1.5 = 0.5 s, over 0.5 s
	// again.
	want := map[cause.Cause]float64{cause.WorkInflation: 0, cause.SchedLatency: 1, cause.NotExplained: 1}
	if d := cmp.Diff(want, rows(s), near); d != "" {
		t.Error(d)
	}
	if s.N != 4 || s.Usable != 2 || s.Traced != 2 || len(s.Warnings) != 0 {
		t.Errorf("n %g, usable %g, traced %g, warnings %+v", s.N, s.Usable, s.Traced, s.Warnings)
	}
}

// Timed, two workers are twice as fast; traced they are not faster at all, because one waits for a lock all the time.
// The row of the lock says so (1 s of 1 s), and since the timed runs cannot have had that, it is taken back: the row
// that is not explained is −1.
func TestTracedRunsDiffer(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.5, 0)
	at := account(two, Part{Cause: cause.User, Time: 1000 * ms}, Part{Cause: cause.Mutex, Time: 1000 * ms})
	at.Total, at.Work = time.Second, time.Second
	s := Build(Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns: []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})}, AtRuns: []Account{at},
	})
	want := map[cause.Cause]float64{cause.Mutex: 1, cause.WorkInflation: 0, cause.NotExplained: -1}
	if d := cmp.Diff(want, rows(s), near); d != "" {
		t.Error(d)
	}
	if len(s.Warnings) != 1 || s.Warnings[0].Kind != warning.TracedDiffers ||
		s.Warnings[0].Figures != (warning.Figures{Ratio: 1, AgainstRatio: 2}) {
		t.Errorf("warnings %+v; want one on the difference", s.Warnings)
	}
}

// The base's work takes 1.0 s on a core, the point's 1.5 s. By the profiles a third of the former (100 of 300 samples),
// and 350 of 450 samples of the latter, are of long: it grows by 350/450·1.5 − 100/300·1.0 = 0.8333 s, short shrinks by
// 0.3333 s. Samples of the collector do not count.
func TestWorkInflationByFunction(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.75, 0)
	in := Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns:    []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})},
		AtRuns:      []Account{account(two, Part{Cause: cause.User, Time: 1500 * ms})},
		BaseProfile: cpu(map[string]int64{long: 100, "example.com/job.short": 200}),
		AtProfile:   cpu(map[string]int64{long: 350, "example.com/job.short": 100, "runtime.gcBgMarkWorker": 1000}),
	}
	r := Build(in).Rows[0]
	if r.Cause != cause.WorkInflation || len(r.Places) != 2 || r.Top == nil || r.Top[0].Func != long {
		t.Fatalf("row %+v, want work inflation by two functions, %s first", r, long)
	}
	for i, want := range []float64{(350.0/450*1.5 - 1.0/3) / 0.75, (100.0/450*1.5 - 2.0/3) / 0.75} {
		if got := r.Places[i].Speedup; math.Abs(got-want) > 1e-9 {
			t.Errorf("place %d takes %g, want %g", i, got, want)
		}
	}
	if r.Share != 1 { // of what has grown, long is all
		t.Errorf("the share of %s is %g, want 1", long, r.Share)
	}
	// With a hundredth of the samples the growth of long, 0.83 s, has an error of about √((1.5/4.5)²·3.5 + (1/3)²·1) =
	// 0.7 s: no function is named.
	in.BaseProfile = cpu(map[string]int64{long: 1, "example.com/job.short": 2})
	in.AtProfile = cpu(map[string]int64{long: 3, "example.com/job.short": 1})
	if r := Build(in).Rows[0]; r.Top != nil {
		t.Errorf("%v is named on the strength of three samples", r.Top)
	}
}

// A function that hardly runs at the base and has all of the growth waits busily, as far as samples can tell: 5 of 10
// tell nothing, nor does a function that the base knows.
func TestFreshFunctions(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 1, 0)
	const spin = "example.com/job.spin"
	for _, w := range []struct {
		name      string
		base, two map[string]int64
		want      float64
	}{
		{"new", map[string]int64{long: 100}, map[string]int64{long: 100, spin: 100}, 1},
		{"hardly there", map[string]int64{long: 95, spin: 5}, map[string]int64{long: 95, spin: 105}, 1},
		{"known", map[string]int64{long: 80, spin: 20}, map[string]int64{long: 80, spin: 120}, 0},
		{"elsewhere", map[string]int64{long: 100}, map[string]int64{long: 180, spin: 20}, 0.2},
		{"few samples", map[string]int64{long: 3}, map[string]int64{long: 3, spin: 3}, 0},
	} {
		r := Build(Input{
			Curve: threads(sweep.Strong, one, two), At: 1,
			BaseRuns:    []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})},
			AtRuns:      []Account{account(two, Part{Cause: cause.User, Time: 2000 * ms})},
			BaseProfile: cpu(w.base), AtProfile: cpu(w.two),
		}).Rows[0]
		if math.Abs(r.Fresh-w.want) > 1e-9 {
			t.Errorf("%s: %v of the growth is new, want %v", w.name, r.Fresh, w.want)
		}
	}
}

// cpu is a profile with so many samples, of 10 ms each, in functions.
func cpu(counts map[string]int64) *profile.Profile {
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
	}
	for name, n := range counts {
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: "job.go"}
		l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f, Line: 7}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{n, n * 1e7}})
	}
	return p
}

// Where no worker helps the collector, its time is laid on who allocates.
func TestCollectorIsLaidOnAllocators(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.75, 0)
	p := cpu(map[string]int64{"runtime.mallocgcSmallScanNoHeader": 5})
	caller := &profile.Function{ID: 9, Name: long, Filename: "job.go"}
	at := &profile.Location{ID: 9, Line: []profile.Line{{Function: caller, Line: 3}}}
	p.Function, p.Location = append(p.Function, caller), append(p.Location, at)
	p.Sample[0].Location = append(p.Sample[0].Location, at)
	s := Build(Input{
		Curve: threads(sweep.Strong, one, two), At: 1, AtProfile: p,
		BaseRuns: []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})},
		AtRuns: []Account{account(
			two, Part{Cause: cause.User, Time: 1000 * ms},
			Part{
				Cause: cause.GCDedicated, Time: 500 * ms,
				Stacks: []ledger.Stack{{Time: 500 * ms, Waiting: frames("runtime.gcBgMarkWorker")}},
			})},
	})
	if r := s.Rows[0]; r.Cause != cause.GCDedicated || r.Share != 1 || len(r.Top) != 2 || r.Top[1].Func != long {
		t.Errorf("row %+v, want gc.dedicated because of %s alone", r, long)
	}
}

func TestNothingToBuildFrom(t *testing.T) {
	one := point(1, 0, 1, 0)
	none := threads(sweep.Strong, one)
	none.Base = -1
	runs := []Account{account(one)}
	for _, in := range []Input{
		{},
		{Curve: none, BaseRuns: runs, AtRuns: runs},
		{Curve: threads(sweep.Strong, one), BaseRuns: runs},
		{Curve: threads(sweep.Strong, one), BaseRuns: runs, AtRuns: runs, At: 1},
		{Curve: threads(sweep.Strong, curve.Point{Median: math.NaN()}), BaseRuns: runs, AtRuns: runs},
	} {
		if s := Build(in); s != nil {
			t.Errorf("a stack was built: %+v", s)
		}
	}
}

// Whatever the accounts hold, the rows of a stack add up to N − S, and the places of a row to the row.
func TestRowsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	randomAccount := func(p curve.Point) Account {
		a := account(p)
		a.Total = time.Duration(rng.Int64N(2e9))
		a.Startup, a.Work, a.Teardown = a.Total/10, a.Total/2, a.Total/5
		for _, c := range cause.All() {
			if rng.IntN(2) == 0 {
				continue
			}
			part := Part{Cause: c, Outside: rng.IntN(5) == 0, Time: ledger.CoreTime(rng.Int64N(1e9))}
			for range rng.IntN(4) {
				part.Stacks = append(part.Stacks, ledger.Stack{
					Time: ledger.CoreTime(rng.Int64N(100)), Waiting: frames(fmt.Sprintf("main.f%d", rng.IntN(3))),
					Blamed: frames(fmt.Sprintf("main.g%d", rng.IntN(3)))[:rng.IntN(2)],
				})
			}
			a.Parts = append(a.Parts, part)
		}
		return a
	}
	for i := range 300 {
		one, n := point(1+rng.IntN(2), rng.Float64(), rng.Float64(),
			rng.Float64()), point(2+rng.IntN(30), rng.Float64(), rng.Float64(), 0)
		in := Input{Curve: threads([]sweep.Scaling{sweep.Strong, sweep.Weak}[i%2], one, n), At: 1}
		in.Curve.Measure = []curve.Measure{curve.Total, curve.Work}[i/2%2]
		for range 1 + rng.IntN(3) {
			in.BaseRuns, in.AtRuns = append(in.BaseRuns, randomAccount(one)), append(in.AtRuns, randomAccount(n))
		}
		s := Build(in)
		var sum float64
		for _, r := range s.Rows {
			sum += r.Speedup
			var of float64
			for _, p := range r.Places {
				of += p.Speedup
			}
			if len(r.Places) > 0 && math.Abs(of-r.Speedup) > 1e-9*(1+math.Abs(r.Speedup)) {
				t.Fatalf("stack %d: the places of %s add up to %g, the row is %g", i, r.Cause, of, r.Speedup)
			}
		}
		if d := sum - (s.N - s.Speedup); math.Abs(d) > 1e-9*(s.N+s.Speedup) {
			t.Fatalf("stack %d: rows add up to %g, want %g − %g", i, sum, s.N, s.Speedup)
		}
	}
}

// The receiver waits for a sender that was last seen sending. Samples inside its function show what it is busy with:
// the helper's samples count for whoever calls it, 3 in slow against 2 in quick; the 9 outside of the sender do not
// count.
func TestWaitsAreNamedByWhatTheOtherIsBusyWith(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.75, 0)
	sender := frames("runtime.chansend1", "example.com/job.stage", "example.com/job.Run")
	in := Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns: []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})},
	}
	running := func(n ledger.CoreTime, functions ...string) ledger.Stack {
		s := ledger.Stack{Time: n, Waiting: frames(functions...)}
		for i := range s.Waiting {
			s.Waiting[i].File = "/src/" + functions[i] + "/x.go"
		}
		return s
	}
	in.AtRuns = []Account{account(two,
		Part{Cause: cause.User, Time: 1000 * ms, Stacks: []ledger.Stack{
			running(2, "example.com/spin.Steps", "example.com/job.quick", "example.com/job.stage"),
			running(3, "example.com/spin.Steps", "example.com/job.slow", "example.com/job.stage"),
			running(9, "example.com/spin.Steps", "example.com/job.other"),
		}},
		Part{
			Cause: cause.ChanRecv, Time: 500 * ms,
			Stacks: []ledger.Stack{{Time: 1, Waiting: frames("runtime.chanrecv1", "main.main"), Blamed: sender}},
		})}
	r := Build(in).Rows[0]
	if r.Cause != cause.ChanRecv || len(r.Top) != 3 || r.Top[1].Func != "example.com/job.slow" {
		t.Errorf("the row is %+v; want block.chan.recv because of job.slow", r)
	}
}

// Who was waited for was last seen when it was interrupted in long: that is what it was busy with, whatever else calls
// the same helper more.
func TestInterruptedIsNoOperation(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.75, 0)
	interrupted := frames("runtime.asyncPreempt2", "runtime.asyncPreempt", "example.com/spin.Steps",
		"example.com/job.long")
	r := Build(Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns: []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})},
		AtRuns: []Account{account(two,
			Part{Cause: cause.User, Time: 1000 * ms, Stacks: []ledger.Stack{
				{Time: 9, Waiting: frames("example.com/spin.Steps", "example.com/job.short")},
				{Time: 8, Waiting: frames("example.com/spin.Steps", "example.com/job.long")},
			}},
			Part{
				Cause: cause.Join, Time: 500 * ms,
				Stacks: []ledger.Stack{{Time: 1, Waiting: frames("sync.(*WaitGroup).Wait"), Blamed: interrupted}},
			})},
	}).Rows[0]
	if r.Cause != cause.Join || r.Top == nil || r.Top[len(r.Top)-1].Func != "example.com/job.long" {
		t.Errorf("the row is %+v; want block.join because of job.long", r)
	}
}

// One worker waits 100 ms for a serial part, two wait 200 ms together; only the ledger of the cores at two workers has
// stacks, three quarters of them in one function. That function has three quarters of the growth, too, not 150 of 100
// ms.
func TestUnknownPlacesDivideAlike(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 0.5, 0)
	s := Build(Input{
		Curve: threads(sweep.Strong, one, two), At: 1,
		BaseRuns: []Account{account(one, Part{Cause: cause.Serial, Time: 100 * ms})},
		AtRuns: []Account{account(
			two, Part{Cause: cause.Serial, Time: 200 * ms, Stacks: []ledger.Stack{
				{Time: 3, Blamed: frames(long)}, {Time: 1, Blamed: frames("example.com/job.short")},
			}})},
	})
	if r := s.Rows[0]; r.Cause != cause.Serial || math.Abs(r.Share-0.75) > 1e-9 {
		t.Errorf("row %+v, want serial, three quarters of it because of %s", r, long)
	}
}
