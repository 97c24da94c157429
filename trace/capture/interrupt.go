package capture

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/sweep"
)

// interrupted marks the run, and says so, if corecurve or the machine has stood still since it was begun. What the run took, and
// whether it failed, is then not its own doing: processes of the run went on without anyone to time them, or stood
// still as well.
func (l *launch) interrupted() bool {
	s, is := l.r.pulse.Since(l.opened)
	if is {
		l.interrupt(s.String())
	}
	return is
}

// interrupt marks the run, whatever came of it. The first reason stays.
func (l *launch) interrupt(why string) {
	if l.res.Status != sweep.Interrupted {
		l.res.Status, l.res.Error = sweep.Interrupted, fmt.Sprintf("%s while it was made", why)
	}
}
