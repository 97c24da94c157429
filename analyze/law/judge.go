package law

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
)

// FitCounts fits the laws to counts from anywhere. Launches are positive and finite, and so are the counts.
func FitCounts(counts []Count, opt Options) *Result {
	counts = sorted(counts)
	r := &Result{Base: -1}
	samples := resample(counts, opt)
	r.Points, r.Base = points(samples, opt)
	var fitted []sample
	var beyond []float64
	for i, s := range samples {
		if r.Points[i].Fitted {
			fitted = append(fitted, s)
		} else {
			beyond = append(beyond, s.N)
		}
	}
	if len(beyond) > 0 {
		r.warn("n = %s: beyond the %s cores, where workers take turns, and not fitted", Numbers(beyond), Number(opt.Cores))
	}
	if r.Base < 0 {
		r.warn("n = 1 was not measured: there is no base, and so no speedup, no efficiency and no Karp–Flatt fraction")
	}
	if len(fitted) > 0 {
		r.models(fitted, opt)
	}
	r.choose(len(fitted), opt)
	if r.Base >= 0 {
		r.superlinear()
		r.check()
	}
	return r
}

func (r *Result) warn(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

// models fits what there are counts enough for.
func (r *Result) models(fitted []sample, opt Options) {
	f := newFitter(fitted)
	for _, name := range opt.laws() {
		if k := formOf(name).k(); len(fitted) < k {
			r.warn("%s has %d parameters and is not fitted to %d counts", name.Title(), k, len(fitted))
			continue
		}
		m := f.model(name)
		if !m.Accurate {
			r.warn("%s: the fit did not come to rest in %d steps: its figures are not accurate", name.Title(), maxSteps)
		}
		r.Models = append(r.Models, m)
	}
	if len(r.Models) > 0 && !f.resampled() {
		why := "one launch per count"
		if f.most > 1 {
			why = fmt.Sprintf("counts with fewer than %d launches", curve.MinLaunches)
		}
		r.warn("%s: intervals of the parameters rest on the residuals (Wald, Student's t), not on repeats", why)
	}
}

// choose names the law with the least AICc.
func (r *Result) choose(counts int, opt Options) {
	var best, second *Model
	for i := range r.Models {
		m := &r.Models[i]
		switch {
		case math.IsNaN(m.AICc):
		case best == nil || m.AICc < best.AICc:
			best, second = m, best
		case second == nil || m.AICc < second.AICc:
			second = m
		}
	}
	if best == nil {
		least := math.MaxInt
		for _, name := range opt.laws() {
			least = min(least, formOf(name).k()+2)
		}
		r.Why = fmt.Sprintf("no law is named from %s; it takes %d", plural(counts, "count"), least)
		return
	}
	r.Best = best.Name
	switch {
	case opt.Law != None:
		r.Why = fmt.Sprintf("%s was asked for; no other was fitted", best.Name.Title())
	case second == nil:
		r.Why = fmt.Sprintf("%s is the only law with two counts more than parameters", best.Name.Title())
	default:
		r.Why = fmt.Sprintf("AICc prefers %s to %s by %.3g", best.Name.Title(), second.Name.Title(), second.AICc-best.AICc)
	}
	if l := best.Lack; l != nil && l.P < lackShown {
		r.warn("%s does not describe the data: it leaves %.3g times the variance of repeats (F test at %d and %d degrees, p = %.2g)",
			best.Name.Title(), l.F, l.Law, l.Own, l.P)
	}
	if best.falls() {
		r.warn("throughput falls with n, which %s's law cannot say: its alpha is held at 1", best.Name.Title())
	}
	if r.Base >= 0 {
		g, b := best.point[gamma], r.Points[r.Base].Throughput
		if off := b/g - 1; math.Abs(off) > 0.05 {
			r.warn("n = 1 was measured %.0f %% %s what %s gives for it: speedups over the base and the law differ by as much",
				100*math.Abs(off), aboveOrBelow(off), best.Name.Title())
		}
	}
}

func aboveOrBelow(off float64) string {
	if off > 0 {
		return "above"
	}
	return "below"
}

// Efficiencies above 1 are called superlinear from here on: the interval excludes 1 and the excess matters, or, without intervals, it is more than what
// launches mostly differ by.
const (
	superShown = 1.02
	superPlain = 1.10
)

// superlinear finds counts whose workers do more each than the base's alone.
func (r *Result) superlinear() {
	most, doubt := 0.0, ""
	for i, p := range r.Points {
		if i == r.Base || !p.Fitted || p.Efficiency <= superShown || p.N < 1 {
			continue
		}
		if iv := p.Interval; iv != nil && iv.Method == curve.Bootstrap {
			if iv.Low <= p.N {
				continue
			}
		} else {
			if p.Efficiency <= superPlain {
				continue
			}
			doubt = "; with so few launches it may be noise"
		}
		r.Super = append(r.Super, p.N)
		most = max(most, p.Efficiency)
	}
	if len(r.Super) > 0 {
		r.warn("superlinear: at n = %s each worker does up to %.2f times the work of the one at n = 1: the base is slow (its data may not fit "+
			"one core's cache), so efficiencies exceed 100 %% and the laws, whose alpha cannot be negative, do not hold at the base%s", Numbers(r.Super), most, doubt)
	}
}

// check draws the straight line through the fractions of Karp and Flatt of the counts that were fitted.
func (r *Result) check() {
	var sn, se, snn, sne, m float64
	for _, p := range r.Points {
		if p.Fitted && !math.IsNaN(p.KarpFlatt) {
			m++
			sn += p.N
			se += p.KarpFlatt
		}
	}
	if m < 2 {
		return
	}
	for _, p := range r.Points {
		if p.Fitted && !math.IsNaN(p.KarpFlatt) {
			snn += (p.N - sn/m) * (p.N - sn/m)
			sne += (p.N - sn/m) * (p.KarpFlatt - se/m)
		}
	}
	slope := sne / snn
	r.Check = &CrossCheck{Intercept: se/m - slope*sn/m, Slope: slope}
}

// Number writes a count: "8", "17.8528".
func Number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Numbers writes counts, a long list by its ends.
func Numbers(n []float64) string {
	if len(n) > 6 {
		return fmt.Sprintf("%s … %s (%d counts)", Number(n[0]), Number(n[len(n)-1]), len(n))
	}
	out := make([]string, len(n))
	for i, v := range n {
		out[i] = Number(v)
	}
	return strings.Join(out, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
