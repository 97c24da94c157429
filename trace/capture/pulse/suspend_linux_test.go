package pulse

import (
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

// A machine that was suspended has a CLOCK_BOOTTIME that went on without CLOCK_MONOTONIC: that is felt by itself within
// a beat or two, or found when it is asked for, once, and for as long as it was.
func TestSuspended(t *testing.T) {
	var slept atomic.Int64
	p := start(func() time.Duration { return time.Duration(slept.Load()) })
	defer p.Stop()
	begin := clock.Now()
	for _, tt := range []struct {
		by   time.Duration // the machine sleeps
		want time.Duration
	}{
		{0, 0},
		{5 * time.Millisecond, 0}, // the clocks are read one after the other
		{20 * time.Millisecond, 20 * time.Millisecond},
		{3 * time.Hour, 3 * time.Hour},
		{-time.Second, 0}, // clocks that a hypervisor sets back tell nothing
		{time.Minute, time.Minute},
	} {
		slept.Add(int64(tt.by))
		since := clock.Now()
		s, is := p.Since(since)
		if is != (tt.want > 0) || is && (s.Why != Suspended || s.For != tt.want) {
			t.Errorf("asleep for %v: %v, %v, want %v", tt.by, is, s, tt.want)
		}
		if s, is := p.Since(clock.Now()); is {
			t.Errorf("asleep for %v, and once more: %v", tt.by, s)
		}
	}
	slept.Add(int64(time.Minute))
	select {
	case <-p.Felt():
	case <-time.After(5 * Period):
		t.Error("the machine was suspended, and nothing is felt")
	}
	if s, is := p.Since(begin); !is || s.Why != Suspended || s.For != time.Minute {
		t.Errorf("felt %v, %v, want a minute", is, s)
	}
}

// The clocks of this machine differ by what they differ by, however often they are read.
func TestClocks(t *testing.T) {
	first := suspended()
	for range 1000 {
		if d := (suspended() - first).Abs(); d >= leastSleep {
			t.Fatalf("the clocks moved by %v against each other", d)
		}
	}
}

// BenchmarkPulse tells the CPU time that a process uses that has nothing to do, with a pulse and without, in
// thousandths of a core.
func BenchmarkPulse(b *testing.B) {
	for name, begin := range map[string]func() *Pulse{
		"with": Start, "without": func() *Pulse { return &Pulse{quit: make(chan struct{}), sleeper: &sleeper{stat: -1, wake: -1}} },
	} {
		b.Run(name, func(b *testing.B) {
			p := begin()
			defer p.Stop()
			var before, after unix.Timespec
			_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &before) // every kernel has this clock
			began := time.Now()
			for b.Loop() {
				time.Sleep(time.Second)
			}
			_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &after)
			b.ReportMetric(float64(after.Nano()-before.Nano())/float64(time.Since(began))*1000, "mcores")
		})
	}
}
