package cores

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// Bins divides the time of u into n equal parts and returns the core use within each. If the steps were folded, what
// lies within a fold counts as evenly spread, its mean all the time, and its bounds count for every part it touches.
func (u *Use) Bins(n int) []Bin {
	if n <= 0 || u.End <= u.Start {
		return nil
	}
	acc := binning{
		u: u, part: float64(u.End-u.Start) / float64(n),
		out: make([]Bin, n), held: make([]map[float64]float64, n),
	}
	for i := range acc.out {
		acc.out[i].Min = math.MaxInt
	}
	if f := u.bins; f != nil {
		for i := range f.n {
			a := f.origin + clock.Time(f.width)*clock.Time(i)
			b := min(a+clock.Time(f.width), u.End)
			bin := f.bins[i]
			acc.add(a, b, float64(bin.busy)/float64(max(b-a, 1)), bin.min, bin.max)
		}
	}
	for i, s := range u.Steps {
		end := u.End
		if i+1 < len(u.Steps) {
			end = u.Steps[i+1].Start
		}
		acc.add(s.Start, end, float64(s.Busy), s.Busy, s.Busy)
	}
	for i := range acc.out {
		b := &acc.out[i]
		if b.Min == math.MaxInt {
			b.Min = 0
		}
		b.Low, b.High = quantiles(acc.held[i])
		b.Mean = min(max(b.Mean, float64(b.Min)), float64(b.Max)) // rounding must not carry it out of its bounds
	}
	return acc.out
}

// A binning makes a division of a Use.
type binning struct {
	u    *Use
	part float64 // length of each part
	out  []Bin
	held []map[float64]float64 // for how long each part has so many busy
}

// add spreads a stretch over the parts that it overlaps.
func (a *binning) add(from, to clock.Time, mean float64, lo, hi int) {
	x, y := float64(max(from, a.u.Start)-a.u.Start), float64(min(to, a.u.End)-a.u.Start)
	if x >= y {
		return
	}
	for k := min(int(x/a.part), len(a.out)-1); k < len(a.out) && float64(k)*a.part < y; k++ {
		d := min(y, float64(k+1)*a.part) - max(x, float64(k)*a.part)
		if d <= 0 {
			continue
		}
		b := &a.out[k]
		b.Mean += mean * d / a.part
		b.Min, b.Max = min(b.Min, lo), max(b.Max, hi)
		if a.held[k] == nil {
			a.held[k] = map[float64]float64{}
		}
		a.held[k][mean] += d
	}
}

// tail is the part of the time that is left out at either end of what most of the time holds.
const tail = 0.1

// quantiles returns the values that are not exceeded for a tenth and for nine tenths of the time; 0 of no time.
func quantiles(held map[float64]float64) (low, high float64) {
	all, before := 0.0, 0.0
	values := slices.Sorted(maps.Keys(held))
	for _, v := range values {
		all += held[v]
	}
	found := false
	for _, v := range values {
		before += held[v]
		if !found && before >= tail*all {
			low, found = v, true
		}
		if high = v; before >= (1-tail)*all {
			break
		}
	}
	return low, high
}

// Busy returns the busy time of all Ps, exactly.
func (u *Use) Busy() time.Duration {
	var sum time.Duration
	for k, d := range u.Profile {
		sum += time.Duration(k) * d
	}
	return sum
}
