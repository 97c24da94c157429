package figures

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
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
