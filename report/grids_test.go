package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestGridOfTwoBases: curves of a grid with two least points, as a study made by others can have, have a map over each.
// The best, 2 × 2, stands over 2 × 1 in that of two processes, and the other says so.
func TestGridOfTwoBases(t *testing.T) {
	f := newFake(4)
	for _, layout := range [][2]int{{1, 2}, {2, 1}} {
		s := sweep.Sweep{Workload: "pi", Mode: sweep.Grid, Scaling: sweep.Strong, Size: 1000, Series: fmt.Sprintf("procs=%d", layout[0])}
		for _, times := range []int{1, 2} {
			p := sweep.Point{Workload: "pi", Procs: layout[0], Workers: layout[1] * times, Cores: 2 * times, Size: 1000}
			s.Points = append(s.Points, p)
			f.runs(p, spot{2 * times, time.Duration(400-50*layout[0]) * ms / time.Duration(2*times), 4 * ms, 396 * ms}, 10)
		}
		f.in.Header.Sweeps = append(f.in.Header.Sweeps, s)
	}
	f.in.Header.Workloads = append(f.in.Header.Workloads, sweep.Program{Name: "pi", Argv: []string{"pi"}})
	maps := map[string]chart.Heat{}
	for _, fig := range Build(study.Analyze(f.in)).figures {
		if h, is := fig.Chart.(chart.Heat); is {
			maps[fig.Name] = h
		}
	}
	one, two := maps["speedup"], maps["speedup-over-p2-w1-c2"]
	if len(maps) != 2 || !one.Elsewhere || one.Best != nil || two.Best == nil || two.Best.Workers != 2 {
		t.Fatalf("maps %+v", maps)
	}
	for _, h := range maps {
		if len(h.Points) != 2 || h.Points[h.Base].Speedup != 1 || h.Points[1-h.Base].Speedup < 1.9 {
			t.Errorf("points %+v over base %d", h.Points, h.Base)
		}
	}
	if !strings.HasPrefix(one.Title, "pi: speedups over 1 process × 2 workers") {
		t.Errorf("title %q", one.Title)
	}
}
