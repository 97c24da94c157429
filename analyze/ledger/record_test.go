package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	rtrace "runtime/trace"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// record returns the events of the execution trace of f.
func record(tb testing.TB, procs int, f func()) ([]gotrace.Event, *gotrace.Symbols) {
	tb.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		tb.Fatal(err)
	}
	f()
	rtrace.Stop()
	r, err := gotrace.NewReader(&buf, "p0.trace")
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

func account(tb testing.TB, b *ledger.Builder, events []gotrace.Event) *ledger.Ledger {
	tb.Helper()
	r := replay.Replay{Rank: b.Rank, Symbols: b.Symbols}
	for i := range events {
		b.Add(r.Append(nil, events[i]))
	}
	l := b.Finish()
	if err := ledger.Validate(l); err != nil {
		tb.Fatal(err)
	}
	return l
}

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

// everything is a program of workers that share a lock, a channel, garbage and a nap.
func everything(items int) {
	ctx := context.Background()
	var mu sync.Mutex
	var wg sync.WaitGroup
	jobs := make(chan int)
	var kept [64][]byte
	before := rtrace.StartRegion(ctx, "before")
	spin(1_000_000)
	before.End()
	for w := range 4 {
		wg.Go(func() {
			defer rtrace.StartRegion(ctx, fmt.Sprintf("worker %d", w)).End()
			for i := range jobs {
				mu.Lock()
				kept[i%len(kept)] = make([]byte, 1<<14)
				mu.Unlock()
				spin(1000)
			}
		})
	}
	for i := range items {
		jobs <- i
	}
	time.Sleep(time.Millisecond)
	runtime.GC()
	close(jobs)
	wg.Wait()
}

// TestRecorded: a real program on 1, 2 and 8 Ps. Validate holds the sums; here the total is compared with the number of
// Ps times the length, and the whole with its parts: two ledgers of the two halves of the time add up to that of the
// whole.
func TestRecorded(t *testing.T) {
	for _, procs := range []int{1, 2, 8} {
		events, sym := record(t, procs, func() { everything(2000) })
		whole := account(t, &ledger.Builder{Symbols: sym}, events)
		if len(whole.Workers) != 4 || len(whole.Warnings) != 0 {
			t.Errorf("%d workers, warnings %+v", len(whole.Workers), whole.Warnings)
		}
		if max := ledger.CoreTime(int64(procs) * int64(whole.Wall)); whole.Total > max || whole.Total < max*9/10 {
			t.Errorf("%d Ps: total %d of %d", procs, whole.Total, max)
		}
		for _, w := range whole.Workers {
			if w.ByCause[cause.Serial] == 0 || w.ByCause[cause.User] == 0 {
				t.Errorf("%d Ps, worker %d: %v", procs, w.ID, w.ByCause)
			}
		}
		half := whole.Start + clock.Time(whole.Wall/2)
		first := account(t, &ledger.Builder{Symbols: sym, To: half}, events)
		second := account(t, &ledger.Builder{Symbols: sym, From: half}, events)
		if first.Total+second.Total != whole.Total {
			t.Errorf("halves are %d + %d of %d", first.Total, second.Total, whole.Total)
		}
	}
}

// BenchmarkAdd is the cost of an event, reading excluded and the replay included.
func BenchmarkAdd(b *testing.B) {
	events, sym := record(b, 2, func() { everything(50_000) })
	b.ReportAllocs()
	var steps []replay.Step
	n := 0
	for b.Loop() {
		l, r := ledger.Builder{Symbols: sym}, replay.Replay{Symbols: sym}
		for some := range slices.Chunk(events, 2048) {
			steps = r.Append(steps[:0], some...)
			l.Add(steps)
		}
		l.Finish()
		n += len(events)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
	b.ReportMetric(float64(n)/float64(b.N), "events")
}
