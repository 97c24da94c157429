package program_test

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// proc lets P p begin or cease to run.
func (s *script) proc(at clock.Time, p int64, from, to gotrace.State) {
	s.add(at, none, gotrace.Event{Kind: gotrace.ProcTransition, P: none, Subject: p, From: from, To: to})
}

func (s *script) send(at clock.Time, object uint64) {
	s.operate(at, 1, 0, gotrace.Operation{Op: gotrace.OpSend, Object: object})
}

// receive lets goroutine g run on P 1 from one time to another, and then wait at a channel.
func (s *script) receive(from, to clock.Time, g int64, object uint64) {
	s.run(from, g, 1)
	s.operate(from, g, 1, gotrace.Operation{Op: gotrace.OpRecv, Object: object})
	s.block(to, g, 1, gotrace.ChanReceive, "main.work")
}

// stock leaves out what the trace says of locks and channels.
func (s *script) stock() {
	s.events = slices.DeleteFunc(s.events, func(ev gotrace.Event) bool { return ev.Kind == gotrace.Operated })
}

// wakers is a program in which every 100 main sends to goroutine 2, which waits, while P 1 is idle. To wake that P
// takes main 13 of them; it runs after 10, and goroutine 2 on it after 25. What follows may cost main nothing or
// something else:
//
//   - P 1 is on its way when main sends to goroutine 3 (1), and has no goroutine but runs when it sends again (10);
//   - main unlocks what goroutine 4 waits for, and closes a channel; each time it wakes P 1 and goes on: of each what a
//     send costs is taken out.
func wakers() *script {
	const idle, runs = gotrace.Idle, gotrace.Running
	s := &script{}
	s.begin()
	for g := int64(2); g <= 4; g++ {
		s.run(clock.Time(2*g), g, 1)
		why, at := gotrace.ChanReceive, "main.work"
		if g == 4 {
			why, at = gotrace.SyncWait, "sync.(*Mutex).Lock"
		}
		s.block(clock.Time(2*g+1), g, 1, why, at)
	}
	s.proc(9, 1, runs, idle)
	for at := clock.Time(0); at < 2600; at += 100 {
		s.wake(at+10, 1, 2)
		s.proc(at+20, 1, idle, runs)
		s.send(at+23, 0x100)
		s.receive(at+35, at+40, 2, 0x100)
		s.proc(at+45, 1, runs, idle)
	}
	s.wake(2610, 1, 2)
	s.send(2623, 0x100)
	s.wake(2630, 1, 3)
	s.send(2631, 0x200)
	s.proc(2632, 1, idle, runs)
	s.receive(2635, 2640, 2, 0x100)
	s.receive(2640, 2650, 3, 0x200)
	s.wake(2660, 1, 2)
	s.send(2670, 0x100)
	s.receive(2670, 2680, 2, 0x100)
	s.proc(2685, 1, runs, idle)
	s.operate(2699, 1, 0, gotrace.Operation{Op: gotrace.OpUnlock, Object: 0x300})
	s.wake(2700, 1, 4)
	s.operate(2740, 1, 0, gotrace.Operation{Op: gotrace.OpLock, Object: 0x300})
	s.proc(2740, 1, idle, runs)
	s.run(2740, 4, 1)
	s.move(2745, 4, 4, 1, runs, gotrace.NotExist, 0, "")
	s.proc(2750, 1, runs, idle)
	s.operate(2759, 1, 0, gotrace.Operation{Op: gotrace.OpClose, Object: 0x100})
	s.wake(2760, 1, 2)
	s.send(2800, 0x200)
	s.move(2800, 1, 1, 0, runs, gotrace.NotExist, 0, "")
	return s
}

// Without what it says of locks and channels a recording does not tell what of it was for a P.
func TestWaker(t *testing.T) {
	ran := func(s *script) (main, waker, wake time.Duration) {
		p := s.program()
		return time.Duration(p.Goroutines[0].Ran()), p.Latency.Waker, p.Latency.Wake
	}
	near := func(got time.Duration, want int64) bool { // classes are that wide
		return 100*max(got-time.Duration(want), time.Duration(want)-got) <= 6*time.Duration(want)
	}
	main, waker, wake := ran(wakers())
	if !near(waker, 13*us) || !near(wake, 10*us) {
		t.Errorf("waking takes the waker %v, until it runs %v", waker, wake)
	}
	if want := (2800-27*13)*us - 2*waker; main != want {
		t.Errorf("main ran for %v, want %v", main, want)
	}
	s := wakers()
	s.stock()
	if main, waker, _ := ran(s); main != 2800*us || waker != 0 {
		t.Errorf("without operations main ran for %v, and waking takes %v", main, waker)
	}
}
