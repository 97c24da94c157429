package threads

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// A lane shows one thread, several that lived one after another or, for very many, all the rest.
type lane struct {
	strip timeline.Strip
	first int32 // thread that names it
	users int
}

// claim returns the lane for thread i, which begins now: its own, that of an ended thread, or the shared one.
func (b *Builder) claim(i int32) int32 {
	n := int32(len(b.lanes))
	switch {
	case len(b.lanes) < b.MaxLanes:
		b.lanes = append(b.lanes, lane{strip: timeline.Strip{Origin: b.start}})
	case len(b.free) > 0:
		n = b.free[len(b.free)-1]
		b.free = b.free[:len(b.free)-1]
	default:
		if n == int32(b.MaxLanes) {
			b.lanes = append(b.lanes, lane{strip: timeline.Strip{Origin: b.start, Shared: true}})
		}
		n = int32(b.MaxLanes)
	}
	if l := &b.lanes[n]; l.users == 0 {
		l.first = i
	}
	b.lanes[n].users++
	return n
}

// release frees the lane of a thread that has ended.
func (b *Builder) release(n int32) {
	if n < int32(b.MaxLanes) {
		b.free = append(b.free, n)
	}
}

// ShowCores takes over what the cores show from a second pass over the same records.
func (t *Threads) ShowCores(of *Threads) { t.cores = of.cores }

// Draw returns the threads that as accepts, with the kind, rank, number and name of the lane it returns for a thread's
// index in t.Threads, and the cores. The first of several threads on a lane names it.
func (t *Threads) Draw(as func(thread int) (lane timeline.Lane, ok bool)) *timeline.Timeline {
	var lanes []timeline.Lane
	for i := range t.lanes {
		l := &t.lanes[i]
		like, ok := as(int(l.first))
		if !ok {
			continue
		}
		switch {
		case l.strip.Shared:
			like.ID, like.Name = timeline.SharedID, fmt.Sprintf("other threads (%d of them)", l.users)
			like.Kind = timeline.Thread
		case l.users > 1:
			like.Name = fmt.Sprintf("%s and %d later", like.Name, l.users-1)
		}
		lanes = append(lanes, l.strip.Lane(like.Kind, like.Rank, like.ID, like.Name))
	}
	return timeline.New(t.from, t.to, append(lanes, t.cores...), t.Warnings)
}
