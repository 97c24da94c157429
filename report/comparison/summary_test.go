package comparison_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/page"
)

func TestSummary(t *testing.T) {
	s := written(t, example(0.05).WriteSummary)
	for _, want := range []string{
		"### NEW is 0.63× (0.62–0.63) as fast at n = 6; slower at 2, 3, 4 too; no change is shown at 1; not measured at 8\n",
		"- CPU: A in BASE, B in NEW\n",
		"Gate --fail-on 5 % does not hold",
		"| w\\|&lt;script&gt;\\\\u001b\\[31m\\`\\* | 6 | 208 ms | 333 ms | 0.625 | ", // 1.25/6 and 2/6 of a second
		"| **slower** |\n", "| not measured |\n", "all 5 tests of this comparison.\n",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("lacks %q: %s", want, s)
		}
	}
	for _, no := range []string{"alpha", "P(slower)", "block.mutex"} { // they are in what compare prints
		if strings.Contains(s, no) {
			t.Errorf("has %q: %s", no, s)
		}
	}
}

// Of many points those that changed come first, the greatest change before all; what is left out is counted.
func TestSummaryOfMany(t *testing.T) {
	side := func(factor func(i int) float64) (out []compare.Curve) {
		for i := range 100 {
			c := compare.Curve{Key: compare.Key{Workload: fmt.Sprintf("w%d%s", i, strings.Repeat("&", i*i/2))}}
			d := compare.Count{N: 1}
			for k := range 20 {
				d.Seconds = append(d.Seconds, factor(i)*(1+0.0001*float64(k)))
			}
			c.Counts = append(c.Counts, d)
			out = append(out, c)
		}
		return append(out, compare.Curve{Key: compare.Key{Workload: fmt.Sprintf("alone%v", factor(7))}, Counts: []compare.Count{{N: 1}}})
	}
	none := func(int) float64 { return 1 }
	some := func(i int) float64 {
		if i%2 == 0 {
			return 1
		}
		return 1.001 + float64(i)/100
	}
	c := &comparison.Comparison{Base: "old", New: "new", Result: compare.Compare(side(none), side(some), compare.Options{Resamples: 200, NoLaws: true})}
	for range 9 {
		c.Notes = append(c.Notes, "a difference")
	}
	s := written(t, c.WriteSummary)
	if n := len(s); n > page.MostComment {
		t.Errorf("%d bytes", n)
	}
	for _, want := range []string{"4 more are in what compare prints.", "Not compared:"} {
		if !strings.Contains(s, want) {
			t.Errorf("lacks %q: %.3000s", want, s)
		}
	}
	// The names make the table longer than a comment: it is left out, and that is said.
	if strings.Contains(s, "| curve |") || !strings.Contains(s, "(1 part of this does not fit into a comment: see what compare prints)") {
		t.Errorf("%.3000s", s)
	}
	for i := range c.Result.Pairs {
		c.Result.Pairs[i].Key.Workload, _, _ = strings.Cut(c.Result.Pairs[i].Key.Workload, "&")
	}
	s = written(t, c.WriteSummary)
	_, rows, _ := strings.Cut(s, "|---|---:|---:|---:|---:|---:|---|\n")
	if !strings.HasPrefix(rows, "| w99 | 1 | ") || strings.Count(rows, "| **slower** |") != 40 {
		t.Errorf("the greatest change is not first: %s", s)
	}
	if !strings.Contains(s, "60 more points are in what compare prints, 10 of them changed.") {
		t.Errorf("what is left out is not said: %s", s)
	}
}
