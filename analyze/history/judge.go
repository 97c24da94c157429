package history

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Welch is the method of the intervals of changes.
const Welch = "welch-t"

// judge finds the changes of s.
func (s *Series) judge(studies []Study, alpha float64, seed uint64) {
	for k := range s.Lines {
		l := &s.Lines[k]
		var at []int // the entries that the line knows
		var samples [][]float64
		for i, v := range l.Values {
			if !math.IsNaN(v) {
				at, samples = append(at, i), append(samples, l.samples[i])
			}
		}
		l.Tested = leastP(len(samples)) <= alpha
		splits := divide(samples, alpha, seed)
		for i, d := range splits {
			lo, hi := 0, len(at)
			if i > 0 {
				lo = splits[i-1].at
			}
			if i+1 < len(splits) {
				hi = splits[i+1].at
			}
			c := l.change(at[lo:d.at], at[d.at:hi])
			c.At, c.First, c.Last, c.P = at[d.at], at[d.first], at[min(d.last, len(at)-1)], d.p
			s.ascribe(&c, l, studies, at[lo:d.at], at[d.at:hi])
			s.Changes = append(s.Changes, c)
		}
		s.Drift = max(s.Drift, s.drift(l))
		l.samples = nil
	}
	for i := range s.Changes {
		s.weigh(&s.Changes[i])
	}
	slices.SortStableFunc(s.Changes, func(a, b Change) int { return a.At - b.At })
}

// change returns the change of l between two segments of entries.
func (l *Line) change(before, after []int) Change {
	c := Change{Quantity: l.Quantity, N: l.N, Before: len(before), After: len(after)}
	values := func(of []int) (out []float64) {
		for _, i := range of {
			out = append(out, math.Log(l.Values[i]))
		}
		return out
	}
	d, half := welch(values(before), values(after))
	c.Ratio = math.Exp(d)
	// The ends that noise allows: the times after the change may all be too long, or those before it.
	low := l.still(after, 0) + l.still(before, 1)
	high := l.still(before, 0) + l.still(after, 1)
	c.Interval = &curve.Interval{
		Method: Welch, Level: curve.Level, Low: math.Exp(d - half + low), High: math.Exp(d + half - high),
	}
	if low < 0 || high < 0 {
		c.Interval.Noise = math.Exp(-low - high)
	}
	return c
}

// still is the mean of the logarithms of what noise leaves of the figures of entries, by one of the ends.
func (l *Line) still(of []int, end int) float64 {
	sum := 0.0
	for _, i := range of {
		sum += math.Log(l.quiet[i][end])
	}
	return sum / float64(len(of))
}

// welch returns the difference of the means of two samples, the second less the first, and the half-width of its
// interval (Welch, "The generalization of 'Student's' problem", Biometrika 34, 1947).
func welch(a, b []float64) (d, half float64) {
	x, y := mean(a), mean(b)
	u, v := variance(a)/float64(len(a)), variance(b)/float64(len(b))
	if u+v == 0 {
		return y - x, 0
	}
	freedom := (u + v) * (u + v) / (u*u/float64(len(a)-1) + v*v/float64(len(b)-1))
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile((1 + curve.Level) / 2)
	return y - x, t * math.Sqrt(u+v)
}

func variance(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return sum / float64(len(x)-1)
}

// drift returns the largest ratio of two neighbours of a line that are studies of one program; 0: there are none.
func (s *Series) drift(l *Line) (most float64) {
	last := -1
	for i, v := range l.Values {
		if math.IsNaN(v) {
			continue
		}
		if last >= 0 && same(&s.Entries[last].Program, &s.Entries[i].Program) {
			most = max(most, v/l.Values[last], l.Values[last]/v)
		}
		last = i
	}
	return most
}

// same reports whether two studies are known to be of one program: built from the same sources, or at the same commit
// without changes beside it, or called the same by their user.
func same(p, q *sweep.Program) bool {
	if p.Sources != "" && q.Sources != "" {
		return p.Sources == q.Sources
	}
	r, s := p.Revision, q.Revision
	switch {
	case r == nil || s == nil:
		return false
	case r.Commit != "" || s.Commit != "":
		return r.Commit == s.Commit && !r.Changed && !s.Changed
	}
	return r.Label != "" && r.Label == s.Label
}

// ascribe says what a change comes from, by the loop in registers.
func (s *Series) ascribe(c *Change, l *Line, studies []Study, before, after []int) {
	header := func(i int) sweep.Header { return studies[s.Entries[i].Study].Header }
	last, first := before[len(before)-1], after[0]
	for _, d := range compare.Differences(header(last), header(first)) {
		if ofMachine(d) || ofTool(d) {
			c.Differences = append(c.Differences, d)
		}
	}
	c.Machine = math.NaN()
	measured := func(of []int) (loop, beyond []float64) {
		for _, i := range of {
			if m := l.machine[i]; !math.IsNaN(m) {
				loop, beyond = append(loop, m), append(beyond, math.Log(l.Values[i])-m)
			}
		}
		return loop, beyond
	}
	loopBefore, restBefore := measured(before)
	loopAfter, restAfter := measured(after)
	known := min(len(loopBefore), len(loopAfter)) >= 2
	var d, half float64
	if known {
		d, half = welch(loopBefore, loopAfter)
		c.Machine = math.Exp(d)
		c.MachineRange = &curve.Interval{Method: Welch, Level: curve.Level, Low: math.Exp(d - half), High: math.Exp(d + half)}
	}
	sign := math.Copysign(1, math.Log(c.Ratio))
	switch {
	case same(&s.Entries[last].Program, &s.Entries[first].Program):
		c.Origin = SameProgram
	case !known:
		c.Origin = NotMeasured
	case slices.ContainsFunc(c.Differences, ofTool):
		c.Origin = Untold
	default:
		rest, room := welch(restBefore, restAfter)
		switch {
		case rest*sign-room > 0 && rest*sign >= math.Log1p(MinEffect):
			c.Origin = OfProgram
		case d*sign-half > 0 && d*sign >= math.Log1p(MinEffect):
			c.Origin = OfMachine
		default:
			c.Origin = Untold
		}
	}
}

// ofTool reports whether two studies were made by different versions of the tool, whose loops differ.
func ofTool(d compare.Difference) bool { return d.Kind == compare.Tool || d.Kind == compare.GoVersion }

// ofMachine reports whether a difference of two studies may change times without the program.
func ofMachine(d compare.Difference) bool {
	switch d.Kind {
	case compare.Kernel, compare.Governor, compare.Chunk, compare.Static:
		return true
	}
	return false
}

// weigh says how sure a change is.
func (s *Series) weigh(c *Change) {
	size := math.Abs(math.Log(c.Ratio))
	near := math.Log(c.Interval.Low) // the end next to 1
	if c.Ratio < 1 {
		near = -math.Log(c.Interval.High)
	}
	drift := math.Log(max(s.Drift, 1))
	switch {
	case size < math.Log1p(MinEffect) || size <= drift && c.Origin != SameProgram:
		c.Certainty = noise.Hidden
	case near <= max(drift, 0) && c.Origin != SameProgram, c.Origin == NotMeasured, c.Origin == Untold,
		slices.ContainsFunc(c.Differences, ofMachine):
		c.Certainty = noise.Likely
	case near <= 0:
		c.Certainty = noise.Likely
	default:
		c.Certainty = noise.Certain
	}
}
