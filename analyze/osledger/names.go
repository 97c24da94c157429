package osledger

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/threads"
)

// names are those of the run's threads, by index. The first thread of a process has the name of its program, "xz", with
// the PID where another of the run's processes has the same, "xz 8494". Other threads have it and their own, where that
// differs, or else their number in the process: "xz, thread 2".
func (c *Choice) names(t *threads.Threads) map[int]string {
	first := map[int]int{} // by process, its first thread
	bearers := map[string]int{}
	for i, own := range c.Own {
		if _, has := first[t.Threads[i].Process]; own && !has {
			first[t.Threads[i].Process] = i
			bearers[t.Threads[i].Name]++
		}
	}
	out, count := map[int]string{}, map[int]int{}
	for i, own := range c.Own {
		if !own {
			continue
		}
		th := &t.Threads[i]
		count[th.Process]++
		program := t.Threads[first[th.Process]].Name
		out[i] = program
		if bearers[program] > 1 {
			out[i] = fmt.Sprintf("%s %d", program, th.PID)
		}
		switch {
		case i == first[th.Process]:
		case th.Name == "" || th.Name == program:
			out[i] += fmt.Sprintf(", thread %d", count[th.Process])
		default:
			out[i] += fmt.Sprintf(", %s (thread %d)", th.Name, count[th.Process])
		}
	}
	return out
}
