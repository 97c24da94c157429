package tracegen

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestWrite checks that the trace has about as many events as requested, and some of every kind.
func TestWrite(t *testing.T) {
	var buf bytes.Buffer
	const want = 100_000
	if err := Write(&buf, Options{Events: want, Goroutines: 200}); err != nil {
		t.Fatal(err)
	}
	r, err := gotrace.NewReader(&buf, "made")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[gotrace.Kind]int{}
	reasons := map[gotrace.Reason]int{}
	for {
		var ev gotrace.Event
		if err := r.Next(&ev); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
		kinds[ev.Kind]++
		if ev.Kind == gotrace.GoTransition && ev.To != gotrace.Runnable {
			reasons[ev.Reason]++
		}
	}
	// The trace is written in buffers of 64 KiB for each thread, so that a short one overshoots by a lot.
	if n := r.Events(); n < want/2 {
		t.Errorf("%d events, %d were wanted", n, want)
	}
	for _, k := range []gotrace.Kind{
		gotrace.GoTransition, gotrace.ProcTransition, gotrace.MetricValue, gotrace.RegionBegin, gotrace.RegionEnd,
		gotrace.TaskBegin,
		gotrace.TaskEnd, gotrace.Log,
	} {
		if kinds[k] == 0 {
			t.Errorf("no events of kind %d: %v", k, kinds)
		}
	}
	for _, k := range []gotrace.Reason{gotrace.Select, gotrace.SyncWait, gotrace.Sleep, gotrace.Network} {
		if reasons[k] == 0 {
			t.Errorf("no waits for reason %d: %v", k, reasons)
		}
	}
	t.Logf("%d bytes, %d events, %v, %v", r.Bytes(), r.Events(), kinds, reasons)
}
