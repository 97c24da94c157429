package words

import (
	"fmt"
	"testing"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
)

func TestActivity(t *testing.T) {
	name := func(l *timeline.Lane) string { return fmt.Sprintf("worker %d", l.ID) }
	shares := func(s timeline.State, v float64) (out timeline.Shares) {
		out[s], out[timeline.Running] = v, 1-v
		return out
	}
	idle := func(id int64, ms int) timeline.Idle {
		return timeline.Idle{Worker: &timeline.Lane{ID: id}, From: 1e9 + clock.Time(ms)*1e6}
	}
	for _, test := range []struct {
		want string
		a    timeline.Activity
	}{
		{"", timeline.Activity{}},
		{"worker 1 idle from 246 ms", timeline.Activity{From: 1e9, To: 1.5e9, Workers: 2, Idle: []timeline.Idle{idle(1, 246)}}},
		{"3 of 4 workers idle from 172 ms", timeline.Activity{
			From: 1e9, To: 1.5e9, Workers: 4,
			Idle: []timeline.Idle{idle(1, 160), idle(3, 165), idle(2, 172)},
		}},
		// 470 of 500 ms is next to the end.
		{"workers are waiting for a lock or for others for 40 % of the time", timeline.Activity{
			From: 1e9, To: 1.5e9, Workers: 2,
			Shares: shares(timeline.Lock, 0.4), Idle: []timeline.Idle{idle(1, 470)},
		}},
		{"workers are busy for 95 % of the time", timeline.Activity{From: 1, To: 2, Workers: 2, Shares: shares(timeline.GC, 0.05)}},
		{"the worker is ready, on no core, for 20 % of the time", timeline.Activity{
			From: 1, To: 2, Workers: 1, Shares: shares(timeline.Ready, 0.2),
		}},
	} {
		if got := Plain(Activity(&test.a, name)); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
