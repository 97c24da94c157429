package sizes

import (
	"math"
	"slices"
)

// A NeedKind says how it is known which size an efficiency needs.
type NeedKind string

// The kinds. Empty: fewer than two sizes were measured.
const (
	Measured     NeedKind = "measured"      // between two measured sizes
	Below        NeedKind = "below"         // every measured size has the efficiency
	Extrapolated NeedKind = "extrapolated"  // beyond the largest, by the law of the overhead
	Far          NeedKind = "far"           // by that law, more than farthest times the largest
	AsFast       NeedKind = "grows-as-fast" // the overhead grows as fast as the work: no size is known to be enough
	Lost         NeedKind = "lost"          // a smaller size had the efficiency, and the largest had not
	FewSizes     NeedKind = "few-sizes"     // beyond the largest, and too few sizes for a law
	NoLaw        NeedKind = "no-law"        // beyond the largest, and no law fits the overhead
	Flat         NeedKind = "flat"          // beyond the largest, and the time of the base hardly grows with the size
)

// Limits of extrapolation.
const (
	leastSizes   = 3    // for a law with two parameters
	mostResidual = 0.05 // root mean square, in units of efficiency
	farthest     = 100  // times the largest measured size
	needDraws    = 1000 // resamples that are fitted
	leastGrowth  = 0.1  // share of the base's time at the largest size that grows with the size
)

// A Need is the size that a count needs for an efficiency. What is not known is NaN.
type Need struct {
	Kind       NeedKind
	Efficiency float64 // that is asked for
	// Size is that of Measured and Extrapolated.
	Size float64
	// Low and High are the ends of its interval: 0 is below the smallest measured size, +Inf beyond what can be said. Of
	// Below, High is known; of Far, Low.
	Low, High float64
	Method    string // of the interval; see package curve
	Noise     bool   // what noise can explain is in it
	Reached   float64
	Largest   int64    // measured size, at which Reached is the efficiency
	Overhead  Overhead // its law; zero unless Kind is one of an extrapolation
}

// Most returns the largest size that is claimed: farthest times the largest that was measured.
func (n *Need) Most() float64 { return farthest * float64(n.Largest) }

// A LawName names a law of the overhead.
type LawName string

// The laws; see the package comment, step 6.
const (
	Power LawName = "power"
	Fixed LawName = "fixed-and-share"
)

// An Overhead is the fitted law of n·Tₙ − T₁, in core-seconds, over the time of the work at the base, in seconds.
type Overhead struct {
	Law      LawName
	C        float64 // of Power c·W^Q, and of Fixed c + Q·W
	Q        float64 // exponent, or share
	Residual float64 // root mean square, in units of efficiency
	Points   int     // sizes that it was fitted to
}

// of returns the overhead of work w.
func (o *Overhead) of(w float64) float64 {
	if o.Law == Power {
		return o.C * math.Pow(w, o.Q)
	}
	return o.C + o.Q*w
}

// work returns the work of which the overhead is the given part, +Inf if it stays above.
func (o *Overhead) work(part float64) float64 {
	switch {
	case o.Law == Power && o.Q < 1 && part > 0:
		return math.Pow(part/o.C, 1/(o.Q-1))
	case o.Law == Fixed && o.Q < part:
		return o.C / (part - o.Q)
	}
	return math.Inf(1)
}

// need finds the size that a count needs for an efficiency.
func (r *ratio) need(efficiency float64) Need {
	n := len(r.sizes)
	out := Need{
		Efficiency: efficiency, Size: math.NaN(), Low: math.NaN(), High: math.NaN(), Reached: math.NaN(),
	}
	if n < 2 {
		return out
	}
	target := efficiency * r.growth
	out.Largest, out.Reached = int64(r.sizes[n-1]), r.at(n-1)/r.growth
	x := r.crossing(target)
	switch {
	case x.size == 0:
		out.Kind, out.High = Below, x.high
	case !math.IsInf(x.size, 1):
		out.Kind, out.Size, out.Low, out.High = Measured, x.size, x.low, x.high
	default:
		for i := range n - 1 {
			if r.shown[i] != nil && r.shown[i].Low > target {
				out.Kind = Lost
				return out
			}
		}
		r.beyond(&out)
		return out
	}
	out.Method, out.Noise = x.method, x.noise
	return out
}

// beyond extrapolates what out needs beyond the largest size.
func (r *ratio) beyond(out *Need) {
	n := len(r.sizes)
	if n < leastSizes {
		out.Kind = FewSizes
		return
	}
	start, top, bottom := r.start(), r.tops(), make([]float64, n)
	for i := range n {
		bottom[i] = r.bottom[i].median
	}
	if top[n-1]-start < leastGrowth*top[n-1] {
		out.Kind = Flat
		return
	}
	var size float64
	if size, out.Overhead = r.extrapolated(top, bottom, start, out.Efficiency); out.Overhead.Residual > mostResidual {
		out.Kind = NoLaw
		return
	}
	out.Method, out.Noise = r.method(), r.noisy()
	draw := func(e end) []float64 {
		all := []float64{size}
		for k := range max(min(r.draws(), needDraws), 1) {
			for i := range n {
				top[i], bottom[i] = r.top[i].draw(k, e == late), r.bottom[i].draw(k, e == early)
			}
			s, _ := r.extrapolated(top, bottom, start, out.Efficiency)
			all = append(all, s)
		}
		slices.Sort(all)
		return all
	}
	first := draw(early)
	last := first
	if out.Noise || r.few() {
		last = draw(late)
	}
	low, high := ends(first, last)
	switch most := out.Most(); {
	case math.IsInf(low, 1) && math.IsInf(size, 1):
		out.Kind = AsFast
	case size > most:
		out.Kind, out.Low, out.High = Far, min(low, most), math.Inf(1)
	default:
		out.Kind, out.Size, out.Low, out.High = Extrapolated, size, min(low, size), max(high, size)
		if out.High > most {
			out.High = math.Inf(1)
		}
	}
}

// extrapolated returns the size at which these times have an efficiency, by the law of their overhead, and the law.
// start is the fixed part of the time of the base.
func (r *ratio) extrapolated(top, bottom []float64, start, efficiency float64) (float64, Overhead) {
	law := overheadOf(top, bottom, r.growth)
	if x := r.cross(top, bottom, efficiency*r.growth).at; !math.IsInf(x, 1) { // in some resamples it is reached
		return max(x, r.sizes[0]), law
	}
	n := len(top)
	grows := top[n-1] - start
	if grows <= 0 {
		return math.Inf(1), law
	}
	w := law.work((1 - efficiency) / efficiency)
	// Where the law has the efficiency at the largest size, and the size itself has not, it is about there.
	return r.sizes[n-1] * math.Pow(max((w-start)/grows, 1), 1/r.exponent), law
}

// start returns the fixed part of the time of the base, below that of its smallest size.
func (r *ratio) start() float64 {
	n := len(r.sizes)
	x, w := make([]float64, n), make([]float64, n)
	times := r.tops()
	for i, s := range r.sizes {
		x[i], w[i] = math.Pow(s/r.sizes[n-1], r.exponent), 1/times[i]
	}
	a, _ := line(x, times, w)
	return min(max(a, 0), times[0])
}

// overheadOf fits both laws to the overhead of the times of n, growth times as many as the base, and returns that with
// the smaller residuals.
func overheadOf(base, times []float64, growth float64) Overhead {
	n := len(base)
	w, y := make([]float64, n), make([]float64, n)
	for i := range n {
		w[i], y[i] = 1/(growth*times[i]), growth*times[i]-base[i]
	}
	fixed := Overhead{Law: Fixed, Points: n}
	fixed.C, fixed.Q = line(base, y, w)
	fixed.Residual = misfit(base, y, w, fixed.of)
	power := Overhead{Law: Power, Points: n}
	at := func(q float64) (c float64, left float64) {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Pow(base[i], q)
		}
		c = slope(x, y, w)
		return c, misfit(x, y, w, func(v float64) float64 { return c * v })
	}
	power.Q = least(func(q float64) float64 { _, left := at(q); return left }, leastPower, mostPower)
	power.C, power.Residual = at(power.Q)
	if power.C > 0 && power.Residual < fixed.Residual {
		return power
	}
	return fixed
}

// The exponents of the overhead that are looked at: one that falls with the work, and one that grows faster than it.
const (
	leastPower = -0.5
	mostPower  = 1.5
)
