package gotrace

import (
	"bytes"
	"context"
	"io"
	rtrace "runtime/trace"
	"testing"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

// smallTrace records a few events in two generations: a fuzzer learns a small trace quickly.
func smallTrace(tb testing.TB) []byte {
	tb.Helper()
	fr := rtrace.NewFlightRecorder(rtrace.FlightRecorderConfig{})
	if err := fr.Start(); err != nil {
		tb.Fatal(err)
	}
	defer fr.Stop()
	return record(tb, func() {
		ctx, task := rtrace.NewTask(context.Background(), "task")
		c := make(chan int)
		go rtrace.WithRegion(ctx, "send", func() {
			for i := range 4 {
				c <- i
			}
			close(c)
		})
		for i := range c {
			if i != 2 {
				continue
			}
			if _, err := fr.WriteTo(io.Discard); err != nil { // begins a generation
				tb.Error(err)
			}
		}
		rtrace.Log(ctx, "all", "received")
		task.End()
	})
}

func FuzzOpen(f *testing.F) {
	data := smallTrace(f)
	f.Add(data)
	f.Add(data[:len(data)*2/3])
	for _, at := range []int{17, 40, len(data) / 3, len(data) / 2} {
		bad := bytes.Clone(data)
		for i := range 200 {
			bad[at+i] = byte(i)
		}
		f.Add(bad)
	}
	f.Add([]byte("go 1.22 trace\x00\x00\x00"))
	f.Add([]byte("go 1.26 trace\x00\x00\x00\x01\x01\x00\x00\x85\x80\x80\x80\x80\x80\x80\x80\x80\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var events [2]int
		var damage [2]string
		for i := range events {
			limitstest.Holds(t, 500*int64(len(data))+8<<20, func() { events[i], damage[i] = count(t, data, i+1) })
		}
		if events[0] != events[1] || damage[0] != damage[1] {
			t.Fatalf("one reader: %d events, %s\ntwo: %d events, %s", events[0], damage[0], events[1], damage[1])
		}
	})
}

// count returns how many events so many readers deliver of a trace, and how they end. Times must grow.
func count(t *testing.T, data []byte, readers int) (events int, damage string) {
	r, err := Open(bytes.NewReader(data), int64(len(data)), "fuzz", Options{Readers: readers})
	if err != nil {
		return 0, err.Error()
	}
	defer r.Close()
	last := clock.Time(-1 << 62)
	var ev Event
	for {
		if err = r.Next(&ev); err != nil {
			return events, err.Error()
		}
		if ev.Time <= last {
			t.Fatalf("time %d after %d", ev.Time, last)
		}
		last = ev.Time
		events++
	}
}
