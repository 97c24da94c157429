package main

import (
	"bytes"
	"math"
	"runtime"
	rtrace "runtime/trace"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// TestInvariants records every example with one worker on one P, two on two and eight on eight, and holds what must be
// so whatever the program and the rest of the machine do.
func TestInvariants(t *testing.T) {
	sizes := map[string]int64{ // that take some milliseconds, but for tasks of a fixed length
		"fib": 24, "pi": 5_000_000, "factorial": 100, "cpu": 2, "sleep": 8, "fetch": 24, "files": 24, "dot": 200, "sort": 100_000, "mutex": 200,
		"mutex-100": 200, "spinlock": 40, "sharing": 3_000_000, "sharing-padded": 3_000_000,
		"serial": 5_000_000, "serial-10": 5_000_000, "imbalance": 5_000_000, "pipeline": 24, "alloc": 1000,
	}
	more := []int{2, 8}
	if testing.Short() {
		more = []int{2}
	}
	for _, w := range examples.All() {
		t.Run(w.Name, func(t *testing.T) {
			size, ok := sizes[w.Name]
			if !ok {
				t.Fatal("the test has no size for it")
			}
			t.Setenv("TMPDIR", t.TempDir())
			base := recordExample(t, w, size, 1)
			base.check(t)
			for _, n := range more {
				at := recordExample(t, w, size, n)
				at.check(t)
				checkStack(t, base, at)
			}
		})
	}
}

// A recorded is a run of an example in this process.
type recorded struct {
	n      int // Ps and workers
	result sweep.Result
	whole  *recording.Recording
	run    *recording.Recording // of the time between the run's start and end alone
}

func recordExample(t *testing.T, w workload.Workload, size int64, n int) *recorded {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	var b bytes.Buffer
	if err := rtrace.Start(&b); err != nil {
		t.Fatal(err)
	}
	start := clock.Now()
	sum, err := workload.Do(t.Context(), w, workload.Shape{Workers: n, Size: size})
	rtrace.Stop()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorded{n: n}
	r.result.Point = sweep.Point{Workload: w.Name, Procs: 1, Workers: n, Cores: n, Size: size}
	r.result.Start, r.result.Total, r.result.Work = sweep.Seconds(start), sweep.Seconds(sum.Total), sweep.Seconds(sum.Total)
	r.whole = readAll(t, b.Bytes(), recording.Options{})
	r.run = readAll(t, b.Bytes(), recording.Options{From: start, To: start + clock.Time(sum.Total)})
	return r
}

func readAll(t *testing.T, data []byte, opt recording.Options) *recording.Recording {
	t.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		t.Fatal(err)
	}
	rec := recording.Read([]recording.Process{{Reader: r}}, opt)
	if rec.Damage[0] != nil {
		t.Fatal(rec.Damage[0])
	}
	return rec
}

// check holds what must be so of one recording.
func (r *recorded) check(t *testing.T) {
	t.Helper()
	l, p := r.whole.Ledgers[0], r.whole.Paths[0]
	if err := ledger.Validate(l); err != nil { // rows add up to the total, none is negative
		t.Errorf("%d Ps: ledger: %v", r.n, err)
	}
	if want := ledger.CoreTime(r.n) * ledger.CoreTime(l.Wall); l.Total != want {
		t.Errorf("%d Ps: the ledger is of %d ns of P time, there were %d", r.n, l.Total, want)
	}
	if err := timeline.Validate(r.whole.Timeline); err != nil {
		t.Errorf("%d Ps: %v", r.n, err)
	}
	if busy := ledger.CoreTime(r.whole.Use.Busy()); busy > l.Total {
		t.Errorf("%d Ps: busy for %d ns of %d", r.n, busy, l.Total)
	}
	if err := critical.Validate(p); err != nil {
		t.Errorf("%d Ps: path: %v", r.n, err)
	}
	if least := max(p.Work/time.Duration(r.n), p.Span); least > l.Wall {
		t.Errorf("%d Ps: work %v and path %v do not fit into %v", r.n, p.Work, p.Span, l.Wall)
	}
}

// account is where the time of the run's cores went.
func (r *recorded) account(t *testing.T) (curve.Point, stack.Account) {
	t.Helper()
	l := ledger.OfRun(&r.result, r.run.Ledgers, nil)
	if err := ledger.Validate(l); err != nil {
		t.Errorf("%d Ps: ledger of the run: %v", r.n, err)
	}
	if want := ledger.CoreTime(r.n) * ledger.CoreTime(r.result.Total); l.Total != want {
		t.Errorf("%d Ps: the ledger of the run is of %d ns, its cores had %d", r.n, l.Total, want)
	}
	total := time.Duration(r.result.Total).Seconds()
	p := curve.Point{Point: r.result.Point, N: r.n, Runs: 1, Median: total, TotalMedian: total, WorkMedian: total}
	return p, stack.OfCores(&r.result, l)
}

// checkStack holds that the rows between the speedup and its ideal add up.
func checkStack(t *testing.T, base, at *recorded) {
	t.Helper()
	one, where := base.account(t)
	n, whereAt := at.account(t)
	s := stack.Build(stack.Input{
		Curve: &curve.Curve{
			Sweep: sweep.Sweep{Mode: sweep.Threads, Scaling: sweep.Strong}, Measure: curve.Total, Points: []curve.Point{one, n},
		},
		At: 1, BaseRuns: []stack.Account{where}, AtRuns: []stack.Account{whereAt},
	})
	if s == nil {
		t.Fatalf("%d Ps: no stack", at.n)
	}
	sum, want := 0.0, float64(at.n)-float64(base.result.Total)/float64(at.result.Total)
	for _, row := range s.Rows {
		sum += row.Speedup
	}
	if math.Abs(sum-want) > 1e-9*float64(at.n) {
		t.Errorf("%d Ps: the rows add up to %g, n − S is %g", at.n, sum, want)
	}
}
