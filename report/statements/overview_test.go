package statements_test

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// overview checks how the workloads stand beside each other.
func (k *checker) overview() {
	o := k.s.Overview
	if o == nil {
		k.hold(len(k.s.Workloads) < 2, "%d workloads without an overview", len(k.s.Workloads))
		return
	}
	k.hold(len(o.Rows) == len(k.s.Workloads), "%d rows of %d workloads", len(o.Rows), len(k.s.Workloads))
	seen := map[int]bool{}
	for i := range o.Rows {
		r := &o.Rows[i]
		k.hold(!seen[r.Workload], "workload %d stands there twice", r.Workload)
		seen[r.Workload] = true
		k.row(r)
		if i > 0 {
			before := o.Rows[i-1].Lost.Value
			k.hold(math.IsNaN(r.Lost.Value) || before >= r.Lost.Value, "%v is lost, after %v", r.Lost.Value, before)
		}
	}
	rule(k, lostRules(), o.Most.Certainty, o)
	for i := range o.Means {
		rule(k, meanRules(), o.Means[i].Absence, &o.Means[i])
		k.alikeOf(&o.Means[i])
	}
	k.counted(words.Faster(o))
	k.order()
}

// order checks that of those that get faster one is said to do so most, or least, if its interval is apart from all
// others.
func (k *checker) order() {
	o := k.s.Overview
	type gain struct{ is, low, high float64 }
	var all []gain
	for i := range o.Rows {
		r := &o.Rows[i]
		if r.Kind() != verdict.Rises {
			continue
		}
		g := gain{r.Headline.Best.Gain, math.NaN(), math.NaN()}
		c := &k.s.Workloads[r.Workload].Curves[r.Curve]
		for _, p := range c.Points {
			if p.Point == r.Headline.Best.Point && p.Speedup == g.is {
				g.low, g.high = k.interval(&c.Curve, p.Point)
			}
		}
		all = append(all, g)
	}
	most, least := len(all) > 1, len(all) > 1
	if len(all) > 1 {
		top := slices.MaxFunc(all, func(a, b gain) int { return cmp.Compare(a.is, b.is) })
		foot := slices.MinFunc(all, func(a, b gain) int { return cmp.Compare(a.is, b.is) })
		above, below := 0, 0
		for _, g := range all {
			if top.low > g.high {
				above++
			}
			if foot.high < g.low {
				below++
			}
		}
		most, least = above == len(all)-1, below == len(all)-1
	}
	k.hold(o.Order == overview.Order{Most: most, Least: least}, "%+v of %+v", o.Order, all)
	said := words.Faster(o)
	k.hold(most || !strings.Contains(said, ", most "), "%q, and the intervals meet: %+v", said, all)
	k.hold(least || !strings.Contains(said, "least "+o.Rows[0].Headline.Workload+","), "%q, and the intervals meet: %+v", said, all)
}

// counted checks that a sentence on all workloads says of how many each outcome is, and that these add up to all.
func (k *checker) counted(said string) {
	o, sum := k.s.Overview, 0
	for of, text := range map[overview.Outcome]string{
		overview.CannotFollow: "follow the count", overview.Slower: "slower", overview.NoChange: "no change is shown", overview.TooNoisy: "too noisy to tell",
		overview.OneCount: "at one count only", overview.NoBase: "not measured", overview.Faster: "",
	} {
		n := 0
		for i := range o.Rows {
			if o.Rows[i].Outcome() == of {
				n++
			}
		}
		sum += n
		k.hold(n == o.Count(of), "%d of %q, not %d", n, of, o.Count(of))
		// What is so of all stands there in words; that none is faster says that no change is shown.
		if of == overview.Faster || n == len(o.Rows) {
			continue
		}
		k.hold((n > 0) == strings.Contains(said, text), "%q: %d are %q", said, n, of)
		k.hold(n == 0 || regexp.MustCompile(fmt.Sprintf(`(^|\D)%d(\D|$)`, n)).MatchString(said) || strings.Contains(said, "each was"), "%q: %d are %q", said, n, of)
	}
	k.hold(sum == len(o.Rows), "the outcomes of %d of %d workloads are counted", sum, len(o.Rows))
}

// alone reports whether it is warned of a workload that it cannot follow the count, which idle checks.
func (k *checker) alone(workload string) bool {
	return slices.ContainsFunc(k.s.Warnings, func(x warning.Warning) bool {
		return x.Kind == warning.IdleBenchmarks &&
			slices.ContainsFunc(x.Items, func(i warning.Item) bool { return i.Name == workload })
	})
}

// outcomeRules: what must be so of a workload that has an outcome.
func outcomeRules() map[overview.Outcome]func(*checker, *overview.Row) {
	idle := func(k *checker, r *overview.Row) bool { return k.alone(k.s.Workloads[r.Workload].Program.Name) }
	of := func(may bool, kinds ...verdict.RiseKind) func(*checker, *overview.Row) {
		return func(k *checker, r *overview.Row) {
			var kind verdict.RiseKind
			if r.Headline.Best != nil {
				kind = r.Headline.Best.Kind
			}
			k.hold(slices.Contains(kinds, kind), "%s is %q, and its headline %q", r.Headline.Workload, r.Outcome(), kind)
			k.hold(may || idle(k, r) == (r.Outcome() == overview.CannotFollow), "%s is %q, and warned of: %v", r.Headline.Workload, r.Outcome(), idle(k, r))
		}
	}
	return map[overview.Outcome]func(*checker, *overview.Row){
		overview.Faster:       of(true, verdict.Rises),
		overview.Slower:       of(true, verdict.Falls),
		overview.CannotFollow: of(false, verdict.Flat, verdict.Unsure),
		overview.NoChange:     of(false, verdict.Flat),
		overview.TooNoisy:     of(false, verdict.Unsure),
		overview.OneCount:     of(true, verdict.Single),
		overview.NoBase:       of(true, ""),
	}
}

// row checks what stands there of a workload.
func (k *checker) row(r *overview.Row) {
	w := &k.s.Workloads[r.Workload]
	rises := false // any of its headlines
	for i := range w.Families {
		h := &w.Families[i].Headline
		if h.Best != nil && h.Best.Kind == verdict.Rises {
			rises = true
			k.hold(r.Headline.Best.Gain >= h.Best.Gain, "%s gains %v, and %v is said", w.Program.Name, h.Best.Gain, r.Headline.Best.Gain)
		}
	}
	k.hold(rises == (r.Kind() == verdict.Rises), "%s is said to be %q", w.Program.Name, r.Kind())
	rule(k, outcomeRules(), r.Outcome(), r)
	if r.At < 0 {
		k.hold(math.IsNaN(r.Lost.Value), "%s loses %v, and no point is judged", w.Program.Name, r.Lost.Value)
		return
	}
	c := &w.Curves[r.Curve]
	k.hold(k.scene(c).at == c.Points[r.At].Point, "%v is said to be judged", c.Points[r.At].Point)
	lost, low, high := k.lostAt(c, r.At)
	k.hold(same(r.Lost.Value, lost) && same(r.Lost.Low, low) && same(r.Lost.High, high), "%v loses %+v, not %v, %v to %v",
		c.Points[r.At].Point, r.Lost, lost, low, high)
}

// lostAt is the core time that a point holds beyond that of the base for as much work, and its ends by the interval of
// the speedup.
func (k *checker) lostAt(c *study.Curve, at int) (lost, low, high float64) {
	of := measured(c.Measure)
	p, base := c.Points[at].Point, c.Points[0].Point
	held, work := usable(p)*median(k.runs(p).timed, of), usable(base)*median(k.runs(base).timed, of)*grown(c.Sweep, base, p)
	l, h := k.interval(&c.Curve, p)
	part := usable(base) / usable(p) // of the ideal, for each unit of speedup
	return held - work, held - held*h*part, held - held*l*part
}

// lostRules: what must be so of the workload that is said to lose most.
func lostRules() map[overview.Certainty]func(*checker, *overview.Overview) {
	// apart reports whether the first loses more than any other, whatever the intervals hold.
	apart := func(o *overview.Overview) bool {
		return !o.Rows[0].Lost.Seen && !slices.ContainsFunc(o.Rows[1:], func(r overview.Row) bool { return r.Lost.High >= o.Rows[0].Lost.Low })
	}
	named := func(k *checker, o *overview.Overview) {
		sum := 0.0
		for i := range o.Rows {
			if v := o.Rows[i].Lost.Value; v > 0 {
				sum += v
			}
		}
		first := &o.Rows[0]
		k.hold(first.Lost.Low > 0, "%s loses most, and may lose nothing: %+v", first.Headline.Workload, first.Lost)
		k.hold(same(o.Most.Share, first.Lost.Value/sum), "%s loses %v of all, not %v", first.Headline.Workload, first.Lost.Value/sum, o.Most.Share)
		text := words.MostLost(o)
		f := figures{must: []float64{first.Lost.Value}}
		if o.Most.Share < 1 {
			f.must = append(f.must, o.Most.Share)
		}
		k.said(text, f)
		k.hold(strings.Contains(text, first.Headline.Workload+":"), "%q does not name %s", text, first.Headline.Workload)
		k.hold(strings.Contains(text, "likely") == (o.Most.Certainty == overview.Likely), "%q: %s", text, o.Most.Certainty)
	}
	return map[overview.Certainty]func(*checker, *overview.Overview){
		overview.Untold: func(k *checker, o *overview.Overview) {
			k.hold(!(o.Rows[0].Lost.Low > 0) && words.MostLost(o) == "", "nothing is said to lose most, though there is %+v", o.Rows[0].Lost)
		},
		overview.Likely: func(k *checker, o *overview.Overview) {
			named(k, o)
			k.hold(!apart(o), "%s likely loses most, and it is certain", o.Rows[0].Headline.Workload)
		},
		overview.Certain: func(k *checker, o *overview.Overview) {
			named(k, o)
			k.hold(apart(o), "%s is not shown to lose most", o.Rows[0].Headline.Workload)
			c := &k.s.Workloads[o.Rows[0].Workload].Curves[o.Rows[0].Curve]
			for _, p := range []sweep.Point{c.Points[0].Point, c.Points[o.Rows[0].At].Point} {
				k.hold(len(k.runs(p).timed) >= 5, "%s is certain by %d runs", p, len(k.runs(p).timed))
			}
		},
	}
}

// judgedOf is the judged point of the curve of a workload that is of the kind; false if it has none.
func (k *checker) judgedOf(w *study.Workload, kind overview.Kind) (c *study.Curve, at *curve.Point) {
	for i := range w.Curves {
		c := &w.Curves[i]
		s := c.Sweep
		if s.Mode != kind.Mode || s.Scaling != kind.Scaling || s.Series != kind.Series || w.Program.Unit != kind.Unit || c.Judged < 0 {
			continue
		}
		if slices.ContainsFunc(w.Curves, func(o study.Curve) bool {
			return o.Sweep.Mode == s.Mode && o.Sweep.Scaling == s.Scaling && o.Sweep.Size > s.Size
		}) {
			continue
		}
		p := &c.Points[c.Judged]
		if layout(p.Point) == layout(kind.At) && layout(c.Points[0].Point) == layout(kind.Base) {
			return c, p
		}
	}
	return nil, nil
}

// layout is the counts of a point.
func layout(p sweep.Point) [3]int { return [3]int{p.Procs, p.Workers, p.Cores} }

// alikeOf checks that a mean is of all that are alike, and of nothing else.
func (k *checker) alikeOf(m *overview.Mean) {
	k.hold(len(m.Workloads) >= 3, "a mean of %d", len(m.Workloads))
	for i := range k.s.Workloads {
		c, _ := k.judgedOf(&k.s.Workloads[i], m.Kind)
		k.hold((c != nil) == slices.Contains(m.Workloads, i), "%s is of the kind %+v: %v", k.s.Workloads[i].Program.Name, m.Kind, c != nil)
	}
}

// meanRules: what must be so of the mean of workloads that are alike.
func meanRules() map[overview.Absence]func(*checker, *overview.Mean) {
	noisy := func(k *checker, m *overview.Mean) (n int) {
		for _, i := range m.Workloads {
			c, p := k.judgedOf(&k.s.Workloads[i], m.Kind)
			of := measured(c.Measure)
			wide := k.quietPart(k.runs(c.Points[0].Point), of)*k.quietPart(k.runs(p.Point), of) < 1/1.1
			if low, high := k.interval(&c.Curve, p.Point); wide && high >= 1.25*low {
				n++
			}
		}
		return n
	}
	places := func(m *overview.Mean) []float64 { return append(counts(m.Base, m.At), float64(len(m.Workloads))) }
	return map[overview.Absence]func(*checker, *overview.Mean){
		"": func(k *checker, m *overview.Mean) {
			product, low, high := 1.0, 1.0, 1.0
			for _, i := range m.Workloads {
				c, p := k.judgedOf(&k.s.Workloads[i], m.Kind)
				of := measured(c.Measure)
				b, r := k.runs(c.Points[0].Point), k.runs(p.Point)
				scale := grown(c.Sweep, c.Points[0].Point, p.Point)
				product *= scale * median(b.timed, of) / median(r.timed, of)
				x, quietX := k.quietTimes(b, of)
				y, quietY := k.quietTimes(r, of)
				low *= scale * slices.Min(quietX) / slices.Max(y)
				high *= scale * slices.Max(x) / slices.Min(quietY)
			}
			n := 1 / float64(len(m.Workloads))
			k.hold(noisy(k, m) == 0, "a mean of %d, of which %d are too noisy", len(m.Workloads), noisy(k, m))
			k.hold(same(m.Speedup, math.Pow(product, n)), "a mean of %v, not %v", m.Speedup, math.Pow(product, n))
			iv := m.Interval
			k.hold(iv.Low <= iv.High*(1+1e-9) && iv.Low >= math.Pow(low, n)*(1-1e-9) && iv.High <= math.Pow(high, n)*(1+1e-9),
				"interval %+v of a mean, where no launch allows more than %v to %v", iv, math.Pow(low, n), math.Pow(high, n))
			k.hold(iv.Low <= m.Speedup*(1+1e-9) && m.Speedup <= iv.High*(1+1e-9), "a mean of %v outside of %+v", m.Speedup, iv)
			text := words.MeanGain(m, len(k.s.Workloads))
			k.said(text, figures{must: append([]float64{m.Speedup}, known(iv)...), may: places(m)})
		},
		overview.WideIntervals: func(k *checker, m *overview.Mean) {
			k.hold(m.Noisy == noisy(k, m) && m.Noisy > 0 && m.Interval == nil && math.IsNaN(m.Speedup), "%d are said to be too noisy, and %d are",
				m.Noisy, noisy(k, m))
			k.said(words.MeanGain(m, len(k.s.Workloads)), figures{must: []float64{float64(m.Noisy)}, may: places(m)})
		},
	}
}

// known are the ends of an interval, which must be said unless one is more than ten times the other.
func known(iv *curve.Interval) []float64 {
	if iv == nil || iv.High > 10*iv.Low {
		return nil
	}
	return []float64{iv.Low, iv.High}
}
