package capture

import (
	"errors"
	"time"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A stance is where the threads of corecurve itself are during a run: those that sample, empty rings and read pipes.
type stance struct {
	aside   bool // off the CPUs of the run
	restore func() error
	begun   time.Duration // CPU time of corecurve when the run's total began
}

// stepAside moves the threads of corecurve off the CPUs of the run, where there are others, until stepBack. What it
// starts stays where it would be.
func (l *launch) stepAside() {
	free := host.Beside(l.r.host, l.run.Point.Cores)
	if len(free) == 0 {
		return
	}
	var err error
	l.r.forker.Do(func() { l.stance.restore, err = host.Leave(free) })
	switch {
	case err == nil:
		l.stance.aside = true
	case !errors.Is(err, errors.ErrUnsupported):
		l.warn("corecurve's own threads may run on its cores: %v", err)
	}
}

func (l *launch) stepBack() {
	if !l.stance.aside {
		return
	}
	var err error
	l.r.forker.Do(func() { err = l.stance.restore() })
	if err != nil {
		l.warn("corecurve's own threads stay off its cores: %v", err)
	}
}

// tool returns the CPU time that corecurve has used on the CPUs of the run during its total, which has just ended: with
// that of the supervisor, if there is one.
func (l *launch) tool(o *wire.Outcome) sweep.Seconds {
	if l.stance.aside {
		return 0
	}
	return sweep.Seconds(ownCPU()-l.stance.begun) + sweep.Seconds(o.Own)
}
