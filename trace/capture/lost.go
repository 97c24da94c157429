package capture

import (
	"errors"
	"fmt"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A LostError says that a run could not be made because the supervisor of its command, a process of corecurve's, ended
// before it said what became of the command. Who ended it is not known, so the command is not to blame. The run is made
// again a few times; if that does not help, the error ends the study.
type LostError struct {
	Run   sweep.Run
	Why   string
	Times int // that this happened to this run
}

func (e *LostError) Error() string {
	return fmt.Sprintf("run %s: %s (%d times): that is no failure of the command, unless it did that itself", e.Run.Dir(),
		e.Why, e.Times)
}

// lose marks the run as one that corecurve could not follow to its end. A reason why there is no good result stays.
func (j *judgement) lose(how string) {
	if j.res.Error != "" || j.short != nil {
		return
	}
	j.gone = true
	j.res.Status, j.res.Error = sweep.Interrupted, "the supervisor of its command, a process of corecurve, "+how
}

// loseAside does so if err says that the supervisor of a command beside the run is gone, and reports whether it does.
func (j *judgement) loseAside(err error) bool {
	if !errors.Is(err, supervise.ErrGone) {
		return false
	}
	j.lose("ended while it was prepared")
	return true
}

// starved says of a run that gave no good result what the kernel has killed for want of memory meanwhile.
func (j *judgement) starved(k host.Killed) {
	res := &j.res
	if res.Status == sweep.OK || res.Status == sweep.TimedOut || res.Status == sweep.Interrupted && !j.gone {
		return
	}
	if k.N == 0 || res.Error == "" {
		return
	}
	where := "on this machine"
	if k.Group {
		where = "in the control group of corecurve"
	}
	processes := "a process"
	if k.N > 1 {
		processes = fmt.Sprintf("%d processes", k.N)
	}
	res.Error += fmt.Sprintf("; out of memory: the kernel killed %s %s meanwhile", processes, where)
}

// killed returns what the kernel killed for want of memory during the watch.
func (w *watch) killed() host.Killed {
	if !w.whole {
		return host.Killed{}
	}
	return host.KilledBetween(w.before, w.after)
}
