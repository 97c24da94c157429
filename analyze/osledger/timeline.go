package osledger

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/timeline"
)

// Timeline draws the workers, then the other threads of the run, then the cores.
func Timeline(t *threads.Threads, c *Choice) *timeline.Timeline {
	type place struct{ rank, id int }
	workers := make(map[int]place, len(c.Workers))
	process, rank, id := -1, -1, 0
	for _, i := range c.Workers {
		if p := t.Threads[i].Process; p != process {
			process, rank, id = p, rank+1, 0
		}
		workers[i] = place{rank, id}
		id++
	}
	return t.Draw(func(i int) (timeline.Lane, bool) {
		th := &t.Threads[i]
		if w, ok := workers[i]; ok {
			return timeline.Lane{Kind: timeline.Worker, Rank: w.rank, ID: int64(w.id), Name: fmt.Sprintf("worker %d", w.id)}, true
		}
		return timeline.Lane{Kind: timeline.Thread, Rank: th.Process, ID: int64(th.TID), Name: fmt.Sprintf("%s %d", th.Name, th.TID)}, c.Own[i]
	})
}
