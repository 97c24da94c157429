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

// noCode stands for no start function, or one that is not known yet.
const noCode = -1

// A busyTable has the times of goroutines by their start functions.
type busyTable struct {
	codes []int32 // the places of start functions in times, plus one, by stack; 0: none
	times []busyTimes
}

// code returns the place of a start function.
func (t *busyTable) code(start gotrace.StackID) int32 {
	if n := int(start) + 1 - len(t.codes); n > 0 {
		t.codes = append(t.codes, make([]int32, n)...)
	}
	c := &t.codes[start]
	if *c == 0 {
		t.times = append(t.times, busyTimes{})
		*c = int32(len(t.times))
	}
	return *c - 1
}

// of returns where the times of g are summed up.
func (t *busyTable) of(g *goroutine) *busyTimes {
	if g.code == noCode {
		g.early = true
		return &g.busy
	}
	return &t.times[g.code]
}

// keep adds the times of g before its start function was known to those of all goroutines that start there.
func (t *busyTable) keep(g *goroutine) {
	if !g.early {
		return
	}
	g.early = false
	times := &t.times[t.code(g.start)]
	for slot, d := range g.busy {
		times[slot] += d
	}
	g.busy = busyTimes{}
}

// byCause returns the times that are not 0, by cause and start function.
func (t *busyTable) byCause() map[causeStack]int64 {
	out := make(map[causeStack]int64)
	for stack, c := range t.codes {
		if c == 0 {
			continue
		}
		for slot, d := range t.times[c-1] {
			if d != 0 {
				out[causeStack{busyCause(slot), gotrace.StackID(stack), noWorker}] = d
			}
		}
	}
	return out
}
