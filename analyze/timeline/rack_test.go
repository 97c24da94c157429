package timeline

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
)

// A P collects garbage from 10 to 90, and its thread has a core from 20 to 30.
func TestCollectingWithoutCore(t *testing.T) {
	r := rack{lo: math.MinInt64, hi: math.MaxInt64}
	r.onCPU = func(_ int64, _, _ clock.Time, f func(from, to clock.Time)) { f(20, 30) }
	tr := track{lane: r.newLane(P, 0, "P 0"), m: 7}
	r.set(&tr, 10, GC)
	r.set(&tr, 90, Absent)
	var lane Lane
	r.lanes[0].strip.finish(&lane)
	if diff := cmp.Diff([]Span{{10, 20, Ready}, {20, 30, GC}, {30, 90, Ready}}, lane.Spans); diff != "" {
		t.Error(diff)
	}
}
