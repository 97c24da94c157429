package sizes

import "math"

// The exponents that are looked at.
const (
	leastExponent = 0.25
	mostExponent  = 4
)

// The exponent is 1 unless time in proportion to the size, beside a fixed part, leaves this much of a time unexplained,
// root mean square, and another exponent leaves less than half of that.
const (
	contradicts = 0.10
	betterBy    = 0.5
)

// exponentOf returns p of the law T = a + b·sizeᵖ for the times at sizes.
func exponentOf(sizes, times []float64) float64 {
	n := len(sizes)
	if n < 2 {
		return 1
	}
	if n == 2 { // a fixed part cannot make time grow faster than the size
		return min(max(1, math.Log(times[1]/times[0])/math.Log(sizes[1]/sizes[0])), mostExponent)
	}
	misfit := func(p float64) float64 { return misfitOf(sizes, times, p) }
	best := least(misfit, leastExponent, mostExponent)
	if one := misfit(1); one <= contradicts || misfit(best) > betterBy*one {
		return 1
	}
	return best
}

// misfitOf returns the root mean square of what T = a + b·sizeᵖ with the best a ≥ 0 and b leaves of each time, as a
// share of it.
func misfitOf(sizes, times []float64, p float64) float64 {
	largest := sizes[len(sizes)-1]
	x, y := make([]float64, len(sizes)), make([]float64, len(sizes))
	w := make([]float64, len(sizes))
	for i := range sizes {
		x[i], y[i], w[i] = math.Pow(sizes[i]/largest, p), times[i], 1/times[i]
	}
	a, b := line(x, y, w)
	if a < 0 {
		a, b = 0, slope(x, y, w)
	}
	return misfit(x, y, w, func(x float64) float64 { return a + b*x })
}

// line returns the straight line y = a + b·x with the least sum of squared residuals, each multiplied by its weight.
func line(x, y, w []float64) (a, b float64) {
	var s, sx, sy, sxx, sxy float64
	for i := range x {
		v := w[i] * w[i]
		s, sx, sy, sxx, sxy = s+v, sx+v*x[i], sy+v*y[i], sxx+v*x[i]*x[i], sxy+v*x[i]*y[i]
	}
	d := s*sxx - sx*sx
	if d <= 0 {
		return sy / s, 0
	}
	b = (s*sxy - sx*sy) / d
	return (sy - b*sx) / s, b
}

// slope returns b of y = b·x, as line does.
func slope(x, y, w []float64) float64 {
	var sxx, sxy float64
	for i := range x {
		v := w[i] * w[i]
		sxx, sxy = sxx+v*x[i]*x[i], sxy+v*x[i]*y[i]
	}
	if sxx == 0 {
		return 0
	}
	return sxy / sxx
}

// misfit returns the root mean square of the residuals, each multiplied by its weight.
func misfit(x, y, w []float64, of func(float64) float64) float64 {
	sum := 0.0
	for i := range x {
		r := w[i] * (y[i] - of(x[i]))
		sum += r * r
	}
	return math.Sqrt(sum / float64(len(x)))
}

// Steps of the search for the least of a function: a grid, which finds the valley, and a golden section within it.
const (
	gridSteps   = 16
	goldenSteps = 16
)

// least returns where f is least between from and to.
func least(f func(float64) float64, from, to float64) float64 {
	step := (to - from) / gridSteps
	best, at := math.Inf(1), from
	for i := range gridSteps + 1 {
		x := from + float64(i)*step
		if v := f(x); v < best {
			best, at = v, x
		}
	}
	lo, hi := max(from, at-step), min(to, at+step)
	const golden = 1 / math.Phi
	for range goldenSteps {
		a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
		if f(a) <= f(b) {
			hi = b
		} else {
			lo = a
		}
	}
	return (lo + hi) / 2
}
