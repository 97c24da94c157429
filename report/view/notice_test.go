package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestPointOfTwoCurves: that a point of two curves is warned of by each does not make it two warnings.
func TestPointOfTwoCurves(t *testing.T) {
	w := warning.OfPoint(warning.NoTimedRun, sweep.Point{Workload: "w", Procs: 1, Workers: 1, Cores: 2, Size: 9})
	p := pile{kind: w.Kind, all: []warning.Warning{w, w}}
	var got []string
	for _, n := range p.notices() {
		got = append(got, n.Text)
	}
	if diff := cmp.Diff([]string{"w-p1-w1-c2-s9: no timed run"}, got); diff != "" {
		t.Error(diff)
	}
}
