package timeline

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A rack is the lanes of a process in the making.
type rack struct {
	rank   int
	lo, hi clock.Time // the window, or the ends of all time
	strip  Strip      // of a new lane
	lanes  []*laneData
	byKind [Core + 1]int       // lanes made, by kind
	shared [Core + 1]*laneData // the lane for everything beyond the limit, if there is one
}

// laneData is a lane in the making.
type laneData struct {
	strip Strip
	Lane
	below   *laneData  // while it is free: see freeLanes
	users   int        // goroutines that have had it, one after another
	holder  int32      // of the lane of serial parts: the goroutine shown there; noHolder
	marks   []markData // in the order of their ends
	perMark int        // marks joined into one
	last    clock.Time // of a worker: when it last left its region
}

type markData struct {
	start, end  clock.Time
	first, last gotrace.StringID
	n           int
}

func (r *rack) newLane(kind LaneKind, id int64, name string) *laneData {
	r.byKind[kind]++
	l := &laneData{Lane: Lane{Kind: kind, Rank: r.rank, ID: id, Name: name}, strip: r.strip, holder: noHolder, perMark: 1}
	l.strip.Shared = id == SharedID && kind != Worker
	r.lanes = append(r.lanes, l)
	return l
}

// sharedLane returns the lane for everything beyond the limit.
func (r *rack) sharedLane(kind LaneKind, name string) *laneData {
	if r.shared[kind] == nil {
		r.shared[kind] = r.newLane(kind, SharedID, name)
	}
	return r.shared[kind]
}

// freeLanes are lanes without a goroutine: by the start function of those that had them, the one put last.
type freeLanes []*laneData

func (f *freeLanes) put(start gotrace.StringID, l *laneData) {
	for int(start) >= len(*f) {
		*f = append(*f, nil)
	}
	l.below, (*f)[start] = (*f)[start], l
}

// take returns the lane put last, or nil.
func (f freeLanes) take(start gotrace.StringID) *laneData {
	if int(start) >= len(f) || f[start] == nil {
		return nil
	}
	l := f[start]
	f[start] = l.below
	return l
}

// span adds the part inside the window of a stretch of state s to a lane.
func (r *rack) span(l *laneData, from, to clock.Time, s State) {
	l.strip.Add(max(from, r.lo), min(to, r.hi), s)
}

func (m *markData) join(next markData) {
	m.start, m.end = min(m.start, next.start), max(m.end, next.end)
	m.last = next.last
	m.n += next.n
}

// finishMarks makes the marks of a lane, as far as they lie inside t.
func (l *laneData) finishMarks(symbols *gotrace.Symbols, t *Timeline) {
	for _, m := range l.marks {
		label := symbols.Text(m.first)
		if m.n > 1 {
			label = fmt.Sprintf("%s … %s", label, symbols.Text(m.last))
		}
		l.Marks = append(l.Marks, Mark{Start: max(m.start, t.Start), End: min(m.end, t.End), Label: label})
	}
	slices.SortStableFunc(l.Marks, func(x, y Mark) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
}
