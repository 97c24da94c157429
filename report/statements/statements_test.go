// Package statements_test holds what the tool states to account: hundreds of random studies are analysed, and code that
// shares nothing with the analysis checks every fact against the runs that it was made from, and every sentence against
// its fact.
//
// A rule stands beside every value of every enum of facts; a value without a rule fails [TestEveryValueHasARule], and a
// rule that no study calls upon fails [TestStatements].
package statements_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// studies is how many studies are made; CORECURVE_STUDIES says otherwise.
const studies = 300

// numberOfStudies is how many to make, and the number of the first: "5000" or, to see one again, "123,1".
func numberOfStudies(t *testing.T) (first, n int) {
	text := os.Getenv("CORECURVE_STUDIES")
	if text == "" {
		return 0, studies
	}
	from, count, two := strings.Cut(text, ",")
	if !two {
		from, count = "0", from
	}
	var err error
	if first, err = strconv.Atoi(from); err != nil {
		t.Fatal(err)
	}
	if n, err = strconv.Atoi(count); err != nil {
		t.Fatal(err)
	}
	return first, n
}

// A checker holds the facts of one study against its runs.
type checker struct {
	t          *testing.T
	number     int
	in         study.Input
	s          *study.Study
	w          *window        // of a recording
	met        map[string]int // how often a rule was called upon, by enum and value
	complaints map[string]int // how often each was made, by its wording
}

// mostSaid is how often a complaint is repeated.
const mostSaid = 3

// hold complains if what was stated does not hold.
func (k *checker) hold(is bool, format string, args ...any) {
	if is {
		return
	}
	k.t.Helper()
	if k.complaints[format]++; k.complaints[format] <= mostSaid {
		k.t.Errorf("study %d: "+format, append([]any{k.number}, args...)...)
	} else {
		k.t.Fail()
	}
}

// rule calls the rule of a value.
func rule[K ~string, C any](k *checker, rules map[K]func(*checker, C), value K, c C) {
	k.met[fmt.Sprintf("%T %s", value, value)]++
	if f := rules[value]; f != nil {
		f(k, c)
		return
	}
	k.hold(false, "%T %q has no rule", value, value)
}

// TestStatements checks all facts of random studies.
func TestStatements(t *testing.T) {
	met, said := map[string]int{}, map[string]int{}
	first, n := numberOfStudies(t)
	for i := range n {
		k := &checker{t: t, number: first + i, in: random(uint64(first + i)), met: met, complaints: said}
		k.s = study.Analyze(k.in)
		k.study()
	}
	for _, text := range slices.Sorted(mapKeys(said)) {
		if said[text] > mostSaid {
			t.Errorf("%d times: %s", said[text], text)
		}
	}
	if n < studies {
		return
	}
	for _, value := range stated() {
		if met[value] == 0 {
			t.Errorf("%s: no study states it", value)
		}
	}
}

// study checks all of it.
func (k *checker) study() {
	m := &maker{rng: rand.New(rand.NewPCG(uint64(k.number), 21))}
	for i := range k.s.Workloads {
		w := &k.s.Workloads[i]
		for j := range w.Curves {
			c := &w.Curves[j]
			k.curve(&c.Curve)
			k.verdict(c)
			k.advice(c)
			if c.Laws != nil {
				k.laws(k.fitted(c))
			}
			k.gates(m, c)
			k.sentences(c)
			for at := range c.Points {
				k.stack(c, at)
				k.grades(c, at)
			}
		}
		for j := range w.Families {
			k.headline(w, &w.Families[j])
			k.gridAdvice(w, &w.Families[j])
			k.headlineSaid(&w.Families[j].Headline)
		}
		k.sizes(w)
		k.findings(w)
		for j := range w.Findings {
			rule(k, noReplayRules(), w.Findings[j].NoReplay, &w.Findings[j])
			k.findingSaid(&w.Findings[j].Finding)
		}
	}
	if k.s.Ceiling != nil {
		k.curve(&k.s.Ceiling.Curve)
	} else {
		rule(k, absenceRules(), k.s.NoCeiling, words.NoCeiling(k.s.NoCeiling))
	}
	k.overview()
	k.warnings()
	k.progress(m)
}

// raw is the runs of a point, reduced to what they add up to.
type raw struct {
	timed, traced  []*sweep.Result // OK
	failed, missed int             // timed and traced runs that are not
	noisy          int
}

func (k *checker) runs(p sweep.Point) raw {
	var out raw
	for i := range k.in.Results {
		r := &k.in.Results[i]
		switch ok := r.Status == sweep.OK; {
		case r.Point != p:
		case r.Kind == sweep.Traced && ok:
			out.traced = append(out.traced, r)
		case r.Kind == sweep.Traced:
			out.missed++
		case !ok:
			out.failed++
		default:
			out.timed = append(out.timed, r)
			if r.Noise.Noisy {
				out.noisy++
			}
		}
	}
	return out
}

// median is the middle of a figure of runs, NaN of none.
func median(runs []*sweep.Result, of func(*sweep.Result) sweep.Seconds) float64 {
	var x []float64
	for _, r := range runs {
		x = append(x, of(r).Float())
	}
	slices.Sort(x)
	n := len(x)
	if n == 0 {
		return math.NaN()
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}

func total(r *sweep.Result) sweep.Seconds    { return r.Total }
func work(r *sweep.Result) sweep.Seconds     { return r.Work }
func startup(r *sweep.Result) sweep.Seconds  { return r.Startup }
func teardown(r *sweep.Result) sweep.Seconds { return r.Teardown }
func cpu(r *sweep.Result) sweep.Seconds      { return r.User + r.Sys }
func system(r *sweep.Result) sweep.Seconds   { return r.Sys }
func queued(r *sweep.Result) sweep.Seconds   { return r.Noise.RunQueue }

// lacked is for how long a run lacked cores; 0 if that is not known, as of programs that its processes started.
func lacked(r *sweep.Result) float64 {
	for _, p := range r.Processes {
		if p.Children > p.Own/10 {
			return 0
		}
	}
	return r.Noise.RunQueue.Float()
}

// measured is the time that a curve is made of.
func measured(m curve.Measure) func(*sweep.Result) sweep.Seconds {
	if m == curve.Work {
		return work
	}
	return total
}

// same reports whether two figures are the same but for arithmetic; what is not known is the same as what is not known.
func same(a, b float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) && math.IsNaN(b)
	}
	return a == b || math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-6)
}

func usable(p sweep.Point) float64 { return float64(min(p.Procs*p.Workers, p.Cores)) }

// position is where a point stands on the axis of its sweep.
func position(s sweep.Sweep, p sweep.Point) int {
	return map[sweep.Mode]int{
		sweep.Threads: p.Workers, sweep.Procs: p.Procs, sweep.Cores: p.Cores,
		sweep.Grid: p.Workers * p.Procs,
	}[s.Mode]
}

// grown is how much more work p is than base: copies that each do all of it make it grow with the processes.
func grown(s sweep.Sweep, base, p sweep.Point) float64 {
	switch {
	case s.Scaling == sweep.Strong:
		return 1
	case s.Basis == sweep.Copies:
		return float64(p.Procs) / float64(base.Procs)
	default:
		return float64(p.Procs*p.Workers) / float64(base.Procs*base.Workers)
	}
}

// curve checks the figures that all else rests on.
func (k *checker) curve(c *curve.Curve) {
	of := measured(c.Measure)
	for i, p := range c.Points {
		r := k.runs(p.Point)
		k.hold(p.Runs == len(r.timed) && p.Failed == r.failed && p.Noisy == r.noisy, "%v: %d runs, %d failed, %d noisy",
			p.Point, p.Runs, p.Failed, p.Noisy)
		k.hold(same(p.Median, median(r.timed, of)), "%v: median %v", p.Point, p.Median)
		k.hold(p.N == position(c.Sweep, p.Point), "%v: n = %d", p.Point, p.N)
		if c.Base < 0 {
			k.hold(len(k.runs(c.Points[0].Point).timed) == 0, "%v: no base, though %v was measured", c.Sweep.Workload,
				c.Points[0].Point)
			k.hold(math.IsNaN(p.Speedup) && p.Interval == nil, "%v: speedup %v without a base", p.Point, p.Speedup)
			continue
		}
		b := k.runs(c.Points[0].Point)
		growth := float64(p.N) / float64(c.Points[0].N)
		scale := grown(c.Sweep, c.Points[0].Point, p.Point)
		k.hold(same(p.Speedup, scale*median(b.timed, of)/median(r.timed, of)), "%v: speedup %v", p.Point, p.Speedup)
		k.hold(same(p.Efficiency, p.Speedup/growth), "%v: efficiency %v", p.Point, p.Efficiency)
		if i == 0 || len(r.timed) == 0 {
			k.hold(p.Interval == nil, "%v: an interval", p.Point)
			continue
		}
		least, most := math.Inf(1), 0.0
		for _, x := range b.timed {
			for _, y := range r.timed {
				s := scale * of(x).Float() / of(y).Float()
				least, most = min(least, s), max(most, s)
			}
		}
		low, high := p.Interval.Low, p.Interval.High
		if from, to := k.quietPart(b, of), k.quietPart(r, of); from < 1 || to < 1 {
			k.hold(same(p.Interval.Noise, 1/(from*to)), "%v: noise explains up to %v of the base and %v of this, and the interval does "+
				"not hold it", p.Point, 1-from, 1-to)
			l, m := k.quietest(b, r, of)
			least, most = max(least*from, l*scale), min(most/to, m*scale)
		} else {
			k.hold(p.Interval.Noise == 0, "%v: an interval for noise, without any", p.Point)
		}
		k.against(c, i)
		if min(len(b.timed), len(r.timed)) < 5 {
			k.hold(p.Interval.Method == curve.MinMax && same(low, least) && same(high, most), "%v: range %+v", p.Point,
				p.Interval)
		} else {
			k.hold(p.Interval.Method == curve.Bootstrap && low <= high*(1+1e-9) && low >= least*(1-1e-9) &&
				high <= most*(1+1e-9), "%v: interval %+v", p.Point, p.Interval)
		}
		k.hold(low <= p.Speedup*(1+1e-9) && p.Speedup <= high*(1+1e-9), "%v: speedup %v outside of %+v", p.Point,
			p.Speedup, p.Interval)
	}
}

// quietPart is the least part of the median time of runs that a quiet machine would have taken: what others and the
// hypervisor took while the run was ready delays it by that at most, and no core is used twice at a time.
func (k *checker) quietPart(of raw, time func(*sweep.Result) sweep.Seconds) float64 {
	times, least := k.quietTimes(of, time)
	if part := quantile(least, 0.5) / quantile(times, 0.5); part <= 0.99 {
		return part
	}
	return 1
}

// quietest are the least and the greatest ratio of a time of b to one of r that each of them allows by its own noise.
func (k *checker) quietest(b, r raw, time func(*sweep.Result) sweep.Seconds) (least, most float64) {
	x, quietX := k.quietTimes(b, time)
	y, quietY := k.quietTimes(r, time)
	if k.quietPart(b, time) == 1 {
		quietX = x
	}
	if k.quietPart(r, time) == 1 {
		quietY = y
	}
	return slices.Min(quietX) / slices.Max(y), slices.Max(x) / slices.Min(quietY)
}

// quietTimes are the times of runs, and the least that a quiet machine would have taken for each.
func (k *checker) quietTimes(of raw, time func(*sweep.Result) sweep.Seconds) (times, least []float64) {
	for _, r := range of.timed {
		t, cores := time(r).Float(), float64(r.Point.Cores)
		taken := r.Noise.Others.Float()
		if q := lacked(r); q != 0 && q < taken {
			taken = q
		}
		taken += r.Noise.Steal.Float()
		if spare := cores*r.Total.Float() - cpu(r).Float(); taken > spare {
			taken = spare
		}
		part := 1.0
		if all := r.Total.Float(); taken > 0 {
			part = min(1, max(all-taken, cpu(r).Float()/cores, all/10)/all)
		}
		times, least = append(times, t), append(least, part*t)
	}
	return times, least
}

// against checks the speedup of point i over each earlier one.
func (k *checker) against(c *curve.Curve, i int) {
	of := measured(c.Measure)
	p := k.runs(c.Points[i].Point)
	for j := range i {
		q := k.runs(c.Points[j].Point)
		iv := c.Points[i].Over[j]
		if len(q.timed) == 0 {
			k.hold(iv == nil, "%v over %v, which was not measured", c.Points[i].Point, c.Points[j].Point)
			continue
		}
		scale := grown(c.Sweep, c.Points[j].Point, c.Points[i].Point)
		least, most := math.Inf(1), 0.0
		for _, x := range q.timed {
			for _, y := range p.timed {
				r := scale * of(x).Float() / of(y).Float()
				least, most = min(least, r), max(most, r)
			}
		}
		low, high := iv.Low, iv.High
		if from, to := k.quietPart(q, of), k.quietPart(p, of); from < 1 || to < 1 {
			l, m := k.quietest(q, p, of)
			least, most = max(least*from, l*scale), min(most/to, m*scale)
		}
		k.hold(low <= high*(1+1e-9) && low >= least*(1-1e-9) && high <= most*(1+1e-9), "%v over %v: %+v, of %v to %v",
			c.Points[i].Point, c.Points[j].Point, iv, least, most)
	}
}

// absenceRules say what must be so of a study without a ceiling, and of the sentence that says why.
func absenceRules() map[curve.Absence]func(*checker, string) {
	loops := func(k *checker) (swept, run bool, points int) {
		counts := map[string]sweep.Point{}
		for _, s := range k.in.Header.Sweeps {
			swept = swept || s.Workload == sweep.SpinWorkload
			for _, p := range s.Points {
				family := fmt.Sprint(s.Workload, s.Mode, s.Size)
				if q, seen := counts[family]; seen && q != p {
					points = 2
				}
				counts[family] = p
			}
		}
		run = slices.ContainsFunc(k.in.Results, func(r sweep.Result) bool { return r.Point.Workload == sweep.SpinWorkload })
		return swept, run, points
	}
	return map[curve.Absence]func(*checker, string){
		curve.NotSwept: func(k *checker, said string) {
			swept, _, points := loops(k)
			k.hold(!swept && points < 2 && strings.Contains(said, "no count is swept"), "not swept: %q", said)
		},
		curve.NoSweep: func(k *checker, said string) {
			swept, _, points := loops(k)
			k.hold(!swept && points == 2 && strings.Contains(said, "no sweep of the spin loop"), "no sweep: %q", said)
		},
		curve.NoRun: func(k *checker, said string) {
			swept, run, _ := loops(k)
			k.hold(swept && !run && strings.Contains(said, "no run of the spin loop"), "no run: %q", said)
		},
	}
}

// ceiling is what the machine gives on so many cores over one, from the runs of the loop in registers; NaN: not known.
func (k *checker) ceiling(cores float64) float64 {
	if k.s.Ceiling == nil {
		return math.NaN()
	}
	points := k.s.Ceiling.Curve.Points
	base := median(k.runs(points[0].Point).timed, work)
	belowN, below := 0.0, math.NaN()
	for _, p := range points {
		n := float64(p.Point.Cores)
		v := n * base / median(k.runs(p.Point).timed, work)
		switch {
		case math.IsNaN(v):
			continue
		case n >= cores && math.IsNaN(below) && n > cores:
			return math.NaN()
		case n == cores:
			return v
		case n > cores:
			return below + (v-below)*(cores-belowN)/(n-belowN)
		}
		belowN, below = n, v
	}
	return math.NaN()
}

// machine is what the machine gives a point over another; NaN: not known, or too much of it may be noise.
func (k *checker) machine(p, base sweep.Point) float64 {
	if k.noisyCeiling() {
		return math.NaN()
	}
	return k.ceiling(usable(p)) / k.ceiling(usable(base))
}

// noisyCeiling reports whether nothing is to be held against the loop in registers: noise makes an interval a tenth
// wider.
func (k *checker) noisyCeiling() bool {
	return k.s.Ceiling != nil && slices.ContainsFunc(k.s.Ceiling.Curve.Points[1:], func(p curve.Point) bool {
		base, r := k.runs(k.s.Ceiling.Curve.Points[0].Point), k.runs(p.Point)
		return len(base.timed) > 0 && len(r.timed) > 0 && k.quietPart(base, work)*k.quietPart(r, work) < 1/1.1
	})
}

// ledgerRuns are the traced runs of a point whose ledgers are known, with the accounts that a stack divides.
func (k *checker) accounts(p sweep.Point, lanes stack.Lanes) []stack.Account {
	var out []stack.Account
	for _, r := range k.runs(p).traced {
		l := k.in.Explained[r.Run].Ledger
		if l == nil {
			continue
		}
		if lanes == stack.Workers {
			a, _ := stack.OfWorkers(r, l)
			out = append(out, a)
		} else {
			out = append(out, stack.OfCores(r, l))
		}
	}
	return out
}
