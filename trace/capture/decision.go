package capture

import "github.com/corecurve/corecurve/trace/sweep"

// A decision is what was decided of the results that there are.
type decision struct {
	alive     map[sweep.Point]bool // those worth running again; nil: not decided yet
	hopeless  bool                 // of the points of workloads there are some, and none is alive
	asked     bool                 // whether the results are good enough
	converged bool
	why       string
}

// decide returns the decision on the results that there are now.
func (m *measuring) decide() *decision {
	if n := len(m.end.Results) + len(m.end.Missed); m.decided != n || m.decision.alive == nil {
		m.decided, m.decision = n, decision{alive: m.living()}
		all := m.subjects
		m.decision.hopeless = len(all) > 0 && len(m.alive(all)) == 0
	}
	return &m.decision
}

// converged asks whether the results that count are good enough.
func (m *measuring) converged() (bool, string) {
	j := m.decide()
	if !j.asked {
		standing, _ := sweep.Standing(m.end.Results)
		j.asked = true
		j.converged, j.why = m.t.Converged(standing)
	}
	return j.converged, j.why
}

// alive returns those of points that are worth running again.
func (m *measuring) alive(points []sweep.Point) (out []sweep.Point) {
	living := m.decide().alive
	for _, p := range points {
		if living[p] {
			out = append(out, p)
		}
	}
	return out
}

// living returns the points that are worth running again: not those that failed again and again, and none of a workload
// that failed wherever it was run first. A run that is interrupted each time it is made counts as all of these
// failures.
func (m *measuring) living() map[sweep.Point]bool {
	failed, ok := map[sweep.Point]int{}, map[sweep.Point]bool{}
	works := map[sweep.Key]bool{}
	for i := range m.end.Results {
		if res := &m.end.Results[i]; res.Status == sweep.OK {
			ok[res.Point], works[res.Point.Key()] = true, true
		} else if res.Kind == sweep.Timed {
			failed[res.Point]++
		}
	}
	for i := range m.end.Missed {
		failed[m.end.Missed[i].Point] += giveUpAfter
	}
	for _, p := range m.points {
		if failed[p] == 0 { // it was not run yet, and may work
			works[p.Key()] = true
		}
	}
	out := map[sweep.Point]bool{}
	for _, p := range m.points {
		if works[p.Key()] && (ok[p] || failed[p] < giveUpAfter) {
			out[p] = true
		}
	}
	return out
}
