package program_test

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Main calls the collector and waits for 40 until the cycle ends, and later for 30 for marking as it allocates. Only
// the first it has asked for; neither is a delay.
func TestCalls(t *testing.T) {
	s := &script{}
	s.begin()
	s.block(10, 1, 0, gotrace.UntilGCEnds, "runtime.GC")
	s.wake(50, none, 1)
	s.run(50, 1, 0)
	s.block(60, 1, 0, gotrace.GCAssistWait, "main.make")
	s.wake(90, none, 1)
	s.run(90, 1, 0)
	s.move(95, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	p := s.program()
	if p.Awaits != 1 || p.Awaited != 40*time.Microsecond || p.Work() != 25*time.Microsecond {
		t.Errorf("%d waits for %v, work %v", p.Awaits, p.Awaited, p.Work())
	}
}

// What is only tried is told: of a lock and of both ends of a channel.
func TestTried(t *testing.T) {
	const tried = gotrace.NonBlocking
	s := &script{}
	s.begin()
	s.operate(10, 1, 0, gotrace.Operation{Op: gotrace.OpLock, Mode: tried, Object: 4})
	s.operate(20, 1, 0, gotrace.Operation{Op: gotrace.OpUnlock, Object: 4})
	s.operate(30, 1, 0, gotrace.Operation{Op: gotrace.OpSend, Mode: tried, Object: 8, Amount: 1})
	s.operate(40, 1, 0, gotrace.Operation{Op: gotrace.OpRecv, Mode: tried, Object: 8, Amount: 1})
	s.move(50, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	ran := program.Op{Kind: program.Run, D: 10}
	check(t, s.program(), 1,
		ran, program.Op{Kind: program.Lock, Flags: program.Tried, D: 10}, ran, program.Op{Kind: program.Unlock, D: 20},
		ran, program.Op{Kind: program.Send, Flags: program.Tried, Ref: 1, D: 30},
		ran, program.Op{Kind: program.Recv, Flags: program.Tried, Ref: 1, D: 40}, ran)
}
