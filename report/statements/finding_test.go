package statements_test

import (
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// stack checks what each cause takes from the speedup of a point.
func (k *checker) stack(c *study.Curve, at int) {
	s := c.Figures[at].Stack
	if s == nil {
		return
	}
	base, p := c.Points[0], c.Points[at]
	growth := grown(c.Sweep, base.Point, p.Point)
	lanes := func(p sweep.Point) float64 {
		if s.Lanes == stack.Cores {
			return float64(p.Cores)
		}
		return float64(p.Procs * p.Workers)
	}
	n := lanes(p.Point) / lanes(base.Point)
	k.hold(same(s.N, n) && same(s.Speedup, p.Speedup), "%v: stack of %v for %v of %v", p.Point, s.N, s.Speedup, n)
	k.hold(same(s.Usable, usable(p.Point)/usable(base.Point)) || s.Lanes == stack.Cores, "%v: usable %v", p.Point,
		s.Usable)
	scale := k.factor(c.Measure, p.Point, s.Lanes, work)
	is, isOver := k.divided(c.Measure, p.Point, s.Lanes, scale)
	was, wasOver := k.divided(c.Measure, base.Point, s.Lanes, scale)
	unit := 1 / (lanes(base.Point) * p.Median)
	var sum float64
	for _, r := range s.Rows {
		want := unit * (is[r.Cause] - growth*was[r.Cause])
		switch r.Cause {
		case cause.WorkInflation:
			want = unit * (is[cause.User] - growth*was[cause.User])
		case cause.NotExplained:
			want = unit * (lanes(p.Point)*p.Median - isOver - growth*(lanes(base.Point)*base.Median-wasOver))
		}
		k.hold(math.Abs(want-r.Speedup) <= 1e-6*max(1, n), "%v: %s takes %v, not %v", p.Point, r.Cause, want, r.Speedup)
		sum += r.Speedup
	}
	k.hold(math.Abs(sum-(n-p.Speedup)) <= 1e-6*max(1, n), "%v: the rows add up to %v, not to %v", p.Point, sum,
		n-p.Speedup)
}

// factor is what a time of the traced runs of p is multiplied by to be that of the timed ones.
func (k *checker) factor(m curve.Measure, p sweep.Point, lanes stack.Lanes,
	of func(*sweep.Result) sweep.Seconds,
) float64 {
	mean := func(of func(*sweep.Result) sweep.Seconds) float64 {
		var sum, n float64
		for _, r := range k.runs(p).traced {
			if k.in.Explained[r.Run].Ledger != nil {
				sum, n = sum+of(r).Float(), n+1
			}
		}
		return sum / n
	}
	timed := k.runs(p).timed
	for _, f := range []float64{median(timed, of) / mean(of), median(timed, measured(m)) / mean(measured(m))} {
		if f > 0 && !math.IsInf(f, 0) {
			return f
		}
	}
	return 1
}

// divided is the time of each cause in the runs of p, and of all, in lane seconds of the timed runs.
func (k *checker) divided(m curve.Measure, p sweep.Point, lanes stack.Lanes,
	scale float64,
) (times map[cause.Cause]float64, all float64) {
	times = map[cause.Cause]float64{}
	runs := k.accounts(p, lanes)
	for _, a := range runs {
		for _, q := range a.Parts {
			f := scale
			switch {
			case q.Outside && m == curve.Work:
				f = 0
			case q.Outside && q.Cause == cause.Startup:
				f = k.factor(m, p, lanes, startup)
			case q.Outside:
				f = k.factor(m, p, lanes, teardown)
			}
			t := f * float64(q.Time) / 1e9 / float64(len(runs))
			times[q.Cause] += t
			all += t
		}
	}
	return times, all
}

// one says which causes a reader of a finding takes for one.
func one(c cause.Cause) cause.Group {
	switch c {
	case cause.User, cause.WorkInflation:
		return "work"
	case cause.Syscall, cause.BlockSyscall:
		return "syscall"
	case cause.Runtime, cause.Tracer:
		return "runtime"
	case cause.Untraced:
		return "untraced"
	case cause.Futex:
		return "other-lock"
	default:
		return cause.Group(kinds()[c])
	}
}

// findings checks what is found of w: of every point that has a stack, all that is large enough, in order, and nothing
// else.
func (k *checker) findings(w *study.Workload) {
	seen, others := 0, false
	for _, f := range w.Findings {
		k.hold(!others || !f.Judged, "%s: a finding of a judged point stands behind one of another", w.Program.Name)
		others = !f.Judged
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		for at, p := range c.Points {
			var found []study.Finding
			for _, f := range w.Findings {
				if f.Curve == c && f.N == p.N {
					found = append(found, f)
					k.hold(f.Judged == (k.scene(c).at == p.Point), "%v: judged is %v", p.Point, f.Judged)
				}
			}
			seen += len(found)
			k.found(c, at, found)
		}
	}
	k.hold(seen == len(w.Findings), "%s: %d findings of no point", w.Program.Name, len(w.Findings)-seen)
}

// found checks the findings of a point.
func (k *checker) found(c *study.Curve, at int, found []study.Finding) {
	s, p := c.Figures[at].Stack, c.Points[at]
	if s == nil {
		k.hold(len(found) == 0, "%v: found %d, without a stack", p.Point, len(found))
		return
	}
	groups, lost := divided(s), lostOf(s)
	claimed := min(lost, s.N-s.Speedup) >= 0.02*s.N
	k.hold(claimed || len(found) == 0, "%v: found %d, where nothing is to be claimed", p.Point, len(found))
	last := math.Inf(1)
	for _, f := range found {
		g := one(f.Cause)
		k.hold(f.Size == c.Sweep.Size && f.Scaling == c.Sweep.Scaling, "%v: %s of another curve", p.Point, g)
		takes := groups[g]
		k.hold(g != "unknown" && g != "idle" && same(f.Takes, takes) && same(f.Lost, lost) && same(f.Share, takes/lost),
			"%v: %s takes %v of %v, not %v of %v",
			p.Point, g, takes, lost, f.Takes, f.Lost)
		k.hold(f.Share <= last+1e-12, "%v: %s is behind a smaller one", p.Point, g)
		last = f.Share
		k.hold(f.Share >= 0.05 &&
			f.Takes >= 0.01*s.N, "%v: %s takes %v of the loss and %v of the time, which is too little", p.Point, g,
			f.Share, f.Takes/s.N)
		k.hold(same(f.Seconds, takes/s.N*p.Median), "%v: %s takes %v s", p.Point, g, f.Seconds)
		k.hold(f.Speedup == s.Speedup && f.Ideal == s.N && f.Usable == s.Usable && f.Traced == s.Traced &&
			f.Lanes == s.Lanes, "%v: %s: figures of another stack", p.Point, g)
		reach, high := k.reach(c, at, s), k.highest(c, at)
		k.hold(math.Abs(f.Reach-reach) < 1e-6*s.N && f.LossShown() == (high < f.Reach), "%v: a loss is shown: %v, with "+
			"%v up to %v of %v, not %v", p.Point, f.LossShown(), f.Speedup, high, reach, f.Reach)
		cores, _ := k.capacity(c, p.Point, s)
		limited := cores < float64(p.Point.Cores)/k.baseLanes(c, s)
		k.hold(same(f.BaseNeed, k.used(c, p.Point, s)) && limited == (f.Ceiling > 0), "%v: %v of the base needs a core, not "+
			"%v; the ceiling is %v", p.Point, k.used(c, p.Point, s), f.BaseNeed, f.Ceiling)
		k.hold(f.Ceiling == 0 || same(f.Ceiling, k.machine(p.Point, c.Points[0].Point)), "%v: not %v", p.Point, f.Ceiling)
		rule(k, certaintyRules(), f.Certainty, &f)
		k.most(c, &f, s)
		k.members(&f, s)
		k.excluded(&f, groups, lost)
		k.place(&f, s)
	}
	if !claimed {
		return
	}
	for g, takes := range groups {
		named := slices.ContainsFunc(found, func(f study.Finding) bool { return one(f.Cause) == g })
		k.hold(named || g == "unknown" || g == "idle" || takes < 0.05*lost || takes < 0.01*s.N ||
			k.certainty(c, at, g) == noise.Hidden, "%v: %s takes %v of %v and is not named", p.Point, g, takes, lost)
	}
}

// divided is what each group of causes takes, net of what others of it give back.
func divided(s *stack.Stack) map[cause.Group]float64 {
	out := map[cause.Group]float64{}
	for _, r := range s.Rows {
		out[one(r.Cause)] += r.Speedup
	}
	return out
}

// lostOf is what the groups take that take anything.
func lostOf(s *stack.Stack) float64 {
	sum := 0.0
	for _, takes := range divided(s) {
		sum += max(0, takes)
	}
	return sum
}

// baseLanes are the lanes of the base of c.
func (k *checker) baseLanes(c *study.Curve, s *stack.Stack) float64 {
	p := c.Points[0].Point
	if s.Lanes == stack.Cores {
		return float64(p.Cores)
	}
	return float64(p.Procs * p.Workers)
}

// capacity is how many cores a point of c can keep busy, for each lane of the base, and how many lanes need one there.
func (k *checker) capacity(c *study.Curve, p sweep.Point, s *stack.Stack) (cores, need float64) {
	base, lanes := c.Points[0].Point, k.baseLanes(c, s)
	cores = float64(p.Cores) / lanes
	if m := k.machine(p, base); m > 0 && !k.noisyCeiling() {
		cores = min(cores, m*min(lanes, float64(base.Cores))/lanes)
	}
	at := c.Points[slices.IndexFunc(c.Points, func(q curve.Point) bool { return q.Point == p })]
	times, _ := k.divided(c.Measure, p, s.Lanes, k.factor(c.Measure, p, s.Lanes, work))
	for c, t := range times {
		if c.Busy() {
			need += t / (lanes * at.Median)
		}
	}
	return cores, need
}

// most checks the speedup without the cause, and what of it the machine explains.
func (k *checker) most(c *study.Curve, f *study.Finding, s *stack.Stack) {
	at := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == f.N })
	p := c.Points[at].Point
	m := k.machine(p, c.Points[0].Point)
	cores, need := k.capacity(c, p, s)
	shrink, stay, unclear := 0.0, 0.0, 0.0
	for _, r := range s.Rows {
		switch g := one(r.Cause); {
		case g == one(f.Cause) && r.Cause.Busy():
			need -= r.Speedup
		case g == one(f.Cause):
		case g == "join" || g == "ready" || g == "idle" || g == "unknown":
			shrink += r.Speedup
		default:
			stay += r.Speedup
		}
		if one(r.Cause) == "unknown" {
			unclear += r.Speedup
		}
	}
	if one(f.Cause) == "work" {
		k.hold(f.Spins == 0, "%v: %v of the growth is in new functions, which only profiles show", p, f.Spins)
	}
	rest := max((s.Speedup+stay)/(s.N-shrink), need/cores)
	want := max(s.Speedup, min(k.reach(c, at, s), s.Speedup/rest))
	x := &foretold{f: f, unclear: unclear, about: want}
	x.waits = k.used(c, p, s) < 0.25 && slices.Contains([]cause.Group{
		"channel", "condition", "join", "sleep", "network", "io", "syscall",
	}, one(f.Cause))
	if s.Speedup+stay <= 0 || s.N <= shrink {
		x.about = math.NaN()
	}
	rule(k, foretoldRules(), f.Why, x)
	if !math.IsNaN(f.AtMostSpeedup) {
		k.hold(f.AtMostSpeedup >= s.Speedup && f.AtMostSpeedup <= s.N+1e-9, "%v: at most %v, where %v of %v is reached",
			p, f.AtMostSpeedup, s.Speedup, s.N)
	}
	if f.Machine == 0 {
		return
	}
	k.hold(one(f.Cause) == "work" && same(f.Machine, m) && m < min(s.N, s.Usable), "%v: the machine gives %v, not %v",
		p, m, f.Machine)
	k.hold(f.MachinePart > 0 && f.MachinePart <= f.Takes+1e-12 && f.MachinePart <= min(s.N, s.Usable)-m+1e-12,
		"%v: %v of %v is the machine's", p, f.MachinePart, f.Takes)
	k.hold(!k.noisyCeiling(), "%v: the machine gives %v by runs that were noisy", p, m)
}

// members checks the parts that a finding is made of: all rows of its causes, with what each takes and its share of
// what these take, which cannot be more than all of it.
func (k *checker) members(f *study.Finding, s *stack.Stack) {
	var all, sum float64
	rows := 0
	for _, r := range s.Rows {
		if one(r.Cause) == one(f.Cause) {
			all += max(0, r.Speedup)
			rows++
		}
	}
	last := math.Inf(1)
	for i, m := range f.Members {
		k.hold(i > 0 || m.Cause == f.Cause, "%d: %s is named, %s is the largest", f.N, f.Cause, m.Cause)
		k.hold(m.Takes <= last && m.Takes == s.Of(m.Cause) && same(m.Share, s.Of(m.Cause)/all),
			"%d: %s is %v of %s, not %v", f.N, m.Cause, s.Of(m.Cause)/all, f.Cause, m.Share)
		last = m.Takes
		sum += m.Takes
	}
	k.hold(same(sum, f.Takes) && len(f.Members) == rows, "%d: %s is made of %v: %v", f.N, f.Cause, sum, f.Members)
}

// excluded checks that what is ruled out is small, and that nothing is where much is not explained.
func (k *checker) excluded(f *study.Finding, groups map[cause.Group]float64, lost float64) {
	unexplained := max(0, groups["unknown"]/lost)
	k.hold(same(f.Unexplained, unexplained), "%d: %v is not explained, not %v", f.N, unexplained, f.Unexplained)
	k.hold(unexplained < 0.05 || len(f.Excluded) == 0, "%d: %v is ruled out, though %v is not explained", f.N,
		f.Excluded, unexplained)
	for _, x := range f.Excluded {
		share := max(0, groups[x.Group]/lost)
		k.hold(same(x.Share, share) && share < 0.05 && x.Group != one(f.Cause), "%d: %s is ruled out at %v, and has %v",
			f.N, x.Group, x.Share, share)
	}
}

// place checks that the function that a finding is named by has the part of it that is stated.
func (k *checker) place(f *study.Finding, s *stack.Stack) {
	named := function(f.Stack)
	if named == "" {
		k.hold(f.Portion == 0, "%d: %v of %s belongs nowhere", f.N, f.Portion, f.Cause)
		return
	}
	lock := len(f.Waiting) == 2 // which the ledgers have one for
	k.hold((f.Object != nil) == lock && (!lock || slices.Equal(f.Object.Origin, f.Waiting) && f.Object.Number == 7),
		"%d: most of the wait at %v is for %+v", f.N, f.Waiting, f.Object)
	all, held := 0.0, 0.0
	for _, r := range s.Rows {
		if one(r.Cause) != one(f.Cause) {
			continue
		}
		all += r.Speedup
		for i := range r.Places {
			if r.Top != nil && function(r.Places[i].Stack(r.Cause)) == named {
				held += r.Places[i].Speedup
			}
		}
	}
	k.hold(same(f.Portion, min(1, held/all)) && f.Portion >= 0.2, "%d: %s has %v of %s, not %v", f.N, named, held/all,
		f.Cause, f.Portion)
}

// function is the innermost of the random functions in a stack.
func function(stack []gotrace.Frame) string {
	for _, f := range stack {
		if !strings.HasPrefix(f.Func, "sync.") {
			return f.Func
		}
	}
	return ""
}

// efficiency is the lower end of a point's efficiency by its interval; NaN: not known.
func efficiency(c *study.Curve, i int) float64 {
	p := c.Points[i]
	if p.Interval == nil || c.Base < 0 {
		return math.NaN()
	}
	return p.Interval.Low * float64(c.Points[0].N) / float64(p.N)
}

// advice checks what is recommended of c.
func (k *checker) advice(c *study.Curve) {
	r := &c.Recommendation
	rule(k, reasonRules(), r.Reason, c)
	if r.Reason == recommend.NoBase {
		return
	}
	least := k.in.Efficiency
	if least == 0 {
		least = 0.75
	}
	k.hold(r.Least == least && r.N == c.Points[r.At].N, "%s: %d is recommended for %v", c.Sweep.Workload, r.N, r.Least)
	more := false
	for i := range c.Points {
		low := efficiency(c, i)
		k.hold(i <= r.At || !(low >= least), "%v: %d is recommended, though %d has %v", c.Points[i].Point, r.N,
			c.Points[i].N, low)
		more = more || i > r.At && len(k.runs(c.Points[i].Point).timed) > 0
	}
	k.beyond(c, least)
	k.hold(r.Last == !more, "%s: %d is recommended, and last is %v", c.Sweep.Workload, r.N, r.Last)
	p := c.Points[r.At].Point
	cost := usable(p) * median(k.runs(p).timed, measured(c.Measure)) / float64(p.Size)
	k.hold(same(r.Costs[r.At].Held, cost) && same(r.Costs[0].Over, 1), "%v: costs %v", p, r.Costs[r.At])
}

// beyond checks the counts that may be worth their cores: the largest that reaches least by its medians and, beyond
// that, the largest that noise lets reach it.
func (k *checker) beyond(c *study.Curve, least float64) {
	r := &c.Recommendation
	likely, untold := 0, 0
	of := measured(c.Measure)
	for i := r.At + 1; i < len(c.Points); i++ {
		p := c.Points[i]
		if len(k.runs(p.Point).timed) == 0 {
			continue
		}
		growth := float64(p.N) / float64(c.Points[0].N)
		noise := k.quietPart(k.runs(p.Point), of)*k.quietPart(k.runs(c.Points[0].Point), of) < 1/1.1
		switch {
		case p.Efficiency >= least && !(noise && p.Interval.High >= 2*p.Interval.Low):
			likely, untold = p.N, 0
			k.hold(r.Likely.At != i || same(r.Likely.Efficiency, p.Efficiency) && r.Likely.Low < least &&
				r.Likely.Runs == len(k.runs(p.Point).timed), "%v: likely %+v", p.Point, r.Likely)
		case c.Verdict.Bound != verdict.IO && usable(p.Point)/usable(c.Points[0].Point) < least*growth:
			k.hold(r.Untold.At != i, "%v: untold, with cores that cannot give it", p.Point)
		case noise && p.Interval.High/growth >= least:
			untold = p.N
			k.hold(r.Untold.At != i || same(r.Untold.High, p.Interval.High/growth), "%v: untold %+v", p.Point, r.Untold)
		}
	}
	k.hold(r.Likely.N == likely && r.Untold.N == untold, "%s: likely %d and untold %d, not %d and %d",
		c.Sweep.Workload, likely, untold, r.Likely.N, r.Untold.N)
}

// reasonRules: what must be so for the reason of a recommendation.
func reasonRules() map[recommend.Reason]func(*checker, *study.Curve) {
	beyond := func(k *checker, c *study.Curve) bool {
		return slices.ContainsFunc(c.Points[1:], func(p curve.Point) bool { return len(k.runs(p.Point).timed) > 0 })
	}
	largest := func(k *checker, c *study.Curve, method string) {
		r := &c.Recommendation
		k.hold(r.At > 0 && same(r.Low, efficiency(c, r.At)) && r.Low >= r.Least, "%s: %d is recommended at %v",
			c.Sweep.Workload, r.N, r.Low)
		k.hold(c.Points[r.At].Interval.Method == method, "%s: %d is recommended by %s", c.Sweep.Workload, r.N,
			c.Points[r.At].Interval.Method)
	}
	return map[recommend.Reason]func(*checker, *study.Curve){
		recommend.NoBase: func(k *checker, c *study.Curve) {
			k.hold(c.Recommendation.At == -1 && len(k.runs(c.Points[0].Point).timed) == 0, "%s: no base",
				c.Sweep.Workload)
		},
		recommend.Only: func(k *checker, c *study.Curve) {
			k.hold(c.Recommendation.At == 0 && !beyond(k, c), "%s: more than one count was measured", c.Sweep.Workload)
		},
		recommend.NoneBeyond: func(k *checker, c *study.Curve) {
			k.hold(c.Recommendation.At == 0 && c.Recommendation.Low == 1 && beyond(k, c),
				"%s: no count beyond the base qualifies, and none was measured", c.Sweep.Workload)
		},
		recommend.Shown: func(k *checker, c *study.Curve) { largest(k, c, curve.Bootstrap) },
		recommend.Seen:  func(k *checker, c *study.Curve) { largest(k, c, curve.MinMax) },
	}
}

// A foretold is what is said of the speedup without a cause.
type foretold struct {
	f              *study.Finding
	unclear, about float64 // what is not explained takes; by the rows
	waits          bool    // it is a wait, and the base waits most of its time
}

// foretoldRules: when it is said what the speedup would be, and when why not.
func foretoldRules() map[finding.NoFigure]func(*checker, *foretold) {
	unsure := func(x *foretold) bool { return math.Abs(x.unclear) >= x.f.Takes }
	none := func(k *checker, x *foretold) {
		k.hold(math.IsNaN(x.f.AboutSpeedup), "%s: %v, and why there is none: %s", x.f.Cause, x.f.AboutSpeedup, x.f.Why)
	}
	return map[finding.NoFigure]func(*checker, *foretold){
		finding.HasFigure: func(k *checker, x *foretold) {
			k.hold(same(x.f.AboutSpeedup, x.about) && !unsure(x) && !x.waits && x.f.Spins < 0.5,
				"%s: about %v, not %v; %v is not explained of %v", x.f.Cause, x.about, x.f.AboutSpeedup, x.unclear, x.f.Takes)
		},
		finding.Unsure: func(k *checker, x *foretold) {
			none(k, x)
			k.hold(unsure(x) && !x.waits, "%s: %v is not explained, and %v its own", x.f.Cause, x.unclear, x.f.Takes)
		},
		finding.Waits: func(k *checker, x *foretold) {
			none(k, x)
			k.hold(x.waits, "%s: no wait, or one of a base that computes", x.f.Cause)
		},
		finding.BusyWaiting: func(k *checker, x *foretold) {
			none(k, x)
			k.hold(one(x.f.Cause) == "work" && x.f.Spins >= 0.5, "%s: %v is new", x.f.Cause, x.f.Spins)
		},
		finding.NotKnown: func(k *checker, x *foretold) {
			none(k, x)
			k.hold(math.IsNaN(x.about), "%s: not known, and %v", x.f.Cause, x.about)
		},
	}
}
