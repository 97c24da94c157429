package capture

import (
	"fmt"
	"os"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A judgement is what becomes of a run: its result, and what stands against it.
type judgement struct {
	res       sweep.Result
	isCommand bool
	short     error // of what corecurve did itself, for want of something
	gone      bool  // the supervisor of its command, before it said how that ended
	halted    bool  // a signal stopped one of its processes
}

// overdue records that the run was ended because its time was over.
func (j *judgement) overdue(hasResult bool, timeout sweep.Seconds) {
	if hasResult {
		j.warn("it did not exit within %v of its result and was ended", exitGrace)
		return
	}
	j.fail(sweep.TimedOut, fmt.Sprintf("no result within %s (--timeout): it was ended",
		timeout))
}

// exit judges how the root process ended.
func (j *judgement) exit(state *os.ProcessState, hasResult bool) {
	res := &j.res
	res.ExitCode, res.Signal = exitOf(state)
	switch {
	case res.Error != "":
	case hasResult && (res.ExitCode != 0 || res.Signal != ""):
		j.warn("it gave its result and then ended with %s", ending(res))
	case hasResult:
	case j.isCommand:
		j.lose("ended with " + ending(res))
	case res.Signal != "":
		j.fail(sweep.Killed, "killed by "+res.Signal+" before it gave a result")
	default:
		j.fail(sweep.Failed, "it ended with "+ending(res)+" before it gave a result")
	}
}

func ending(res *sweep.Result) string {
	if res.Signal != "" {
		return res.Signal
	}
	return fmt.Sprintf("exit status %d", res.ExitCode)
}

// fail records why there is no good result. The first reason stays.
func (j *judgement) fail(status sweep.Status, why string) {
	if j.res.Error == "" {
		j.res.Status, j.res.Error = status, why
	}
}

func (j *judgement) warn(format string, args ...any) {
	j.res.Warnings = append(j.res.Warnings, fmt.Sprintf(format, args...))
}

// note warns of err, if it is one.
func (j *judgement) note(err error) {
	if err != nil {
		j.warn("%v", err)
	}
}
