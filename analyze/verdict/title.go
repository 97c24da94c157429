package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Thresholds of what a title brings up.
const (
	startupMatters    = 0.02 // difference of the start-up times of two modes, over the shorter total
	differenceMatters = 0.10 // of the rates of two modes, from which on both speedups are given
	ceilingMatters    = 0.90 // of the ideal: a machine that gives less is named
)

// Stop returns the index of the point where c stops rising: the smallest n whose speedup no later point exceeds by more than the intervals
// allow, that is, with an interval wholly above its own. It is the base if nothing is shown to be faster, and −1 without a base.
func Stop(c *curve.Curve) int {
	stop := c.Base
	if stop < 0 {
		return stop
	}
	for i := stop + 1; i < len(c.Points); i++ {
		if low, _ := bounds(&c.Points[i]); low > top(c, stop) {
			stop = i
		}
	}
	return stop
}

// bounds are the ends of the interval of p's speedup, NaN if it is not known. The base is 1 by definition.
func bounds(p *curve.Point) (low, high float64) {
	if p.Interval == nil {
		return p.Speedup, p.Speedup
	}
	return p.Interval.Low, p.Interval.High
}

func top(c *curve.Curve, i int) float64 {
	_, high := bounds(&c.Points[i])
	return high
}

// Title is the finding of the curves of one workload, of one scaling and size, in words: how far it speeds up and where that stops, which
// mode wins, and how much later processes start if that matters: "pi: 1.9× on 2 cores, no difference shown between threads and
// processes; processes start 8 ms later". What the intervals do not show it does not claim, and it says so if other programs disturbed
// most of the runs that it rests on.
func Title(curves []curve.Curve, cores int, ceiling *curve.Ceiling) string {
	if len(curves) == 0 {
		return ""
	}
	name := curves[0].Sweep.Workload
	var measured []*curve.Curve
	for i := range curves {
		if curves[i].Base >= 0 {
			measured = append(measured, &curves[i])
		}
	}
	if len(measured) == 0 {
		return name + ": the base was not measured"
	}
	best := slices.MaxFunc(measured, func(a, b *curve.Curve) int {
		return cmp.Or(cmp.Compare(rate(a, Stop(a)).mid, rate(b, Stop(b)).mid), cmp.Compare(slower(b, Stop(b)), slower(a, Stop(a))))
	})
	if best.Sweep.Mode == sweep.Grid {
		return name + ": " + strings.Join(reserved([]string{ofGrid(measured, best)}, measured), "; ")
	}
	parts := []string{reached(best, cores, ceiling)}
	if other := rival(measured, best); other != nil {
		parts = compared(best, other, parts[0], cores)
	}
	return name + ": " + strings.Join(reserved(parts, measured), "; ")
}

// reserved adds the reservations under which parts are true.
func reserved(parts []string, measured []*curve.Curve) []string {
	if slices.ContainsFunc(measured, tooFew) {
		parts = append(parts, "too few runs for intervals")
	}
	if slices.ContainsFunc(measured, disturbed) {
		parts = append(parts, "noisy machine")
	}
	return parts
}

// disturbed reports whether most runs were noisy at a point that a title rests on: the base, or where c stops rising.
func disturbed(c *curve.Curve) bool {
	noisy := func(p *curve.Point) bool { return 2*p.Noisy > p.Runs }
	return noisy(&c.Points[c.Base]) || noisy(&c.Points[Stop(c)])
}

// ofGrid says which point of a grid is the best, and how much better than its smallest: the series have different bases.
func ofGrid(series []*curve.Curve, best *curve.Curve) string {
	first := slices.MinFunc(series, func(a, b *curve.Curve) int {
		return cmp.Compare(a.Points[a.Base].Point.Parallelism(), b.Points[b.Base].Point.Parallelism())
	})
	from, to := rate(first, first.Base), rate(best, Stop(best))
	p := best.Points[Stop(best)].Point
	if to.low <= from.high {
		return "no point of the grid is shown to be faster than " + countWords(first.Sweep, first.Points[first.Base].Point)
	}
	return amount(best, to.mid/from.mid) + " with " + countWords(best.Sweep, p)
}

// A rateRange is work per second with its interval.
type rateRange struct{ mid, low, high float64 }

// rate is the rate at point i of c. Curves with different bases can be compared by it.
func rate(c *curve.Curve, i int) rateRange {
	p := c.Points[i]
	size := float64(p.Point.Size)
	return rateRange{size / p.Median, size / p.MedianRange.High, size / p.MedianRange.Low}
}

// rival is the curve of the other mode, where a title compares two.
func rival(measured []*curve.Curve, best *curve.Curve) *curve.Curve {
	for _, c := range measured {
		if c.Sweep.Mode != best.Sweep.Mode && len(c.Points) > 1 && len(best.Points) > 1 {
			return c
		}
	}
	return nil
}

// tooFew reports whether a range stands where an interval should.
func tooFew(c *curve.Curve) bool {
	return slices.ContainsFunc(c.Points, func(p curve.Point) bool { return p.Interval != nil && p.Interval.Method == curve.MinMax })
}

// reached says how far c speeds up and where that stops.
func reached(c *curve.Curve, cores int, ceiling *curve.Ceiling) string {
	stop := Stop(c)
	p := &c.Points[stop]
	if last := lastMeasured(c); last == c.Base {
		return fmt.Sprintf("%s with %s", duration(p.Median), countWords(c.Sweep, p.Point))
	} else if stop == c.Base {
		return flat(c, last)
	}
	s := amount(c, p.Speedup) + " " + place(c, stop, cores)
	limit, ideal := ceiling.Of(c, stop), c.Ideal(stop)
	switch {
	case limit < ceilingMatters*ideal && p.Speedup <= ideal:
		s += fmt.Sprintf(", where this machine can give %s", brief(limit))
	case slower(c, stop) > 0:
		s += fmt.Sprintf(", slower with %s", countWords(c.Sweep, c.Points[slower(c, stop)].Point))
	case stop == lastMeasured(c) && c.Sweep.Mode != sweep.Cores && p.Usable() < p.Point.Parallelism():
		s += ", still rising"
	case stop < lastMeasured(c) && p.Usable() < cores:
		s += ", no faster with more"
	}
	return s
}

// flat is what is to be said of a curve that never rises above its base.
func flat(c *curve.Curve, last int) string {
	if i := slower(c, c.Base); i > 0 {
		return fmt.Sprintf("slower with %s, %s of %s", countWords(c.Sweep, c.Points[i].Point), brief(c.Points[i].Speedup),
			countWords(c.Sweep, c.Points[c.Base].Point))
	}
	return fmt.Sprintf("no speedup shown up to %s", countWords(c.Sweep, c.Points[last].Point))
}

// slower is the first point behind i that is shown to be slower than i; 0 if there is none.
func slower(c *curve.Curve, i int) int {
	low, _ := bounds(&c.Points[i])
	for k := i + 1; k < len(c.Points); k++ {
		if top(c, k) < low {
			return k
		}
	}
	return 0
}

func lastMeasured(c *curve.Curve) int {
	last := c.Base
	for i, p := range c.Points {
		if !math.IsNaN(p.Speedup) {
			last = i
		}
	}
	return last
}

// amount is a speedup in words.
func amount(c *curve.Curve, s float64) string {
	if c.Sweep.Scaling == sweep.Weak {
		return brief(s) + " the throughput"
	}
	return brief(s)
}

// place says where on c point i is: "on 2 cores" if it has a worker for each of them, else with its count.
func place(c *curve.Curve, i, cores int) string {
	p := c.Points[i]
	onCores := "on " + plural(p.Usable(), "core", "cores")
	switch n := p.Point.Parallelism(); {
	case c.Sweep.Mode == sweep.Cores:
		return onCores
	case n == cores && p.Point.Cores == cores:
		return onCores
	case n > p.Point.Cores:
		return fmt.Sprintf("with %s %s", countWords(c.Sweep, p.Point), onCores)
	default:
		return "with " + countWords(c.Sweep, p.Point)
	}
}

// compared sets best, of which text tells, beside the other mode, each where it stops.
func compared(best, other *curve.Curve, text string, cores int) []string {
	i, k := Stop(best), Stop(other)
	a, b := rate(best, i), rate(other, k)
	late, by := laterStart(best, other, cores)
	them := modeWords(other.Sweep.Mode)
	behind := 1 - b.mid/a.mid
	var parts []string
	switch down := slower(other, k); {
	case k == other.Base && (i > best.Base || down > 0 && slower(best, i) == 0):
		theirs := "no speedup shown for " + them
		if down > 0 {
			theirs = fmt.Sprintf("slower with %s (%s)", countWords(other.Sweep, other.Points[down].Point), brief(other.Points[down].Speedup))
		}
		if i == best.Base {
			parts = []string{"no speedup shown for " + modeWords(best.Sweep.Mode) + ", " + theirs}
		} else {
			parts = []string{modeWords(best.Sweep.Mode) + " " + text, theirs}
		}
	case a.low <= b.high:
		parts = []string{fmt.Sprintf("%s, no difference shown between %s and %s", text, modeWords(sweep.Threads), modeWords(sweep.Procs))}
	case behind >= differenceMatters:
		parts = []string{fmt.Sprintf("%s %s, %s only %s", modeWords(best.Sweep.Mode), text, them, amount(other, other.Points[k].Speedup))}
	default:
		said := fmt.Sprintf("%s, %s %s slower", text, them, percent(behind))
		if late == other {
			return []string{said + " and start " + duration(by) + " later"}
		}
		parts = []string{said}
	}
	if late != nil {
		parts = append(parts, fmt.Sprintf("%s start %s later", modeWords(late.Sweep.Mode), duration(by)))
	}
	return parts
}

func modeWords(m sweep.Mode) string {
	switch m {
	case sweep.Procs:
		return "processes"
	case sweep.Cores:
		return "cores"
	case sweep.Grid:
		return "processes × threads"
	default:
		return "threads"
	}
}

// laterStart returns the mode that starts later, and by how many seconds, at the largest n within the cores that both have; nil if it does
// not matter.
func laterStart(a, b *curve.Curve, cores int) (late *curve.Curve, by float64) {
	for i := len(a.Points) - 1; i > a.Base; i-- {
		p := &a.Points[i]
		k := slices.IndexFunc(b.Points, func(q curve.Point) bool { return q.N == p.N && q.Runs > 0 })
		if k <= b.Base || p.Runs == 0 || p.Point.Parallelism() > cores {
			continue
		}
		q := &b.Points[k]
		late, by = a, p.Startup-q.Startup
		if by < 0 {
			late, by = b, -by
		}
		if by < startupMatters*min(p.TotalMedian, q.TotalMedian) {
			return nil, 0
		}
		return late, by
	}
	return nil, 0
}
