package gotrace

import (
	"bytes"
	"errors"
	"io"
	"testing"

	exptrace "golang.org/x/exp/trace"
)

// BenchmarkBare is the reader below alone: the floor that the others are compared with.
func BenchmarkBare(b *testing.B) {
	data := busyTrace(b, 100_000)
	b.ReportAllocs()
	var n int64
	for b.Loop() {
		r, err := exptrace.NewReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.ReadEvent(); err != nil {
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
				break
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
	b.ReportMetric(float64(n)/float64(b.N), "events/op")
}

// BenchmarkReader adds the conversion. Its allocations per operation should be those of BenchmarkBare and a few more per
// distinct stack, whatever the number of events.
func BenchmarkReader(b *testing.B) {
	data := busyTrace(b, 100_000)
	b.ReportAllocs()
	var n int64
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(data), "busy.trace")
		if err != nil {
			b.Fatal(err)
		}
		var ev Event
		for {
			if err := r.Next(&ev); err != nil {
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
				break
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
	b.ReportMetric(float64(n)/float64(b.N), "events/op")
}
