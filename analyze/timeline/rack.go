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
	onCPU  func(thread int64, from, to clock.Time, f func(from, to clock.Time))
	lanes  []*laneData
	byKind [Core + 1]int   // lanes made, by kind
	shared [Core + 1]int32 // number of the lane for everything beyond the limit plus one; 0 if there is none
}

// A track is what something is doing, since when, and the lane that shows it.
type track struct {
	lane  int32
	state State
	since clock.Time
	m     int64 // its thread; gotrace.None
}

// laneData is a lane in the making.
type laneData struct {
	strip Strip
	Lane
	users   int        // goroutines that have had it, one after another
	holder  int32      // of the lane of serial parts: the goroutine shown there; noHolder
	marks   []markData // in the order of their ends
	perMark int        // marks joined into one
}

type markData struct {
	start, end  clock.Time
	first, last gotrace.StringID
	n           int
}

func (r *rack) newLane(kind LaneKind, id int64, name string) int32 {
	r.byKind[kind]++
	r.lanes = append(r.lanes, &laneData{
		Lane: Lane{Kind: kind, Rank: r.rank, ID: id, Name: name}, strip: r.strip, holder: noHolder, perMark: 1,
	})
	r.lanes[len(r.lanes)-1].strip.Shared = id == SharedID && kind != Worker
	return int32(len(r.lanes) - 1)
}

// sharedLane returns the lane for everything beyond the limit.
func (r *rack) sharedLane(kind LaneKind, name string) int32 {
	if r.shared[kind] == 0 {
		r.shared[kind] = r.newLane(kind, SharedID, name) + 1
	}
	return r.shared[kind] - 1
}

// freeLanes are lanes without a goroutine, by the start functions of those that had them.
type freeLanes [][]int32

func (f *freeLanes) put(start gotrace.StringID, lane int32) {
	for int(start) >= len(*f) {
		*f = append(*f, nil)
	}
	(*f)[start] = append((*f)[start], lane)
}

// take returns the lane put last, if there is one.
func (f freeLanes) take(start gotrace.StringID) (lane int32, ok bool) {
	if int(start) >= len(f) || len(f[start]) == 0 {
		return noLane, false
	}
	last := len(f[start]) - 1
	lane = f[start][last]
	f[start] = f[start][:last]
	return lane, true
}

// span adds the part inside the window of a stretch of state s to a lane.
func (r *rack) span(lane int32, from, to clock.Time, s State) {
	r.lanes[lane].strip.Add(max(from, r.lo), min(to, r.hi), s)
}

// set ends the state of tr and begins s. It is small enough to be inlined; most calls change nothing.
func (r *rack) set(tr *track, t clock.Time, s State) {
	if tr.state != s {
		r.turn(tr, t, s)
	}
}

func (r *rack) turn(tr *track, t clock.Time, s State) {
	t = max(t, tr.since)
	if tr.state != Absent {
		if r.onCPU != nil && tr.since < t && (tr.state == Running || tr.state == GC) && tr.m != gotrace.None {
			r.cutSpan(tr, t)
		} else if from, to := max(tr.since, r.lo), min(t, r.hi); from < to {
			if strip := &r.lanes[tr.lane].strip; !strip.sum(from, to, tr.state) {
				strip.add(from, to, tr.state)
			}
		}
	}
	tr.state, tr.since = s, t
}

// cutSpan shows the time of tr on its thread until t, and as Ready the part in which its thread had no core.
func (r *rack) cutSpan(tr *track, t clock.Time) {
	at := tr.since
	r.onCPU(tr.m, tr.since, t, func(from, to clock.Time) {
		r.span(tr.lane, at, from, Ready)
		r.span(tr.lane, max(at, from), to, tr.state)
		at = to
	})
	r.span(tr.lane, at, t, Ready)
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
