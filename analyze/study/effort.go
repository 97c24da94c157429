package study

import (
	"cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Up to this many points of curves, and launches of all points, every bootstrap has all its resamples. Beyond, it has
// the fewer the more there are, so that the time of an analysis does not grow with them: on two cores of 2025 about ten
// seconds. Half of it goes to fitting laws, which takes about 30 ms for each point.
const (
	fullPoints   = 256
	fullLaunches = 20_000
)

// The least numbers of resamples: ends of an interval are then the sixth value from either end, and the second.
const (
	leastResamples = 250
	leastOfLaws    = 50
)

// An effort is how many resamples the bootstraps of a study have.
type effort struct {
	curves, laws     int
	points, launches int
}

// effortFor returns the effort that a study is worth. What the caller asks for is taken as it is; 0: nothing.
func effortFor(h *sweep.Header, results []sweep.Result, asked int) effort {
	var e effort
	for i := range h.Sweeps {
		e.points += len(h.Sweeps[i].Points)
	}
	for i := range results {
		if r := &results[i]; r.Kind == sweep.Timed && r.Status == sweep.OK {
			e.launches++
		}
	}
	e.curves, e.laws = cmp.Or(asked, curve.DefaultResamples), cmp.Or(asked, law.DefaultResamples)
	if asked != 0 {
		return e
	}
	share := min(1, fullPoints/float64(max(e.points, 1)), fullLaunches/float64(max(e.launches, 1)))
	e.curves = max(int(share*curve.DefaultResamples), leastResamples)
	e.laws = max(int(share*law.DefaultResamples), leastOfLaws)
	return e
}

// fewer returns a warning if intervals rest on fewer resamples than those of other studies.
func (a *analysis) fewer() []warning.Warning {
	e := a.effort
	if a.in.Resamples != 0 || e.curves == curve.DefaultResamples {
		return nil
	}
	return []warning.Warning{{
		Kind:    warning.FewerResamples,
		Figures: warning.Figures{Count: e.curves, Of: curve.DefaultResamples},
		Items:   []warning.Item{{Count: e.points}, {Count: e.launches}, {Count: e.laws}},
	}}
}
