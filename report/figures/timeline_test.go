package figures

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Timed runs took 90 to 110 ms in all, 100 by the median. A traced run is held to the time that the curve is made of,
// and a picture says so only where it is far off.
func TestUnlike(t *testing.T) {
	p := &curve.Point{Median: 0.1, Shortest: 0.09, Longest: 0.11}
	for _, tt := range []struct {
		name        string
		measure     curve.Measure
		total, work sweep.Seconds
		want        string
	}{
		{"total", curve.Total, 120e6, 100e6, "this traced run is not like the timed ones: its total took 1.20× of their median."},
		{"work", curve.Work, 100e6, 120e6, "this traced run is not like the timed ones: its work took 1.20× of their median."},
		{"work of a curve of totals", curve.Total, 100e6, 120e6, ""},
		{"within", curve.Total, 110e6, 100e6, ""},
		{"near", curve.Total, 109e6, 100e6, ""},
	} {
		c := &study.Curve{Curve: curve.Curve{Measure: tt.measure}}
		traced := &study.Traced{Result: &sweep.Result{Total: tt.total, Work: tt.work}}
		if got := words.Plain(unlike(c, p, traced)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
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
