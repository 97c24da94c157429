package critical

import (
	"math"
	"testing"
	"time"
)

// TestBounds, in seconds:
//
//   - 100 of work with a span of 40 take 100 on one core, at least 50 and at most 50 + 20 on two, at least 40 and at
//     most 1 + 39.6 on a hundred: speedups of 1.43 … 2 and 2.46 … 2.5.
//   - 100 of work and a chain of 400 of which all but 0 may be delays take 400 to 500 on one core and 400 at least on
//     two: at most 1.25.
//   - A single chain is no faster on more cores.
//   - Four system calls of 100 each, side by side and without a P, are 400 of work or delays of 100: on eight cores at
//     most 4.
//   - 100 of work with a span of 50, of which 40 were waits for a peer that may be of the program, and 10 of garbage
//     collection: one core takes 100 to 150, and what surely comes one after the other is 10.
func TestBounds(t *testing.T) {
	type bounds struct{ Low, High float64 }
	for _, tt := range []struct {
		p     Path
		cores int
		want  bounds
	}{
		{Path{Work: 100, Span: 40, Least: 40}, 1, bounds{1, 1}},
		{Path{Work: 100, Span: 40, Least: 40}, 2, bounds{100. / 70, 2}},
		{Path{Work: 100, Span: 40, Least: 40}, 100, bounds{100. / 40.6, 2.5}},
		{Path{Work: 100, Span: 400, Least: 400, Delay: 400}, 1, bounds{1, 1}},
		{Path{Work: 100, Span: 400, Least: 400, Delay: 400}, 2, bounds{1, 1.25}},
		{Path{Work: 100, Span: 100, Least: 100}, 8, bounds{1, 1}},
		{Path{Unclear: 400, Span: 100, Least: 100}, 8, bounds{1, 4}},
		{Path{Work: 100, Span: 50, Least: 10, Delay: 40, Collector: 10}, 8, bounds{800. / 500, 8}},
		{Path{Work: 100, Span: 50, Least: 10, Delay: 40, Collector: 10}, 64, bounds{6400. / 3300, 15}},
	} {
		tt.p.Work *= time.Second
		for _, d := range []*time.Duration{&tt.p.Span, &tt.p.Least, &tt.p.Delay, &tt.p.Unclear, &tt.p.Collector} {
			*d *= time.Second
		}
		low, high := tt.p.Bounds(tt.cores)
		if math.Abs(low-tt.want.Low) > 1e-9 || math.Abs(high-tt.want.High) > 1e-9 {
			t.Errorf("%+v, %d cores: %v … %v, want %v", tt.p, tt.cores, low, high, tt.want)
		}
	}
}
