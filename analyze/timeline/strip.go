package timeline

import (
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Strip makes one lane from spans that are known in the order of their times, in bounded memory: beyond MaxSpans it is folded. The fields
// may be set before the first Add; its zero value is ready.
type Strip struct {
	end   clock.Time // of the last stretch
	bins  *fold
	spans []Span

	Origin   clock.Time // before which nothing is expected; it serves only to choose the bins
	Until    clock.Time // up to which spans are expected; likewise
	MaxSpans int        // that are kept before the strip is folded; 0: 4096 (96 KiB)
	Bins     int        // of a folded strip; 0: 2048 (16 KiB for each state that occurs in it)
	Shared   bool       // several threads or goroutines share it: their spans overlap, and it is folded from the start
}

// Add appends a stretch of one state. What lies before the end of the last one is cut off, unless the strip is shared.
func (s *Strip) Add(from, to clock.Time, state State) {
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
	case n < orDefault(s.MaxSpans, 4096):
		s.spans = append(s.spans, Span{from, to, state})
		return
	}
	s.fold(from, to)
	s.bins.add(from, to, state)
}

// fold moves the spans into bins, of which one is to hold what lies from from to to.
func (s *Strip) fold(from, to clock.Time) {
	s.bins = newFold(min(s.Origin, from), max(to, s.Until), orDefault(s.Bins, 2048))
	s.bins.shared = s.Shared
	for _, p := range s.spans {
		s.bins.add(p.Start, p.End, p.State)
	}
	s.spans = nil
}

// Lane returns the lane as it stands. The Strip must not be used any more.
func (s *Strip) Lane(kind LaneKind, rank int, id int64, name string) Lane {
	l := Lane{Kind: kind, Rank: rank, ID: id, Name: name}
	s.finish(&l)
	return l
}

// finish gives the spans, or the bins, to l.
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
