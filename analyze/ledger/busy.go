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
type busyTable struct {
	places []int32 // in times, plus one, by stack; 0: none
	times  []busyTimes
}

// take moves the busy time of a goroutine to its start function.
func (t *busyTable) take(g *goroutine) {
	if n := int(g.start) + 1 - len(t.places); n > 0 {
		t.places = append(t.places, make([]int32, n)...)
	}
	place := &t.places[g.start]
	if *place == 0 {
		t.times = append(t.times, busyTimes{})
		*place = int32(len(t.times))
	}
	times := &t.times[*place-1]
	for slot, d := range g.busy {
		times[slot] += d
	}
	g.busy = busyTimes{}
}

// byCause returns the times that are not 0, by cause and start function.
func (t *busyTable) byCause() map[causeStack]int64 {
	out := make(map[causeStack]int64)
	for stack, place := range t.places {
		if place == 0 {
			continue
		}
		for slot, d := range t.times[place-1] {
			if d != 0 {
				out[causeStack{busyCause(slot), gotrace.StackID(stack), noWorker}] = d
			}
		}
	}
	return out
}
