package figures

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/clock"
)

// Of a benchmark that measures for a second a picture shows 50 ms before, and no time is left out that is none.
func TestPrelude(t *testing.T) {
	ms := clock.Time(time.Millisecond)
	for _, tt := range []struct {
		start, zero, from clock.Time
		before            time.Duration
	}{
		{100 * ms, 900 * ms, 850 * ms, 750 * time.Millisecond},
		{880 * ms, 900 * ms, 0, 0},
		{100 * ms, 0, 0, 0}, // when it began to measure is not known
	} {
		from, before := prelude(&timeline.Timeline{Start: tt.start, End: tt.zero + 1000*ms}, tt.zero)
		if from != tt.from || before != tt.before {
			t.Errorf("%+v: from %v, %v before", tt, from, before)
		}
	}
}

// What all runs report alike is no picture: one that spreads, or that changes with n, is.
func TestConstant(t *testing.T) {
	at := func(n, low, high float64) chart.MetricPoint {
		return chart.MetricPoint{N: n, Value: low, Low: low, High: high}
	}
	for _, c := range []struct {
		points []chart.MetricPoint
		want   bool
	}{
		{[]chart.MetricPoint{at(1, 24, 24), at(2, 24, 24)}, true},
		{[]chart.MetricPoint{at(1, 24, 24), at(2, 25, 25)}, false},
		{[]chart.MetricPoint{at(1, 24, 24), at(2, 24, 25)}, false},
	} {
		if got := constant(c.points); got != c.want {
			t.Errorf("%+v: %v", c.points, got)
		}
	}
}
