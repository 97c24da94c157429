package figures

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The work of timed runs took 90 to 110 ms, 100 by the median. That of a traced run is held to it, whatever the curve
// is made of, as the caveat on the first screen does, and a picture says so only where it is far off.
func TestUnlike(t *testing.T) {
	p := &curve.Point{Median: 0.3, WorkMedian: 0.1, LeastWork: 0.09, MostWork: 0.11}
	for _, tt := range []struct {
		name        string
		total, work sweep.Seconds
		want        string
	}{
		{"longer", 320e6, 120e6, "this traced run is not like the timed ones: its work took 1.20× of their median."},
		{"shorter", 320e6, 80e6, "this traced run is not like the timed ones: its work took 0.80× of their median."},
		{"all but the work", 500e6, 100e6, ""},
		{"within", 310e6, 110e6, ""},
	} {
		traced := &study.Traced{Result: &sweep.Result{Total: tt.total, Work: tt.work}}
		if got := words.Plain(unlike(p, traced)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	alike := &curve.Point{WorkMedian: 0.1, LeastWork: 0.1, MostWork: 0.1}
	if got := unlike(alike, &study.Traced{Result: &sweep.Result{Work: 104e6}}); got != "" {
		t.Errorf("four hundredths matter: %q", got)
	}
}

// Rows are headed by what the point has, in words of what was measured.
func TestRowsOf(t *testing.T) {
	plain, command := sweep.Program{Name: "w"}, sweep.Program{Name: "w", Command: &sweep.Command{}}
	benchmark := sweep.Program{Name: "w", Command: &sweep.Command{Benchmark: &sweep.Benchmark{Name: "BenchmarkW"}}}
	four, two := sweep.Point{Procs: 1, Workers: 4, Cores: 2}, sweep.Point{Procs: 2, Workers: 1, Cores: 2}
	for _, tt := range []struct {
		program sweep.Program
		mode    sweep.Mode
		point   sweep.Point
		want    string
	}{
		{plain, sweep.Threads, four, "label: 4 workers in 1 process"},
		{plain, sweep.Cores, four, "2 cores: 4 workers in 1 process"},
		{plain, sweep.Grid, two, "2 processes of 1 worker"},
		{command, sweep.Threads, four, "4 threads in 1 process"},
		{command, sweep.Procs, two, "2 processes of 1 thread"},
		{benchmark, sweep.Threads, four, "GOMAXPROCS = 4"},
	} {
		s := sight{
			curve: &view.Curve{Curve: &study.Curve{Curve: curve.Curve{Sweep: sweep.Sweep{Mode: tt.mode}}}, Label: "label"},
			point: &curve.Point{Point: tt.point},
		}
		w := &view.Workload{Workload: &study.Workload{Program: tt.program}}
		if got := words.Plain(rowsOf(w, s)); got != tt.want {
			t.Errorf("%s of %+v: %q, want %q", tt.mode, tt.program, got, tt.want)
		}
	}
}

// Of a grid the workers of a run are those that it has several of.
func TestMode(t *testing.T) {
	for _, tt := range []struct {
		of             sweep.Mode
		procs, workers int
		want           sweep.Mode
	}{
		{sweep.Grid, 4, 1, sweep.Procs},
		{sweep.Grid, 1, 4, sweep.Threads},
		{sweep.Grid, 2, 2, ""},
		{sweep.Cores, 1, 4, sweep.Cores},
	} {
		s := sight{
			curve: &view.Curve{Curve: &study.Curve{Curve: curve.Curve{Sweep: sweep.Sweep{Mode: tt.of}}}},
			point: &curve.Point{Point: sweep.Point{Procs: tt.procs, Workers: tt.workers}},
		}
		if got := s.mode(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt, got, tt.want)
		}
	}
}
