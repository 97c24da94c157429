package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An allowed is a figure, the same without what noise explains, and the ends of what launches and noise allow.
type allowed struct{ value, quiet, low, high float64 }

// ranked are the two of some values that hold their median with 95 %: as many are cut off at either end as a coin
// tossed for each is heads at most in 2.5 % of cases.
func ranked(x []float64) (low, high float64) {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	chance, sum, cut := math.Pow(0.5, float64(n)), 0.0, 0
	for i := range n {
		if sum += chance; sum > 0.025 {
			break
		}
		cut = i
		chance *= float64(n-i) / float64(i+1)
	}
	cut = min(cut, (n-1)/2)
	return x[cut], x[n-1-cut]
}

// allow is a value by the launches, as they were and as they may have been without noise.
func allow(value float64, seen, quiet []float64) allowed {
	if len(seen) == 0 || math.IsNaN(value) {
		return allowed{value, value, value, value}
	}
	l, h := ranked(seen)
	ql, qh := ranked(quiet)
	q := value + quantile(quiet, 0.5) - quantile(seen, 0.5)
	return allowed{value, q, min(value, q, l, ql), max(value, q, h, qh)}
}

// perRun is a figure of each run that took time, of its time and of the least that it may have been.
func (k *checker) perRun(of raw, time func(*sweep.Result) sweep.Seconds, figure func(r *sweep.Result, time float64) float64) (seen, quiet []float64) {
	times, least := k.quietTimes(of, time)
	for i, r := range of.timed {
		if times[i] > 0 {
			seen, quiet = append(seen, figure(r, times[i])), append(quiet, figure(r, least[i]))
		}
	}
	return seen, quiet
}

func (s *scene) overheadAllowed(k *checker) allowed {
	_, share := s.overhead()
	seen, quiet := k.perRun(s.p, measured(s.c.Measure), func(r *sweep.Result, time float64) float64 {
		took := max(0, coordinator(r).Float()-startup(r).Float())
		if s.c.Measure == curve.Total {
			took += startup(r).Float() + teardown(r).Float()
		}
		lost := measured(s.c.Measure)(r).Float() - time // it may all be of that
		return max(0, took-lost) / time
	})
	return allow(share, seen, quiet)
}

func (s *scene) wantedAllowed(k *checker) allowed {
	seen, _ := k.perRun(s.b, total, func(r *sweep.Result, time float64) float64 {
		return min(1, (cpu(r)+queued(r)).Float()/time/usable(s.base))
	})
	quiet, busy := k.perRun(s.b, total, func(r *sweep.Result, time float64) float64 { return cpu(r).Float() / time / usable(s.base) })
	for i := range quiet {
		quiet[i] = min(1, max(seen[i], busy[i]))
	}
	return allow(s.wanted(), seen, quiet)
}

// lockAllowed is the share of locks by the traced runs, and whether they agree that it has grown most.
func (s *scene) lockAllowed(k *checker) (a allowed, agree, any bool) {
	lock, others := s.grown("lock")
	value, most := s.is["lock"], lock >= others && lock > 0
	a = allowed{value, value, value, value}
	agree, any = most, most
	var owed []float64
	for _, groups := range k.eachLoad(s.at) {
		one := *s
		one.is = groups.of
		by, most := one.grown("lock")
		agree, any = agree && by >= most && by > 0, any || by >= most && by > 0
		owed = append(owed, groups.owed)
		a.low, a.high = min(a.low, groups.of["lock"]-groups.owed), max(a.high, groups.of["lock"])
	}
	if n := len(owed); n > 0 {
		sum := 0.0
		for _, o := range owed {
			sum += o
		}
		a.quiet = value - sum/float64(n)
		agree = agree && (n > 1 || owed[0] <= 0.01)
	}
	return a, agree, any
}

// A loadOf is where the workers' time of one traced run was lost, and what noise can be of their waits.
type loadOf struct {
	of   map[string]float64
	owed float64
}

// eachLoad is the load of each traced run of p.
func (k *checker) eachLoad(p sweep.Point) []loadOf {
	var out []loadOf
	all := k.in.Results
	defer func() { k.in.Results = all }()
	for _, r := range k.runs(p).traced {
		if k.in.Explained[r.Run].Ledger == nil {
			continue
		}
		k.in.Results = []sweep.Result{*r}
		groups, _ := k.load(p)
		k.in.Results = all
		if groups == nil {
			return nil
		}
		n := float64(p.Procs * p.Workers)
		out = append(out, loadOf{groups, takenOf(r) * (n - 1) / n / total(r).Float()})
	}
	return out
}

// sureness is whether a rule holds without what noise explains, for all that is allowed, and for anything of it.
type sureness struct{ likely, sure, may bool }

// bounds are how sure each rule is.
func (s *scene) sureness(k *checker) map[verdict.Bound]sureness {
	over, wanted := s.overheadAllowed(k), s.wantedAllowed(k)
	below := sureness{true, true, true}
	if s.beyond {
		low, high := k.interval(&s.c.Curve, s.at)
		limit := 0.75 * s.can(k, s.at)
		below = sureness{s.speedup(k, s.at) < limit, high < limit, low < limit}
	}
	lock, agree, anyOf := s.lockAllowed(k)
	leads := func(of map[string]float64) bool {
		largest := 0.0
		for g, x := range of {
			if !slices.Contains(waits(), g) && g != "overhead" && g != "idle" {
				largest = max(largest, x)
			}
		}
		return largest <= sum(of, waits())*(1+1e-12)
	}
	every, some := leads(s.was), leads(s.was)
	for _, l := range k.eachLoad(s.base) {
		every, some = every && leads(l.of), some || leads(l.of)
	}
	cpu := sureness{wanted.quiet >= 0.75, wanted.low >= 0.75, wanted.high >= 0.75}
	return map[verdict.Bound]sureness{
		verdict.Overhead: {
			over.quiet >= 0.30 && below.likely, over.low >= 0.30 && below.sure,
			over.high >= 0.30 && below.may,
		},
		verdict.Lock: {s.beyond && lock.quiet >= 0.25, s.beyond && lock.low >= 0.25 && agree, s.beyond && lock.high >= 0.25 && anyOf},
		verdict.IO:   {wanted.quiet <= 0.25 && leads(s.was), wanted.high <= 0.25 && every, wanted.low <= 0.25 && some},
		verdict.CPU:  cpu, verdict.Memory: {likely: cpu.likely}, verdict.Spin: {likely: cpu.likely},
	}
}

// certain checks how sure a verdict is said to be.
func (k *checker) certain(s *scene) {
	if s.v.Bound == verdict.Unclear {
		k.hold(s.v.Certainty == "", "%v: unclear is %s", s.at, s.v.Certainty)
		return
	}
	all := s.sureness(k)
	want := noise.Certain
	for _, b := range []verdict.Bound{verdict.Overhead, verdict.Lock, verdict.IO} {
		if b == s.v.Bound {
			break
		}
		if all[b].may {
			want = noise.Likely
		}
	}
	switch own := all[s.v.Bound]; {
	case !own.likely:
		want = noise.Hidden
	case !own.sure:
		want = noise.Likely
	}
	k.met["certainty of a bound "+string(want)]++
	k.hold(s.v.Certainty == want, "%v: %s is %s, not %s: %+v", s.at, s.v.Bound, s.v.Certainty, want, all)
	for i := range s.v.Evidence {
		e := &s.v.Evidence[i]
		if e.Range == nil {
			continue
		}
		limits := map[verdict.Kind][]float64{
			verdict.OverheadPart: {0.30}, "lock_share": {0.25}, verdict.BusyCores: {0.25 * usable(s.base), 0.75 * usable(s.base)},
		}[e.Kind]
		over := slices.ContainsFunc(limits, func(l float64) bool { return e.Range.Low < l && l <= e.Range.High })
		k.hold(over && want != noise.Certain && e.Range.Low <= e.Value && e.Value <= e.Range.High,
			"%v: %s is %v, of %+v, of a verdict that is %s", s.at, e.Kind, e.Value, e.Range, want)
	}
}
