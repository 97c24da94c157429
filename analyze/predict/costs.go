package predict

import (
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Measured returns what the scheduler takes by a measurement of the machine; nil if that is nil. What was not measured
// is as usual.
func Measured(s *sweep.Scheduler) *simulate.Costs {
	if s == nil {
		return nil
	}
	c := simulate.Usual()
	for _, f := range []struct {
		cost *time.Duration
		took sweep.Seconds
	}{{&c.Switch, s.Switch}, {&c.Wake, s.Wake}, {&c.Waker, s.Waker}, {&c.Steal, s.Steal}} {
		if f.took > 0 {
			*f.cost = f.took.Duration()
		}
	}
	return &c
}

// seen are the costs that the recording shows, as far as they are believable, and otherwise the usual ones.
func seen(l program.Latency) simulate.Costs {
	c := simulate.Usual()
	if l.Switch > 0 {
		c.Switch = min(l.Switch, mostSwitch)
	}
	if l.Wake > 0 && l.Wake <= mostWake {
		c.Wake = l.Wake
	}
	if l.Waker > 0 && l.Waker <= mostWake {
		c.Waker = l.Waker
	}
	return c
}

const (
	// mostSwitch and mostWake are what switching goroutines and waking a P take at most; longer ones were not theirs:
	// others had the core.
	mostSwitch = 2 * time.Microsecond
	mostWake   = 50 * time.Microsecond
)
