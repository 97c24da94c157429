package statements_test

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A place is two times at one size, from the runs.
type place struct {
	size      int64
	ratio     float64 // of the medians
	low, high float64 // what is shown of it; NaN: not known beforehand
	base, own float64 // seconds; base is that of the work at own
	least     float64 // ratio that any two launches allow, with the noise of each
	most      float64
	noise     bool
}

// A sized is from which size on something is faster, and the times it rests on.
type sized struct {
	p      *sizes.Pays
	places []place
}

// crossing returns the sizes between which the ratio of the medians crosses 1 for the last time; 0 and +Inf where that
// is below and beyond what was measured.
func (x *sized) crossing(of func(place) float64, target float64) (below, above float64) {
	above = math.Inf(1)
	for _, p := range slices.Backward(x.places) {
		if of(p) <= target {
			return float64(p.size), above
		}
		above = float64(p.size)
	}
	return 0, above
}

func ofMedians(p place) float64 { return p.ratio }

// kindRules say what must be so of the runs where a kind of crossing is stated.
func kindRules() map[sizes.Kind]func(*checker, *sized) {
	none := func(k *checker, x *sized) {
		k.hold(x.p.Faster == 0 && len(x.places) > 1, "at no size: %d are shown", x.p.Faster)
		slower := int64(0)
		for _, p := range x.places {
			if !(p.high < 1) {
				k.hold(x.p.SlowerTo == slower || math.IsNaN(p.high), "slower up to %d, not %d", slower, x.p.SlowerTo)
				break
			}
			slower = p.size
		}
	}
	return map[sizes.Kind]func(*checker, *sized){
		"": func(k *checker, x *sized) { k.hold(len(x.places) < 2, "nothing said of %d sizes", len(x.places)) },
		sizes.From: func(k *checker, x *sized) {
			below, above := x.crossing(ofMedians, 1)
			k.hold(below <= x.p.Size*(1+1e-9) && x.p.Size <= above*(1+1e-9) && below > 0 && !math.IsInf(above, 1),
				"from %v, and it crosses between %v and %v", x.p.Size, below, above)
			k.hold(x.p.Low <= x.p.Size && x.p.Size <= x.p.High, "from %v, interval %v–%v", x.p.Size, x.p.Low, x.p.High)
			// No two launches cross earlier or later than the interval can.
			early, _ := x.crossing(func(p place) float64 { return p.most }, 1)
			_, late := x.crossing(func(p place) float64 { return p.least }, 1)
			k.hold(x.p.Low >= early*(1-1e-9) && x.p.High <= late*(1+1e-9), "interval %v–%v, and launches cross from %v to %v",
				x.p.Low, x.p.High, early, late)
			k.hold(x.p.Faster > 0 && float64(x.p.Shown) >= x.p.Size*(1-1e-9), "from %v, and it is shown at %d", x.p.Size, x.p.Shown)
			shownFrom(k, x)
			if b := x.p.Before; b > 0 {
				k.hold(float64(b) < x.p.Size && slices.ContainsFunc(x.places, func(p place) bool {
					return p.size > b && float64(p.size) <= x.p.Size && p.ratio <= 1
				}), "before %d, and nothing is slower between it and %v", b, x.p.Size)
			}
		},
		sizes.Always: func(k *checker, x *sized) {
			for _, p := range x.places {
				k.hold(p.ratio > 1 && !(p.low <= 1), "at every size, and %v at %d (from %v)", p.ratio, p.size, p.low)
			}
		},
		sizes.AtMost: func(k *checker, x *sized) {
			below, _ := x.crossing(ofMedians, 1)
			k.hold(below == 0 && 0 < x.p.Faster && x.p.Faster < len(x.places) && x.p.Shown > 0, "at most: below %v, %d of %d shown",
				below, x.p.Faster, len(x.places))
			shownFrom(k, x)
		},
		sizes.Until: func(k *checker, x *sized) {
			last := x.places[len(x.places)-1]
			k.hold(!(last.low > 1) && x.p.Faster > 0 && 0 < x.p.Shown && x.p.Shown < last.size, "until %d, and %v at %d", x.p.Shown,
				last.ratio, last.size)
			k.hold(math.IsNaN(last.high) || x.p.Turned == (last.high < 1), "slower at the largest: %v, up to %v", x.p.Turned, last.high)
		},
		sizes.None: none,
		sizes.Unsure: func(k *checker, x *sized) {
			none(k, x)
			last := x.places[len(x.places)-1]
			k.hold(last.noise && last.most >= 1.25, "too noisy, with at most %v at the largest size, noise %v", last.most, last.noise)
		},
	}
}

// shownFrom holds that every measured size from the one that is stated on is shown to be faster.
func shownFrom(k *checker, x *sized) {
	for _, p := range x.places {
		k.hold(p.size < x.p.Shown || !(p.low <= 1), "shown from %d on, and from %v at %d", x.p.Shown, p.low, p.size)
	}
}

// A needed is the size that a count needs, and the times it rests on.
type needed struct {
	n      *sizes.Need
	growth float64
	sized
}

// reached is the efficiency of p.
func (x *needed) reached(p place) float64 { return p.ratio / x.growth }

// residual is what the law leaves of the efficiencies, root mean square.
func (x *needed) residual() float64 {
	sum := 0.0
	for _, p := range x.places {
		law := x.n.Overhead.C + x.n.Overhead.Q*p.base
		if x.n.Overhead.Law == sizes.Power {
			law = x.n.Overhead.C * math.Pow(p.base, x.n.Overhead.Q)
		}
		r := (x.growth*p.own - p.base - law) / (x.growth * p.own)
		sum += r * r
	}
	return math.Sqrt(sum / float64(len(x.places)))
}

// needRules say what must be so of the runs where a size for an efficiency is stated.
func needRules() map[sizes.NeedKind]func(*checker, *needed) {
	missed := func(k *checker, x *needed) {
		last := x.places[len(x.places)-1]
		k.hold(x.reached(last) <= x.n.Efficiency && same(x.n.Reached, x.reached(last)), "the largest size has %v, not %v, of %v",
			x.reached(last), x.n.Reached, x.n.Efficiency)
	}
	fitted := func(k *checker, x *needed) {
		missed(k, x)
		k.hold(len(x.places) >= 3 && same(x.n.Overhead.Residual, x.residual()), "the law leaves %v, not %v, of %d sizes",
			x.residual(), x.n.Overhead.Residual, len(x.places))
	}
	followed := func(k *checker, x *needed) {
		fitted(k, x)
		k.hold(x.residual() <= 0.05, "the law leaves %v", x.residual())
	}
	return map[sizes.NeedKind]func(*checker, *needed){
		"": func(k *checker, x *needed) { k.hold(len(x.places) < 2, "no need of %d sizes", len(x.places)) },
		sizes.Measured: func(k *checker, x *needed) {
			below, above := x.crossing(x.reached, x.n.Efficiency)
			k.hold(below <= x.n.Size*(1+1e-9) && x.n.Size <= above*(1+1e-9) && below > 0, "needs %v, between %v and %v", x.n.Size,
				below, above)
			k.hold(x.n.Low <= x.n.Size && x.n.Size <= x.n.High, "needs %v, interval %v–%v", x.n.Size, x.n.Low, x.n.High)
		},
		sizes.Below: func(k *checker, x *needed) {
			below, _ := x.crossing(x.reached, x.n.Efficiency)
			k.hold(below == 0, "every size has it, and %v has not", below)
		},
		sizes.Extrapolated: func(k *checker, x *needed) {
			followed(k, x)
			k.hold(x.n.Size >= float64(x.n.Largest) && x.n.Size <= 100*float64(x.n.Largest), "%v, of %d measured", x.n.Size,
				x.n.Largest)
			k.hold(x.n.Low <= x.n.Size && x.n.Size <= x.n.High, "needs %v, interval %v–%v", x.n.Size, x.n.Low, x.n.High)
		},
		sizes.Far: func(k *checker, x *needed) {
			followed(k, x)
			k.hold(x.n.Low <= 100*float64(x.n.Largest), "at least %v, of %d measured", x.n.Low, x.n.Largest)
		},
		sizes.AsFast: followed,
		sizes.Lost: func(k *checker, x *needed) {
			missed(k, x)
			k.hold(slices.ContainsFunc(x.places, func(p place) bool { return p.low > x.n.Efficiency*x.growth }),
				"lost, and no size has it")
		},
		sizes.FewSizes: func(k *checker, x *needed) {
			missed(k, x)
			k.hold(len(x.places) < 3, "too few sizes: %d", len(x.places))
		},
		sizes.Flat: func(k *checker, x *needed) {
			missed(k, x)
			first, last := x.places[0], x.places[len(x.places)-1]
			k.hold(last.base < 10*first.base && len(x.places) >= 3, "flat, from %v to %v", first.base, last.base)
		},
		sizes.NoLaw: func(k *checker, x *needed) {
			fitted(k, x)
			k.hold(x.residual() > 0.05, "no law, and it leaves %v", x.residual())
		},
	}
}

// overheadRules say what must be so where a law is stated: that of the smaller residuals explains no less than a
// constant share of the work.
func overheadRules() map[sizes.LawName]func(*checker, *needed) {
	better := func(k *checker, x *needed) {
		var parts []float64
		for _, p := range x.places {
			parts = append(parts, (x.growth*p.own-p.base)/p.base)
		}
		slices.Sort(parts)
		constant := *x
		n := *x.n
		constant.n = &n
		n.Overhead = sizes.Overhead{Law: sizes.Fixed, Q: parts[len(parts)/2]}
		k.hold(x.residual() <= constant.residual()+1e-9, "the law leaves %v, a constant share %v", x.residual(),
			constant.residual())
	}
	return map[sizes.LawName]func(*checker, *needed){sizes.Power: better, sizes.Fixed: better}
}

// sizes checks what is said of the sizes of a workload.
func (k *checker) sizes(w *study.Workload) {
	for i := range w.Sizes {
		a := &w.Sizes[i]
		unit := words.WorkOf(a, w.Program.Unit)
		for j := range a.Lines {
			l := &a.Lines[j]
			if l.IsBase {
				continue
			}
			x := &sized{&l.Pays, k.linePlaces(w, l)}
			rule(k, kindRules(), l.Pays.Kind, x)
			need := &needed{&l.Need, float64(l.N) / float64(position(l.Sweep, l.Base)), *x}
			rule(k, needRules(), l.Need.Kind, need)
			if l.Need.Overhead.Points > 0 {
				rule(k, overheadRules(), l.Need.Overhead.Law, need)
			}
			k.sizeSaid(words.Pays(l, unit), sizeFigures(&l.Pays), l.Point, l.Base)
			n := &l.Need
			k.sizeSaid(words.NeedOf(l, unit), []float64{
				n.Size, n.Low, n.High, n.Most(), float64(n.Largest), float64(l.Pays.Smallest), n.Size / float64(n.Largest), n.Reached,
				n.Efficiency, n.Overhead.Residual, math.Abs(n.Overhead.C), math.Abs(n.Overhead.Q), 3, 100,
			}, l.Point, l.Base)
		}
		for j := range a.Versus {
			v := &a.Versus[j]
			rule(k, kindRules(), v.Pays.Kind, &sized{&v.Pays, k.versusPlaces(w, a, v)})
			k.sizeSaid(words.Overtakes(v, unit), append(sizeFigures(&v.Pays), float64(v.N)), v.Point)
		}
	}
}

// linePlaces are the times of a line and of its base at every size, from the runs of the curves.
func (k *checker) linePlaces(w *study.Workload, l *sizes.Line) []place {
	var out []place
	for i := range w.Curves {
		c := &w.Curves[i].Curve
		if c.Sweep.Mode != l.Sweep.Mode || c.Sweep.Series != l.Sweep.Series || c.Sweep.Scaling != l.Sweep.Scaling || c.Base < 0 {
			continue
		}
		for _, p := range c.Points {
			same := p.Point.Procs == l.Point.Procs && p.Point.Workers == l.Point.Workers && p.Point.Cores == l.Point.Cores
			if !same || p.Runs == 0 {
				continue
			}
			base := c.Points[0].Point
			x := k.timesAt(c.Sweep.Size, base, p.Point, grown(c.Sweep, base, p.Point), measured(c.Measure))
			x.low, x.high = k.interval(c, p.Point)
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b place) int { return int(a.size - b.size) })
	return out
}

// versusPlaces are the times of both modes at every size that both have.
func (k *checker) versusPlaces(w *study.Workload, a *sizes.Axis, v *sizes.Versus) []place {
	at := map[sweep.Mode]map[int64]sweep.Point{sweep.Threads: {}, sweep.Procs: {}}
	for i := range w.Curves {
		c := &w.Curves[i].Curve
		if at[c.Sweep.Mode] == nil || c.Sweep.Scaling != a.Scaling || c.Base < 0 {
			continue
		}
		for _, p := range c.Points {
			if p.N == v.N && p.Runs > 0 {
				at[c.Sweep.Mode][c.Sweep.Size] = p.Point
			}
		}
	}
	var out []place
	for size, slow := range at[v.Slower] {
		if fast, both := at[v.Faster][size]; both {
			x := k.timesAt(size, slow, fast, 1, measured(k.s.Measure))
			x.low, x.high = math.NaN(), math.NaN()
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b place) int { return int(a.size - b.size) })
	return out
}

// timesAt is the time of base, scaled, over that of p.
func (k *checker) timesAt(size int64, base, p sweep.Point, scale float64, of func(*sweep.Result) sweep.Seconds) place {
	b, r := k.runs(base), k.runs(p)
	x := place{size: size, base: scale * median(b.timed, of), own: median(r.timed, of)}
	x.ratio = x.base / x.own
	l, m := k.quietest(b, r, of)
	from, to := k.quietPart(b, of), k.quietPart(r, of)
	least, most := math.Inf(1), 0.0
	for _, t := range b.timed {
		for _, u := range r.timed {
			v := of(t).Float() / of(u).Float()
			least, most = min(least, v), max(most, v)
		}
	}
	x.least, x.most = min(least, l)*scale, max(most, m)*scale
	x.noise = from*to < 1/1.1
	return x
}

// sizeFigures are the figures of a crossing.
func sizeFigures(p *sizes.Pays) []float64 {
	return []float64{
		p.Size, p.Low, p.High, float64(p.Smallest), float64(p.Largest), float64(p.Shown), float64(p.Before),
		float64(p.SlowerTo),
	}
}

// sizeSaid checks that every number of a sentence on sizes is a figure of its fact, rounded to two digits at most, or
// a count of a point.
func (k *checker) sizeSaid(text string, stated []float64, points ...sweep.Point) {
	stated = append(stated, counts(points...)...)
	number := regexp.MustCompile(`(\d+(?:\.\d+)?)(?:–(\d+(?:\.\d+)?))?[ \x{a0}]?(trillion|billion|million|%|ns\b|µs\b|ms\b|s\b)?`)
	plain := regexp.MustCompile(`(\d),(\d{3})`)
	for plain.MatchString(text) {
		text = plain.ReplaceAllString(text, "$1$2")
	}
	scale := map[string]float64{
		"": 1, "trillion": 1e12, "billion": 1e9, "million": 1e6, "%": 0.01, "ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1,
	}
	for _, t := range number.FindAllStringSubmatch(text, -1) {
		for _, digits := range t[1:3] {
			if digits == "" {
				continue
			}
			v, err := strconv.ParseFloat(digits, 64)
			k.hold(err == nil, "%q: %v", text, err)
			v *= scale[t[3]]
			k.hold(slices.ContainsFunc(stated, func(s float64) bool {
				return s == v || math.Abs(s-v) <= 0.0505*math.Abs(v) || math.Abs(s-v) <= 0.0051 && !strings.Contains(t[3], "illion")
			}), "%q states %s %s, which is none of %v", text, digits, t[3], stated)
		}
	}
	k.hold(!strings.Contains(text, "NaN") && !strings.Contains(text, "Inf") && !strings.Contains(text, "%!"), "%q", text)
}
