package critical

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// on is a transition of goroutine id, which it makes itself on P 0 and thread 7.
func (s *script) on(t, id int64, from, to gotrace.State, at string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: id, P: 0, M: 7, Subject: id, From: from, To: to,
		Stack: s.stack(at), SubjectStack: s.stack(at),
	})
}

// calls is a goroutine that runs from 0 to 100, is in a system call until 170, for which it loses its P at 130, is
// ready until 180 and runs until 200.
func (s *script) calls() {
	s.on(0, 1, gotrace.Undetermined, gotrace.Running, "")
	s.on(100, 1, gotrace.Running, gotrace.Syscall, "main.read")
	s.add(gotrace.Event{
		Kind: gotrace.ProcTransition, Time: 130, G: none, P: none, M: none, Subject: 0, From: gotrace.Running,
		To: gotrace.Idle,
	})
	s.g(170, 1, 1, gotrace.Syscall, gotrace.Runnable, 0, "")
	s.on(180, 1, gotrace.Runnable, gotrace.Running, "")
	s.end(200, 1, "main.end")
}

// TestCalls: a system call is work as long as its goroutine has the P; for the 40 after that it may be either.
func TestCalls(t *testing.T) {
	s := &script{}
	s.calls()
	p := s.finish(t)
	check(t, p, 150*us, 190*us, []part{
		{cause.User, "main.read", 100},
		{cause.BlockSyscall, "main.read", 40},
		{cause.Syscall, "main.read", 30},
		{cause.User, "main.end", 20},
	})
	if p.Unclear != 40*us || p.Delay != 0 || p.Least != 190*us || p.Parallelism != 1 {
		t.Errorf("%v unclear, %v delay, span at least %v, parallelism %v", p.Unclear, p.Delay, p.Least, p.Parallelism)
	}
}

// TestOnCPU: by the records of the OS the thread had a core for half of any time, and was ready for a tenth: of the 70
// in the system call 35 are work and 28 a delay, of the 120 before and after it 60 are work.
func TestOnCPU(t *testing.T) {
	s := &script{b: Builder{OnCPU: func(thread int64, from, to clock.Time) (on, ready time.Duration) {
		if thread != 7 {
			t.Errorf("asked for thread %d", thread)
		}
		return to.Sub(from) / 2, to.Sub(from) / 10
	}}}
	s.calls()
	p := s.finish(t)
	check(t, p, 95*us, 123*us, []part{
		{cause.User, "main.read", 50},
		{cause.Syscall, "main.read", 35},
		{cause.BlockSyscall, "main.read", 28},
		{cause.User, "main.end", 10},
	})
	if p.Unclear != 0 || p.Delay != 28*us || p.Least != 123*us {
		t.Errorf("%v unclear, %v delay, span at least %v", p.Unclear, p.Delay, p.Least)
	}
}

// TestPoller: main looks ten times, 100 apart, whether others are done, and ends. While two others run for 500 each,
// one after the other, its waits say nothing of how long this takes elsewhere, except for the last: the span is 1000
// here, and surely 500. Where nobody runs meanwhile they are delays like others.
func TestPoller(t *testing.T) {
	for _, others := range []bool{true, false} {
		s := &script{}
		if others {
			s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
			s.g(0, none, 3, gotrace.Undetermined, gotrace.Runnable, 0, "")
		}
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		for at := int64(0); at < 1000; at += 100 {
			s.block(at, 1, gotrace.Sleep, "main.poll")
			s.wake(at+100, none, 1, "")
			s.run(at+100, 1)
			if others && at == 400 {
				s.end(500, 2, "main.work")
				s.run(500, 3)
			}
		}
		if others {
			s.end(1000, 3, "main.work")
		}
		s.end(1000, 1, "main.poll")
		want := 1000 * us
		if others {
			want = 500 * us
		}
		if p := s.finish(t); p.Span != 1000*us || p.Least != want {
			t.Errorf("others %t: span %v, at least %v, want %v", others, p.Span, p.Least, want)
		}
	}
}

// TestNap: a goroutine that sleeps for 100 and then runs for 50 took 150, whatever else ran.
func TestNap(t *testing.T) {
	s := &script{}
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(0, 1, gotrace.Sleep, "main.nap")
	s.wake(100, none, 1, "")
	s.run(100, 1)
	s.block(150, 1, gotrace.Forever, "main.main")
	s.end(150, 2, "main.work")
	if p := s.finish(t); p.Span != 150*us || p.Least != 150*us {
		t.Errorf("span %v, at least %v", p.Span, p.Least)
	}
}

// TestPeer: of 300 at a connection, another goroutine, which may be the other end of it, ran for 200.
func TestPeer(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(0, 1, gotrace.Network, "internal/poll.runtime_pollWait")
	s.block(200, 2, gotrace.Forever, "main.serve")
	s.wake(300, none, 1, "")
	s.run(300, 1)
	s.end(300, 1, "main.ask")
	if p := s.finish(t); p.Span != 300*us || p.Least != 200*us { // what the other ran for
		t.Errorf("span %v, at least %v", p.Span, p.Least)
	}
}

// kinds are those of the facts that leave bounds unknown.
func kinds(p *Path) (out []warning.Kind) {
	for _, w := range p.Unknown {
		out = append(out, w.Kind)
	}
	return out
}

// TestTurns: two workers get items from one channel. From the second time on that either waits there, what it runs is
// work that the other could have done. With one item each nothing is known to be shared.
func TestTurns(t *testing.T) {
	for _, items := range []int64{1, 2} {
		s := &script{}
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		s.create(0, 1, 2, "main.main")
		s.create(0, 1, 3, "main.main")
		s.run(0, 2)
		s.run(0, 3)
		at := int64(0)
		for range items {
			s.block(at, 2, gotrace.ChanReceive, "main.take")
			s.block(at, 3, gotrace.ChanReceive, "main.take")
			for _, id := range []int64{2, 3} {
				s.wake(at, 1, id, "main.give")
				s.run(at, id)
			}
			at += 1000
		}
		s.end(at, 2, "main.work")
		s.end(at, 3, "main.work")
		s.end(at, 1, "main.main")
		p := s.finish(t)
		if shared := p.NoHigh() != nil; shared != (items == 2) || shared && p.NoHigh().Figures.Count != 2 {
			t.Errorf("%d items: %v", items, kinds(p))
		}
	}
}

// TestUnequal: of two goroutines that were started together the first ran for 1000 and the second found nothing left,
// after 5. Where the second starts after the end of the first, each may have had work of its own.
func TestUnequal(t *testing.T) {
	for _, together := range []bool{true, false} {
		s := &script{}
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		s.create(0, 1, 2, "main.main")
		if together {
			s.create(0, 1, 3, "main.main")
		}
		s.run(0, 2)
		s.end(1000, 2, "main.work")
		if !together {
			s.create(1000, 1, 3, "main.main")
		}
		s.run(1000, 3)
		s.end(1005, 3, "main.work")
		s.end(1005, 1, "main.main")
		if p := s.finish(t); (p.NoHigh() != nil) != together {
			t.Errorf("together %t: %v", together, kinds(p))
		}
	}
}

// TestGather: main gathers from two workers, which end then: one ran for 100, one for 10. If main runs for 30 after
// each, the first 30 need not come after the 100: the order is that of this schedule. Main's own way is 60; the 30 at
// the end surely are after 100. Where it does nothing in between but 30 at the end, the path is sure.
func TestGather(t *testing.T) {
	for _, tt := range []struct {
		between     int64
		span, least time.Duration
	}{
		{30, 160 * us, 130 * us},
		{0, 130 * us, 130 * us},
	} {
		s := &script{}
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		s.create(0, 1, 2, "main.main")
		s.create(0, 1, 3, "main.main")
		s.block(0, 1, gotrace.ChanReceive, "main.gather")
		s.run(0, 2)
		s.wake(100, 2, 1, "main.work")
		s.end(100, 2, "main.work")
		s.run(100, 1)
		s.block(100+tt.between, 1, gotrace.ChanReceive, "main.gather")
		s.run(100+tt.between, 3)
		s.wake(110+tt.between, 3, 1, "main.work")
		s.end(110+tt.between, 3, "main.work")
		s.run(110+tt.between, 1)
		s.end(140+tt.between, 1, "main.main")
		if p := s.finish(t); p.Span != tt.span || p.Least != tt.least || slices.Contains(kinds(p), warning.PathChans) {
			t.Errorf("%d between: span %v, at least %v, want %v and %v; %v", tt.between, p.Span, p.Least, tt.span, tt.least,
				kinds(p))
		}
	}
}

// TestHandOver: two goroutines that hand one thing to and fro, with 10 of work each time, do nothing side by side.
func TestHandOver(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Waiting, gotrace.ChanReceive, "main.pong")
	at, cur, other := int64(0), int64(1), int64(2)
	for range 20 {
		at += 10
		s.wake(at, cur, other, "main.send")
		s.block(at, cur, gotrace.ChanReceive, "main.receive")
		s.run(at, other)
		cur, other = other, cur
	}
	s.end(at, cur, "main.end")
	if p := s.finish(t); p.Span != 200*us || p.Least != 200*us {
		t.Errorf("span %v, at least %v", p.Span, p.Least)
	}
}

// TestStopper: a goroutine that slept for nearly all of the recording and runs when it ends is who ended it.
func TestStopper(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(1, 2, gotrace.Sleep, "main.stop")
	s.end(60, 1, "main.work")
	s.wake(995, none, 2, "")
	s.run(995, 2)
	s.g(1000, none, 3, gotrace.Undetermined, gotrace.Waiting, gotrace.Forever, "main.idle")
	p := s.finish(t)
	check(t, p, 66*us, 60*us, []part{{cause.User, "main.work", 60}})
	w := p.Shorter()
	if w == nil || w.Figures.Against != 1000*us || w.Figures.Ratio < 0.93 || w.Figures.Ratio > 0.94 {
		t.Errorf("why it is shorter than the recording: %+v", w)
	}
}

// TestTimer: a wait at a channel that no goroutine ended is a sleep, at the place of who slept.
func TestTimer(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(10, 1, gotrace.Select, "main.until")
	s.wake(500, none, 1, "")
	s.run(500, 1)
	s.end(510, 1, "main.end")
	check(t, s.finish(t), 20*us, 510*us, []part{
		{cause.Sleep, "main.until", 490},
		{cause.User, "main.until", 10},
		{cause.User, "main.end", 10},
	})
}
