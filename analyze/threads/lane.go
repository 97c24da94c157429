package threads

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// A lane shows a thread, or several that lived one after the other, or if there are very many all the rest.
type lane struct {
	strip   timeline.Strip
	threads []int32 // the first few
	users   int
}

// claim returns the lane for thread i, which begins now: its own, that of one that has ended, or the shared one.
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
	l := &b.lanes[n]
	l.users++
	if len(l.threads) == 0 {
		l.threads = append(l.threads, i)
	}
	return n
}

// release gives the lane of a thread that has ended back.
func (b *Builder) release(n int32) {
	if n < int32(b.MaxLanes) {
		b.free = append(b.free, n)
	}
}

// Draw draws the threads that as accepts as lanes of the kind, rank, number and name that it returns, by their index in t.Threads, and the
// cores below them. What a lane of several short-lived threads is called is settled by its first.
func (t *Threads) Draw(as func(thread int) (lane timeline.Lane, ok bool)) *timeline.Timeline {
	var lanes []timeline.Lane
	for i := range t.lanes {
		l := &t.lanes[i]
		like, ok := as(int(l.threads[0]))
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
	return timeline.New(t.Start, t.End, append(lanes, t.cores...), t.Warnings)
}
