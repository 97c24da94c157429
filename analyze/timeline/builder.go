package timeline

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the timeline of one process from the steps of its replay, and keeps none of them. The fields may be set before the first
// Add. Its zero value is ready; Symbols is needed for names.
type Builder struct {
	Rank    int              // of the process; -1: the coordinator
	Symbols *gotrace.Symbols // of the events

	// From and To are the part that is wanted. 0: from the first event, to the last.
	From, To clock.Time

	// OnCPU calls f with each stretch between two times, in their order, that an OS thread was on a core. With it, running time without a core is
	// shown as Ready. nil: not known.
	OnCPU func(thread int64, from, to clock.Time, f func(from, to clock.Time))

	MaxSpans int // that a lane keeps before it is folded; see Strip
	Bins     int // of a folded lane; likewise
	MaxMarks int // of a lane, before neighbours are joined; 0: 4096
	// MaxLanes is the number of lanes for goroutines, and for threads, before they share: first a goroutine takes the lane of an ended one
	// with the same start function; what is alive beyond that is shown as one lane. 0: 128.
	MaxLanes int

	begun      bool
	lo, hi     clock.Time // From and To, or the ends of all time
	first, now clock.Time // of the first event, of the last

	lanes     []*laneData
	byKind    [Core + 1]int                // lanes made, by kind
	gs        []goroutine                  // by slot
	ps        []processor                  // by number
	threads   []thread                     // by slot
	freeGo    map[gotrace.StringID][]int32 // lanes of ended goroutines by start function
	workers   map[int64]int32              // lanes
	serialAt  int32                        // lane; noLane
	serial    []serialPart
	serialCut int // of those, that were too many
	warnings  warning.Few
}

const (
	noLane    = -1
	noHolder  = -1
	unmade    = -2   // the lane is to be made
	maxSerial = 4096 // serial parts that are shown on the lanes of the workers: each is compared with all that is there
)

// A track is what something is doing, since when, and the lane on which that is shown.
type track struct {
	lane  int32
	state State
	since clock.Time
	m     int64 // thread that runs it; gotrace.None
}

// laneData is a lane in the making.
type laneData struct {
	strip Strip
	Lane
	users   int        // goroutines that had it, one after the other
	holder  int32      // of the lane of serial parts: the goroutine that is there; noHolder
	marks   []markData // in the order of their ends
	perMark int        // marks joined into one
}

type markData struct {
	start, end  clock.Time
	first, last gotrace.StringID
	n           int
}

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.now = true, t, t
	b.lo, b.hi = math.MinInt64, math.MaxInt64
	if b.From != 0 {
		b.lo = b.From
	}
	if b.To != 0 {
		b.hi = b.To
	}
	b.MaxMarks = max(orDefault(b.MaxMarks, 4096), 2)
	b.MaxLanes = orDefault(b.MaxLanes, 128)
	b.freeGo = make(map[gotrace.StringID][]int32)
	b.workers = make(map[int64]int32)
	b.serialAt = noLane
	if b.Symbols == nil {
		b.Symbols = &gotrace.Symbols{}
	}
}

func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// Add takes the next step.
func (b *Builder) Add(s *replay.Step) {
	if !b.begun {
		b.start(s.Time)
	}
	b.now = max(b.now, s.Time)
	switch s.Kind {
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.gs[s.G].start = s.Name
	case replay.Thread:
		b.newThread(s.ID)
	case replay.Change:
		b.change(s)
	case replay.Lost, replay.Shift, replay.Relabel:
		b.show(s)
	case replay.Proc:
		b.procTransition(s)
	case replay.Enter, replay.Leave, replay.SerialBegin, replay.SerialEnd, replay.RegionBegin, replay.RegionEnd, replay.Refused, replay.Stray:
		b.region(s)
	case replay.Whole:
		b.whole()
	case replay.Gap:
		b.gap()
	}
}

// span puts a stretch of a state onto a lane, as far as it lies in the part that is wanted.
func (b *Builder) span(lane int32, from, to clock.Time, s State) {
	from, to = max(from, b.lo), min(to, b.hi)
	if from >= to {
		return
	}
	b.lanes[lane].strip.Add(from, to, s)
}

// begin is the start of the part that is wanted.
func (b *Builder) begin() clock.Time {
	if b.From != 0 {
		return b.From
	}
	return b.first
}

// newLane makes a lane.
func (b *Builder) newLane(kind LaneKind, id int64, name string) int32 {
	b.byKind[kind]++
	b.lanes = append(b.lanes, &laneData{
		Lane:   Lane{Kind: kind, Rank: b.Rank, ID: id, Name: name},
		strip:  Strip{Origin: b.begin(), Until: b.To, MaxSpans: b.MaxSpans, Bins: b.Bins, Shared: id == SharedID && kind != Worker},
		holder: noHolder, perMark: 1,
	})
	return int32(len(b.lanes) - 1)
}

// sharedLane is the lane for what is beyond the limit.
func (b *Builder) sharedLane(kind LaneKind, name string) int32 {
	for i := range b.lanes {
		if b.lanes[i].Kind == kind && b.lanes[i].ID == SharedID {
			return int32(i)
		}
	}
	return b.newLane(kind, SharedID, name)
}

// warn adds a warning about the lane or region of that name.
func (b *Builder) warn(k warning.Kind, name string, f warning.Figures) {
	w := warning.OfProcess(k, b.Rank)
	w.Subject.Name, w.Figures = name, f
	b.warnings.Add(w, warning.TimelineMore)
}

// Finish returns the timeline of the events so far. The Builder must not be used any more.
func (b *Builder) Finish() *Timeline {
	if !b.begun {
		return &Timeline{Start: b.From, End: max(b.From, b.To), Warnings: []warning.Warning{
			warning.OfProcess(warning.TimelineEmpty, b.Rank),
		}}
	}
	t := &Timeline{Start: b.begin(), End: b.now}
	if b.To != 0 {
		t.End = b.To
	}
	if t.End < t.Start {
		t.End = t.Start
	}
	b.close(t)
	for i := range b.lanes {
		l := b.lanes[i]
		b.finishMarks(l, t)
		l.strip.finish(&l.Lane)
		if len(l.Spans) == 0 && l.bins == nil && len(l.Marks) == 0 && l.Kind != Worker && l.Kind != P {
			continue
		}
		if l.users > 1 {
			l.Name = fmt.Sprintf("%s (%d of them)", l.Name, l.users)
		}
		t.Lanes = append(t.Lanes, l.Lane)
	}
	if b.serialCut > 0 {
		b.warn(warning.TimelineSerial, "", warning.Figures{Count: int(b.serialCut), Of: maxSerial})
	}
	t.serial = b.serial
	for _, s := range t.serial {
		t.showSerial(s, func(int) bool { return true })
	}
	t.sort()
	t.Warnings = b.warnings
	return t
}

// close ends everything that is still going on.
func (b *Builder) close(t *Timeline) {
	// A trace that ends inside a worker's region was cut off: what came after is unknown, not absent.
	cut := false
	for i := range b.gs {
		cut = cut || b.gs[i].alive && (b.gs[i].worker != noLane || b.gs[i].serials > 0)
	}
	if cut && b.now < t.End {
		b.warn(warning.TimelineCut, "", warning.Figures{Time: t.End.Sub(b.now)})
	}
	end := func(tr *track) {
		state := tr.state
		b.set(tr, b.now, Absent)
		if cut && state != Absent {
			b.span(tr.lane, b.now, t.End, Unknown)
		}
	}
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		if g.lane == unmade {
			b.claimLane(g)
		}
		end(&g.track)
		b.closeRegions(g)
	}
	for i := range b.ps {
		if b.ps[i].seen {
			end(&b.ps[i].track)
		}
	}
	for i := range b.threads {
		end(&b.threads[i].track)
	}
}
