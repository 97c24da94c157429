package timeline

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Strip makes one lane from spans in time order, in bounded memory: beyond MaxSpans it is folded. Set the fields
// before the first Add; the zero value is ready.
type Strip struct {
	// What lies between from and to is in the open bin, and is not before the end of the last stretch unless the strip
	// is shared. Most of what is added to a folded strip does, so it is summed up here first.
	from, to clock.Time
	sums     [NumStates]time.Duration

	open  int // number of the open bin
	bins  *fold
	spans []Span

	Origin   clock.Time // no span is expected before; only bins depend on it
	Until    clock.Time // no span is expected after; only bins depend on it
	MaxSpans int        // kept before the strip is folded; 0: 4096 (96 KiB)
	Bins     int        // of a folded strip; 0: 2048 (16 KiB for each state that occurs)
	Shared   bool       // several threads or goroutines share it: spans overlap, and it is folded from the start
}

// Add appends a stretch of one state. It cuts off what lies before the end of the last one, unless the strip is shared.
func (s *Strip) Add(from, to clock.Time, state State) {
	if from < to && state != Absent {
		s.put(from, to, state)
	}
}

// put is Add for a stretch longer than nothing of a state that is shown.
func (s *Strip) put(from, to clock.Time, state State) {
	if !s.sum(from, to, state) {
		s.add(from, to, state)
	}
}

// sum adds a stretch that lies in the open bin. It returns false, and has changed nothing, if it does not.
func (s *Strip) sum(from, to clock.Time, state State) bool {
	if from < s.from || to > s.to {
		return false
	}
	s.sums[state] += to.Sub(from)
	if !s.Shared {
		s.from = to
	}
	return true
}

// add is put for what does not lie in the open bin.
func (s *Strip) add(from, to clock.Time, state State) {
	if !s.Shared {
		from = max(from, s.from)
	}
	if from >= to {
		return
	}
	if s.bins == nil && !s.keep(from, to, state) {
		s.fold(from, to)
	}
	if s.bins != nil {
		s.settle()
		s.open, s.from, s.to = s.bins.add(from, to, state)
	}
	if !s.Shared {
		s.from = to
	}
}

// keep adds a span. It returns false if the strip must be folded.
func (s *Strip) keep(from, to clock.Time, state State) bool {
	n := len(s.spans)
	switch {
	case s.Shared:
		return false
	case n > 0 && s.spans[n-1].End == from && s.spans[n-1].State == state:
		s.spans[n-1].End = to
	case n < cmp.Or(s.MaxSpans, 4096):
		if n == cap(s.spans) {
			s.spans = slices.Grow(s.spans, max(n, 4))
		}
		s.spans = append(s.spans, Span{from, to, state})
	default:
		return false
	}
	return true
}

// fold moves the spans into bins that also reach over from to to.
func (s *Strip) fold(from, to clock.Time) {
	s.bins = newFold(min(s.Origin, from), max(to, s.Until), cmp.Or(s.Bins, 2048))
	s.bins.shared = s.Shared
	spans := s.spans
	s.spans, s.from = nil, math.MinInt64
	for _, p := range spans {
		s.put(p.Start, p.End, p.State)
	}
}

// settle closes the open bin.
func (s *Strip) settle() {
	for state, d := range s.sums {
		if d != 0 {
			s.bins.of(State(state))[s.open] += d
		}
	}
	clear(s.sums[:])
}

// Lane returns the lane made so far. The Strip must not be used afterwards.
func (s *Strip) Lane(kind LaneKind, rank int, id int64, name string) Lane {
	l := Lane{Kind: kind, Rank: rank, ID: id, Name: name}
	s.finish(&l)
	return l
}

// finish gives the spans, or the bins, to l.
func (s *Strip) finish(l *Lane) {
	if s.bins != nil {
		s.settle()
	}
	l.Spans, l.bins = s.spans, s.bins
}

// New puts lanes onto one axis.
func New(start, end clock.Time, lanes []Lane, warnings []warning.Warning) *Timeline {
	t := &Timeline{Start: start, End: max(start, end), Lanes: lanes, Warnings: warnings}
	t.sort()
	return t
}
