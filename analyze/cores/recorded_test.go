package cores_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	rtrace "runtime/trace"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// record returns the execution trace of four workers that share a lock, a channel, garbage and a nap, with their
// regions.
func record(tb testing.TB, items int) []byte {
	tb.Helper()
	ctx := context.Background()
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		tb.Fatal(err)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	jobs := make(chan int)
	var kept [64][]byte
	for w := range 4 {
		wg.Go(func() {
			defer rtrace.StartRegion(ctx, fmt.Sprintf("worker %d", w)).End()
			for i := range jobs {
				task := rtrace.StartRegion(ctx, "task")
				mu.Lock()
				kept[i%len(kept)] = make([]byte, 1<<12)
				mu.Unlock()
				task.End()
			}
		})
	}
	for i := range items {
		jobs <- i
	}
	time.Sleep(time.Millisecond)
	close(jobs)
	wg.Wait()
	rtrace.Stop()
	return buf.Bytes()
}

// TestRecorded reads a real trace into both builders and compares them: the time that the lanes of the Ps show as busy
// is the busy time of the core use, to the nanosecond.
func TestRecorded(t *testing.T) {
	data := record(t, 3000)
	for _, limit := range []int{0, 50} { // exact, folded
		tl, u := analyse(t, data, limit)
		if err := timeline.Validate(tl); err != nil {
			t.Fatal(err)
		}
		var busy, profile time.Duration
		workers, marks := 0, 0
		for i := range tl.Lanes {
			l := &tl.Lanes[i]
			switch l.Kind {
			case timeline.P:
				for _, d := range l.Totals() {
					busy += d
				}
			case timeline.Worker:
				workers++
				marks += len(l.Marks)
				if l.Totals()[timeline.Running] == 0 {
					t.Errorf("%s: %v", l.Name, l.Totals())
				}
			}
		}
		for _, d := range u.Profile {
			profile += d
		}
		if busy != u.Busy() || profile != u.End.Sub(u.Start) || workers != 4 || marks != 3000 {
			t.Errorf("lanes of Ps hold %v, core use %v; profile %v of %v; %d workers, %d tasks",
				busy, u.Busy(), profile, u.End.Sub(u.Start), workers, marks)
		}
		if u.MaxPs != runtime.GOMAXPROCS(0) || u.Mean <= 0 || u.Mean > float64(u.MaxPs) {
			t.Errorf("%d Ps, %v of them busy", u.MaxPs, u.Mean)
		}
	}
}

func analyse(tb testing.TB, data []byte, limit int) (*timeline.Timeline, *cores.Use) {
	tb.Helper()
	tl, u, _ := analyseCount(tb, data, limit)
	return tl, u
}

func analyseCount(tb testing.TB, data []byte, limit int) (*timeline.Timeline, *cores.Use, int64) {
	tb.Helper()
	r, err := gotrace.NewReader(bytes.NewReader(data), "p0.trace")
	if err != nil {
		tb.Fatal(err)
	}
	rp := replay.Replay{Symbols: r.Symbols()}
	tb1 := &timeline.Builder{Symbols: r.Symbols(), MaxSpans: limit}
	cb := &cores.Builder{MaxSteps: limit}
	var ev gotrace.Event
	for {
		if err := r.Next(&ev); err != nil {
			if !errors.Is(err, io.EOF) {
				tb.Fatal(err)
			}
			return tb1.Finish(), cb.Finish(), r.Events()
		}
		steps := rp.Append(nil, ev)
		tb1.Add(steps)
		cb.Add(0, steps)
	}
}

// TestTwoRecorded gives the same trace for two processes to the builders, merged: everything is there twice.
func TestTwoRecorded(t *testing.T) {
	data := record(t, 500)
	_, one := analyse(t, data, 0)
	var rs []*gotrace.Reader
	var builders []*timeline.Builder
	var replays []*replay.Replay
	for rank := range 2 {
		r, err := gotrace.NewReader(bytes.NewReader(data), fmt.Sprintf("p%d.trace", rank))
		if err != nil {
			t.Fatal(err)
		}
		rs = append(rs, r)
		builders = append(builders, &timeline.Builder{Rank: rank, Symbols: r.Symbols()})
		replays = append(replays, &replay.Replay{Rank: rank, Symbols: r.Symbols()})
	}
	m := gotrace.NewMerger(rs...)
	var cb cores.Builder
	for {
		events, i, err := m.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		steps := replays[i].Append(nil, events...)
		builders[i].Add(steps)
		cb.Add(i, steps)
	}
	tl := timeline.Merge(builders[0].Finish(), builders[1].Finish())
	if err := timeline.Validate(tl); err != nil {
		t.Error(err)
	}
	two := cb.Finish()
	if two.Busy() != 2*one.Busy() || two.MaxPs != 2*one.MaxPs || len(two.Warnings) != 0 {
		t.Errorf("busy %v, of one %v; %d Ps, of one %d; warnings %+v", two.Busy(), one.Busy(), two.MaxPs, one.MaxPs,
			two.Warnings)
	}
	workers := map[int]int{}
	for _, l := range tl.Lanes {
		if l.Kind == timeline.Worker {
			workers[l.Rank]++
		}
	}
	if workers[0] != 4 || workers[1] != 4 {
		t.Errorf("workers by rank: %v", workers)
	}
}

// TestCutTrace analyses what is good of a trace that breaks off. Asking a flight recorder for its window ends a
// generation, so that there is more than one.
func TestCutTrace(t *testing.T) {
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		t.Fatal(err)
	}
	defer fr.Stop()
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	region := rtrace.StartRegion(context.Background(), "worker 0")
	for range 4 {
		time.Sleep(time.Millisecond)
		if _, err := fr.WriteTo(io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	region.End()
	rtrace.Stop()
	r, err := gotrace.NewReader(bytes.NewReader(buf.Bytes()[:buf.Len()-100]), "p0.trace")
	if err != nil {
		t.Fatal(err)
	}
	rp := replay.Replay{Symbols: r.Symbols()}
	tb := timeline.Builder{Symbols: r.Symbols()}
	var cb cores.Builder
	var ev gotrace.Event
	for {
		if err = r.Next(&ev); err != nil {
			break
		}
		steps := rp.Append(nil, ev)
		tb.Add(steps)
		cb.Add(0, steps)
	}
	var damage *gotrace.DamageError
	if !errors.As(err, &damage) || damage.Good == 0 {
		t.Fatalf("got error %v", err)
	}
	tl, u := tb.Finish(), cb.Finish()
	if err := timeline.Validate(tl); err != nil {
		t.Error(err)
	}
	if u.Busy() <= 0 || tl.Lanes[0].Name != "worker 0" || tl.Lanes[0].Totals()[timeline.Waiting] == 0 {
		t.Errorf("busy %v, first lane %+v", u.Busy(), tl.Lanes[0])
	}
}

// BenchmarkFull reads a trace into a timeline and core use. The floor is BenchmarkBare of package gotrace, the reader
// below alone on a trace of nearly the same program: the aim is at most twice its time per event.
func BenchmarkFull(b *testing.B) {
	data := record(b, 100_000)
	var n int64
	b.ReportAllocs()
	for b.Loop() {
		_, _, events := analyseCount(b, data, 0)
		n += events
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
