package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// numBusy is the number of causes of busy time: those before SchedLatency, and dispatch.
const numBusy = int(cause.SchedLatency) + 1

// busyTimes is the time in which goroutines had a P, by cause.
type busyTimes [numBusy]int64

func busySlot(c cause.Cause) int {
	if c < cause.SchedLatency {
		return int(c)
	}
	return numBusy - 1
}

// busyCause returns the cause of a slot of busyTimes.
func busyCause(slot int) cause.Cause {
	if slot < numBusy-1 {
		return cause.Cause(slot)
	}
	return cause.Dispatch
}

// A busyTable has the times of goroutines by their start functions.
type busyTable []*busyTimes // by stack; nil for what is no start function

// of returns where the times of goroutines are summed up that start at a stack.
func (t *busyTable) of(start gotrace.StackID) *busyTimes {
	if int(start) < len(*t) && (*t)[start] != nil {
		return (*t)[start]
	}
	return t.add(start)
}

func (t *busyTable) add(start gotrace.StackID) *busyTimes {
	if n := int(start) + 1 - len(*t); n > 0 {
		*t = append(*t, make([]*busyTimes, n)...)
	}
	(*t)[start] = &busyTimes{}
	return (*t)[start]
}

// keep adds the times of g before its start was known to those of all goroutines that start there.
func (t *busyTable) keep(g *goroutine) {
	times := t.of(g.start)
	for slot, d := range g.early {
		times[slot] += d
	}
	g.early = busyTimes{}
}

// byCause returns the times that are not 0, by cause and start function.
func (t busyTable) byCause() map[causeStack]int64 {
	out := make(map[causeStack]int64)
	for stack, times := range t {
		if times == nil {
			continue
		}
		for slot, d := range times {
			if d != 0 {
				out[causeStack{busyCause(slot), gotrace.StackID(stack), noWorker}] = d
			}
		}
	}
	return out
}
