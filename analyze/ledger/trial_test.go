package ledger

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// times are the rows of l, in microseconds.
func times(l *Ledger) map[cause.Cause]int64 {
	out := map[cause.Cause]int64{}
	for _, r := range l.Rows {
		out[r.Cause] = int64(r.Time) / 1000
	}
	return out
}

// TestTicker: two Ps, of which goroutine 1 has one all the time. Goroutine 2 waits four times for 10 ms, which nobody
// of the program ends, and works for some time each. If that is 0.5 % of the wait, the waits weigh nothing, and what P
// 1 does not do is serial; if it is 30 %, they take it all. What nobody of the program ends at a channel, a timer did.
func TestTicker(t *testing.T) {
	for _, tt := range []struct {
		why   gotrace.Reason
		stack []string
		cause cause.Cause
	}{
		{gotrace.Sleep, []string{"time.Sleep", "main.tick"}, cause.Sleep},
		{gotrace.Select, []string{"runtime.selectgo", "main.tick"}, cause.Sleep},
		{gotrace.ChanReceive, []string{"runtime.chanrecv1", "main.tick"}, cause.Sleep},
		{gotrace.Network, []string{"internal/poll.runtime_pollWait", "main.tick"}, cause.Net},
	} {
		for _, work := range []int64{50, 3000} {
			s := &script{}
			s.procs(0, 2)
			s.run(0, 1, 0, unknown)
			s.run(0, 2, 1, unknown)
			now := int64(0)
			for range 4 {
				s.block(now, 2, tt.why, tt.stack...)
				s.wake(now+10_000, none, 2)
				s.run(now+10_000, 2, 1, runnable)
				now += 10_000 + work
			}
			s.end(now, 2)
			s.end(now, 1)
			want := map[cause.Cause]int64{cause.User: now + 4*work, cause.Serial: 40_000}
			if work > 50 {
				want = map[cause.Cause]int64{cause.User: now + 4*work, tt.cause: 40_000}
			}
			if diff := cmp.Diff(want, times(s.finish(t, &Builder{}))); diff != "" {
				t.Errorf("%v, then %d µs of work: %s", tt.why, work, diff)
			}
		}
	}
}

// TestTickerWakes: three Ps, of which goroutine 1 has one all the time. Goroutine 2 sleeps for 10 ms, four times, then
// runs for 10 µs and sends goroutine 3 something to do. If 3 works for 3 ms each time, both wait for a reason: their
// waits take all the time that they last. If it needs 20 µs, all of that is serial.
func TestTickerWakes(t *testing.T) {
	for _, work := range []int64{20, 3000} {
		s := &script{}
		s.procs(0, 3)
		for id := range int64(3) {
			s.run(0, id+1, id, unknown)
		}
		s.block(0, 3, gotrace.ChanReceive, "main.serve")
		now := int64(0)
		for range 4 {
			s.block(now, 2, gotrace.Sleep, "main.tick")
			if now > 0 {
				s.block(now-10+work, 3, gotrace.ChanReceive, "main.serve")
			}
			s.wake(now+10_000, none, 2)
			s.run(now+10_000, 2, 1, runnable)
			s.wake(now+10_000, 2, 3, "main.tick")
			s.run(now+10_000, 3, 2, runnable)
			now += 10_010
		}
		s.end(now, 2)
		s.end(now-10+work, 3)
		now += work - 10
		s.end(now, 1)
		ran := now + 4*10 + 4*work
		want := map[cause.Cause]int64{cause.User: ran, cause.Serial: 3*now - ran}
		if work > 20 {
			// 2 sleeps for 4 × 10 ms. 3 waits for 10 ms, and three times for what of 10.01 ms it does not work. When 2
			// has ended, nobody is left for its P.
			sleep, recv := int64(40_000), 10_000+3*(10_010-work)
			want = map[cause.Cause]int64{
				cause.User: ran, cause.Sleep: sleep, cause.ChanRecv: recv, cause.Serial: 3*now - ran - sleep - recv,
			}
		}
		if diff := cmp.Diff(want, times(s.finish(t, &Builder{}))); diff != "" {
			t.Errorf("%d µs of work: %s", work, diff)
		}
	}
}

// TestIdle: a service on two Ps waits for the network, and looks at a message of no consequence after 5 ms. Nobody runs
// and there is nothing to run.
func TestIdle(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.block(0, 1, gotrace.Network, "main.accept")
	s.wake(5000, none, 1)
	s.run(5000, 1, 0, runnable)
	s.block(5010, 1, gotrace.Network, "main.accept")
	s.procs(10_010, 2)
	want := []line{
		{cause.User, "main.accept", "", 10},
		{cause.Serial, "", "main.accept", 10},
		{cause.Idle, "", "", 10_000},
		{cause.Idle, "main.accept", "", 10_000},
	}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}

// TestTickersBesideSleep: two Ps. Goroutines 3 to 6 are tickers as in TestTicker. Goroutine 1 sleeps from 0 to 40 ms
// and then computes for 40 ms: the sleep is why nothing was computed. It has no share of the P that its own part could
// not have used.
func TestTickersBesideSleep(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.block(0, 1, gotrace.Sleep, "main.nap")
	for id := int64(3); id <= 6; id++ {
		s.create(0, none, id, "main.tick")
		s.run(0, id, 1, runnable)
		s.block(0, id, gotrace.ChanReceive, "main.tick")
	}
	for now := int64(10_000); now < 80_000; now += 10_000 {
		if now == 40_000 {
			s.wake(now, none, 1)
			s.run(now, 1, 0, runnable)
		}
		for id := int64(3); id <= 6; id++ {
			at := now + id*10
			s.wake(at, none, id)
			s.run(at, id, 1, runnable)
			s.block(at+10, id, gotrace.ChanReceive, "main.tick")
		}
	}
	s.end(80_000, 1)
	got := times(s.finish(t, &Builder{}))
	// In the first 10 ms it is not known yet what the four are: five waits share two Ps.
	if d := got[cause.Sleep]; d < 40_000-10_000 || d > 40_000 {
		t.Errorf("sleep has %d µs of 40 ms: %v", d, got)
	}
	if d := got[cause.Serial]; d < 39_000 || d > 40_000 {
		t.Errorf("serial has %d µs of 40 ms: %v", d, got)
	}
	if d := got[cause.ChanRecv]; d > 100 {
		t.Errorf("the tickers have %d µs: %v", d, got)
	}
}

// TestWorkersWait: a worker that sleeps for most of the time does what the workload asks for: its sleep weighs, though
// little follows.
func TestWorkersWait(t *testing.T) {
	s := &script{}
	s.procs(0, 1)
	s.run(0, 1, 0, unknown)
	s.region(0, 1, "worker 0", gotrace.RegionBegin)
	now := int64(0)
	for range 3 {
		s.block(now, 1, gotrace.Sleep, "main.nap")
		s.wake(now+50_000, none, 1)
		s.run(now+50_000, 1, 0, runnable)
		now += 50_010
	}
	s.region(now, 1, "worker 0", gotrace.RegionEnd)
	s.end(now, 1)
	want := map[cause.Cause]int64{cause.User: 30, cause.Sleep: 150_000}
	if diff := cmp.Diff(want, times(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}

// TestNamedByStart: where the trace gives no stack, a goroutine's time stands at the function that it began in. Two Ps:
// goroutine 2 sleeps from 0 to 100 and runs to 200; then nobody else is there for P 1 until 300.
func TestNamedByStart(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.create(0, none, 1, "main.one")
	s.create(0, none, 2, "main.two")
	s.run(0, 1, 0, runnable)
	s.run(0, 2, 1, runnable)
	s.block(0, 2, gotrace.Sleep)
	s.wake(100, none, 2)
	s.run(100, 2, 1, runnable)
	s.end(200, 2)
	s.end(300, 1)
	want := []line{
		{cause.User, "main.one", "", 300},
		{cause.User, "main.two", "", 100},
		{cause.Sleep, "main.two", "", 100},
		{cause.Serial, "", "main.one", 100},
	}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}
