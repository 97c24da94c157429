package timeline

import (
	"cmp"
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the timeline of one process from the steps of its replay, of which it keeps none. Set the fields
// before the first Add. The zero value is ready, but without Symbols nothing has a name.
type Builder struct {
	Rank    int              // of the process; -1 for the coordinator
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	// OnCPU calls f, in time order, with each stretch between two times that an OS thread was on a core. With it,
	// time that it runs, or collects garbage, without a core is shown as Ready.
	OnCPU func(thread int64, from, to clock.Time, f func(from, to clock.Time))

	MaxSpans int // of a lane before it is folded; see Strip
	Bins     int // of a folded lane; see Strip
	MaxMarks int // of a lane before neighbours are joined; 0: 4096
	// MaxLanes is how many lanes goroutines, and threads, get before they share: a goroutine then takes the lane of an
	// ended one with the same start function, and all others share one lane. 0: 128.
	MaxLanes int

	begun      bool
	first, now clock.Time // times of events
	rack

	gs         []goroutine         // by slot
	places     []inside            // by slot, up to the last goroutine that has been in a region
	ps         []processor         // by number
	threads    []thread            // by slot
	free       freeLanes           // of ended goroutines
	workers    map[int64]*laneData // by worker number
	serialAt   *laneData           // of serial parts, if there are any
	serial     []serialPart
	serialCut  int // how many more there were
	working    []serialPart
	inside     int        // workers in their regions
	insideFrom clock.Time // since when there is one
	deals      []dealing  // by stack
	warnings   warning.Few
}

const (
	noHolder  = -1
	maxSerial = 4096 // serial parts shown on the lanes of workers: each is compared with all spans there
)

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.now = true, t, t
	b.rack = rack{
		rank: b.Rank, lo: math.MinInt64, hi: math.MaxInt64,
		strip: Strip{Origin: cmp.Or(b.From, t), Until: b.To, MaxSpans: b.MaxSpans, Bins: b.Bins},
	}
	if b.From != 0 {
		b.lo = b.From
	}
	if b.To != 0 {
		b.hi = b.To
	}
	b.MaxMarks = max(cmp.Or(b.MaxMarks, 4096), 2)
	b.MaxLanes = cmp.Or(b.MaxLanes, 128)
	b.workers = make(map[int64]*laneData)
	if b.Symbols == nil {
		b.Symbols = &gotrace.Symbols{}
	}
}

// Add takes the next steps.
func (b *Builder) Add(steps []replay.Step) {
	if len(steps) > 0 && !b.begun {
		b.start(steps[0].Time)
	}
	for i := range steps {
		s := &steps[i]
		b.now = max(b.now, s.Time)
		if s.Kind == replay.Change { // most steps by far
			b.show(s)
			continue
		}
		switch s.Kind {
		case replay.Born:
			b.born(s)
		case replay.Named:
			b.gs[s.G].start = s.Name
		case replay.Thread:
			b.newThread(s.ID)
		case replay.Lost, replay.Shift, replay.Relabel:
			b.show(s)
		case replay.Proc:
			b.procTransition(s)
		case replay.Enter, replay.Leave, replay.SerialBegin, replay.SerialEnd, replay.RegionBegin, replay.RegionEnd,
			replay.Refused, replay.Stray:
			b.region(s)
		case replay.Whole:
			b.whole()
		case replay.Gap:
			b.gap()
		}
	}
}

// warn adds a warning about the lane or region called name.
func (b *Builder) warn(k warning.Kind, name string, f warning.Figures) {
	w := warning.OfProcess(k, b.Rank)
	w.Subject.Name, w.Figures = name, f
	b.warnings.Add(w, warning.TimelineMore)
}

// Finish returns the timeline of the steps so far. The Builder must not be used afterwards.
func (b *Builder) Finish() *Timeline {
	if !b.begun {
		return &Timeline{Start: b.From, End: max(b.From, b.To), Warnings: []warning.Warning{
			warning.OfProcess(warning.TimelineEmpty, b.Rank),
		}}
	}
	t := &Timeline{Start: b.strip.Origin, End: b.now}
	if b.To != 0 {
		t.End = b.To
	}
	if t.End < t.Start {
		t.End = t.Start
	}
	b.close(t)
	for i := range b.lanes {
		l := b.lanes[i]
		if l.perMark > 1 {
			b.warn(warning.TimelineMarks, l.Name, warning.Figures{Count: l.perMark})
		}
		l.finishMarks(b.Symbols, t)
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
		b.warn(warning.TimelineSerial, "", warning.Figures{Count: b.serialCut, Of: maxSerial})
	}
	t.serial = b.serial
	t.showSerial(func(serialPart, int) bool { return true })
	t.working = b.working
	t.join()
	t.sort()
	t.Warnings = b.warnings
	return t
}

// close ends everything that is in progress.
func (b *Builder) close(t *Timeline) {
	// A trace that ends inside a worker's region was cut off: what followed is unknown, not absent.
	cut := false
	for i := range b.gs {
		cut = cut || b.gs[i].alive && b.gs[i].placed && (b.places[i].worker != nil || b.places[i].serials > 0)
	}
	if cut && b.now < t.End {
		b.warn(warning.TimelineCut, "", warning.Figures{Time: t.End.Sub(b.now)})
	}
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		if g.lane == nil {
			b.claimLane(g)
		}
		b.settle(g, b.now, g.thread)
		b.release(g, g.own)
		if cut && g.state != Absent {
			b.span(g.lane, b.now, t.End, Unknown)
			if g.p != replay.None {
				b.span(b.ps[g.p].lane, b.now, t.End, Unknown)
			}
			if g.thread != replay.None {
				b.span(b.threads[g.thread].lane, b.now, t.End, Unknown)
			}
		}
		g.state = Absent
		b.closeRegions(int32(i))
	}
	if b.inside > 0 {
		b.worked(t.End)
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.lane != nil && !p.known {
			b.span(p.lane, p.gap, b.now, Unknown)
			if cut {
				b.span(p.lane, b.now, t.End, Unknown)
			}
		}
	}
}
