package compare_test

import (
	"fmt"
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/trace/sweep"
)

// crowd returns so many curves of four counts, each with five launches.
func crowd(curves int) []compare.Curve {
	var out []compare.Curve
	for i := range curves {
		c := compare.Curve{Key: compare.Key{Workload: fmt.Sprint("w", i), Mode: sweep.Threads}}
		for n := 1; n <= 8; n *= 2 {
			c.Counts = append(c.Counts, compare.Count{N: float64(n), Seconds: []float64{1, 1.1, 0.9, 1.05, 1.01}})
		}
		out = append(out, c)
	}
	return out
}

// TestEffort: what is compared has the fewer resamples the more of it there is, which is said, so that the time does
// not grow with it: 64 curves of four counts have all, 256 a quarter.
func TestEffort(t *testing.T) {
	if r := compare.Compare(crowd(64), crowd(64), compare.Options{NoLaws: true}); len(r.Fewer) != 0 {
		t.Errorf("256 points: %+v", r.Fewer)
	}
	r := compare.Compare(crowd(256), crowd(64), compare.Options{NoLaws: true})
	if len(r.Fewer) != 1 || r.Fewer[0].Figures.Count != 2500 || r.Fewer[0].Figures.Of != 10_000 ||
		r.Fewer[0].Items[0].Count != 1024 || r.Fewer[0].Items[1].Count != 5120 || r.Fewer[0].Items[2].Count != 500 {
		t.Errorf("1024 points: %+v", r.Fewer)
	}
	if r := compare.Compare(crowd(256), crowd(256), compare.Options{NoLaws: true, Resamples: 100}); len(r.Fewer) != 0 {
		t.Errorf("100 resamples are asked for: %+v", r.Fewer)
	}
}
