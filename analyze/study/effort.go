package study

import (
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

// An Effort is how many resamples the bootstraps of an analysis have.
type Effort struct {
	Curves, Laws     int
	Points, Launches int
}

// EffortFor returns the effort that so many points and launches are worth, of one study or of all that are analysed
// together.
func EffortFor(points, launches int) Effort {
	share := min(1, fullPoints/float64(max(points, 1)), fullLaunches/float64(max(launches, 1)))
	return Effort{
		Curves: max(int(share*curve.DefaultResamples), leastResamples), Laws: max(int(share*law.DefaultResamples), leastOfLaws),
		Points: points, Launches: launches,
	}
}

// effortFor returns the effort that a study is worth. What the caller asks for is taken as it is; 0: nothing.
func effortFor(h *sweep.Header, results []sweep.Result, asked int) Effort {
	points, launches := 0, 0
	for i := range h.Sweeps {
		points += len(h.Sweeps[i].Points)
	}
	for i := range results {
		if r := &results[i]; r.Kind == sweep.Timed && r.Status == sweep.OK {
			launches++
		}
	}
	e := EffortFor(points, launches)
	if asked != 0 {
		e.Curves, e.Laws = asked, asked
	}
	return e
}

// Fewer returns a warning if intervals rest on fewer resamples than those of smaller studies.
func (e *Effort) Fewer() []warning.Warning {
	if e.Curves == curve.DefaultResamples {
		return nil
	}
	return []warning.Warning{{
		Kind:    warning.FewerResamples,
		Figures: warning.Figures{Count: e.Curves, Of: curve.DefaultResamples},
		Items:   []warning.Item{{Count: e.Points}, {Count: e.Launches}, {Count: e.Laws}},
	}}
}

// FewerOfLaws is as Fewer, where laws alone are fitted: without their item.
func (e *Effort) FewerOfLaws() []warning.Warning {
	out := e.Fewer()
	for i := range out {
		w := &out[i]
		w.Figures.Count, w.Figures.Of, w.Items = e.Laws, law.DefaultResamples, w.Items[:2]
	}
	return out
}

// fewer warns of the effort of a, if the caller has not asked for another.
func (a *analysis) fewer() []warning.Warning {
	if a.in.Resamples != 0 {
		return nil
	}
	return a.effort.Fewer()
}
