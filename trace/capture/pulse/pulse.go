// Package pulse tells whether this process, or the whole machine, stood still for a while. A measurement that was made
// meanwhile says nothing of what was measured.
//
// It goes by three signs, of which the first two are exact:
//
//  1. A process that a signal has stopped (SIGSTOP, SIGTSTP of a terminal) is sent SIGCONT when it goes on.
//  2. CLOCK_BOOTTIME goes on while a machine is suspended, and CLOCK_MONOTONIC does not.
//  3. A thread that wakes up every [Period] wakes up much too late, and no thread of this process ran or was ready
//     meanwhile, as the kernel counts it (schedstat). So it is where a cgroup is frozen, a debugger holds the process,
//     or a hypervisor holds the machine. Where others keep the thread from its core it is as late, but then it is
//     ready, or the threads of Go's scheduler are that it waits for.
//
// The clock of the process's CPU time alone does not tell: it stands still in a process that has nothing to do, too.
package pulse

import (
	"fmt"
	"sync"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

const (
	// Period is how often the thread wakes up. Each time costs some tenths of a millisecond on a core, most of it that of
	// Go's own monitor thread, which wakes up with any other.
	Period = 400 * time.Millisecond
	// leastFreeze is how much later than that the thread must wake up for the third sign. Hypervisors and CPU quotas hold
	// threads back for up to a tenth of a second again and again: that is noise, and is measured as such.
	leastFreeze = 300 * time.Millisecond
	// leastSleep is how far apart the two clocks must move: they are read one after the other.
	leastSleep = 10 * time.Millisecond
)

// A Why says how a standstill was found.
type Why int

// From the clearest to the least clear.
const (
	Stopped   Why = iota // by a signal
	Suspended            // with the machine
	Frozen
)

// A Standstill is a time in which this process did not run although it might have had to.
type Standstill struct {
	Why   Why
	For   time.Duration // at most, where a signal stopped it; at least, where it was frozen
	ended clock.Time
}

func (s Standstill) String() string {
	switch t := sweep.Seconds(s.For); s.Why {
	case Stopped:
		return fmt.Sprintf("a signal stopped corecurve for at most %s", t)
	case Suspended:
		return fmt.Sprintf("the machine was suspended for %s", t)
	default:
		return fmt.Sprintf("corecurve was frozen for at least %s (it waited for no core meanwhile)", t)
	}
}

// A Pulse watches this process until it is stopped.
type Pulse struct {
	felt  chan struct{}
	clock func() time.Duration // how long this machine has been suspended since it was started

	mu    sync.Mutex
	found []Standstill
	beat  clock.Time    // when the thread last woke up
	gap   time.Duration // between that and the time before
	slept time.Duration // by the clock, when it was last looked at

	sleeper *sleeper

	heard chan struct{} // receives once all signals have been heard that a thread of this process took before
	quit  chan struct{}
	stop  sync.Once
	done  sync.WaitGroup
}

// Felt receives after a standstill has ended, once for all that [Pulse.Since] tells of.
func (p *Pulse) Felt() <-chan struct{} { return p.felt }

// Stop ends the watch. It may be called again.
func (p *Pulse) Stop() {
	p.stop.Do(func() {
		close(p.quit)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sleeper.end()
	})
	p.done.Wait()
}

// Since returns the clearest standstill that ended at t or later; false if there was none. It forgets those before.
func (p *Pulse) Since(t clock.Time) (Standstill, bool) {
	p.settle()
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	var out Standstill
	is := false
	keep := p.found[:0]
	for _, s := range p.found {
		if s.ended < t {
			continue
		}
		keep = append(keep, s)
		if !is || s.Why < out.Why || s.Why == out.Why && s.For > out.For {
			out, is = s, true
		}
	}
	p.found = keep
	if !is {
		select {
		case <-p.felt: // it was before t
		default:
		}
	}
	return out, is
}

// find records a standstill that has just ended.
func (p *Pulse) find(s Standstill) {
	s.ended = clock.Now()
	p.found = append(p.found, s)
	select {
	case p.felt <- struct{}{}:
	default: // it is felt already
	}
}
