package sizes

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
)

// A ratio is one time over another, at several sizes.
type ratio struct {
	sizes       []float64
	top, bottom []side
	shown       []*curve.Interval // of the ratio at each size; nil: not known
	exponent    float64           // of the time over the size
	growth      float64           // count of bottom over that of top; 0: they are not of one mode, and there is no overhead
	power       bool              // the overhead is rather a power of the work than a fixed part and a share
}

// A side is a time at one size.
type side struct {
	curve.Sample
	scale  float64 // what times are multiplied by: the growth of the work
	median float64 // scaled
}

// add adds a size, at which bottom does scale times the work of top.
func (r *ratio) add(size int64, top, bottom curve.Sample, scale float64, shown *curve.Interval) {
	r.sizes = append(r.sizes, float64(size))
	r.top = append(r.top, sideOf(top, scale))
	r.bottom = append(r.bottom, sideOf(bottom, 1))
	r.shown = append(r.shown, shown)
}

// tops are the medians of the upper side.
func (r *ratio) tops() []float64 {
	out := make([]float64, len(r.top))
	for i := range r.top {
		out[i] = r.top[i].median
	}
	return out
}

// at returns the ratio at size i.
func (r *ratio) at(i int) float64 { return r.top[i].median / r.bottom[i].median }

// An end says which end of an interval is looked for.
type end int

const (
	early end = iota // the smallest size that the launches and noise allow
	late
)

// draw returns the time of s in resample k. Without resamples it is the launch that moves the crossing farthest towards
// the end that is looked for. A time that noise made longer may have been as short as quiet says: where that moves the
// crossing outwards, it is.
func (s *side) draw(k int, shorter bool) float64 {
	v := 0.0
	switch {
	case s.Medians != nil:
		v = s.Medians[k%len(s.Medians)]
	case shorter:
		v = slices.Min(s.Times)
	default:
		v = slices.Max(s.Times)
	}
	if shorter && s.Quiet.Share < 1 {
		v = max(v*s.Quiet.Share, s.Quiet.Least)
	}
	return v * s.scale
}

// A crossing is where a ratio stays above a target from, with its interval. 0 is below the smallest measured size, +Inf
// beyond the largest.
type crossing struct {
	size, low, high float64
	method          string
	noise           bool // noise moves an end
}

// lawful chooses how the overhead is interpolated: as the law that fits it better at all sizes.
func (r *ratio) lawful() {
	if len(r.sizes) < leastSizes {
		return
	}
	bottom := make([]float64, len(r.bottom))
	for i := range bottom {
		bottom[i] = r.bottom[i].median
	}
	r.power = overheadOf(r.tops(), bottom, r.growth).Law == Power
}

// crossing finds where r stays above target from.
func (r *ratio) crossing(target float64) crossing {
	x := crossing{method: r.method()}
	n := len(r.sizes)
	top, bottom := make([]float64, n), make([]float64, n)
	for i := range n {
		top[i], bottom[i] = r.top[i].median, r.bottom[i].median
	}
	x.size = r.cross(top, bottom, target).at
	draws := r.draws()
	x.noise = r.noisy()
	first, last := make([]float64, max(draws, 1)), make([]float64, max(draws, 1))
	draw := func(k int, e end) crossed {
		for i := range n {
			top[i], bottom[i] = r.top[i].draw(k, e == late), r.bottom[i].draw(k, e == early)
		}
		return r.cross(top, bottom, target)
	}
	same := !x.noise && !r.few()
	for k := range first {
		c := draw(k, early)
		first[k], last[k] = c.least, c.most
		if !same {
			last[k] = draw(k, late).most
		}
	}
	slices.Sort(first)
	slices.Sort(last)
	low, high := ends(first, last)
	x.low, x.high = min(x.size, low), max(x.size, high)
	return x
}

// ends returns the ends of the interval of which one is among first, and the other among last, both in order.
func ends(first, last []float64) (low, high float64) {
	const tail = (1 - curve.Level) / 2
	return first[int(math.Floor(tail*float64(len(first)-1)))], last[int(math.Ceil((1-tail)*float64(len(last)-1)))]
}

// method returns that of intervals: the range that launches allow where any side has too few of them.
func (r *ratio) method() string {
	if r.few() {
		return curve.MinMax
	}
	return curve.Bootstrap
}

// draws returns how many resamples the sides have; 0 if none has any.
func (r *ratio) draws() int {
	most := 0
	for i := range r.sizes {
		most = max(most, len(r.top[i].Medians), len(r.bottom[i].Medians))
	}
	return most
}

// few reports whether a side has too few launches to resample.
func (r *ratio) few() bool {
	for i := range r.sizes {
		if r.top[i].Medians == nil || r.bottom[i].Medians == nil {
			return true
		}
	}
	return false
}

// noisy reports whether noise can explain some of a time.
func (r *ratio) noisy() bool {
	for i := range r.sizes {
		if r.top[i].Quiet.Share < 1 || r.bottom[i].Quiet.Share < 1 {
			return true
		}
	}
	return false
}

// crossed is where two rows of times cross, and the least and the most that the ways to interpolate give. 0 is below
// the smallest size, +Inf beyond the largest.
type crossed struct{ at, least, most float64 }

// cross returns the size from which top/bottom stays above target. Between two sizes the time of top is a straight line
// over size to the power of the exponent; that of bottom is as well, or what the overhead as a power of the time of top
// makes it, where that law is chosen.
func (r *ratio) cross(top, bottom []float64, target float64) crossed {
	for i, t := range slices.Backward(top) {
		below := target*bottom[i] - t // what is missing
		if below < 0 {
			continue
		}
		if i == len(top)-1 {
			return crossed{math.Inf(1), math.Inf(1), math.Inf(1)}
		}
		above := top[i+1] - target*bottom[i+1]
		share := below / (below + above)
		size := func(share float64) float64 {
			from, to := math.Pow(r.sizes[i], r.exponent), math.Pow(r.sizes[i+1], r.exponent)
			return math.Pow(from+share*(to-from), 1/r.exponent)
		}
		line := size(share)
		if other, ok := r.powerShare(top[i:i+2], bottom[i:i+2], target); ok {
			power := size(other)
			at := line
			if r.power {
				at = power
			}
			return crossed{at, min(line, power), max(line, power)}
		}
		return crossed{line, line, line}
	}
	return crossed{}
}

// apart is the ratio of the times of the base at two sizes from which on a power law through them is known.
const apart = 1.2

// powerShare returns how far from the first to the second of two sizes the ratio crosses target, if the overhead
// between them is a power of the time of top. It is false if there is no such law.
func (r *ratio) powerShare(top, bottom []float64, target float64) (share float64, ok bool) {
	from, to := r.growth*bottom[0]-top[0], r.growth*bottom[1]-top[1]
	allowed := r.growth/target - 1 // overhead over work
	if !(from > 0 && to > 0 && allowed > 0 && top[1] >= apart*top[0]) {
		return 0, false
	}
	q := math.Log(to/from) / math.Log(top[1]/top[0])
	w := top[0] * math.Pow(from/(allowed*top[0]), 1/(1-q))
	share = (w - top[0]) / (top[1] - top[0])
	return share, q < 1 && share >= 0 && share <= 1
}

// between returns the interval of the ratio of two times, as a curve has that of a speedup; nil if one is not known.
func between(top, bottom curve.Sample) *curve.Interval {
	if top.Times == nil || bottom.Times == nil {
		return nil
	}
	var iv *curve.Interval
	if top.Medians == nil || bottom.Medians == nil {
		iv = &curve.Interval{
			Method: curve.MinMax, Low: slices.Min(top.Times) / slices.Max(bottom.Times),
			High: slices.Max(top.Times) / slices.Min(bottom.Times),
		}
	} else {
		ratios := make([]float64, len(top.Medians))
		for k := range ratios {
			ratios[k] = top.Medians[k] / bottom.Medians[k]
		}
		iv = curve.Percentile(ratios)
	}
	iv.Widen(top.Quiet, bottom.Quiet, 1)
	return iv
}

// sideOf returns the launches of one side, whose times count scale times.
func sideOf(s curve.Sample, scale float64) side {
	return side{s, scale, stat.Median(s.Times) * scale}
}
