package report

import (
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestIgnored: a command that has one thread and one busy core at every count does not follow it; one whose threads
// grow does, and of a workload, whose threads nobody counts, it is not asked.
func TestIgnored(t *testing.T) {
	for _, tt := range []struct {
		name    string
		threads [2]int // with 1 and with 2 workers
		second  spot
		want    bool
	}{
		{"ignores", [2]int{1, 1}, spot{2, 400 * ms, 4 * ms, 398 * ms}, true},
		{"more threads", [2]int{1, 2}, spot{2, 400 * ms, 4 * ms, 398 * ms}, false},
		{"faster", [2]int{4, 4}, spot{2, 210 * ms, 4 * ms, 398 * ms}, false},
		{"workload", [2]int{0, 0}, spot{2, 400 * ms, 4 * ms, 398 * ms}, false},
	} {
		f := newFake(2)
		f.sweep("tool", sweep.Threads, sweep.Strong, 10, spot{1, 400 * ms, 4 * ms, 396 * ms}, tt.second)
		for i := range f.in.Results {
			r := &f.in.Results[i]
			r.MaxThreads = tt.threads[r.Point.Workers-1]
		}
		r := Build(study.Analyze(f.in))
		said := strings.Contains(r.View.Workloads[0].Bound, "does not follow the number of workers")
		if said != tt.want || said != (r.Document.Curves[0].Ignored != "") || said != strings.Contains(strings.Join(r.Document.Warnings, "\n"), "does not follow") {
			t.Errorf("%s: said %v, want %v: %s", tt.name, said, tt.want, r.View.Workloads[0].Bound)
		}
	}
}

// TestLaws: five counts within 16 cores by Amdahl's law with a serial part of 10 % name it, and draw it; two counts
// name none and say how many it takes.
func TestLaws(t *testing.T) {
	f := newFake(16)
	var spots []spot
	for _, n := range []int{1, 2, 4, 8, 16} {
		const total = 1000 * ms
		spots = append(spots, spot{n, total/10 + total*9/10/time.Duration(n), 0, 1000 * ms})
	}
	f.sweep("pi", sweep.Threads, sweep.Strong, 10, spots...)
	r := Build(study.Analyze(f.in))
	c := &r.View.Workloads[0].Curves[0]
	if c.Laws.Best != law.Amdahl && c.Laws.Best != law.USL {
		t.Fatalf("law %q: %s", c.Laws.Best, words.LawChoice(c.Laws.Choice))
	}
	if a := c.Laws.Model(law.Amdahl).Param("alpha").Value; a < 0.09 || a > 0.11 {
		t.Errorf("alpha %v, want 0.1", a)
	}
	if figure(t, r, "speedup").Chart.(chart.Speedup).Lines[0].Law == nil {
		t.Error("the law is not drawn")
	}
	d := r.Document.Curves[0]
	if d.Best == nil || len(d.Models) != 2 || d.Recommended == nil {
		t.Errorf("%+v", d)
	}
	// Efficiencies are 1/(1 + 0.1·(n − 1)): 0.91, 0.77, 0.59 at 2, 4, 8.
	if d.Recommended.N != 4 {
		t.Errorf("recommended %+v, want 4", d.Recommended)
	}
	two := Build(study.Analyze(both().in))
	if c := two.Document.Curves[0]; c.Best != nil || !strings.Contains(c.BestReason, "no law is named from 2 counts") {
		t.Errorf("law %v of two counts: %s", c.Best, c.BestReason)
	}
}

// TestMemory: memory that is the same at every count has no picture; where it grows there is one, and the process that
// hands out tasks is not in it.
func TestMemory(t *testing.T) {
	has := func(f *fake) *chart.Memory {
		for _, p := range Build(study.Analyze(f.in)).Figures() {
			if m, ok := p.Chart.(chart.Memory); ok {
				return &m
			}
		}
		return nil
	}
	flat, grows := both(), both()
	if has(flat) != nil {
		t.Error("12.3 MB at every count have a picture")
	}
	for i := range grows.in.Results {
		r := &grows.in.Results[i]
		r.Processes = nil
		if r.Point.Procs > 1 {
			r.Processes = append(r.Processes, sweep.Process{Role: sweep.Coordinator, Rank: -1, MaxRSS: 50_000_000})
			r.MaxRSS = 50_000_000
		}
		for rank := range r.Point.Procs {
			r.Processes = append(r.Processes, sweep.Process{Role: sweep.Worker, Rank: rank, MaxRSS: 10_000_000})
		}
	}
	m := has(grows)
	if m == nil {
		t.Fatal("20 and 40 MB in processes have no picture")
	}
	for _, l := range m.Lines {
		for k, p := range l.Curve.Points {
			if want := 1e7 * float64(p.Point.Procs); l.Tree[k] != want || l.Largest[k] != 1e7 {
				t.Errorf("%s, n = %d: %v and %v bytes, want %v and 1e7", l.Name, p.N, l.Tree[k], l.Largest[k], want)
			}
		}
	}
	// The largest process is the same everywhere, and needs no part of the picture; tables have 40 + 50 MB.
	for _, want := range []string{
		"The largest process that works has 10.0 MB everywhere.",
		"In tables, RSS of all is with the process that hands out tasks: 90.0 MB with 4 processes.",
	} {
		if !m.One || !strings.Contains(words.Plain(m.Footnote), want) {
			t.Errorf("one part: %v, footnote %q lacks %q", m.One, m.Footnote, want)
		}
	}
	for i := range grows.in.Results { // twice as much in one process of several
		for k := range grows.in.Results[i].Processes {
			if p := &grows.in.Results[i].Processes[k]; p.Rank == 1 {
				p.MaxRSS *= 2
			}
		}
	}
	if m = has(grows); m == nil || m.One || strings.Contains(m.Footnote, "everywhere") {
		t.Errorf("the largest process has 10 or 20 MB: %+v", m)
	}
}

// TestMetrics: operations per second alone have no picture, as they are the time again, whatever is 0 or about the same
// in all runs; what an operation takes at one count more than at another has one, and its title is of that.
func TestMetrics(t *testing.T) {
	f := newFake(2)
	f.pi()
	report := func(bytes func(n int) float64) *Report {
		for i := range f.in.Results {
			n := f.in.Results[i].Point.Parallelism()
			f.in.Results[i].Metrics = map[string]float64{"ops/s": 1e6 * float64(n), "B/op": bytes(n), "allocs/op": 0}
		}
		return Build(study.Analyze(f.in))
	}
	for name, bytes := range map[string]func(int) float64{
		"nothing": func(int) float64 { return 0 }, "the same": func(n int) float64 { return 1000 + float64(n) },
	} {
		for _, fig := range report(bytes).figures {
			if strings.HasPrefix(fig.Name, "benchmark") {
				t.Errorf("%s is allocated, and there is %s", name, fig.Name)
			}
		}
	}
	r := report(func(n int) float64 { return 1000 * float64(n) })
	m := figure(t, r, "benchmark-pi").Chart.(chart.Metrics)
	if len(m.Panels) != 2 || m.Panels[0].Unit != "ops/s" || m.Panels[1].Unit != "B/op" || !strings.Contains(m.Footnote, "0 in all runs: allocs/op.") {
		t.Errorf("%d panels; %q", len(m.Panels), m.Footnote)
	}
	if want := "pi: an operation takes 4 thousand bytes with 4 workers, 4.0× that of 1 thousand bytes with 1 worker"; words.Plain(m.Title) != want {
		t.Errorf("title %q, want %q", m.Title, want)
	}
	f.in.Results[0].Noise.Noisy = true
	if p := figure(t, report(func(n int) float64 { return 1000 * float64(n) }), "benchmark-pi").Chart.(chart.Metrics).Panels[1].Points[0]; p.Noisy != 1 {
		t.Errorf("%d noisy runs, want 1", p.Noisy)
	}
}
