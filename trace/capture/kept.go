package capture

import (
	"os"
	"syscall"
	"time"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// The supervisor of commands is kept from one timed run to the next: to start and to end a process of the size of the
// tool takes longer than all else that a run costs beside its own time. It sends the end of a run with what was used so
// far, and waits to be handed the next: its spec, and the outputs of its copies.
//
// A traced run has a supervisor of its own, which is followed from its start. So has the run after one that was ended
// or failed: what is left of that is then known to be gone.

// kept returns the supervisor that waits for a run, if spec is for one; nil: there is none.
func (r *Runner) kept(spec *wire.Spec) *conn {
	c := r.supervisor
	if !spec.Again || c == nil {
		return nil
	}
	r.supervisor = nil
	select {
	case <-c.ended: // somebody has ended it
		c.discard()
		return nil
	default:
		return c
	}
}

// keep keeps the supervisor of a run that is over if it waits for the next, or else ends it. It reports whether the
// supervisor is kept.
func (r *Runner) keep(c *conn) bool {
	if c.waits && !c.killed {
		r.supervisor = c
		return true
	}
	c.discard()
	return false
}

// endLeft ends what the run has left behind and returns how many processes that were. A supervisor that lives has ended
// those of its command itself: they are handed up to it, and not to corecurve.
func (l *launch) endLeft() int {
	left := l.endAsides()
	if l.orphaned || l.service != nil || len(l.asides) > 0 {
		left += supervise.EndChildren(l.r.ours()...)
	}
	return left
}

// release ends the supervisor that is kept, which has no copies now.
func (r *Runner) release() {
	c := r.supervisor
	if c == nil {
		return
	}
	r.supervisor = nil
	c.kill()
	<-c.ended
	c.link.Close()
}

// ours are the children of this process that belong to no run.
func (r *Runner) ours() []int {
	if r.supervisor == nil {
		return nil
	}
	return []int{r.supervisor.cmd.Process.Pid}
}

// follow notes when the process has ended, and whether a signal has stopped it.
func (c *conn) follow() {
	c.ended, c.stopped = make(chan clock.Time, 1), make(chan struct{}, 1)
	go func() {
		proc.AwaitEnd(c.cmd.Process.Pid, func(syscall.Signal) {
			select {
			case c.stopped <- struct{}{}:
			default: // it was stopped before
			}
		})
		_ = c.cmd.Wait() // the state says more than the error
		c.ended <- clock.Now()
	}()
}

// hand hands the process a run, begins to read what it sends, and returns the time just before.
func (c *conn) hand(spec wire.Spec, stdout, stderr *os.File) (at clock.Time, err error) {
	at = clock.Now()
	c.spec, c.begun, c.waits, c.messages = spec, at, false, make(chan message, 16)
	c.in.Again()
	if err := c.link.Hand(spec, stdout, stderr); err != nil {
		c.kill()
		close(c.messages)
		return 0, err
	}
	go c.read()
	return at, nil
}

// end notes the end of a run, by its last message, of a process that waits for the next one now.
func (c *conn) end(m *wire.End) {
	c.waits = true
	c.run, c.used = time.Duration(m.Used)-c.used, time.Duration(m.Used)
}

// ranUntilExit returns the CPU time that the process, which has exited, and all that it waited for have used in its
// last run.
func (c *conn) ranUntilExit() time.Duration {
	var all resources
	usage(c.cmd.ProcessState, &all)
	return all.cpu() - c.used
}

// kill ends the process with its group.
func (c *conn) kill() {
	c.killed = true
	endGroup(c.cmd.Process.Pid)
}

// discard hangs up.
func (c *conn) discard() {
	c.link.Hangup()
	_ = c.link.Output.Close() // by the end of the reading, unless that went to the end of a run
	if c.link.Input != nil {
		_ = c.link.Input.Close() // whatever was sent there, it is gone
	}
}
