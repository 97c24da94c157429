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

// TestIgnored: a command that has one thread and one busy core at every count does not follow it; one whose threads grow does, and of a workload, whose
// threads nobody counts, it is not asked.
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

// TestLaws: five counts within 16 cores by Amdahl's law with a serial part of 10 % name it, and draw it; two counts name none and say how many it takes.
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
