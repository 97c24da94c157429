package capture

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// An Outlook is what is known of a study before its runs are made: how many there will be, and about how long they
// take.
type Outlook struct {
	Points  int // of workloads
	Ceiling int // points of the spin loop
	Rule    sweep.Rule
	Traced  int // runs of every point that has such runs
	// Explained is how many points have traced runs: all of Points, or where a workload has many sizes those of some.
	Explained int
	Source    Source
	// What is left takes about Low for the runs that the rule requires, and High for the most that it allows; the budget
	// bounds both.
	Low, High time.Duration
	Noise     *sweep.Taken // during the runs made so far; nil: not known
}

// A Source says what the times of an Outlook are estimated from.
type Source int

// In the order in which they become available.
const (
	Nothing     Source = iota // the time is not known
	Calibration               // of benchmarks
	WarmUp                    // a run of each workload's first point
	FirstBlock                // a run of every point
)

// Plan returns the outlook of a study that is not made, and the runs that its rule requires, in the order in which they
// would be made. How often the ceiling is measured between them depends on how long they take.
func (t Task) Plan() (Outlook, sweep.Plan) {
	var r Runner
	m, plan := r.measuring(t, nil), sweep.Plan{}
	for k := range t.Rule.MinRuns {
		plan = append(plan, sweep.Block(m.subjects, k, sweep.Timed).Interleave(t.Seed)...)
		n := min(t.Traced, m.tracedAfter(k))
		if k == t.Rule.MinRuns-1 {
			n = t.Traced
		}
		for ; m.traced < n; m.traced++ {
			plan = append(plan, sweep.Block(m.explained(), m.traced, sweep.Traced).Interleave(t.Seed)...)
		}
	}
	return m.look(Calibration), plan
}

// outlook tells the caller what is known now; the caller may end the study by an error.
func (m *measuring) outlook(from Source) error {
	if m.t.Outlook == nil {
		return nil
	}
	return m.t.Outlook(m.look(from))
}

func (m *measuring) look(from Source) Outlook {
	if len(m.took) == 0 {
		from = Nothing
	}
	points := len(m.subjects)
	o := Outlook{Points: points, Ceiling: len(m.points) - points, Rule: m.t.Rule, Traced: m.t.Traced, Source: from}
	o.Explained = len(m.explained())
	if from != Nothing {
		o.Low, o.High = m.rest(m.t.Rule.MinRuns), m.rest(m.t.Rule.MaxRuns)
	}
	if m.taken.Had > 0 {
		taken := m.taken
		o.Noise = &taken
	}
	return o
}

// rest returns about how long the study still takes if it makes n timed blocks.
func (m *measuring) rest(n int) time.Duration {
	var sum time.Duration
	add := func(points []sweep.Point, kind sweep.Kind, blocks int) {
		for k := range blocks {
			for _, run := range sweep.Block(points, k, kind).Without(m.have) {
				sum += m.expected(run.Point)
			}
		}
	}
	add(m.alive(m.subjects), sweep.Timed, n)
	add(m.alive(m.explained()), sweep.Traced, m.t.Traced)
	sum += m.ceilingLeft(n, sum)
	if budget := m.t.Rule.Budget.Duration(); budget > 0 {
		sum = min(sum, max(0, budget-time.Since(m.start)))
	}
	return sum
}

// expected returns about how long a run at p takes: the middle of its bounds.
func (m *measuring) expected(p sweep.Point) time.Duration {
	least, most := m.bounds(p)
	return (least + most) / 2
}

// bounds returns how long a run at p takes at least and at most: as long as the last one, or else, from a run of the
// first point of its sweep, or of those of smaller sizes, between an ideal speedup and none; 0 if nothing is known.
func (m *measuring) bounds(p sweep.Point) (least, most time.Duration) {
	if t, ok := m.took[p]; ok {
		return t, t
	}
	if m.isCeiling(p) {
		free := 1.0
		if m.taken.Had > 0 { // others take as much of it as they took of the warm-up
			free = max(0.1, 1-float64(m.taken.Sum())/float64(m.taken.Had))
		}
		t := time.Duration(float64(m.ceilingTime) / free)
		return t, t
	}
	for _, s := range m.t.Sweeps {
		if !slices.Contains(s.Points, p) {
			continue
		}
		base, ok := m.took[s.Points[0]]
		if !ok {
			base = m.extrapolated(&s)
		}
		if base > 0 {
			most := float64(base) * sweep.Growth(s.Points[0], p)
			return time.Duration(most / ratio(busy(p), busy(s.Points[0]))), time.Duration(most)
		}
	}
	return 0, 0
}

// busy returns how many cores a run at p can use.
func busy(p sweep.Point) int { return min(p.Procs*p.Workers, p.Cores) }

func ratio(a, b int) float64 { return float64(max(1, a)) / float64(max(1, b)) }

// observe keeps what a run tells of those to come.
func (m *measuring) observe(res *sweep.Result, took time.Duration) {
	if res.Status == sweep.OK {
		m.took[res.Point] = took
	}
	if n := res.Noise.CPUs; n != nil {
		m.taken.Add(n)
	}
}
