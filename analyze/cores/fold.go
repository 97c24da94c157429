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

	// The bin added to last, in which most additions lie too.
	last   int
	lastTo clock.Time // its end; before origin if there is none
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

// sum is add for what lies in the bin added to last. It returns false, and has changed nothing, if it does not.
func (f *fold) sum(from, to clock.Time, busy int) bool {
	if to > f.lastTo {
		return false
	}
	f.bins[f.last].add(to.Sub(from), busy)
	return true
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
		f.last, f.lastTo = i, f.origin+clock.Time(f.width)*clock.Time(i+1)
		at = end
	}
}

func (b *foldBin) add(d time.Duration, busy int) {
	b.busy += time.Duration(busy) * d
	b.min, b.max = min(b.min, busy), max(b.max, busy)
}
