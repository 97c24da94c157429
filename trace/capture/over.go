package capture

import (
	"context"
	"errors"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Over reports whether a study that has the results done has no run left to make, and how it ended.
func (t Task) Over(done []sweep.Result) (ending Ending, over bool) {
	m := (&Runner{}).measuring(t, done)
	m.dry = true
	err := m.blocks(context.Background())
	return m.end, err == nil
}

var errMissing = errors.New("a run is missing")

// missing returns an error if a run of a block is not made yet, other than of the ceiling, which need not be in it. It
// takes no longer than the runs that are made have lines: a study may say that it has a hundred thousand blocks of
// thousands of points.
func (m *measuring) missing(b block) error {
	for p := range m.decide().alive {
		if m.isCeiling(p) {
			continue
		}
		if !m.have[sweep.Run{Point: p, Rep: b.rep, Kind: b.kind}] {
			return errMissing
		}
	}
	return nil
}
