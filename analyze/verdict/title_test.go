package verdict_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// procs is a curve of processes.
func procs(points ...curve.Point) curve.Curve {
	c := threads(points...)
	c.Sweep.Mode = sweep.Procs
	return c
}

// starting sets the start-up time of p.
func starting(p curve.Point, seconds float64) curve.Point {
	p.Startup = seconds
	return p
}

// All intervals are ± 1 % of the estimate.
func TestTitle(t *testing.T) {
	one := func() curve.Point { return starting(at(1, 1, 1, 1), 0.001) }
	noBase := threads(one())
	noBase.Base = -1
	few := threads(one(), at(1, 2, 2, 0.5))
	few.Points[1].Interval.Method = curve.MinMax
	noisy := threads(one(), at(1, 2, 2, 0.5), at(1, 4, 2, 0.5))
	noisy.Points[1].Noisy, noisy.Points[2].Noisy = 6, 10 // of 10; the title does not rest on the last point
	calm := threads(one(), at(1, 2, 2, 0.5), at(1, 4, 2, 0.5))
	calm.Points[1].Noisy, calm.Points[2].Noisy = 5, 10
	weak := threads(one(), at(1, 2, 2, 1))
	weak.Sweep.Scaling = sweep.Weak
	weak.Points[1].Point.Size = 200
	weak.Points[1].Speedup = 1.9
	weak.Points[1].Interval.Low, weak.Points[1].Interval.High = 1.88, 1.92
	onCores := threads(at(1, 4, 1, 1), at(1, 4, 2, 0.52))
	onCores.Sweep.Mode = sweep.Cores
	grid := func(points ...curve.Point) curve.Curve {
		c := threads(points...)
		c.Sweep.Mode = sweep.Grid
		return c
	}
	lost := threads(one(), at(1, 2, 2, 1))
	lost.Points[1].Runs, lost.Points[1].Speedup, lost.Points[1].Median, lost.Points[1].MedianRange, lost.Points[1].Interval = 0, math.NaN(), math.NaN(), nil, nil

	for _, tt := range []struct {
		name    string
		curves  []curve.Curve
		ceiling *curve.Ceiling
		want    string
	}{
		{"nothing", nil, nil, ""},
		{"no base", []curve.Curve{noBase}, nil, "w: the base was not measured"},
		{"base alone", []curve.Curve{threads(one())}, nil, "w: 1 s with 1 worker"},
		{"all others failed", []curve.Curve{lost}, nil, "w: 1 s with 1 worker"},
		{"as good as the cores", []curve.Curve{threads(one(), at(1, 2, 2, 0.52), at(1, 4, 2, 0.52))}, nil, "w: 1.9× on 2 cores"},
		{"slower beyond", []curve.Curve{threads(one(), at(1, 2, 2, 0.52), at(1, 4, 2, 0.6))}, nil, "w: 1.9× on 2 cores, slower with 4 workers"},
		{"never faster", []curve.Curve{threads(one(), at(1, 2, 2, 1), at(1, 4, 2, 1.005))}, nil, "w: no speedup shown up to 4 workers"},
		{"slower at once", []curve.Curve{threads(one(), at(1, 2, 2, 1.25), at(1, 4, 2, 1.5))}, nil, "w: slower with 2 workers, 0.80× of 1 worker"},
		{"waits: rises beyond the cores", []curve.Curve{threads(one(), at(1, 2, 2, 0.5), at(1, 8, 2, 0.13))}, nil, "w: 7.7× with 8 workers on 2 cores, still rising"},
		{"a weak machine", []curve.Curve{threads(one(), at(1, 2, 2, 0.77))}, spin(1.4), "w: 1.3× on 2 cores, where this machine can give 1.4×"},
		{"few runs", []curve.Curve{few}, nil, "w: 2.0× on 2 cores; too few runs for intervals"},
		{"noisy", []curve.Curve{noisy}, nil, "w: 2.0× on 2 cores; noisy machine"},
		{"half of the runs noisy", []curve.Curve{calm}, nil, "w: 2.0× on 2 cores"},
		{"weak scaling", []curve.Curve{weak}, nil, "w: 1.9× the throughput on 2 cores"},
		{"mode cores", []curve.Curve{onCores}, nil, "w: 1.9× on 2 cores"},
		{
			"grid",
			[]curve.Curve{grid(one(), at(1, 2, 2, 0.52)), grid(at(2, 1, 2, 0.5), at(2, 2, 2, 0.25))},
			nil,
			// The series of two processes has a base of its own, 0.5 s; the title counts from the smallest point, 1 s.
			"w: 4.0× with 2 processes × 2 workers",
		},
		{
			"grid that does not help",
			[]curve.Curve{grid(one(), at(1, 2, 2, 1)), grid(at(2, 1, 2, 1), at(2, 2, 2, 1.1))},
			nil,
			"w: no point of the grid is shown to be faster than 1 process × 1 worker",
		},
		{
			"both modes alike",
			[]curve.Curve{threads(one(), at(1, 2, 2, 0.52)), procs(one(), at(2, 1, 2, 0.525))},
			nil,
			"w: 1.9× on 2 cores, no difference shown between threads and processes",
		},
		{
			// Start-ups differ by 12 ms, more than 2 % of 0.52 s; at 10 ms it would be less.
			"both alike, and processes start later",
			[]curve.Curve{threads(one(), starting(at(1, 2, 2, 0.52), 0.001)), procs(one(), starting(at(2, 1, 2, 0.525), 0.013))},
			nil,
			"w: 1.9× on 2 cores, no difference shown between threads and processes; processes start 12 ms later",
		},
		{
			"both alike, and the start does not matter",
			[]curve.Curve{threads(one(), starting(at(1, 2, 2, 0.52), 0.001)), procs(one(), starting(at(2, 1, 2, 0.525), 0.011))},
			nil,
			"w: 1.9× on 2 cores, no difference shown between threads and processes",
		},
		{
			// 1 − 0.5/0.52 = 3.8 %.
			"a small difference, with the start",
			[]curve.Curve{threads(one(), starting(at(1, 2, 2, 0.5), 0.001)), procs(one(), starting(at(2, 1, 2, 0.52), 0.021))},
			nil,
			"w: 2.0× on 2 cores, processes 3.8 % slower and start 20 ms later",
		},
		{
			"a large difference",
			[]curve.Curve{threads(one(), at(1, 2, 2, 0.8)), procs(one(), at(2, 1, 2, 0.52))},
			nil,
			"w: processes 1.9× on 2 cores, threads only 1.2×",
		},
		{
			"threads do not help at all",
			[]curve.Curve{threads(one(), at(1, 2, 2, 1)), procs(one(), at(2, 1, 2, 0.52))},
			nil,
			"w: processes 1.9× on 2 cores; no speedup shown for threads",
		},
		{
			"neither helps, processes harm",
			[]curve.Curve{procs(one(), at(2, 1, 2, 1.5)), threads(one(), at(1, 2, 2, 1))},
			nil,
			"w: no speedup shown for threads, slower with 2 processes (0.67×)",
		},
		{
			"neither helps",
			[]curve.Curve{threads(one(), at(1, 2, 2, 1)), procs(one(), at(2, 1, 2, 1))},
			nil,
			"w: no speedup shown up to 2 workers, no difference shown between threads and processes",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdict.Title(tt.curves, 2, tt.ceiling); got != tt.want {
				t.Errorf("%q\nwant %q", got, tt.want)
			}
		})
	}
}
