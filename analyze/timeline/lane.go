package timeline

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// Totals returns the time in each state, exactly, for folded lanes too. Absent stays 0: it is the length of the
// timeline less the other states. The lane SharedID holds several goroutines or threads, so its times may exceed that
// length.
func (l *Lane) Totals() [NumStates]time.Duration {
	var sum [NumStates]time.Duration
	for _, s := range l.Spans {
		sum[s.State] += s.End.Sub(s.Start)
	}
	if l.bins != nil {
		for s, bins := range l.bins.times {
			for _, d := range bins {
				sum[s] += d
			}
		}
	}
	return sum
}

// Shares divides the time between from and to into n equal parts and returns the share of each state in each part.
// Within a bin of a folded lane, states count as evenly mixed. The shares of lane SharedID are those of all its
// goroutines or threads together, while there are any.
func (l *Lane) Shares(from, to clock.Time, n int) []Shares {
	if n <= 0 || to <= from {
		return nil
	}
	out := make([]Shares, n)
	part := float64(to-from) / float64(n)
	first := sort.Search(len(l.Spans), func(i int) bool { return l.Spans[i].End > from })
	for _, s := range l.Spans[first:] {
		if s.Start >= to {
			break
		}
		spread(out, part, float64(s.Start-from), float64(s.End-from), 1, s.State)
	}
	if l.bins != nil {
		l.bins.weigh(from, to, out)
	}
	for i := range out {
		out[i].normalise(part, l.bins != nil && l.bins.shared)
	}
	return out
}

// MeanShares returns the mean of the shares of lanes, of which there must be one. Its time depends on the spans of the
// lanes: only those that are folded are divided one by one.
func MeanShares(lanes []*Lane, from, to clock.Time, n int) []Shares {
	if n <= 0 || to <= from {
		return nil
	}
	if len(lanes) == 1 {
		return lanes[0].Shares(from, to, n)
	}
	mean := make([]Shares, n)
	each := 1 / float64(len(lanes))
	part := float64(to-from) / float64(n)
	plain := 0
	for _, l := range lanes {
		if l.bins != nil {
			for i, shares := range l.Shares(from, to, n) {
				for j, v := range shares {
					mean[i][j] += v * each
				}
			}
			continue
		}
		plain++
		for _, s := range l.Spans {
			spread(mean, part, float64(s.Start-from), float64(s.End-from), each/part, s.State)
		}
	}
	if plain == 0 {
		return mean
	}
	for i := range mean { // what no state took of the lanes that are not folded
		sum := 0.0
		for _, v := range mean[i] {
			sum += v
		}
		mean[i][Absent] += max(0, 1-sum)
	}
	return mean
}

// normalise turns times into shares; the rest of length is Absent.
func (s *Shares) normalise(length float64, shared bool) {
	var sum float64
	for _, v := range s {
		sum += v
	}
	if !shared || sum == 0 {
		s[Absent] += max(length-sum, 0)
		sum = max(sum, length)
	}
	for i := range s {
		s[i] /= sum
	}
}

// A stateSet is a set of states, a bit each.
type stateSet uint16

func (set stateSet) has(s State) bool { return set>>s&1 != 0 }

// An extent is a stretch of time.
type extent struct{ from, to clock.Time }

// union returns the extents in their order, with those that meet as one and without empty ones.
func union(all []extent) []extent {
	slices.SortFunc(all, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
	var out []extent
	for _, e := range all {
		switch n := len(out); {
		case e.from >= e.to:
		case n > 0 && e.from <= out[n-1].to:
			out[n-1].to = max(out[n-1].to, e.to)
		default:
			out = append(out, e)
		}
	}
	return out
}

// after is what of a union lies after a time.
func after(parts []extent, from clock.Time) []extent {
	k, _ := slices.BinarySearchFunc(parts, from, func(e extent, t clock.Time) int { return cmp.Compare(e.to, t) })
	if parts = parts[k:]; len(parts) > 0 && parts[0].from < from {
		return union(append([]extent{{from, parts[0].to}}, parts[1:]...))
	}
	return parts
}

// replace turns the time between from and to that is in one of the states old into state s. The timeline reaches from
// lo to hi.
func (l *Lane) replace(from, to, lo, hi clock.Time, old stateSet, s State) {
	l.replaceAll(union([]extent{{from, to}}), lo, hi, old, s)
}

// replaceAll does the same in all of the parts, a [union], in one pass over the lane.
func (l *Lane) replaceAll(parts []extent, lo, hi clock.Time, old stateSet, s State) {
	if len(parts) == 0 {
		return
	}
	if l.bins != nil {
		for _, e := range parts {
			l.bins.replace(e.from, e.to, lo, hi, old, s)
		}
		return
	}
	out := make([]Span, 0, len(l.Spans)+2)
	put := func(a, b clock.Time, state State) {
		if a >= b || state == Absent {
			return
		}
		if n := len(out); n > 0 && out[n-1].End == a && out[n-1].State == state {
			out[n-1].End = b
			return
		}
		out = append(out, Span{a, b, state})
	}
	// piece puts one piece of the lane, replaced where it should be. Pieces come in order, and left are the parts that end
	// behind the last of them.
	left := parts
	piece := func(a, b clock.Time, state State) {
		for a < b && len(left) > 0 && left[0].to <= a {
			left = left[1:]
		}
		if old.has(state) {
			for k := 0; k < len(left) && left[k].from < b && a < b; k++ {
				put(a, left[k].from, state)
				put(max(a, left[k].from), min(b, left[k].to), s)
				a = left[k].to
			}
		}
		put(a, b, state)
	}
	at := parts[0].from
	if len(l.Spans) > 0 {
		at = min(at, l.Spans[0].Start)
	}
	for _, p := range l.Spans {
		piece(at, p.Start, Absent)
		piece(p.Start, p.End, p.State)
		at = p.End
	}
	piece(at, parts[len(parts)-1].to, Absent)
	l.Spans = slices.Clip(out)
}
