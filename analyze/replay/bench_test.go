package replay_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/gotrace/tracegen"
)

// BenchmarkAppend is the cost of an event without its reading: of the first 200,000 of a trace that is made, or of the
// file that CORECURVE_BENCH_TRACE names.
func BenchmarkAppend(b *testing.B) {
	var data bytes.Buffer
	if name := os.Getenv("CORECURVE_BENCH_TRACE"); name != "" {
		content, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		data.Write(content)
	} else if err := tracegen.Write(&data, tracegen.Options{Events: 200_000}); err != nil {
		b.Fatal(err)
	}
	r, err := gotrace.NewReader(&data, "trace")
	if err != nil {
		b.Fatal(err)
	}
	events := make([]gotrace.Event, 200_000)
	for i := range events {
		if err := r.Next(&events[i]); err != nil {
			events = events[:i]
			break
		}
	}
	b.ReportAllocs()
	steps, n := []replay.Step(nil), 0
	for b.Loop() {
		rp := replay.Replay{Symbols: r.Symbols()}
		n = 0
		for i := 0; i < len(events); i += 64 {
			steps = rp.Append(steps[:0], events[i:min(i+64, len(events))]...)
			n += len(steps)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(events)), "ns/event")
	b.ReportMetric(float64(n)/float64(len(events)), "steps/event")
}
