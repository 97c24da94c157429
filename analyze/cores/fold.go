package cores

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// A fold is a step function with too many steps: bins of equal width.
type fold struct {
	origin clock.Time
	width  time.Duration
	n      int // bins in use; the last may be filled partly
	bins   []foldBin

	// The bin added to last, in which most stretches lie too: those are in the profile only, until sum adds them.
	last   int
	lastTo clock.Time      // its end; before origin if there is none
	summed []time.Duration // by number of busy Ps: what of the profile is in the bins
}

// A foldBin holds the busy time within it, and the least and greatest number of busy Ps.
type foldBin struct {
	busy     time.Duration
	min, max int
}

func newFold(origin, end clock.Time, bins int) *fold {
	f := &fold{origin: origin, width: time.Microsecond, bins: make([]foldBin, bins), lastTo: math.MinInt64}
	f.cover(end)
	return f
}

// cover doubles the width until t is inside.
func (f *fold) cover(t clock.Time) {
	for f.origin+clock.Time(f.width)*clock.Time(len(f.bins)) < t {
		half := (f.n + 1) / 2
		for i := range half {
			b := f.bins[2*i]
			if 2*i+1 < f.n {
				c := f.bins[2*i+1]
				b = foldBin{b.busy + c.busy, min(b.min, c.min), max(b.max, c.max)}
			}
			f.bins[i] = b
		}
		clear(f.bins[half:f.n])
		f.n = half
		f.width *= 2
		f.lastTo = math.MinInt64
	}
}

// sum adds what has been added to the profile since the last call to the bin added to last.
func (f *fold) sum(profile []time.Duration) {
	for len(f.summed) < len(profile) {
		f.summed = append(f.summed, 0)
	}
	for busy, d := range profile {
		if d != f.summed[busy] {
			f.bins[f.last].add(d-f.summed[busy], busy)
			f.summed[busy] = d
		}
	}
}

// add says that busy Ps were busy between from and to; from is the end of the last call or, at first, the origin.
func (f *fold) add(from, to clock.Time, busy int) {
	f.cover(to)
	for at := from; at < to; {
		i := int((at - f.origin) / clock.Time(f.width))
		end := min(f.origin+clock.Time(f.width)*clock.Time(i+1), to)
		if i >= f.n {
			f.n = i + 1
			f.bins[i] = foldBin{min: busy, max: busy}
		}
		f.bins[i].add(end.Sub(at), busy)
		f.summed[busy] += end.Sub(at)
		f.last, f.lastTo = i, f.origin+clock.Time(f.width)*clock.Time(i+1)
		at = end
	}
}

func (b *foldBin) add(d time.Duration, busy int) {
	b.busy += time.Duration(busy) * d
	b.min, b.max = min(b.min, busy), max(b.max, busy)
}
