package latency_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/capture/latency"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestMeasure: all that can be measured here is, in the time that it may take, and the process has the Ps that it had.
func TestMeasure(t *testing.T) {
	before, begun := runtime.GOMAXPROCS(0), time.Now()
	got := latency.Measure(t.Context())
	took := time.Since(begun)
	t.Logf("%+v in %v", got, took)
	if now := runtime.GOMAXPROCS(0); now != before {
		t.Errorf("%d Ps, and %d before", now, before)
	}
	if got == nil || got.Method == "" || got.Go != runtime.Version() {
		t.Fatalf("%+v", got)
	}
	one := []sweep.Seconds{got.Switch, got.HandoverOne}
	two := []sweep.Seconds{got.Wake, got.HandoverTwo}
	if runtime.NumCPU() > 1 {
		one = append(one, two...)
	}
	for i, d := range one {
		if d <= 0 || d > limits.SchedulerTime {
			t.Errorf("figure %d: %v", i, d)
		}
	}
	if runtime.NumCPU() == 1 && (got.Wake != 0 || got.HandoverTwo != 0) {
		t.Errorf("with one CPU: %+v", got)
	}
}

// TestStopped: nothing comes of a measurement that is stopped.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := latency.Measure(ctx); got != nil {
		t.Errorf("%+v", got)
	}
}
