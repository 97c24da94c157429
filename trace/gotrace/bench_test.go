package gotrace

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	exptrace "golang.org/x/exp/trace"
)

// benchTrace returns the trace to measure with: the file of CORECURVE_BENCH_TRACE, or one recorded now.
func benchTrace(b *testing.B) []byte {
	b.Helper()
	name := os.Getenv("CORECURVE_BENCH_TRACE")
	if name == "" {
		return busyTrace(b, 100_000)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// perEvent measures what reads the events of a trace and returns how many it has.
func perEvent(b *testing.B, read func() int64) {
	b.Helper()
	b.ReportAllocs()
	var n int64
	for b.Loop() {
		n += read()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
	b.ReportMetric(float64(n)/float64(b.N), "events/op")
}

// BenchmarkBare measures golang.org/x/exp/trace alone: the unit in which the others are given.
func BenchmarkBare(b *testing.B) {
	data := benchTrace(b)
	perEvent(b, func() (n int64) {
		r, err := exptrace.NewReader(bytes.NewReader(data))
		for ; err == nil; n++ {
			_, err = r.ReadEvent()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
		return n - 1
	})
}

// BenchmarkReader reads the same with one reader of ours. Its allocations per operation should be a few per distinct
// stack, whatever the number of events.
func BenchmarkReader(b *testing.B) {
	data := benchTrace(b)
	perEvent(b, func() int64 {
		r, err := Open(bytes.NewReader(data), int64(len(data)), "p0.trace", Options{Readers: 1})
		for err == nil {
			_, err = r.Batch()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
		return r.Events()
	})
}

// BenchmarkGenerations decodes generations and drops the events where they are decoded: what a second core gives where
// nothing has to be delivered in order. BenchmarkThroughput in analyze shows what it gives when events must be. With
// CORECURVE_BENCH_TRACE the trace is that file; it should have many generations, or one core has nothing to do in the
// end.
func BenchmarkGenerations(b *testing.B) {
	secs := benchSections(b)
	var events int64
	var took, spun [3]time.Duration // by the number of goroutines
	for b.Loop() {
		events = 0
		for n := 1; n <= 2; n++ {
			start := time.Now()
			var next, sum atomic.Int64
			together(n, func() {
				var d decoder
				for i := next.Add(1) - 1; i < int64(len(secs)); i = next.Add(1) - 1 {
					k, err := drop(&d, &secs[i])
					if err != nil {
						b.Error(err)
					}
					sum.Add(k)
				}
			})
			took[n] += time.Since(start)
			events = sum.Load()
			start = time.Now()
			together(n, func() { spin(2e8 / n) })
			spun[n] += time.Since(start)
		}
	}
	b.ReportMetric(float64(events), "events")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N)/float64(events), "ns/event")
	b.ReportMetric(float64(took[1])/float64(took[2]), "two-decoders")
	b.ReportMetric(float64(spun[1])/float64(spun[2]), "two-spinners")
	b.ReportMetric(0, "ns/op")
}

// together runs f in n goroutines.
func together(n int, f func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(f)
	}
	wg.Wait()
}

// spin counts in registers.
func spin(n int) {
	x := uint64(n) | 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
	}
	if x == 0 {
		panic("a xorshift is never 0")
	}
}

// benchSections returns the generations to measure with.
func benchSections(b *testing.B) []section {
	b.Helper()
	name := os.Getenv("CORECURVE_BENCH_TRACE")
	if name == "" {
		return sections(b, manyGenerations(b, 40))
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	r, err := Open(f, info.Size(), name, Options{Readers: 1})
	if err != nil {
		b.Fatal(err)
	}
	return sectionsOf(r)
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
		n += int64(events.n)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
