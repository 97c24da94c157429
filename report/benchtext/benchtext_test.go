package benchtext

import (
	"bytes"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestTableOfCores: points that differ in their cores alone were two rows of one name.
func TestTableOfCores(t *testing.T) {
	table := func(points ...sweep.Point) string {
		c := study.Curve{}
		for _, p := range points {
			c.Points = append(c.Points, curve.Point{Point: p})
			c.Figures = append(c.Figures, study.Figures{Metrics: map[string]study.Metric{"ns/op": {Median: 5}}})
		}
		s := &study.Study{
			Header:    sweep.Header{Sweeps: []sweep.Sweep{{Workload: "b", Points: points}}},
			Workloads: []study.Workload{{Curves: []study.Curve{c}}},
		}
		var b bytes.Buffer
		if err := Table(&b, s); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	one := sweep.Point{Workload: "b", Procs: 1, Workers: 2, Cores: 1, Size: 9}
	two := one
	two.Cores = 2
	if got := table(one, two); !strings.Contains(got, "1×2 on 1 core ") || !strings.Contains(got, "1×2 on 2 cores ") {
		t.Errorf("the cores are not told:\n%s", got)
	}
	if got := table(two); !strings.Contains(got, "1×2 ") || strings.Contains(got, " on ") {
		t.Errorf("cores that do not differ:\n%s", got)
	}
}
