package report

import (
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

func hold() []gotrace.Frame {
	return []gotrace.Frame{
		{Func: "sync.(*Mutex).Lock", File: "/usr/go/mutex.go", Line: 46},
		{Func: "example.org/bank.(*Account).Add", File: "/src/bank/account.go", Line: 31},
		{Func: "main.main", File: "/src/main.go", Line: 9},
	}
}

// locked is bank on one worker, 400 ms of running, and on two, 250 ms: one worker runs for 250 ms, the other one for
// 150 ms and waits for the mutex that the first one holds in the other 100 ms.
func locked() *fake {
	f := newFake(2)
	f.sweep("bank", sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 0, 400 * ms}, spot{2, 250 * ms, 0, 400 * ms})
	for i := range f.in.Results {
		r := &f.in.Results[i]
		r.Total = sweep.Seconds(map[int]time.Duration{1: 400 * ms, 2: 250 * ms}[r.Point.Workers])
		r.Work = r.Total
		if r.Kind != sweep.Traced {
			continue
		}
		x := f.in.Explained[r.Run]
		x.Ledger = &ledger.Ledger{
			Level: ledger.Cores, Wall: 400 * ms, Total: ledger.CoreTime(400 * ms),
			Rows:    []ledger.Row{{Cause: cause.User, Time: ledger.CoreTime(400 * ms)}},
			Workers: []ledger.WorkerTime{{Wall: 400 * ms, ByCause: map[cause.Cause]time.Duration{cause.User: 400 * ms}}},
		}
		if r.Point.Workers == 2 {
			wait := ledger.CoreTime(100 * ms)
			x.Ledger.Wall, x.Ledger.Total = 250*ms, ledger.CoreTime(500*ms)
			x.Ledger.Rows = append(x.Ledger.Rows, ledger.Row{Cause: cause.Mutex, Time: wait, Stacks: []ledger.Stack{
				{Time: wait, Waiting: hold(), Blamed: hold()},
			}})
			x.Ledger.Workers = []ledger.WorkerTime{
				{Wall: 250 * ms, ByCause: map[cause.Cause]time.Duration{cause.User: 250 * ms}},
				{ID: 1, Wall: 250 * ms, ByCause: map[cause.Cause]time.Duration{cause.User: 150 * ms, cause.Mutex: 100 * ms}},
			}
		}
		x.Path = &critical.Path{Work: 400 * ms, Span: 250 * ms, Parallelism: 1.6, Steps: []critical.Step{{Cause: cause.User, Time: 250 * ms, Stack: hold()}}}
		x.Profiles = []*profile.Profile{cpuProfile(int64(400+100*(r.Point.Workers-1)) * 1e6)}
		f.in.Explained[r.Run] = x
	}
	return f
}

// cpuProfile is a profile with so many nanoseconds in one function.
func cpuProfile(ns int64) *profile.Profile {
	fn := &profile.Function{ID: 1, Name: "example.org/bank.interest", Filename: "/src/bank/interest.go"}
	loc := &profile.Location{ID: 1, Line: []profile.Line{{Function: fn, Line: 7}}}
	return &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
		Sample:   []*profile.Sample{{Location: []*profile.Location{loc}, Value: []int64{ns / 1e7, ns}}},
		Function: []*profile.Function{fn}, Location: []*profile.Location{loc},
	}
}

// TestAccount follows the lock from the ledger into report.json. The speedup is 400 / 250 = 1.6 of 2; the mutex takes
// 100 ms / 250 ms = 0.4, all of what is lost. Without it the workers need 400 ms between them, or 200 ms each: 2×.
func TestAccount(t *testing.T) {
	doc := Build(study.Analyze(locked().in)).Document
	p := doc.Curves[0].Points[1]
	if p.Ledger == nil || p.Ledger.CoreSeconds != 0.5 || len(p.Ledger.Causes) != 2 {
		t.Fatalf("ledger: %+v", p.Ledger)
	}
	want := document.Cause{Row: schema.Row{Cause: cause.Mutex, CoreSeconds: 0.1, Stacks: []schema.Held{{CoreSeconds: 0.1, Waiting: schema.Frames(hold()), Blamed: schema.Frames(hold())}}}}
	if diff := cmp.Diff(want, p.Ledger.Causes[1]); diff != "" {
		t.Error(diff)
	}
	sum := 0.0
	for _, row := range p.Stack {
		sum += row.Speedup
		if row.Cause == cause.Mutex && (math.Abs(row.Speedup-0.4) > 1e-9 || len(row.Top) != 3) {
			t.Errorf("mutex: %+v", row)
		}
	}
	if math.Abs(sum-0.4) > 1e-9 {
		t.Errorf("the stack adds up to %v, want 2 − 1.6", sum)
	}
	if len(doc.Curves[0].Points[0].Stack) != 0 {
		t.Error("the base has a stack")
	}
	if len(doc.Findings) != 1 {
		t.Fatalf("findings: %+v", doc.Findings)
	}
	f := doc.Findings[0]
	if f.Workload != "bank" || f.N != 2 || f.Cause != cause.Mutex || !strings.Contains(f.Title, "bank.(*Account).Add (account.go:31)") || len(f.Evidence) == 0 {
		t.Errorf("finding: %+v", f)
	}
	if diff := cmp.Diff([]float64{1, 2}, []float64{f.Share, *f.AtMost}, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Error(diff)
	}
	if p.Path == nil || p.Path.Span != 0.25 || len(p.Path.Steps) != 1 {
		t.Errorf("path: %+v", p.Path)
	}
}

// TestAccountDocuments finds the finding, the table and the picture in every document.
func TestAccountDocuments(t *testing.T) {
	r := Build(study.Analyze(locked().in))
	pictures := draw(t, r)
	const where = "bank.(*Account).Add"
	for name, test := range map[string]struct {
		write func(io.Writer) error
		want  []string
	}{
		"text": {func(w io.Writer) error { return r.WriteText(w, text.Options{Width: 200}) }, []string{"- Threads, n = 2: ", where, "without it up to the ideal of"}},
		"markdown": {func(w io.Writer) error { return r.WriteMarkdown(w, pictures) }, []string{
			"](stack.png)", "1. **100 %** workers waiting for a lock, taken in bank.(\\*Account).Add", "(threads, n = 2; without it ",
		}},
		"html": {func(w io.Writer) error { return r.WriteHTML(w, pictures) }, []string{
			">Where the cores go</h2>", `<th scope="row" class="left">mutex (block.mutex)</th><td data-v="0.4">0.40</td>`, ">Findings</h2>", where, "takes 0.40× of the speedup",
		}},
	} {
		s := written(t, test.write)
		for _, want := range test.want {
			if !strings.Contains(s, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
	for _, f := range r.Figures() {
		if f.Name == "stack" && !strings.Contains(f.Title, where) {
			t.Errorf("title of the stack: %q", f.Title)
		}
	}
}

// TestProfiles: 100 ms are lost and 400 ms used; the same work takes 500 − 400 = 100 ms more of CPU time.
func TestProfiles(t *testing.T) {
	var got []string
	for _, p := range Build(study.Analyze(locked().in)).View.Profiles {
		if err := p.Profile.CheckValid(); err != nil {
			t.Error(err)
		}
		var sum [2]int64
		for _, s := range p.Profile.Sample {
			for i, v := range s.Value {
				sum[i] += v
			}
		}
		got = append(got, p.Name)
		if want := map[string][2]int64{"lost.pb.gz": {100e6, 400e6}, "scaling-loss.pb.gz": {100e6}}[p.Name]; sum != want {
			t.Errorf("%s: %v, want %v", p.Name, sum, want)
		}
	}
	if diff := cmp.Diff([]string{"lost.pb.gz", "scaling-loss.pb.gz"}, got); diff != "" {
		t.Error(diff)
	}
	if p := Build(study.Analyze(both().in)).View.Profiles; len(p) != 0 {
		t.Errorf("profiles of nothing: %v", p)
	}
}
