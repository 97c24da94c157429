package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A count is what was measured at n, as laws see it.
type count struct {
	n, rate  float64 // of the median launch
	launches int
	square   float64 // of the launches' rates about their mean, relative to it
	fitted   bool
}

// A fitted is the laws of a curve with the counts that they were fitted to.
type fitted struct {
	r      *law.Result
	m      *law.Model // the one to check
	note   law.Note   // the one to check
	counts []count
	weak   bool
	cores  float64 // beyond which nothing was fitted; 0: no limit
}

// within are the counts that were fitted.
func (f *fitted) within() []count {
	return slices.DeleteFunc(slices.Clone(f.counts), func(c count) bool { return !c.fitted })
}

// fitted measures the counts of c by themselves.
func (k *checker) fitted(c *study.Curve) *fitted {
	f := &fitted{r: c.Laws, weak: grown(c.Sweep, c.Points[0].Point, c.Points[len(c.Points)-1].Point) > 1}
	if c.Verdict.Bound != "io-bound" {
		f.cores = float64(len(k.in.Header.Host.CPUs))
		if q := k.in.Header.Host.QuotaCores; q > 0 {
			f.cores = min(f.cores, max(1, q))
		}
		if p := c.Points[0]; c.Sweep.Mode != sweep.Cores {
			f.cores /= max(1, float64(p.Point.Procs*p.Point.Workers)/float64(p.N))
		}
	}
	for _, p := range c.Points {
		timed := k.runs(p.Point).timed
		if len(timed) == 0 {
			continue
		}
		n := count{n: float64(p.N), rate: 1 / median(timed, measured(c.Measure)), launches: len(timed)}
		of, mean := measured(c.Measure), 0.0
		for _, r := range timed {
			mean += 1 / of(r).Float() / float64(len(timed))
		}
		for _, r := range timed {
			n.square += (1/of(r).Float()/mean - 1) * (1/of(r).Float()/mean - 1)
		}
		n.fitted = f.cores == 0 || n.n <= f.cores
		if f.weak {
			n.rate *= n.n
		}
		f.counts = append(f.counts, n)
	}
	return f
}

// laws checks the laws of c, why one is named, and what is noted.
func (k *checker) laws(f *fitted) {
	for i := range f.r.Models {
		f.m = &f.r.Models[i]
		rule(k, modelRules(), f.m.Name, f)
		rule(k, methodRules(), f.m.Method, f)
	}
	rule(k, choiceRules(), f.r.Choice.Kind, f)
	for _, n := range f.r.Notes {
		f.note = n
		rule(k, noteRules(), n.Kind, f)
	}
}

// rate is what a law gives at n.
func rate(m *law.Model, n float64) float64 {
	g, a, b := m.Param("gamma").Value, m.Param("alpha").Value, m.Param("beta").Value
	switch m.Name {
	case law.Gustafson:
		return g * (n - a*(n-1))
	case law.Amdahl:
		return g * n / (1 + a*(n-1))
	default:
		return g * n / (1 + a*(n-1) + b*n*(n-1))
	}
}

// aicc is Akaike's criterion for small samples; NaN: there are too few counts.
func (f *fitted) aicc(m *law.Model) float64 {
	// The variance of a count's datum but for a factor: a launch's relative one, shrunk towards that of all by eight
	// launches, over the launches, times the square of the rate.
	all, degrees := 0.0, 0
	for _, c := range f.within() {
		all, degrees = all+c.square, degrees+c.launches-1
	}
	var rss, logs float64
	for _, c := range f.within() {
		v := 1.0
		if all > 1e-18*float64(degrees) {
			v = (8 + c.square*float64(degrees)/all) / float64(7+c.launches)
		}
		v *= c.rate * c.rate / float64(c.launches)
		rss += (c.rate - rate(m, c.n)) * (c.rate - rate(m, c.n)) / v
		logs += math.Log(v)
	}
	n, p := float64(len(f.within())), float64(len(m.Params))
	if n < p+2 {
		return math.NaN()
	}
	return n*math.Log(rss/n) + logs + 2*p + 2*p*(p+1)/(n-p-1)
}

// modelRules: what follows from the parameters of a law.
func modelRules() map[law.Name]func(*checker, *fitted) {
	any := func(k *checker, f *fitted) {
		m := f.m
		last := 0.0
		for _, c := range f.within() {
			last = max(last, c.n)
			k.hold(same(m.At(c.n), rate(m, c.n)), "%s gives %v at %v, not %v", m.Name, rate(m, c.n), c.n, m.At(c.n))
		}
		k.hold(math.IsNaN(m.AICc) == math.IsNaN(f.aicc(m)), "%s: AICc %v of %d counts", m.Name, m.AICc, len(f.within()))
		a, b := m.Param("alpha"), m.Param("beta")
		k.hold(a.Value >= 0 && !(b.Value < 0), "%s: alpha %v, beta %v", m.Name, a.Value, b.Value)
		if p := m.Peak; p != nil {
			far := rate(m, p.N)
			k.hold(far >= rate(m, p.N*1.01)*(1-1e-9) && (p.N == 1 || far >= rate(m, p.N*0.99)*(1-1e-9)),
				"%s: %v at %v is no peak", m.Name, far, p.N)
			k.hold(same(p.Throughput, far) && p.Supported == (b.Low > 0) && p.Extrapolated == (p.N > last),
				"%s: peak %+v, beta %+v", m.Name, p, b)
		}
		if l := m.Limit; !math.IsNaN(l) {
			k.hold(math.Abs(rate(m, 1e9)/l-1) < 1e-3 || a.Value < 1e-5, "%s: the limit is %v, not %v", m.Name,
				rate(m, 1e9), l)
		}
	}
	return map[law.Name]func(*checker, *fitted){
		law.Amdahl: func(k *checker, f *fitted) { any(k, f); k.hold(!f.weak, "Amdahl's law of work that grows") },
		law.Gustafson: func(k *checker, f *fitted) {
			any(k, f)
			k.hold(f.weak, "Gustafson's law of work that does not grow")
		},
		law.USL: any,
	}
}

// methodRules: what an interval of a parameter may rest on.
func methodRules() map[law.Method]func(*checker, *fitted) {
	few := func(f *fitted) bool {
		return slices.ContainsFunc(f.within(), func(c count) bool { return c.launches < 5 })
	}
	intervals := func(k *checker, f *fitted) {
		for _, p := range f.m.Params {
			k.hold(!(p.Low > p.High), "%s: %+v", f.m.Name, p)
			k.hold(!p.OneSided || p.Value == p.Low || p.Value == p.High, "%s: one-sided, and off its bound: %+v",
				f.m.Name, p)
		}
	}
	return map[law.Method]func(*checker, *fitted){
		law.Bootstrap: func(k *checker, f *fitted) {
			k.hold(!few(f), "%s: resampled, with %+v", f.m.Name, f.within())
			intervals(k, f)
		},
		law.Wald: func(k *checker, f *fitted) {
			k.hold(few(f) && len(f.within()) > len(f.m.Params), "%s: residuals of %+v", f.m.Name, f.within())
			intervals(k, f)
		},
		law.NoMethod: func(k *checker, f *fitted) {
			for _, p := range f.m.Params {
				k.hold(math.IsNaN(p.Low) && math.IsNaN(p.High), "%s: %+v by no method", f.m.Name, p)
			}
		},
	}
}

// choiceRules: why a law is named.
func choiceRules() map[law.ChoiceKind]func(*checker, *fitted) {
	known := func(f *fitted) (best, second *law.Model) {
		for i := range f.r.Models {
			switch m := &f.r.Models[i]; {
			case math.IsNaN(f.aicc(m)):
			case best == nil || m.AICc < best.AICc:
				best, second = m, best
			case second == nil || m.AICc < second.AICc:
				second = m
			}
		}
		return best, second
	}
	return map[law.ChoiceKind]func(*checker, *fitted){
		law.Unnamed: func(k *checker, f *fitted) {
			best, _ := known(f)
			c := f.r.Choice
			k.hold(best == nil && f.r.Best == law.None && c.Counts == len(f.within()) && c.Counts < c.Needed,
				"no law is named: %+v of %+v", c, f.within())
		},
		law.Asked: func(k *checker, f *fitted) {
			k.hold(len(f.r.Models) == 1 && f.r.Best == f.r.Choice.Law, "asked for %s of %d", f.r.Choice.Law,
				len(f.r.Models))
		},
		law.Alone: func(k *checker, f *fitted) {
			best, second := known(f)
			k.hold(best != nil && second == nil && f.r.Best == best.Name && f.r.Choice.Law == best.Name, "%s alone",
				f.r.Best)
		},
		law.Preferred: func(k *checker, f *fitted) {
			best, second := known(f)
			c := f.r.Choice
			if second == nil {
				k.hold(false, "%s is preferred to nothing", f.r.Best)
				return
			}
			k.hold(f.r.Best == best.Name && c.Law == best.Name && c.Rival == second.Name && c.By >= 0,
				"%s is preferred: %+v", f.r.Best, c)
			if best.RSS > 1e-15*best.At(1)*best.At(1) { // below, the residuals are those of arithmetic
				k.hold(math.Abs(f.aicc(second)-f.aicc(best)-c.By) < 1e-3, "%s is preferred by %v, not %v", f.r.Best,
					f.aicc(second)-f.aicc(best), c.By)
			}
		},
	}
}

// noteRules: what must be so where something is noted of the fits.
func noteRules() map[law.NoteKind]func(*checker, *fitted) {
	named := func(f *fitted) *law.Model { return f.r.Model(f.note.Law) }
	least := func(f *fitted) float64 { // the throughput at n = 1
		for _, c := range f.counts {
			if c.n == 1 {
				return c.rate
			}
		}
		return math.NaN()
	}
	return map[law.NoteKind]func(*checker, *fitted){
		law.BeyondCores: func(k *checker, f *fitted) {
			var beyond []float64
			for _, c := range f.counts {
				if c.n > f.cores {
					beyond = append(beyond, c.n)
				}
			}
			k.hold(slices.Equal(beyond, f.note.N) && f.note.Value == f.cores && f.cores > 0,
				"%v are beyond %v cores, not %v", beyond, f.cores, f.note.N)
		},
		law.NoBase: func(k *checker, f *fitted) { k.hold(math.IsNaN(least(f)), "n = 1 was measured") },
		law.FewCounts: func(k *checker, f *fitted) {
			k.hold(f.note.Count == len(f.within()) && f.note.Count < f.note.Needed && named(f) == nil, "%+v of %d",
				f.note, len(f.within()))
		},
		law.NotAtRest: func(k *checker, f *fitted) { k.hold(!named(f).Accurate, "%s came to rest", f.note.Law) },
		law.OnResiduals: func(k *checker, f *fitted) {
			k.hold(slices.ContainsFunc(f.within(), func(c count) bool {
				return c.launches < 5
			}), "%+v have launches enough", f.within())
			most := slices.MaxFunc(f.within(), func(a, b count) int { return a.launches - b.launches })
			k.hold(f.note.Count == most.launches && f.note.Needed == curve.MinLaunches, "%+v of %+v", f.note,
				f.within())
		},
		law.Lacking: func(k *checker, f *fitted) {
			l := f.note.Lack
			k.hold(f.note.Law == f.r.Best && l.P < 0.01 && l.F > 1 && l.Law == len(f.within())-len(named(f).Params),
				"%+v: %+v", f.note, l)
		},
		law.Falling: func(k *checker, f *fitted) {
			falls := false
			for i, c := range f.within() {
				falls = falls || i > 0 && c.rate < f.within()[i-1].rate
			}
			k.hold(falls && named(f).Param("alpha").Value >= 1, "throughput does not fall: %+v", f.within())
		},
		law.OffBase: func(k *checker, f *fitted) {
			off := least(f)/rate(named(f), 1) - 1
			k.hold(same(off, f.note.Value) && math.Abs(off) > 0.05, "n = 1 is off by %v, not %v", off, f.note.Value)
		},
		law.Superlinear: func(k *checker, f *fitted) {
			most := 0.0
			for _, c := range f.within() {
				if slices.Contains(f.note.N, c.n) {
					e := c.rate / least(f) / c.n
					k.hold(e > 1.02, "%v workers do %v times the work each", c.n, e)
					most = max(most, e)
				}
			}
			k.hold(same(most, f.note.Value), "up to %v, not %v", most, f.note.Value)
		},
		law.TakenAsWeak: func(k *checker, f *fitted) {
			k.hold(f.note.Law == law.Gustafson, "%s is taken to be for weak scaling", f.note.Law)
		},
	}
}
