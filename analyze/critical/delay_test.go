package critical

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestDozing: a goroutine runs for 218 and then waits for something outside the program until the end, another runs for
// 31: the path is the 218, whatever it waits for, and parallelism 249/218.
func TestDozing(t *testing.T) {
	for _, to := range []struct {
		state gotrace.State
		why   gotrace.Reason
	}{{gotrace.Waiting, gotrace.Sleep}, {gotrace.Waiting, gotrace.Network}, {gotrace.Syscall, 0}} {
		s := &script{}
		s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
		s.g(0, none, 3, gotrace.Undetermined, gotrace.Running, 0, "")
		s.block(31, 3, gotrace.Forever, "main.brief")
		s.g(218, 2, 2, gotrace.Running, to.state, to.why, "main.doze")
		s.g(1200, none, 4, gotrace.Undetermined, gotrace.Waiting, gotrace.Forever, "main.idle")
		p := s.finish(t)
		check(t, p, 249*us, 218*us, []part{{cause.User, "main.doze", 218}})
		if p.Least != 218*us || math.Abs(p.Parallelism-249./218) > 1e-9 {
			t.Errorf("%v: at least %v, parallelism %v", to.why, p.Least, p.Parallelism)
		}
	}
}

// TestWorkBeforeTheEnd: main runs for 265, sleeps for 700 and ends the recording after 5 more: only the sleep is the
// recorder's, and the path is the 270. Of two goroutines that it joined first, which ran for 60 each, one is on the
// path as well.
func TestWorkBeforeTheEnd(t *testing.T) {
	for _, joins := range []bool{false, true} {
		s := &script{}
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		at, work, span := int64(0), 270*us, 270*us
		want := []part{{cause.User, "main.nap", 270}}
		if joins {
			s.create(0, 1, 2, "main.main")
			s.create(0, 1, 3, "main.main")
			s.block(0, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
			s.run(0, 2)
			s.run(0, 3)
			s.end(60, 2, "main.work")
			s.wake(60, 3, 1, "main.work")
			s.end(60, 3, "main.work")
			s.run(60, 1)
			at, work, span = 60, 390*us, 330*us
			want = []part{
				{cause.User, "main.nap", 265}, {cause.User, "main.work", 60}, {cause.User, "sync.(*WaitGroup).Wait", 5},
			}
		}
		s.block(at+265, 1, gotrace.Sleep, "main.nap")
		s.wake(at+965, none, 1, "")
		s.run(at+965, 1)
		s.g(at+970, none, 4, gotrace.Undetermined, gotrace.Waiting, gotrace.Forever, "main.idle")
		p := s.finish(t)
		check(t, p, work, span, want)
		if p.Least != span || p.Delay != 0 {
			t.Errorf("joins %t: at least %v, delay %v", joins, p.Least, p.Delay)
		}
	}
}

// TestLastWait: a goroutine sleeps for 100, runs for 50, and sleeps until the end. If that is at another place, its
// path ends after 150; at the same place it sleeps again and again, and only the 50 count.
func TestLastWait(t *testing.T) {
	for _, again := range []bool{false, true} {
		s := &script{}
		s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
		s.block(0, 2, gotrace.Sleep, "main.first")
		s.wake(100, none, 2, "")
		s.run(100, 2)
		at, span, delay := "main.second", 150*us, 100*us
		want := []part{{cause.Sleep, "main.first", 100}, {cause.User, "main.second", 50}}
		if again {
			at, span, delay = "main.first", 50*us, 0
			want = []part{{cause.User, "main.first", 50}}
		}
		s.block(150, 2, gotrace.Sleep, at)
		s.g(1000, none, 4, gotrace.Undetermined, gotrace.Waiting, gotrace.Forever, "main.idle")
		p := s.finish(t)
		check(t, p, 50*us, span, want)
		if p.Least != span || p.Delay != delay {
			t.Errorf("again %t: at least %v, delay %v", again, p.Least, p.Delay)
		}
	}
}

// TestTickerBeside: main runs for 1000 and ends; beside it a goroutine runs for 1 every 100, by turns at two places.
// The path is main's, and one core takes as long as both ran.
func TestTickerBeside(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	places := []string{"main.tick", "main.tock"}
	for i := range int64(20) {
		s.block(100*i+1, 2, gotrace.Sleep, places[i%2])
		s.wake(100*i+100, none, 2, "")
		s.run(100*i+100, 2)
		if i == 9 {
			s.end(1000, 1, "main.main")
		}
	}
	s.block(2001, 2, gotrace.Sleep, places[0])
	p := s.finish(t)
	check(t, p, 1021*us, 1000*us, []part{{cause.User, "main.main", 1000}})
	if p.Delay != 0 || math.Abs(p.Parallelism-1.021) > 1e-9 {
		t.Errorf("delay %v, parallelism %v", p.Delay, p.Parallelism)
	}
}

// TestTakenOver: what a goroutine waited before it went on after a longer path is not on its own: it waits 100 at
// main.a, goes on after another that ran for 300, and waits at main.a until the end. Its path is the 300 and
// its own 10.
func TestTakenOver(t *testing.T) {
	s := &script{}
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 3, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(0, 2, gotrace.Sleep, "main.a")
	s.wake(100, none, 2, "")
	s.run(100, 2)
	s.block(100, 2, gotrace.ChanReceive, "main.get")
	s.wake(300, 3, 2, "main.put")
	s.run(300, 2)
	s.block(310, 2, gotrace.Sleep, "main.a")
	s.end(310, 3, "main.put")
	p := s.finish(t)
	if p.Span != 310*us || p.Least > p.Span {
		t.Errorf("span %v, at least %v", p.Span, p.Least)
	}
}

// TestParallelismLeast: with 40 of 190 in a system call that may be work or a wait, beside 190 of work, one core takes
// 340 to 380.
func TestParallelismLeast(t *testing.T) {
	p := Merge(&Path{Work: 340, Unclear: 40, Span: 190, Least: 190, LeastHeld: 150})
	if least := p.ParallelismLeast(); math.Abs(least-340./190) > 1e-9 || p.Parallelism <= least {
		t.Errorf("parallelism %v to %v", least, p.Parallelism)
	}
	if least := (&Path{Work: 340}).ParallelismLeast(); least != 0 {
		t.Errorf("parallelism %v of no path", least)
	}
}

// TestRecorderTakenOver: main sleeps for 890 of 934, is ready for 30 more, and receives from a sender that blocked
// after 925: its path is the sender's from there on, without the sleep, and goes on for 3, one of them a system call.
// So there is no sleep to leave out when main ends the recording.
func TestRecorderTakenOver(t *testing.T) {
	s := &script{}
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(0, 1, gotrace.Sleep, "main.brief")
	s.wake(10, none, 1, "")
	s.run(10, 1)
	s.block(10, 1, gotrace.Sleep, "main.nap")
	s.wake(900, none, 1, "")
	s.block(925, 2, gotrace.ChanSend, "main.put")
	s.on(930, 1, gotrace.Runnable, gotrace.Running, "")
	s.wake(931, 1, 2, "main.get")
	s.on(932, 1, gotrace.Running, gotrace.Syscall, "main.print")
	s.on(933, 1, gotrace.Syscall, gotrace.Running, "main.print")
	s.g(934, none, 4, gotrace.Undetermined, gotrace.Waiting, gotrace.Forever, "main.idle")
	check(t, s.finish(t), 929*us, 928*us, []part{
		{cause.User, "main.put", 925},
		{cause.User, "main.brief", 1},
		{cause.User, "main.print", 1},
		{cause.Syscall, "main.print", 1},
	})
}
