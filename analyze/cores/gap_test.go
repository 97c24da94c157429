package cores

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestGap: one P is busy from 0 to 10, then a part of the trace is missing, and from 30 to 50 it is busy again. What is
// missing counts as idle: 20 with none, 30 with one.
func TestGap(t *testing.T) {
	var b Builder
	add := feed(&b)
	for _, ev := range []gotrace.Event{
		{Time: 0, Kind: gotrace.Sync},
		{Time: 0, Kind: gotrace.MetricValue, Metric: gotrace.GOMAXPROCS, Value: 1},
		{Time: 0, Kind: gotrace.GoTransition, G: gotrace.None, P: 0, Subject: 1, To: gotrace.Running},
		{Time: 10, Kind: gotrace.Gap},
		{Time: 30, Kind: gotrace.Sync},
		{Time: 30, Kind: gotrace.GoTransition, G: gotrace.None, P: 0, Subject: 2, To: gotrace.Running},
		{Time: 50, Kind: gotrace.Sync},
	} {
		add(0, &ev)
	}
	u := b.Finish()
	if diff := cmp.Diff([]time.Duration{20, 30}, u.Profile); diff != "" {
		t.Error(diff)
	}
	if len(u.Warnings) != 0 { // the ledger says it
		t.Errorf("warnings %+v", u.Warnings)
	}
}
