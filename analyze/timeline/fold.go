package timeline

import (
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// A fold is a lane with too many spans: bins of equal width that hold the time in each state. The sums are integers, so
// totals stay exact.
type fold struct {
	origin clock.Time
	width  time.Duration // of a bin
	n      int           // of bins
	shared bool          // goroutines share it: a bin may hold more than its width

	times [NumStates][]time.Duration
}

// minBin is the initial width of bins.
const minBin = time.Microsecond

// newFold returns a fold of n bins from origin to at least end.
func newFold(origin, end clock.Time, n int) *fold {
	f := &fold{origin: origin, width: minBin, n: n}
	f.cover(end)
	return f
}

func (f *fold) end() clock.Time { return f.origin + clock.Time(f.width)*clock.Time(f.n) }

// cover doubles the width until t is inside.
func (f *fold) cover(t clock.Time) {
	for f.end() < t {
		for _, bins := range f.times {
			if bins == nil {
				continue
			}
			for i := range bins {
				var sum time.Duration
				if 2*i < f.n {
					sum = bins[2*i]
				}
				if 2*i+1 < f.n {
					sum += bins[2*i+1]
				}
				bins[i] = sum
			}
		}
		f.width *= 2
	}
}

// reach moves the origin back by whole bins until t is inside.
func (f *fold) reach(t clock.Time) {
	if t >= f.origin {
		return
	}
	end := f.end()
	for {
		k := int((f.origin - t + clock.Time(f.width) - 1) / clock.Time(f.width))
		// Bins move up only into free ones; doubling the width frees half of them.
		if used := f.used(); used+k <= f.n {
			for _, bins := range f.times {
				if bins != nil {
					copy(bins[k:], bins[:f.n-k])
					clear(bins[:k])
				}
			}
			f.origin -= clock.Time(f.width) * clock.Time(k)
			return
		}
		end += clock.Time(f.width) * clock.Time(f.n)
		f.cover(end)
	}
}

// used returns the number of bins up to the last that holds anything.
func (f *fold) used() int {
	used := 0
	for _, bins := range f.times {
		for i := len(bins); i > used; i-- {
			if bins[i-1] != 0 {
				used = i
				break
			}
		}
	}
	return used
}

// add adds the time between from and to to state s. It returns the last bin that it adds to, and its bounds.
func (f *fold) add(from, to clock.Time, s State) (i int, start, end clock.Time) {
	f.reach(from)
	f.cover(to)
	bins := f.of(s)
	i = f.bin(from)
	end = f.origin + clock.Time(f.width)*clock.Time(i+1)
	for ; end < to; i++ {
		bins[i] += end.Sub(from)
		from = end
		end += clock.Time(f.width)
	}
	bins[i] += to.Sub(from)
	return i, end - clock.Time(f.width), end
}

func (f *fold) of(s State) []time.Duration {
	if f.times[s] == nil {
		f.times[s] = make([]time.Duration, f.n)
	}
	return f.times[s]
}

func (f *fold) bin(t clock.Time) int { return int((t - f.origin) / clock.Time(f.width)) }

// absent returns the part of bin i inside lo to hi that is in no state.
func (f *fold) absent(i int, lo, hi clock.Time) time.Duration {
	a := f.origin + clock.Time(f.width)*clock.Time(i)
	rest := min(a+clock.Time(f.width), hi).Sub(max(a, lo))
	for _, bins := range f.times {
		if bins != nil {
			rest -= bins[i]
		}
	}
	return max(rest, 0)
}

// replace turns the time between from and to that is in one of the states old into state s; the timeline reaches from
// lo to hi. In a bin partly inside, it takes the same part of each state; of Absent it takes all it can, since a lane
// is absent in one piece. So the result is right to within the two bins at the ends.
func (f *fold) replace(from, to, lo, hi clock.Time, old stateSet, s State) {
	f.reach(from)
	f.cover(to)
	bins := f.of(s)
	for i, at := f.bin(from), from; at < to; i++ {
		end := min(f.origin+clock.Time(f.width)*clock.Time(i+1), to)
		part := end.Sub(at)
		at = end
		room := part
		if old.has(Absent) {
			d := min(f.absent(i, lo, hi), room)
			bins[i] += d
			room -= d
		}
		for o := Absent + 1; o < NumStates; o++ {
			if !old.has(o) || o == s || f.times[o] == nil {
				continue
			}
			d := min(time.Duration(float64(f.times[o][i])*float64(part)/float64(f.width)), f.times[o][i], room)
			f.times[o][i] -= d
			bins[i] += d
			room -= d
		}
	}
}

// weigh adds the time in each state to out, which divides from to to into equal parts.
func (f *fold) weigh(from, to clock.Time, out []Shares) {
	part := float64(to-from) / float64(len(out))
	for s := range f.times {
		for i, d := range f.times[s] {
			if d == 0 {
				continue
			}
			a := float64(f.origin-from) + float64(f.width)*float64(i)
			spread(out, part, a, a+float64(f.width), float64(d)/float64(f.width), State(s))
		}
	}
}

// spread adds weight times the overlap of a to b, relative to the start, with each part of out.
func spread(out []Shares, part, a, b, weight float64, s State) {
	a, b = max(a, 0), min(b, part*float64(len(out)))
	if a >= b {
		return
	}
	for k := min(int(a/part), len(out)-1); k < len(out) && float64(k)*part < b; k++ {
		lo, hi := max(a, float64(k)*part), min(b, float64(k+1)*part)
		if hi > lo {
			out[k][s] += (hi - lo) * weight
		}
	}
}
