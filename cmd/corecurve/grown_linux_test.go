package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/trace/sweep"
)

// grown STUDY MODE N WORK: the report's speedup at N in that mode is by how much the median run is shorter than that of
// the base, times WORK, the work of the base that it does. However long the runs took, that is so.
func cmdGrown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: grown study mode n work")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	work, err := strconv.ParseFloat(args[3], 64)
	ts.Check(err)
	s, err := sweep.ReadStudy(ts.MkAbs(args[0]))
	ts.Check(err)
	var doc struct{ Curves []document.Curve }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(filepath.Join(args[0], "report", "report.json"))), &doc))
	for _, c := range doc.Curves {
		for _, p := range c.Points {
			if string(c.Mode) != args[1] || c.Workload == sweep.SpinWorkload || p.N != n || c.Base == nil || p.Speedup == nil {
				continue
			}
			at := sweep.Point{Workload: c.Workload, Procs: p.Procs, Workers: p.Workers, Cores: p.Cores, Size: p.Size}
			want := work * medianTotal(s, c.Base.Point) / medianTotal(s, at)
			if got := float64(*p.Speedup); math.Abs(got/want-1) > 1e-6 {
				ts.Fatalf("%s, n = %d: a speedup of %v, want %v", args[1], n, got, want)
			}
			return
		}
	}
	ts.Fatalf("no speedup of %s at %d", args[1], n)
}

// medianTotal is the median time of the timed runs of a point that count, in seconds.
func medianTotal(s *sweep.Study, p sweep.Point) float64 {
	var t []float64
	for _, r := range s.Results {
		if r.Point == p && r.Kind == sweep.Timed && r.Status == sweep.OK {
			t = append(t, r.Total.Duration().Seconds())
		}
	}
	slices.Sort(t)
	if len(t) == 0 {
		return math.NaN()
	}
	return (t[(len(t)-1)/2] + t[len(t)/2]) / 2
}
