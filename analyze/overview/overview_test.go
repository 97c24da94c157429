package overview

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A made is a workload whose runs with one worker and with two take these milliseconds.
type made struct {
	name     string
	unit     string
	one, two []float64
	others   sweep.Seconds // what others take of each run
}

// overviewOf measures workloads on two cores.
func overviewOf(all ...made) (*Overview, []Workload) {
	var sweeps []sweep.Sweep
	var results []sweep.Result
	for _, m := range all {
		s := sweep.Sweep{Workload: m.name, Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}
		for n, times := range [][]float64{m.one, m.two} {
			p := sweep.Point{Workload: m.name, Procs: 1, Workers: n + 1, Cores: n + 1, Size: 1}
			s.Points = append(s.Points, p)
			for rep, ms := range times {
				r := sweep.Result{
					Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK,
					Total: sweep.Seconds(1e6 * ms), Work: sweep.Seconds(1e6 * ms), User: sweep.Seconds(1e5 * ms),
				}
				r.Noise.Others, r.Noise.RunQueue = m.others, m.others
				results = append(results, r)
			}
		}
		sweeps = append(sweeps, s)
	}
	opt := curve.Options{Resamples: 200}
	var workloads []Workload
	for i, c := range curve.Build(sweeps, results, opt) {
		workloads = append(workloads, Workload{
			Name: all[i].name, Unit: all[i].unit, Families: []verdict.Headline{verdict.HeadlineOf([]curve.Curve{c}, 2, nil, nil)},
			Curves: []*curve.Curve{&c}, Judged: []int{verdict.Judged(&c, 2)},
		})
	}
	return Of(workloads, results, opt), workloads
}

func five(ms float64) []float64 { return []float64{ms, ms, ms, ms, ms} }

// TestLost: two cores for 60 ms are 120 ms of core time, 20 ms more than the 100 ms of one; half of 100 ms loses
// nothing; 150 ms on both lose 200 ms; and what took 40 ms less core time stands behind all of these.
func TestLost(t *testing.T) {
	o, all := overviewOf(
		made{name: "some", one: five(100), two: five(60)},
		made{name: "missing", one: nil, two: five(60)},
		made{name: "all", one: five(100), two: five(50)},
		made{name: "beyond", one: five(100), two: five(30)},
		made{name: "slower", one: five(100), two: five(150)},
	)
	var names []string
	var lost []float64
	for _, r := range o.Rows {
		names, lost = append(names, all[r.Workload].Name), append(lost, r.Lost.Value)
	}
	want := []float64{0.2, 0.02, 0, -0.04, math.NaN()}
	if d := cmp.Diff(want, lost, cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateNaNs()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"slower", "some", "all", "beyond", "missing"}, names); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Most{Certain, 0.2 / 0.22}, o.Most, cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Error(d)
	}
	if o.Count(Faster) != 3 || o.Count(Slower) != 1 || o.Count(NoBase) != 1 {
		t.Errorf("%d get faster, %d slower, %d have no base", o.Count(Faster), o.Count(Slower), o.Count(NoBase))
	}
}

// TestMost: which loses most is likely where the ranges of two meet, and nothing is named where the first can have lost
// nothing.
func TestMost(t *testing.T) {
	o, _ := overviewOf(made{name: "a", one: five(100), two: []float64{80, 81, 82, 83, 84}}, made{name: "b", one: five(100), two: []float64{79, 80, 81, 82, 83}})
	if o.Most.Certainty != Likely {
		t.Errorf("ranges that meet: %+v", o.Most)
	}
	o, _ = overviewOf(made{name: "a", one: five(100), two: []float64{80, 81, 82}}, made{name: "b", one: five(100), two: five(52)})
	if o.Most.Certainty != Likely {
		t.Errorf("three launches: %+v", o.Most)
	}
	o, _ = overviewOf(made{name: "a", one: five(100), two: []float64{40, 45, 51, 55, 60}}, made{name: "b", one: five(100), two: five(50)})
	if o.Most.Certainty != Untold {
		t.Errorf("a loss that can be none: %+v", o.Most)
	}
	if o, _ := overviewOf(made{name: "alone", one: five(1), two: five(1)}); o != nil {
		t.Error("an overview of one workload")
	}
}

// TestAlike: means are of three and more with one unit; a noisy one among them leaves none.
func TestAlike(t *testing.T) {
	a, b, c := made{name: "a", unit: "x", one: five(100), two: five(100)}, made{name: "b", unit: "x", one: five(8), two: five(4)},
		made{name: "c", unit: "x", one: five(80), two: five(20)}
	other := made{name: "d", unit: "y", one: five(100), two: five(10)}
	o, _ := overviewOf(a, other, b, c)
	if len(o.Means) != 1 || math.Abs(o.Means[0].Speedup-2) > 1e-9 || o.Means[0].Unit != "x" {
		t.Fatalf("means %+v", o.Means)
	}
	if d := cmp.Diff([]int{0, 2, 3}, o.Means[0].Workloads); d != "" {
		t.Error(d)
	}
	if o, _ := overviewOf(a, other, b); len(o.Means) != 0 {
		t.Errorf("of two: %+v", o.Means)
	}
	a.others = 50e6
	o, _ = overviewOf(a, b, c)
	if len(o.Means) != 1 || o.Means[0].Absence != WideIntervals || o.Means[0].Noisy != 1 || o.Means[0].Interval != nil {
		t.Errorf("with a noisy one: %+v", o.Means)
	}
}

// TestOrder: what intervals do not keep apart has no order.
func TestOrder(t *testing.T) {
	even := func(ms float64) []float64 { return []float64{ms, ms + 0.1, ms - 0.1, ms + 0.05, ms - 0.05} }
	base := even(100)
	twice := made{name: "twice", one: base, two: even(50)}
	half := made{name: "half", one: base, two: even(70)}
	wide := made{name: "wide", one: base, two: []float64{45, 72, 50, 60, 68}} // between 1.4× and 2.2×
	for _, test := range []struct {
		all  []made
		want Order
	}{
		{[]made{half, twice}, Order{Most: true, Least: true}},
		{[]made{wide, twice}, Order{}},
		{[]made{{name: "same", one: base, two: even(50)}, twice, half}, Order{Least: true}},
		{[]made{twice}, Order{}},
		{[]made{twice, {name: "flat", one: base, two: base}}, Order{}},
	} {
		all := append(test.all, made{name: "last", one: base, two: base})
		o, _ := overviewOf(all...)
		if o.Order != test.want {
			t.Errorf("%+v of %+v, want %+v", o.Order, o.Risen(), test.want)
		}
	}
}
