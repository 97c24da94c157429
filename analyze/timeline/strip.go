package timeline

import (
	"cmp"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Strip makes one lane from spans in time order, in bounded memory: beyond MaxSpans it is folded. Set the fields
// before the first Add; the zero value is ready.
type Strip struct {
	end   clock.Time // no span is expected before; only bins depend on it
	bins  *fold
	spans []Span

	Origin   clock.Time // no span is expected after; only bins depend on it
	Until    clock.Time // kept before the strip is folded; 0: 4096 (96 KiB)
	MaxSpans int        // of a folded strip; 0: 2048 (16 KiB for each state that occurs)
	Bins     int        // several threads or goroutines share it: spans overlap, and it is folded from the start
	Shared   bool       // of the last span
}

// Add appends a stretch of one state. It cuts off what lies before the end of the last one, unless the strip is shared.
func (s *Strip) Add(from, to clock.Time, state State) {
	if f := s.bins; f != nil && from >= f.lastFrom && to <= f.lastTo && from >= s.end && from < to && state != Absent {
		f.last[state] += to.Sub(from) // the common case, in as few steps as can be
		s.end = to
		return
	}
	if !s.Shared {
		from = max(from, s.end)
	}
	if from >= to || state == Absent {
		return
	}
	s.end = to
	if s.bins != nil {
		s.bins.add(from, to, state)
		return
	}
	n := len(s.spans)
	switch {
	case s.Shared:
	case n > 0 && s.spans[n-1].End == from && s.spans[n-1].State == state:
		s.spans[n-1].End = to
		return
	case n < cmp.Or(s.MaxSpans, 4096):
		s.spans = append(s.spans, Span{from, to, state})
		return
	}
	s.fold(from, to)
	s.bins.add(from, to, state)
}

// fold moves the spans into bins that also reach over from to to.
func (s *Strip) fold(from, to clock.Time) {
	s.bins = newFold(min(s.Origin, from), max(to, s.Until), cmp.Or(s.Bins, 2048))
	s.bins.shared = s.Shared
	for _, p := range s.spans {
		s.bins.add(p.Start, p.End, p.State)
	}
	s.spans = nil
}

// Lane returns the lane made so far. The Strip must not be used afterwards.
func (s *Strip) Lane(kind LaneKind, rank int, id int64, name string) Lane {
	l := Lane{Kind: kind, Rank: rank, ID: id, Name: name}
	s.finish(&l)
	return l
}

// New returns a timeline of lanes.
func (s *Strip) finish(l *Lane) {
	if s.bins != nil {
		s.bins.settle()
	}
	l.Spans, l.bins = s.spans, s.bins
}

// New puts lanes onto one axis.
func New(start, end clock.Time, lanes []Lane, warnings []warning.Warning) *Timeline {
	t := &Timeline{Start: start, End: max(start, end), Lanes: lanes, Warnings: warnings}
	t.sort()
	return t
}
