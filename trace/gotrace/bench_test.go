package gotrace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
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

// BenchmarkGenerations decodes generations and drops the events where they are decoded: what a second core could give if nothing had to be
// handed over in order. BenchmarkThroughput in analyze tells what it gives when it must be.
func BenchmarkGenerations(b *testing.B) {
	data := manyGenerations(b, 40)
	secs := sections(b, data)
	for _, readers := range []int{1, 2} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			var n atomic.Int64
			for b.Loop() {
				var next atomic.Int64
				var wg sync.WaitGroup
				for range readers {
					wg.Go(func() {
						var d decoder
						for i := next.Add(1) - 1; i < int64(len(secs)); i = next.Add(1) - 1 {
							events, err := drop(&d, &secs[i])
							if err != nil {
								b.Error(err)
							}
							n.Add(events)
						}
					})
				}
				wg.Wait()
			}
			b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// drop decodes a generation and returns how many events it has.
func drop(d *decoder, s *section) (n int64, err error) {
	if err := d.open(latest, s); err != nil {
		return 0, err
	}
	var events buffer
	for err == nil {
		events.reset()
		err = d.read(&events)
		n += int64(len(events.events))
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
