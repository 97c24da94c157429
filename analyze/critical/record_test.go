package critical_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	rtrace "runtime/trace"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// record returns the execution trace of f.
func record(tb testing.TB, procs int, f func()) []byte {
	tb.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		tb.Fatal(err)
	}
	f()
	rtrace.Stop()
	return buf.Bytes()
}

func analyse(tb testing.TB, data []byte) *critical.Path {
	tb.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		tb.Fatal(err)
	}
	b, rp := critical.Builder{Symbols: r.Symbols()}, replay.Replay{Symbols: r.Symbols()}
	var ev gotrace.Event
	var first clock.Time
	for {
		if err := r.Next(&ev); err != nil {
			if !errors.Is(err, io.EOF) {
				tb.Fatal(err)
			}
			break
		}
		if first == 0 {
			first = ev.Time
		}
		b.Add(rp.Append(nil, ev))
	}
	p := b.Finish()
	if err := critical.Validate(p); err != nil {
		tb.Fatal(err)
	}
	if wall := time.Duration(ev.Time - first); p.Span > wall {
		tb.Errorf("span %v of a recording of %v", p.Span, wall)
	}
	return p
}

// spin does n steps that the compiler cannot leave out.
//
//go:noinline
func spin(n int) {
	x := uint64(n) | 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	runtime.KeepAlive(x)
}

// tries is how many times a recording is made until it is as close to its known answer as is asked. The answer is known
// for work counted in steps; where other programs take cores away while a goroutine seems to run, equal steps take
// unequal times.
const tries = 8

func within(t *testing.T, want, tolerance float64, f func() float64) {
	t.Helper()
	var got []float64
	for range tries {
		v := f()
		if math.Abs(v/want-1) <= tolerance {
			return
		}
		got = append(got, v)
	}
	if n := noise(); n > tolerance/2 {
		t.Skipf("parallelism %.3v, want %.3v; but equal work takes times %.0f %% apart on this machine now", got, want,
			100*n)
	}
	t.Errorf("parallelism %.3v, want %.3v", got, want)
}

// noise is how far the times of equal work are apart.
func noise() float64 {
	least, most := time.Hour, time.Duration(0)
	for range 20 {
		start := time.Now()
		spin(5_000_000)
		d := time.Since(start)
		least, most = min(least, d), max(most, d)
	}
	return float64(most)/float64(least) - 1
}

// TestFib: five tasks whose work has the ratios of fib(33) … fib(37), each φ = 1.618 times the one before. All of them
// together are φ⁰ + φ⁻¹ + … + φ⁻⁴ = 1 + 0.618 + 0.382 + 0.236 + 0.146 = 2.382 times the longest, whatever the number of
// Ps.
func TestFib(t *testing.T) {
	for _, procs := range []int{1, 2} {
		within(t, 2.382, 0.03, func() float64 {
			return analyse(t, record(t, procs, func() {
				var wg sync.WaitGroup
				for _, n := range []int{7_295_000, 11_803_000, 19_098_000, 30_902_000, 50_000_000} {
					wg.Go(func() { spin(n / 4) })
				}
				wg.Wait()
			})).Parallelism
		})
	}
}

// TestSerialPart: a tenth of the work before 64 equal tasks: 1/(0.1 + 0.9/64) = 8.767.
func TestSerialPart(t *testing.T) {
	const unit = 100_000_000
	for _, procs := range []int{1, 2} {
		within(t, 8.767, 0.03, func() float64 {
			return analyse(t, record(t, procs, func() {
				spin(unit / 10)
				var wg sync.WaitGroup
				for range 64 {
					wg.Go(func() { spin(unit * 9 / 10 / 64) })
				}
				wg.Wait()
			})).Parallelism
		})
	}
}

// TestPingPong hands an item around between goroutines: the path grows by a step with each, and there must not be a
// node for each.
func TestPingPong(t *testing.T) {
	data := record(t, 2, func() {
		a, b := make(chan int), make(chan int)
		var wg sync.WaitGroup
		wg.Go(func() {
			for v := range a {
				spin(2000)
				b <- v
			}
			close(b)
		})
		for i := range 20_000 {
			a <- i
			spin(2000)
			<-b
		}
		close(a)
		wg.Wait()
	})
	p := analyse(t, data)
	if p.Span <= 0 || p.Parallelism < 1 {
		t.Errorf("work %v, span %v, parallelism %v", p.Work, p.Span, p.Parallelism)
	}
	if w := p.NoLow(); w == nil || w.Kind != warning.PathChans {
		t.Errorf("the lower bound is known in spite of the channels: %+v", p.Unknown)
	}
}

// BenchmarkAdd is the cost of an event, reading excluded and the replay included.
func BenchmarkAdd(b *testing.B) {
	events, sym := events(b, record(b, 2, manyEvents))
	b.ReportAllocs()
	var steps []replay.Step
	n := 0
	for b.Loop() {
		c, r := critical.Builder{Symbols: sym}, replay.Replay{Symbols: sym}
		for some := range slices.Chunk(events, 2048) {
			steps = r.Append(steps[:0], some...)
			c.Add(steps)
		}
		c.Finish()
		n += len(events)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
}

func events(tb testing.TB, data []byte) ([]gotrace.Event, *gotrace.Symbols) {
	tb.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		tb.Fatal(err)
	}
	var out []gotrace.Event
	for {
		var ev gotrace.Event
		if err := r.Next(&ev); err != nil {
			return out, r.Symbols()
		}
		out = append(out, ev)
	}
}

// manyEvents is a program of locks, channels and tasks.
func manyEvents() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	jobs := make(chan int)
	for range 8 {
		wg.Go(func() {
			for range jobs {
				mu.Lock()
				spin(100)
				mu.Unlock()
			}
		})
	}
	for i := range 50_000 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}
