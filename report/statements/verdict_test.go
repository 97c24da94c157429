package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A scene is a curve with what a verdict on it may rest on, from the runs alone.
type scene struct {
	c       *study.Curve
	v       *verdict.Verdict
	e       *verdict.Evidence  // the one to check
	base    sweep.Point        // zero: not measured
	at      sweep.Point        // the judged point; the base if there is no other
	beyond  bool               // there is a judged point besides the base
	b, p    raw                // their runs
	was, is map[string]float64 // where their workers' time was lost, by group; nil: not known
	bc, pc  map[cause.Cause]float64
}

// scene finds the judged point: the largest measured count without more workers (or cores) than the machine has cores
// or, failing that, the next.
func (k *checker) scene(c *study.Curve) scene {
	s := scene{c: c, v: &c.Verdict}
	if len(c.Points) == 0 || len(k.runs(c.Points[0].Point).timed) == 0 {
		return s
	}
	s.base, s.at = c.Points[0].Point, c.Points[0].Point
	cores := len(k.in.Header.Host.CPUs)
	for _, p := range c.Points[1:] {
		n := p.Point.Procs * p.Point.Workers
		if c.Sweep.Mode == sweep.Cores {
			n = p.Point.Cores
		}
		if len(k.runs(p.Point).timed) > 0 && (n <= cores || !s.beyond) {
			s.at, s.beyond = p.Point, true
		}
	}
	s.b, s.p = k.runs(s.base), k.runs(s.at)
	s.was, s.bc = k.load(s.base)
	if s.beyond {
		s.is, s.pc = k.load(s.at)
	}
	return s
}

// kinds is where the time of each cause is lost; empty: it is work.
func kinds() map[cause.Cause]string {
	return map[cause.Cause]string{
		cause.User: "", cause.Syscall: "", cause.Runtime: "", cause.Tracer: "", cause.Untraced: "", cause.WorkInflation: "",
		cause.GCDedicated: "gc", cause.GCIdle: "gc", cause.GCAssist: "gc", cause.GCSweep: "gc", cause.GCSTW: "gc",
		cause.Mutex: "lock", cause.RWMutex: "lock", cause.Futex: "lock",
		cause.ChanSend: "channel", cause.ChanRecv: "channel", cause.Select: "channel",
		cause.Join: "join", cause.Cond: "condition", cause.Serial: "serial", cause.Idle: "idle", cause.Dispatch: "dispatch",
		cause.Sleep: "sleep", cause.Net: "network", cause.IO: "io", cause.BlockSyscall: "syscall",
		cause.SchedLatency: "ready", cause.Preempted: "ready", cause.Startup: "overhead", cause.Teardown: "overhead",
		cause.Unknown: "unknown", cause.NotExplained: "unknown",
	}
}

// ledger reports whether a traced run of p left a ledger, whatever it tells.
func (k *checker) ledger(p sweep.Point) bool {
	return slices.ContainsFunc(k.runs(p).traced, func(r *sweep.Result) bool { return k.in.Explained[r.Run].Ledger != nil })
}

// load is the part of the workers' time, between release and end, that is lost to each group, and that of each cause,
// on average of the traced runs of p; nil if that is not known of all of them.
func (k *checker) load(p sweep.Point) (groups map[string]float64, causes map[cause.Cause]float64) {
	groups, causes = map[string]float64{}, map[cause.Cause]float64{}
	n := 0.0
	for _, r := range k.runs(p).traced {
		if k.in.Explained[r.Run].Ledger != nil {
			n++
		}
	}
	for _, r := range k.runs(p).traced {
		if k.in.Explained[r.Run].Ledger == nil {
			continue
		}
		of := k.loadOf(r)
		if of == nil {
			return nil, nil
		}
		for c, t := range of {
			causes[c] += t / n
			if g := kinds()[c]; g != "" {
				groups[g] += t / n
			}
		}
	}
	if n == 0 {
		return nil, nil
	}
	return groups, causes
}

// loadOf is the part of the workers' time, between release and end, of each cause in a run; nil: it is not known.
func (k *checker) loadOf(r *sweep.Result) map[cause.Cause]float64 {
	l := k.in.Explained[r.Run].Ledger
	if l == nil || len(l.Workers) != r.Point.Procs*r.Point.Workers {
		return nil
	}
	all, of := 0.0, map[cause.Cause]float64{}
	a, _ := stack.OfWorkers(r, l)
	for _, q := range a.Parts {
		if !q.Outside && q.Cause != cause.Startup && q.Cause != cause.Teardown {
			all += float64(q.Time)
			of[q.Cause] += float64(q.Time)
		}
	}
	if all == 0 {
		return nil
	}
	for c := range of {
		of[c] /= all
	}
	return of
}

// waits are the groups that have an end outside the program.
func waits() []string { return []string{"sleep", "network", "io", "syscall", "channel"} }

func sum(of map[string]float64, groups []string) float64 {
	var s float64
	for _, g := range groups {
		s += of[g]
	}
	return s
}

// grown is by how much the share of a group has grown, and by how much that of any other has at most.
func (s *scene) grown(g string) (by, others float64) {
	for _, other := range kinds() {
		if d := s.is[other] - s.was[other]; other == g {
			by = d
		} else if other != "" && other != "overhead" && other != "idle" { // idle is no loss
			others = max(others, d)
		}
	}
	return by, others
}

// overhead is the time for starting, dispatching and finishing at the judged point, and its share.
func (s *scene) overhead() (time, share float64) {
	of := measured(s.c.Measure)
	start := median(s.p.timed, startup)
	time = max(0, median(s.p.timed, coordinator)-start)
	if s.c.Measure == curve.Total {
		time += start + median(s.p.timed, teardown)
	}
	return time, time / median(s.p.timed, of)
}

func coordinator(r *sweep.Result) sweep.Seconds {
	var sum sweep.Seconds
	for _, p := range r.Processes {
		if p.Role == sweep.Coordinator {
			sum += p.User + p.Sys
		}
	}
	return sum
}

// speedup is how many times as fast a point is as the base.
func (s *scene) speedup(k *checker, p sweep.Point) float64 {
	of := measured(s.c.Measure)
	return grown(s.c.Sweep, s.base, p) * median(s.b.timed, of) / median(k.runs(p).timed, of)
}

// can is what the machine, or else the cores, allow a point.
func (s *scene) can(k *checker, p sweep.Point) float64 {
	if m := k.machine(p, s.base); !math.IsNaN(m) {
		return m
	}
	return usable(p) / usable(s.base)
}

// wanted is the part of the base's usable cores that was busy or missed; NaN: no CPU time is known.
func (s *scene) wanted() float64 {
	used := median(s.b.timed, cpu)
	if used == 0 {
		return math.NaN()
	}
	return min(1, (used+median(s.b.timed, queued))/median(s.b.timed, total)/usable(s.base))
}

// inflation is how much more CPU time, in all and of the user alone, a unit of work takes at the judged point, besides
// what the machine explains.
func (s *scene) inflation(k *checker) (all, user, machine float64) {
	if !s.beyond {
		return math.NaN(), math.NaN(), math.NaN()
	}
	machine = max(1, usable(s.at)/usable(s.base)/s.can(k, s.at))
	units := float64(s.at.Size) / float64(s.base.Size) * machine
	c, d := median(s.b.timed, cpu), median(s.p.timed, cpu)
	u, v := c-median(s.b.timed, system), d-median(s.p.timed, system)
	if u <= 0 {
		return math.NaN(), math.NaN(), machine
	}
	return d / c / units, v / u / units, machine
}

// holds are the rules of the bounds; that of a bound counts if none before it holds.
func (s *scene) holds(k *checker) map[verdict.Bound]bool {
	_, share := s.overhead()
	lock, others := s.grown("lock")
	wanted := s.wanted()
	largest := 0.0
	for g, x := range s.was {
		if !slices.Contains(waits(), g) && g != "overhead" && g != "idle" {
			largest = max(largest, x)
		}
	}
	all, user, _ := s.inflation(k)
	busy := median(s.p.timed, cpu) / median(s.p.timed, total)
	return map[verdict.Bound]bool{
		verdict.Overhead: share >= 0.30 && (!s.beyond || s.speedup(k, s.at) < 0.75*s.can(k, s.at)),
		verdict.Lock:     s.beyond && s.is["lock"] >= 0.25 && lock >= others && lock > 0,
		verdict.IO:       wanted <= 0.25 && largest <= sum(s.was, waits())*(1+1e-12),
		verdict.Spin:     false, // only profiles show new functions
		verdict.Memory:   wanted >= 0.75 && all >= 1.25 && user >= 1.25 && busy >= 0.75*usable(s.at),
		verdict.CPU:      wanted >= 0.75,
	}
}

// boundRules: what must be so where a bound is stated. The order is that in which they go before each other.
func boundRules() map[verdict.Bound]func(*checker, *scene) {
	order := []verdict.Bound{verdict.Overhead, verdict.Lock, verdict.IO, verdict.Spin, verdict.Memory, verdict.CPU}
	first := map[verdict.Bound][]verdict.Kind{ // what decided comes first
		verdict.Overhead: {verdict.OverheadPart},
		verdict.Lock:     {"lock_share"},
		verdict.IO:       {verdict.BusyCores},
		verdict.Memory:   {verdict.CPUInflation},
		verdict.Spin:     {verdict.CPUInflation},
		verdict.CPU:      {verdict.BusyCores},
	}
	rules := map[verdict.Bound]func(*checker, *scene){
		verdict.Unclear: func(k *checker, s *scene) {
			if s.base == (sweep.Point{}) {
				k.hold(len(s.v.Evidence) == 1 && s.v.Evidence[0].Kind == verdict.BaseRuns,
					"evidence without a base: %+v", s.v.Evidence)
				return
			}
			for b, is := range s.holds(k) {
				k.hold(!is, "%v: unclear, though %s", s.base, b)
			}
		},
	}
	for i, b := range order {
		rules[b] = func(k *checker, s *scene) {
			holds := s.holds(k)
			k.hold(holds[b], "%v: %s, though it does not hold", s.at, b)
			for _, other := range order[:i] {
				k.hold(!holds[other], "%v: %s, though %s goes before it", s.at, b, other)
			}
			k.hold(len(s.v.Evidence) > 0 && slices.Contains(first[b], s.v.Evidence[0].Kind),
				"%v: %s rests first on %+v", s.at, b, s.v.Evidence)
		}
	}
	return rules
}

// verdict checks the bound of c and each figure that it rests on.
func (k *checker) verdict(c *study.Curve) {
	s := k.scene(c)
	rule(k, boundRules(), s.v.Bound, &s)
	k.certain(&s)
	used := median(s.p.timed, cpu)
	busy := min(1, (used+median(s.p.timed, queued))/median(s.p.timed, total)/usable(s.at))
	k.hold(s.v.BaseOnly == (s.v.Bound == verdict.CPU && used > 0 && busy < 0.75), "%v: CPU-bound at the base only: %v, "+
		"with %v of the cores wanted", s.at, s.v.BaseOnly, busy)
	for i := range s.v.Evidence {
		s.e = &s.v.Evidence[i]
		k.hold(!math.IsNaN(s.e.Value) && !math.IsInf(s.e.Value, 0), "%v: evidence %+v", s.at, s.e)
		kind := s.e.Kind
		if _, is := evidenceRules()[kind]; !is { // the share of a group, which bears its name
			k.share(&s)
			continue
		}
		rule(k, evidenceRules(), kind, &s)
	}
}

// share checks the part of the workers' time that is lost to a group: it is the one that has grown most, and most of it
// is the causes named.
func (k *checker) share(s *scene) {
	var g string
	for _, name := range kinds() {
		if name != "" && string(s.e.Kind) == name+"_share" {
			g = name
		}
	}
	if g == "" {
		k.hold(false, "evidence %q has no rule", s.e.Kind)
		return
	}
	k.met["share"]++
	k.hold(same(s.e.Value, s.is[g]), "%v: %s is %v, not %v", s.at, s.e.Kind, s.is[g], s.e.Value)
	before := s.was[g]
	if s.was == nil {
		before = math.NaN()
	}
	k.hold(same(s.e.Beside, before), "%v: %s was %v, not %v", s.at, s.e.Kind, before, s.e.Beside)
	by, others := s.grown(g)
	k.hold(by >= others-1e-12, "%v: %s is named, and another group has grown more: %v, %v", s.at, g, by, others)
	k.causes(s.e.Causes, s.pc, s.is[g])
}

// causes checks that those named are the largest of what they make up, and most of it.
func (k *checker) causes(named []cause.Cause, of map[cause.Cause]float64, all float64) {
	var sum float64
	last := math.Inf(1)
	for _, c := range named {
		k.hold(of[c] > 0 && of[c] <= last, "%s is named behind a smaller one: %v", c, named)
		last = of[c]
		sum += of[c]
	}
	k.hold(sum <= all+1e-9 && sum >= 0.5*all, "%v make up %v of %v", named, sum, all)
}

// evidenceRules: what each figure must be.
func evidenceRules() map[verdict.Kind]func(*checker, *scene) {
	busy := func(k *checker, s *scene, p sweep.Point, r raw) {
		value := median(r.timed, cpu) / median(r.timed, total)
		k.hold(s.e.Point == p && same(s.e.Value, value) && s.e.Beside == usable(p), "%v: %v of %v cores busy, not %v",
			p, s.e.Value, s.e.Beside, value)
	}
	return map[verdict.Kind]func(*checker, *scene){
		verdict.BaseRuns: func(k *checker, s *scene) {
			k.hold(s.base == sweep.Point{} && s.e.Value == 0, "the base is said not to have been measured")
		},
		verdict.BusyCores:   func(k *checker, s *scene) { busy(k, s, s.base, s.b) },
		verdict.BusyCoresAt: func(k *checker, s *scene) { busy(k, s, s.at, s.p) },
		verdict.MissedCores: func(k *checker, s *scene) {
			time := median(s.b.timed, queued)
			k.hold(s.e.Point == s.base && same(s.e.Beside, time) && same(s.e.Value, time/median(s.b.timed, total)),
				"%v: missed cores %+v", s.base, s.e)
		},
		verdict.FreshShare: func(k *checker, s *scene) {
			k.hold(s.e.Point == s.at && s.v.Bound == verdict.Spin, "%v: new functions %+v", s.at, s.e)
		},
		verdict.Speedup: func(k *checker, s *scene) {
			k.hold(s.e.Point == s.at && s.e.Base == s.base && same(s.e.Value, s.speedup(k, s.at)), "%v: speedup %+v",
				s.at, s.e)
		},
		verdict.CeilingShare: func(k *checker, s *scene) {
			m := k.machine(s.at, s.base)
			k.hold(same(s.e.Beside, m) && same(s.e.Value, s.speedup(k, s.at)/m),
				"%v: share of the ceiling %v, which is %v, not %v", s.at, s.e.Value, s.e.Beside, m)
			k.hold(!k.noisyCeiling(), "%v: held against a ceiling whose runs were noisy", s.at)
		},
		verdict.OverheadPart: func(k *checker, s *scene) {
			time, share := s.overhead()
			k.hold(same(s.e.Value, share) && same(s.e.Beside, time) && s.e.WorkOnly == (s.c.Measure == curve.Work),
				"%v: overhead %+v", s.at, s.e)
		},
		verdict.WaitingShare: func(k *checker, s *scene) {
			all := sum(s.was, waits())
			k.hold(same(s.e.Value, all), "%v: waiting %v, not %v", s.base, s.e.Value, all)
			k.causes(s.e.Causes, s.bc, all)
		},
		verdict.NotTraced: func(k *checker, s *scene) {
			k.hold(s.was == nil && !k.ledger(s.base), "%v: said not to be traced", s.base)
			k.hold(s.e.Point != sweep.Point{} || s.is == nil && !k.ledger(s.at), "%v: said not to be traced", s.at)
		},
		verdict.NotTold: func(k *checker, s *scene) {
			k.hold(s.was == nil, "%v: said not to tell the workers apart", s.base)
			if s.e.Point != (sweep.Point{}) {
				k.hold(k.ledger(s.base), "%v: said to be traced", s.base)
				return
			}
			k.hold(s.is == nil && (k.ledger(s.base) || k.ledger(s.at)), "%v: said to be traced", s.at)
		},
		verdict.BeyondCores: func(k *checker, s *scene) {
			p := s.e.Point
			k.hold(same(s.e.Value, s.speedup(k, p)), "%v: speedup %v", p, s.e.Value)
			low, _ := k.interval(&s.c.Curve, p)
			k.hold(low > usable(p)/usable(s.base), "%v: more than cores could give, though the interval begins at %v",
				p, low)
		},
		verdict.CPUInflation: func(k *checker, s *scene) {
			all, _, machine := s.inflation(k)
			if math.IsNaN(k.machine(s.at, s.base)) {
				machine = math.NaN()
			}
			k.hold(same(s.e.Value, all) && same(s.e.Beside, machine), "%v: inflation %v besides %v, not %v besides %v",
				s.at, s.e.Value, s.e.Beside, all, machine)
		},
		verdict.SystemShare: func(k *checker, s *scene) {
			k.hold(same(s.e.Value, median(s.b.timed, system)/median(s.b.timed, cpu)), "%v: system %v", s.base,
				s.e.Value)
		},
	}
}

// interval is the stated interval of a point's speedup; the base is one by definition.
func (k *checker) interval(c *curve.Curve, p sweep.Point) (low, high float64) {
	for i := range c.Points {
		q := &c.Points[i]
		switch {
		case q.Point != p:
		case i == 0:
			return 1, 1
		case q.Interval != nil:
			return q.Interval.Low, q.Interval.High
		}
	}
	return math.NaN(), math.NaN()
}
