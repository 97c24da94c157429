package capture

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

const (
	// ceilingPart is the part of a study's time that the ceiling may take: one in so many. It serves to judge the
	// question and is not the question.
	ceilingPart = 5
	// ceilingTime is about how long a run of the ceiling takes, on any number of cores, on a machine that is not known.
	ceilingTime = 150 * time.Millisecond
	// paceParts is the part of the loop that is run to know the machine: one in so many, about a millisecond.
	paceParts = 100
	// ceilingMargin is how much longer a whole run may take: it starts processes, and on more cores each may be slower.
	ceilingMargin = 1.25
)

// pace makes known about how long a run of the ceiling takes on this machine, if the study has one. It takes a few
// milliseconds. Without it a short study, which has the ceiling once, would give it more than its part on a machine
// that is slower than most.
func (m *measuring) pace() {
	if len(m.subjects) == len(m.points) {
		return
	}
	least := time.Duration(math.MaxInt64)
	for range 3 { // what others take of it is not of the machine
		began := time.Now()
		runtime.KeepAlive(spin(spinSteps / paceParts))
		least = min(least, time.Since(began))
	}
	m.ceilingTime = time.Duration(ceilingMargin * paceParts * float64(least))
}

// isCeiling reports whether p serves to judge the points that the study is about. A study of the spin loop alone is
// about its points.
func (m *measuring) isCeiling(p sweep.Point) bool {
	return p.Workload == sweep.SpinWorkload && len(m.subjects) < len(m.points)
}

// subjects returns the points that a study is about: all except the ceiling, unless there are no others.
func subjects(points []sweep.Point) (out []sweep.Point) {
	for _, p := range points {
		if p.Workload != sweep.SpinWorkload {
			out = append(out, p)
		}
	}
	if out == nil {
		return points
	}
	return out
}

// withCeiling returns the runs to make of those that a block lacks. Those of the ceiling are among them as long as it
// takes at most its part of the time of all runs, up to the end of the block: so it is measured as often as the time
// allows, evenly over the study, at all its points alike. What is not known yet of the others is taken for the least
// that it can be. A block that stands for another has them as the other had.
func (m *measuring) withCeiling(plan sweep.Plan, replaces *int) sweep.Plan {
	var about, ceiling time.Duration
	var out sweep.Plan
	alive := m.decide().alive
	for _, run := range plan {
		switch {
		case !m.isCeiling(run.Point):
			out = append(out, run)
			if alive[run.Point] {
				least, _ := m.bounds(run.Point)
				about += least
			}
		case alive[run.Point]:
			ceiling += m.expected(run.Point)
		}
	}
	if len(out) == 0 { // all is made that is asked for
		return nil
	}
	whole := m.spent + about + ceiling
	fits := ceilingPart*(m.spentCeiling+ceiling) <= whole && !m.exceeds(about+ceiling)
	if replaces != nil {
		fits = m.ceilingBlocks()[*replaces]
	}
	if fits {
		return plan
	}
	return out
}

// ceilingLeft returns about how long the ceiling still takes in blocks of which each point lacks so many, beside the
// runs of all other points, which take about that long.
func (m *measuring) ceilingLeft(blocks int, beside time.Duration) (sum time.Duration) {
	for k := range blocks {
		for _, run := range sweep.Block(m.alive(m.points), k, sweep.Timed).Without(m.have) {
			if m.isCeiling(run.Point) {
				sum += m.expected(run.Point)
			}
		}
	}
	others := m.spent - m.spentCeiling + beside
	return min(sum, max(0, others/(ceilingPart-1)-m.spentCeiling))
}

// ceilingBlocks returns the timed blocks that have a run of the ceiling.
func (m *measuring) ceilingBlocks() map[int]bool {
	out := map[int]bool{}
	for i := range m.end.Results {
		if r := &m.end.Results[i]; r.Kind == sweep.Timed && m.isCeiling(r.Point) {
			out[r.Rep] = true
		}
	}
	return out
}

// ceilingWords says, in words that follow why a study stopped, that the ceiling is not in all of its timed blocks, or
// took more than its part all the same.
func (m *measuring) ceilingWords() string {
	if len(m.subjects) == len(m.points) {
		return ""
	}
	all := map[int]bool{}
	var sum, ceiling sweep.Seconds
	for i := range m.end.Results {
		r := &m.end.Results[i]
		if r.Kind == sweep.Timed {
			all[r.Rep] = true
		}
		sum += r.Total
		if m.isCeiling(r.Point) {
			ceiling += r.Total
		}
	}
	switch n := len(m.ceilingBlocks()); {
	case n == len(all) && ceilingPart*ceiling <= sum:
		return ""
	case n == 0:
		return "; there was no time for the ceiling, which may take a fifth of it"
	default:
		return fmt.Sprintf("; the ceiling was measured in %d of %d timed blocks and took %.0f %% of the time of all runs",
			n, len(all), 100*float64(ceiling)/float64(max(1, sum)))
	}
}
