package capture

import (
	"errors"
	"fmt"
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

// stepAside moves the threads of corecurve off the CPUs of a run of r on that many cores, where there are others, until
// stepBack. What it starts stays where it would be.
func (s *stance) stepAside(r *Runner, cores int) error {
	free := host.Beside(r.host, cores)
	if len(free) == 0 {
		return nil
	}
	var err error
	r.forker.Do(func() { s.restore, err = host.Leave(free) })
	switch {
	case err == nil:
		s.aside = true
	case !errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("corecurve's own threads may run on its cores: %w", err)
	}
	return nil
}

func (s *stance) stepBack(r *Runner) error {
	if !s.aside {
		return nil
	}
	var err error
	r.forker.Do(func() { err = s.restore() })
	if err != nil {
		return fmt.Errorf("corecurve's own threads stay off its cores: %w", err)
	}
	return nil
}

// used returns the CPU time that corecurve has used on the CPUs of the run during its total, which has just ended: with
// that of the supervisor, if there is one.
func (s *stance) used(o *wire.Outcome) sweep.Seconds {
	if s.aside {
		return 0
	}
	return sweep.Seconds(ownCPU()-s.begun) + sweep.Seconds(o.Own)
}
