package capture

import (
	"errors"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A stance is where the threads of corecurve itself are: those that sample, empty rings and read pipes. They stay where
// they are between two runs on as many cores, since to move them takes two calls for each.
type stance struct {
	free    []int // the CPUs beside those of the run, where they are; nil: where they were at first
	restore func() error
}

// stepAside moves the threads of corecurve to free, the CPUs beside those of the next run, or back if there are none.
// What it starts on the forker stays where it would be.
func (s *stance) stepAside(f *proc.Forker, free []int) error {
	if len(free) == 0 {
		return s.stepBack(f)
	}
	if slices.Equal(free, s.free) {
		return nil
	}
	s.free = nil // on an error they are back
	var restore func() error
	var err error
	f.Do(func() { restore, err = host.Leave(free) })
	switch {
	case err == nil:
		s.free, s.restore = free, restore
	case !errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("corecurve's own threads may run on its cores: %w", err)
	}
	return nil
}

// stepBack moves the threads of corecurve to where they were at first.
func (s *stance) stepBack(f *proc.Forker) error {
	if s.free == nil {
		return nil
	}
	s.free = nil
	var err error
	f.Do(func() { err = s.restore() })
	if err != nil {
		return fmt.Errorf("corecurve's own threads stay off cores: %w", err)
	}
	return nil
}

// ownUse returns the CPU time that corecurve has used on the CPUs of the run during its total, which has just ended:
// with that of the supervisor, if there is one.
func (l *launch) ownUse(o *wire.Outcome) sweep.Seconds {
	if l.r.stance.free != nil {
		return 0
	}
	return sweep.Seconds(ownCPU()-l.begunCPU) + sweep.Seconds(o.Own)
}
