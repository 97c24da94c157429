package chart

import "math"

// An ideal is what speedups are held against.
type ideal struct {
	cores   int       // where it stops rising; 0: nowhere
	ceiling []Reading // measured; nil: not
}

// A Reading is a speedup at n. It may be NaN at the last: then nothing is known from the one before on.
type Reading struct {
	N, Speedup float64
}

// at is n over the base's n, and level beyond the cores.
func (i *ideal) at(n, base float64) float64 {
	if i.cores > 0 {
		n = min(n, max(float64(i.cores), base))
	}
	return n / base
}

// ceilingAt is the ceiling at n: on a straight line between readings, level after the last, 0 before the first. It is
// NaN where it is not known.
func (i *ideal) ceilingAt(n float64) float64 {
	for k, r := range i.ceiling {
		switch {
		case n == r.N:
			return r.Speedup
		case n < r.N && k == 0:
			return 0
		case n < r.N:
			q := i.ceiling[k-1]
			return q.Speedup + (r.Speedup-q.Speedup)*(n-q.N)/(r.N-q.N)
		}
	}
	return i.ceiling[len(i.ceiling)-1].Speedup
}

// ceilingEnd is the last n up to end where the ceiling is known.
func (i *ideal) ceilingEnd(end float64) float64 {
	for k, r := range i.ceiling {
		if math.IsNaN(r.Speedup) && k > 0 {
			return min(end, i.ceiling[k-1].N)
		}
	}
	return end
}
