package words

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestFaster(t *testing.T) {
	rises := func(name string, gain float64, workers int) verdict.Headline {
		return verdict.Headline{Workload: name, Cores: 4, Best: &verdict.Rise{
			Sweep: sweep.Sweep{Mode: sweep.Threads, Scaling: sweep.Strong}, Kind: verdict.Rises, Gain: gain,
			Point: sweep.Point{Procs: 1, Workers: workers, Cores: 4},
		}}
	}
	fast, slow, copies := rises("pi", 3.9, 4), rises("sort", 1.31, 2), rises("web", 2.2, 3)
	copies.Best.Sweep.Scaling = sweep.Weak
	rough := rises("get", 2, 2)
	rough.Best.Range = &curve.Interval{Low: 1.1, High: 3.2}
	roughest := rises("put", 5, 2)
	roughest.Best.Range = &curve.Interval{Low: 2, High: 6}
	flat := verdict.Headline{Workload: "mutex", Best: &verdict.Rise{Kind: verdict.Flat, Gain: 1.02}}
	failed := verdict.Headline{Workload: "none"}
	slower := verdict.Headline{Workload: "chan", Best: &verdict.Rise{Kind: verdict.Falls, Gain: 0.5}}
	noisy := verdict.Headline{Workload: "noisy", Best: &verdict.Rise{Kind: verdict.Unsure, Gain: 1.1}}
	single := verdict.Headline{Workload: "one", Best: &verdict.Rise{Kind: verdict.Single, Seconds: 1}}
	for _, test := range []struct {
		want string
		all  []verdict.Headline
	}{
		{"both workloads get faster: pi 3.9× on 4 cores, sort 1.3× with 2 workers", []verdict.Headline{slow, fast}},
		{"all 3 workloads get faster, seen from 1.3× (sort) to 3.9× (pi)", []verdict.Headline{slow, copies, fast}},
		{"all 7 workloads get faster, seen up to 3.9×", []verdict.Headline{slow, copies, fast, slow, slow, copies, copies}},
		{"3 of 4 workloads get faster; no change is shown for 1", []verdict.Headline{slow, roughest, flat, copies}},
		{"2 of 3 workloads get faster: pi 3.9× on 4 cores, sort 1.3× with 2 workers; no change is shown for 1", []verdict.Headline{slow, flat, fast}},
		{"of 2 workloads only pi is shown to get faster: 3.9× on 4 cores; no change is shown for 1", []verdict.Headline{flat, fast}},
		{
			"of 2 workloads only web is shown to get faster: 2.2× the throughput with 3 workers; the base of 1 was not measured",
			[]verdict.Headline{failed, copies},
		},
		{
			"of 5 workloads only pi is shown to get faster: 3.9× on 4 cores; 1 gets slower; no change is shown for 1; 2 are too noisy to tell",
			[]verdict.Headline{fast, slower, noisy, flat, noisy},
		},
		{"of 2 workloads only get is shown to get faster: at least 1.10× with 2 workers; no change is shown for 1", []verdict.Headline{rough, flat}},
		{"of 2 workloads each was measured at one count only, so that nothing shows how they scale", []verdict.Headline{single, single}},
		{
			"of 3 workloads 2 were measured at one count only, so that nothing shows how they scale; the base of 1 was not measured",
			[]verdict.Headline{single, failed, single},
		},
		{"both workloads are too noisy to tell", []verdict.Headline{noisy, noisy}},
		{"all 3 workloads are too noisy to tell", []verdict.Headline{noisy, noisy, noisy}},
		{"neither workload is shown to get faster; no change is shown for 1; 1 was measured at one count only", []verdict.Headline{flat, single}},
		{"neither workload is shown to get faster", []verdict.Headline{flat, flat}},
		{"none of the 3 workloads is shown to get faster; 2 get slower; no change is shown for 1", []verdict.Headline{slower, slower, flat}},
	} {
		o := &overview.Overview{}
		for _, h := range test.all {
			o.Rows = append(o.Rows, overview.Row{Headline: h})
		}
		if got := Faster(o); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	for order, want := range map[overview.Order]string{
		{Most: true, Least: true}: "all 3 workloads get faster, most pi, 3.9× on 4 cores; least sort, 1.3× with 2 workers",
		{Most: true}:              "all 3 workloads get faster, most pi, 3.9× on 4 cores",
		{Least: true}:             "all 3 workloads get faster, least sort, 1.3× with 2 workers",
	} {
		o := &overview.Overview{Order: order, Rows: []overview.Row{{Headline: slow}, {Headline: copies}, {Headline: fast}}}
		if got := Faster(o); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	some := &overview.Overview{Order: overview.Order{Most: true, Least: true}, Rows: []overview.Row{{Headline: slow}, {Headline: flat}, {Headline: fast}}}
	if got, want := Faster(some), "2 of 3 workloads get faster, most pi, 3.9× on 4 cores; no change is shown for 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestIdle: that most workloads cannot follow the count is what there is to say of them, however noisy they are.
func TestIdle(t *testing.T) {
	row := func(kind verdict.RiseKind, idle bool) overview.Row {
		return overview.Row{Idle: idle, Headline: verdict.Headline{Workload: "pi", Cores: 2, Best: &verdict.Rise{
			Kind: kind, Gain: 1.9, Point: sweep.Point{Procs: 1, Workers: 2, Cores: 2},
		}}}
	}
	idle, noisy, fast := row(verdict.Unsure, true), row(verdict.Unsure, false), row(verdict.Rises, false)
	for _, test := range []struct {
		want string
		rows []overview.Row
	}{
		{"neither benchmark can follow the count of workers: both keep one core busy", []overview.Row{idle, idle}},
		{"none of the 3 benchmarks can follow the count of workers: they keep one core busy", []overview.Row{idle, idle, idle}},
		{
			"3 of 4 benchmarks cannot follow the count of workers, and none is shown to get faster; 1 is too noisy to tell",
			[]overview.Row{idle, idle, noisy, idle},
		},
		{
			"2 of 3 benchmarks cannot follow the count of workers; only pi is shown to get faster: 1.9× on 2 cores",
			[]overview.Row{idle, fast, idle},
		},
		{
			"of 3 workloads only pi is shown to get faster: 1.9× on 2 cores; 1 cannot follow the count of workers; 1 is too noisy to tell",
			[]overview.Row{idle, fast, noisy},
		},
	} {
		if got := Faster(&overview.Overview{Rows: test.rows}); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	if got := Outcome(idle.Outcome()); got != "cannot follow the count" {
		t.Errorf("%q", got)
	}
}

func TestOverviewSentences(t *testing.T) {
	o := &overview.Overview{
		Rows: []overview.Row{{Headline: verdict.Headline{Workload: "sort"}, Lost: overview.Lost{Value: 3.21}}, {}, {}, {}},
		Most: overview.Most{Certainty: overview.Certain, Share: 0.25},
	}
	want := "most core time is lost in sort: 3.21\u00a0core-seconds in a run, 25\u00a0% of what a run of each workload loses"
	if got := MostLost(o); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o.Most.Certainty = overview.Likely
	if got, want := MostLost(o), strings.Replace(want, "is lost", "is likely lost", 1); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o.Most.Certainty = overview.Untold
	if got := MostLost(o); got != "" {
		t.Errorf("%q of nothing", got)
	}
	mean := overview.Mean{
		Kind: overview.Kind{
			Mode: sweep.Threads, Scaling: sweep.Strong, Unit: "iterations", Base: sweep.Point{Procs: 1, Workers: 1},
			At: sweep.Point{Procs: 1, Workers: 4},
		}, Workloads: []int{0, 1, 3}, Speedup: 2.5,
		Interval: &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 2.4, High: 2.6},
	}
	for want, change := range map[string]func(*overview.Mean){
		"geometric mean of the speedups of 3 workloads with 4 workers over 1 worker, in iterations: 2.50× (95\u00a0% interval 2.40–2.60×)": func(*overview.Mean) {},
		"no mean speedup is given of 3 workloads with 4 workers over 1 worker, in iterations: noise makes the interval of 1 of them too wide": func(m *overview.Mean) {
			m.Absence, m.Noisy, m.Interval = overview.WideIntervals, 1, nil
		},
		"geometric mean of the speedups of all 4 workloads with 4 workers over 1 worker: 2.50× (range 2.40–2.60×, too few runs for an interval)": func(m *overview.Mean) {
			m.Workloads, m.Interval = []int{0, 1, 2, 3}, &curve.Interval{Method: curve.MinMax, Low: 2.4, High: 2.6}
		},
	} {
		m := mean
		change(&m)
		if got := MeanGain(&m, 4); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
