package words

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
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
	flat := verdict.Headline{Workload: "mutex", Best: &verdict.Rise{Kind: verdict.Flat, Gain: 1.02}}
	failed := verdict.Headline{Workload: "none"}
	for _, test := range []struct {
		want string
		all  []verdict.Headline
	}{
		{"both workloads get faster, most pi, 3.9× on 4 cores; least sort, 1.3×", []verdict.Headline{slow, fast}},
		{
			"all 3 workloads get faster, most pi, 3.9× on 4 cores; least sort, 1.3×",
			[]verdict.Headline{slow, copies, fast},
		},
		{"2 of 3 workloads get faster, most pi, 3.9× on 4 cores", []verdict.Headline{slow, flat, fast}},
		{"of 2 workloads only pi is shown to get faster: 3.9× on 4 cores", []verdict.Headline{flat, fast}},
		{"of 2 workloads only web is shown to get faster: 2.2× the throughput with 3 workers", []verdict.Headline{failed, copies}},
		{"of 2 workloads only get is shown to get faster: 1.10 to 3.20× with 2 workers", []verdict.Headline{rough, flat}},
		{"neither workload is shown to get faster", []verdict.Headline{flat, failed}},
		{"none of the 3 workloads is shown to get faster", []verdict.Headline{flat, failed, flat}},
	} {
		if got := Faster(test.all); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
