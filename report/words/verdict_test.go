package words_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// at is a measured point of so many seconds, with a speedup over a base of one second.
func at(procs, workers, cores int, seconds float64) curve.Point {
	return curve.Point{
		Point: sweep.Point{Workload: "w", Procs: procs, Workers: workers, Cores: cores, Size: 100},
		N:     max(procs, workers), Runs: 10, Median: seconds, TotalMedian: seconds, WorkMedian: seconds,
		MedianRange: &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.99 * seconds, High: 1.01 * seconds},
		Speedup:     1 / seconds,
		Interval:    &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.99 / seconds, High: 1.01 / seconds},
		CPU:         1, MeanBusy: 1 / seconds,
	}
}

func threads(points ...curve.Point) curve.Curve {
	points[0].Interval = nil
	return curve.Curve{Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong}, Measure: curve.Total, Points: points}
}

// cpu sets the busy cores, and with them the CPU time, of p.
func cpu(p curve.Point, busy float64) curve.Point {
	p.MeanBusy, p.CPU = busy, busy*p.TotalMedian
	return p
}

func spin(speedup float64) *curve.Ceiling {
	one, two := at(1, 1, 1, 1), at(1, 2, 2, 1/speedup)
	one.Interval = nil
	return &curve.Ceiling{Curve: curve.Curve{Points: []curve.Point{one, two}}}
}

// texts are the clauses of v by name.
func texts(s sweep.Sweep, v verdict.Verdict) []string {
	var out []string
	for _, e := range v.Evidence {
		out = append(out, string(e.Kind)+": "+words.Plain(words.Evidence(s, e)))
	}
	return out
}

func TestEvidence(t *testing.T) {
	c := threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.6), 1.7), at(1, 4, 2, 0.6))
	c.Points[0].Sys, c.Points[1].Sys, c.Points[0].RunQueue = 0.3, 0.3, 0.06
	v := verdict.Judge(c, verdict.Input{
		Cores: 2, Ceiling: spin(1.9),
		Base: verdict.Load{cause.User: 1}, At: verdict.Load{cause.User: 0.9, cause.ChanRecv: 0.1},
	})
	want := []string{
		"mean_busy_cores: with 1 worker 0.99 of a core was busy",
		"missed_cores: with 1 worker threads were ready to run without a core for 60.0 ms, which is 0.06 of a core over the whole time",
		// 1/0.6, and 0.99 and 1.01 of it.
		"speedup: with 2 workers it was 1.67× as fast as with 1 worker (95 % interval 1.65–1.68×)",
		"share_of_ceiling: its speedup is 88 % of the 1.90× that this machine gives a loop in registers",
		"mean_busy_cores_at_n: with 2 workers 1.70 of 2 cores were busy",
		"channel_share: with 2 workers the workers spent 10 % of their time waiting at channels (block.chan.recv), with 1 worker 0 %",
		"system_share: with 1 worker 30 % of the CPU time was spent in the kernel",
	}
	if d := cmp.Diff(want, texts(c.Sweep, v)); d != "" {
		t.Error(d)
	}

	// Sleepers: eight workers on two cores are 7.7 times as fast as one. Judged at two.
	c = threads(cpu(at(1, 1, 1, 1), 0.02), cpu(at(1, 2, 2, 0.5), 0.04), cpu(at(1, 8, 2, 0.13), 0.2))
	v = verdict.Judge(c, verdict.Input{Cores: 2, Base: verdict.Load{cause.Net: 0.98, cause.User: 0.02}})
	want = []string{
		"mean_busy_cores: with 1 worker 0.02 of a core was busy",
		"waiting_share: with 1 worker the workers spent 98 % of their time sleeping or waiting for the network or input and output (block.net)",
		"speedup: with 2 workers it was 2.00× as fast as with 1 worker (95 % interval 1.98–2.02×)",
		"speedup_beyond_cores: with 8 workers on 2 cores it was 7.69× as fast as with 1 worker, more than cores alone could give",
	}
	if d := cmp.Diff(want, texts(c.Sweep, v)); d != "" {
		t.Error(d)
	}
}

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

// wide gives the speedup of p an interval.
func wide(p curve.Point, low, high float64) curve.Point {
	p.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: low, High: high}
	return p
}

// All intervals are ± 1 % of the estimate.
func TestHeadline(t *testing.T) {
	one := func() curve.Point { return starting(at(1, 1, 1, 1), 0.001) }
	noBase := threads(one())
	noBase.Base = -1
	few := threads(one(), at(1, 2, 2, 0.5))
	few.Points[1].Interval.Method = curve.MinMax
	ranged := func(seconds, low, high float64) curve.Curve {
		c := threads(one(), at(1, 2, 2, seconds))
		c.Points[1].Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: low, High: high, Noise: high / low / 1.2}
		return c
	}
	// Without the noise the interval would be that many times as narrow.
	spread := func(seconds, low, high, noise float64) curve.Curve {
		c := ranged(seconds, low, high)
		c.Points[1].Interval.Noise = noise
		return c
	}
	noisy := threads(one(), at(1, 2, 2, 0.5), at(1, 4, 2, 0.5))
	noisy.Points[1].Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 1.5, High: 2.2, Noise: 1.2}
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
		{"no base", []curve.Curve{noBase}, nil, "w: the base was not measured"},
		{"base alone", []curve.Curve{threads(one())}, nil, "w: 1 s with 1 worker"},
		{"all others failed", []curve.Curve{lost}, nil, "w: 1 s with 1 worker"},
		{"as good as the cores", []curve.Curve{threads(one(), at(1, 2, 2, 0.52), at(1, 4, 2, 0.52))}, nil, "w: 1.9× on 2 cores"},
		{"slower beyond", []curve.Curve{threads(one(), at(1, 2, 2, 0.52), at(1, 4, 2, 0.6))}, nil, "w: 1.9× on 2 cores, with 4 workers slower than with 2"},
		{"never faster", []curve.Curve{threads(one(), at(1, 2, 2, 1), at(1, 4, 2, 1.005))}, nil, "w: no speedup shown up to 4 workers"},
		{"slower at once", []curve.Curve{threads(one(), at(1, 2, 2, 1.25), at(1, 4, 2, 1.5))}, nil, "w: slower with 2 workers, 0.80× of 1 worker"},
		{"waits: rises beyond the cores", []curve.Curve{threads(one(), at(1, 2, 2, 0.5), at(1, 8, 2, 0.13))}, nil, "w: 7.7× with 8 workers on 2 cores, still rising"},
		{
			// The interval of 1.92× reaches below 1, that of 1.51× does not. It was announced as "1.5× with 4 workers on 2
			// cores, still rising".
			"the best is not shown",
			[]curve.Curve{threads(one(), wide(at(1, 2, 2, 1/1.92), 0.9, 2.1), at(1, 4, 2, 1/1.51))},
			nil,
			"w: 1.5× with 4 workers on 2 cores, 1.9× seen with 2 workers but not shown",
		},
		{
			"the last step is no rise",
			[]curve.Curve{threads(one(), wide(at(1, 2, 2, 1/1.5), 0.9, 1.6), at(1, 4, 2, 1/1.51))},
			nil,
			"w: 1.5× with 4 workers on 2 cores",
		},
		{
			"more is seen later",
			[]curve.Curve{threads(one(), at(1, 2, 4, 1/1.5), wide(at(1, 4, 4, 1/1.9), 1.4, 2.1))},
			nil,
			"w: 1.5× with 2 workers, 1.9× seen with 4 workers but not shown",
		},
		{"more bring nothing", []curve.Curve{threads(one(), at(1, 1, 1, 1), at(1, 2, 1, 0.9), at(1, 4, 1, 0.9))}, nil, "w: 1.1× with 2 workers on 1 core, more are not shown to be faster"},
		{"a weak machine", []curve.Curve{threads(one(), at(1, 2, 2, 0.77))}, spin(1.4), "w: 1.3× on 2 cores, where this machine can give 1.4×"},
		{"more than a weak machine gave", []curve.Curve{threads(one(), at(1, 2, 2, 1/1.1))}, spin(1.02), "w: 1.1× on 2 cores"},
		{"few runs", []curve.Curve{few}, nil, "w: 2.0× on 2 cores; too few runs for intervals"},
		{"noisy", []curve.Curve{noisy}, nil, "w: 2.0× on 2 cores; noisy machine: at least 1.50×"},
		{"too noisy for figures", []curve.Curve{ranged(0.5, 0.13, 38.9)}, nil, "w: too noisy to tell up to 2 workers"},
		{"noisy with ends that say something", []curve.Curve{ranged(0.7, 0.9, 2.1)}, nil, "w: too noisy to tell up to 2 workers: 0.90 to 2.10×"},
		{"faster by nobody knows what", []curve.Curve{ranged(0.4, 1.2, 6)}, nil, "w: faster (by how much is not known) on 2 cores; noisy machine"},
		{
			"slower by nobody knows what",
			[]curve.Curve{ranged(2.5, 0.1, 0.7)},
			nil,
			"w: slower with 2 workers than with 1 worker, by how much is not known; noisy machine",
		},
		{"launches scatter", []curve.Curve{spread(0.7, 1.04, 1.9, 1.12)}, nil, "w: 1.4× on 2 cores; launches scatter: 1.04 to 1.90×"},
		{
			"launches scatter and noise",
			[]curve.Curve{spread(0.7, 1.04, 1.9, 1.3)},
			nil,
			"w: 1.4× on 2 cores; noisy machine, launches scatter: 1.04 to 1.90×",
		},
		{
			"launches scatter, nothing shown",
			[]curve.Curve{spread(0.7, 0.9, 1.9, 1.12)},
			nil,
			"w: launches scatter too much to tell up to 2 workers: 0.90 to 1.90×",
		},
		{"half of the runs noisy", []curve.Curve{calm}, nil, "w: 2.0× on 2 cores"},
		{"weak scaling", []curve.Curve{weak}, nil, "w: 1.9× the throughput on 2 cores"},
		{"mode cores", []curve.Curve{onCores}, nil, "w: 1.9× on 2 cores"},
		{
			"grid",
			[]curve.Curve{grid(one(), at(1, 2, 2, 0.52)), grid(at(2, 1, 2, 0.5), at(2, 2, 2, 0.25))},
			nil,
			// The series of two processes has a base of its own, 0.5 s; the title counts from the smallest point, 1 s.
			"w: 4.0× with 2 processes × 2 workers, the best of 4 points",
		},
		{
			// 2.5× is shown to be more than 2.0×; 2.55× is not shown to be more than that. The interval of 1.9× to 2.6× over the
			// base meets it, and yet launch by launch those 2.0× are shown to be less.
			"grid of which others may be as fast",
			[]curve.Curve{
				grid(one(), at(1, 2, 4, 0.5), at(1, 4, 4, 0.4)),
				grid(one(), wide(at(2, 1, 4, 0.5), 1.9, 2.6), at(2, 4, 4, 1/2.549)),
			},
			nil,
			"w: 2.50× with 1 process × 4 workers, 1 other may be as fast, up to 2.55× seen with 2 processes × 4 workers",
		},
		{
			"grid that does not help",
			[]curve.Curve{grid(one(), at(1, 2, 2, 1)), grid(at(2, 1, 2, 1), at(2, 2, 2, 1.1))},
			nil,
			"w: no mix of processes and workers is shown to be faster than 1 process × 1 worker",
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
			"w: 1.9× on 2 cores, no difference shown between threads and processes; 2 processes start 12 ms later (10–14)",
		},
		{
			"both alike, and the start does not matter",
			[]curve.Curve{threads(one(), starting(at(1, 2, 2, 0.52), 0.001)), procs(one(), starting(at(2, 1, 2, 0.525), 0.011))},
			nil,
			"w: 1.9× on 2 cores, no difference shown between threads and processes",
		},
		{
			// 1 − 0.5/0.54 = 7.4 %. Four processes take 0.505 s, which is not shown to differ from 0.5.
			"both alike where each stops, and processes slower on the way",
			[]curve.Curve{
				threads(one(), at(1, 2, 2, 0.5)), procs(one(), at(2, 1, 2, 0.54), at(4, 1, 2, 0.505)),
			},
			nil,
			"w: 2.0× on 2 cores, processes 7.4 % slower with 2 of each",
		},
		{
			"the same, and they start later",
			[]curve.Curve{
				threads(one(), starting(at(1, 2, 2, 0.5), 0.001)),
				procs(one(), starting(at(2, 1, 2, 0.54), 0.021), at(4, 1, 2, 0.505)),
			},
			nil,
			"w: 2.0× on 2 cores, processes 7.4 % slower and start 20 ms later (19–21) with 2 of each",
		},
		{
			// 1 − 0.5/0.52 = 3.8 %.
			"a small difference, with the start",
			[]curve.Curve{threads(one(), starting(at(1, 2, 2, 0.5), 0.001)), procs(one(), starting(at(2, 1, 2, 0.52), 0.021))},
			nil,
			"w: 2.0× on 2 cores, processes 3.8 % slower and start 20 ms later (19–21) with 2 of each",
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
			if got := "w: " + words.Plain(words.Headline(verdict.HeadlineOf(tt.curves, 2, tt.ceiling, launches(tt.curves)))); got != tt.want {
				t.Errorf("%q\nwant %q", got, tt.want)
			}
		})
	}
}

// launches are five launches of each point, which take up to 4 % less or more and start up to 1 ms sooner or later than
// it says.
func launches(curves []curve.Curve) *curve.Pairs {
	var out []sweep.Result
	seen := map[sweep.Point]bool{}
	for _, c := range curves {
		for _, p := range c.Points {
			for rep := range 5 {
				r := sweep.Result{Run: sweep.Run{Point: p.Point, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK}
				r.Total = sweep.Seconds(p.TotalMedian * (1 + 0.02*float64((rep+p.Point.Procs)%5-2)) * 1e9)
				r.Startup = sweep.Seconds(p.Startup*1e9) + sweep.Seconds(rep-2)*5e5
				if p.Startup == 0 {
					r.Startup = 0
				}
				if !seen[p.Point] {
					out = append(out, r)
				}
			}
			seen[p.Point] = true
		}
	}
	return curve.NewPairs(out, curve.Options{Seed: 1})
}

func TestBound(t *testing.T) {
	for want, v := range map[string]verdict.Verdict{
		"CPU-bound": {Bound: verdict.CPU}, "CPU-bound at the base": {Bound: verdict.CPU, BaseOnly: true}, "": {Bound: verdict.Unclear},
		"likely lock-bound":            {Bound: verdict.Lock, Certainty: noise.Likely},
		"suspected to be memory-bound": {Bound: verdict.Memory, Certainty: noise.Likely},
		"overhead-bound":               {Bound: verdict.Overhead, Certainty: noise.Certain},
	} {
		if got := words.Bound(&v); got != want || words.Untold(&v) != "" {
			t.Errorf("%q, want %q", got, want)
		}
	}
	v := verdict.Verdict{Bound: verdict.Lock, Certainty: noise.Hidden}
	if words.Bound(&v) != "" || words.Untold(&v) != "lock-bound" {
		t.Errorf("hidden: %q, %q", words.Bound(&v), words.Untold(&v))
	}
	e := verdict.Evidence{Kind: verdict.OverheadPart, Value: 0.31, Beside: 0.003, Range: &verdict.Range{Low: 0.22, High: 0.36}}
	e.Point = at(1, 2, 2, 1).Point
	if got, want := words.Plain(words.Evidence(sweep.Sweep{}, e)), "31 % of the time (by launches and noise 22 to 36 %)"; !strings.HasSuffix(got, want) {
		t.Errorf("%q, want it to end in %q", got, want)
	}
}

// TestStarts: beside "likely" stands no interval, which would hold 0.
func TestStarts(t *testing.T) {
	l := verdict.Later{
		Mode: sweep.Procs, N: 2, Seconds: 0.015, Certainty: noise.Likely, Interval: &curve.Interval{Low: -0.0089, High: 0.026},
	}
	if got := words.Plain(words.Starts(&l)); got != "2 processes likely start about 15 ms later" {
		t.Errorf("%q", got)
	}
	l.Certainty, l.Interval.Low = noise.Certain, 0.009
	if got := words.Plain(words.Starts(&l)); got != "2 processes start 15 ms later (9–26)" {
		t.Errorf("%q", got)
	}
}
