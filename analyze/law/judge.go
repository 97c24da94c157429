package law

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
)

// FitCounts fits the laws to counts from anywhere. Launches and counts must be positive and finite.
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
		r.note(Note{Kind: BeyondCores, N: beyond, Value: opt.Cores})
	}
	if r.Base < 0 {
		r.note(Note{Kind: NoBase})
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

func (r *Result) note(n Note) { r.Notes = append(r.Notes, n) }

// models fits the laws that have counts enough.
func (r *Result) models(fitted []sample, opt Options) {
	f := newFitter(fitted, opt.Equal)
	for _, name := range opt.laws() {
		if k := formOf(name).k(); len(fitted) < k {
			r.note(Note{Kind: FewCounts, Law: name, Count: len(fitted), Needed: k})
			continue
		}
		m := f.model(name)
		if !m.Accurate {
			r.note(Note{Kind: NotAtRest, Law: name, Count: maxSteps})
		}
		r.Models = append(r.Models, m)
	}
	if len(r.Models) > 0 && !f.resampled() {
		r.note(Note{Kind: OnResiduals, Count: f.most, Needed: curve.MinLaunches})
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
		r.Choice = Choice{Kind: Unnamed, Counts: counts, Needed: least}
		return
	}
	r.Best = best.Name
	switch {
	case opt.Law != None:
		r.Choice = Choice{Kind: Asked, Law: best.Name}
	case second == nil:
		r.Choice = Choice{Kind: Alone, Law: best.Name}
	default:
		r.Choice = Choice{Kind: Preferred, Law: best.Name, Rival: second.Name, By: second.AICc - best.AICc}
	}
	if l := best.Lack; l != nil && l.P < lackShown {
		r.note(Note{Kind: Lacking, Law: best.Name, Lack: l})
	}
	if best.falls() {
		r.note(Note{Kind: Falling, Law: best.Name})
	}
	if r.Base >= 0 {
		g, b := best.point[gamma], r.Points[r.Base].Throughput
		if off := b/g - 1; math.Abs(off) > 0.05 {
			r.note(Note{Kind: OffBase, Law: best.Name, Value: off})
		}
	}
}

// An efficiency above 1 is superlinear if the interval excludes 1 and the excess matters or, without intervals, if it
// is more than what launches mostly differ by.
const (
	superShown = 1.02
	superPlain = 1.10
)

// superlinear finds counts whose workers do more each than the base's.
func (r *Result) superlinear() {
	most, few := 0.0, false
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
			few = true
		}
		r.Super = append(r.Super, p.N)
		most = max(most, p.Efficiency)
	}
	if len(r.Super) > 0 {
		r.note(Note{Kind: Superlinear, N: r.Super, Value: most, Few: few})
	}
}

// check fits the straight line through the Karp–Flatt fractions of the fitted counts.
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
