package capture

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/sweep"
)

// interrupted marks the run, and says so, if corecurve or the machine has stood still since it was begun. What the run
// took, and whether it failed, is then not its own doing: processes of the run went on without anyone to time them, or
// stood still as well.
func (l *launch) interrupted() bool {
	s, is := l.r.pulse.Since(l.opened)
	if is {
		l.interrupt(s.String())
	}
	return is
}

// interrupt marks the run, whatever came of it. The first reason stays.
func (j *judgement) interrupt(why string) {
	if j.res.Status != sweep.Interrupted {
		j.res.Status, j.res.Error = sweep.Interrupted, fmt.Sprintf("%s while it was made", why)
	}
}

// halt judges a run of which a signal has stopped a process: a copy of the command, or one of the processes of a Go
// workload. It does not count, since the standstill is in its time. But what happens to a workload in every run is its
// own doing: from the last attempt on that a run is given, such runs count. What a program does to the processes that
// it starts itself is its own doing anyway. halts has the runs in a row, by workload.
func (j *judgement) halt(halts map[sweep.Key]int) {
	w := j.res.Point.Key()
	if !j.halted {
		if j.res.Status == sweep.OK && halts[w] < mostInterrupted {
			halts[w] = 0
		}
		return
	}
	if halts[w]++; halts[w] >= mostInterrupted {
		halts[w] = mostInterrupted
		j.warn("a signal stopped a process of it, as in the %d runs before: that counts as the program's own doing",
			mostInterrupted-1)
		return
	}
	j.interrupt("a signal stopped a process of the program")
}
