package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A regionKind says what a region means for the timeline.
type regionKind uint8

const (
	unknownRegion regionKind = iota // not looked at yet
	otherRegion                     // a mark
	workerRegion                    // "worker 3": the goroutine is worker 3
	serialRegion                    // "before", "after": a serial part of the workload
)

// A region is the meaning of a name.
type region struct {
	kind   regionKind
	worker int
}

// An openRegion is one that a goroutine is inside of.
type openRegion struct {
	name  gotrace.StringID
	kind  regionKind
	start clock.Time
	lane  int32 // that the goroutine holds while inside; noLane: none
}

// parseRegion says what a region of that name means.
func parseRegion(name string) region {
	if name == "before" || name == "after" {
		return region{kind: serialRegion}
	}
	if number, ok := strings.CutPrefix(name, "worker "); ok {
		if k, err := strconv.Atoi(number); err == nil && k >= 0 {
			return region{kind: workerRegion, worker: k}
		}
	}
	return region{kind: otherRegion}
}

func (b *Builder) region(name gotrace.StringID) region {
	for int(name) >= len(b.regions) {
		b.regions = append(b.regions, region{})
	}
	r := &b.regions[name]
	if r.kind == unknownRegion {
		*r = parseRegion(b.Symbols.Text(name))
	}
	return *r
}

func (b *Builder) regionBegin(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return // no goroutine could end it
	}
	r := b.region(ev.Name)
	i := b.goroutine(ev.G)
	o := openRegion{name: ev.Name, kind: r.kind, start: b.now, lane: noLane}
	switch r.kind {
	case workerRegion:
		lane, ok := b.workers[r.worker]
		if !ok {
			lane = b.newLane(Worker, int64(r.worker), b.Symbols.Text(ev.Name))
			b.workers[r.worker] = lane
		}
		o.lane = b.enter(i, lane)
	case serialRegion:
		if g := b.gs[i]; g.lane >= 0 && b.lanes[g.lane].Kind == Worker {
			break // a worker that does the serial part shows it on its own lane
		}
		if b.serialAt == noLane {
			b.serialAt = b.newLane(Worker, SerialID, "serial")
		}
		o.lane = b.enter(i, b.serialAt)
	}
	b.gs[i].open = append(b.gs[i].open, o)
}

// enter moves a goroutine onto lane, which it holds from now on, and returns it, or noLane if another goroutine holds it.
func (b *Builder) enter(i, lane int32) int32 {
	l := b.lanes[lane]
	if l.holder != noG {
		b.warn(warning.TimelineAgain, l.Name, warning.Figures{})
		return noLane
	}
	l.holder = i
	g := b.gs[i]
	if g.lane == unmade {
		b.claimLane(g)
	}
	b.move(g, lane)
	return lane
}

// move lets the goroutine be shown on lane from now on.
func (b *Builder) move(g *goroutine, lane int32) {
	s := g.track.state
	b.set(&g.track, b.now, Absent)
	g.lane = lane
	b.set(&g.track, b.now, s)
}

func (b *Builder) regionEnd(ev *gotrace.Event) {
	if ev.G == gotrace.None {
		return
	}
	i := b.goroutine(ev.G)
	for k, o := range slices.Backward(b.gs[i].open) {
		if o.name == ev.Name {
			b.endRegion(i, k)
			return
		}
	}
	// It began before the trace did.
	if r := b.region(ev.Name); r.kind != otherRegion {
		b.warn(warning.TimelineEarlier, b.Symbols.Text(ev.Name), warning.Figures{})
		return
	}
	b.mark(i, openRegion{name: ev.Name, start: b.first, lane: noLane})
}

// endRegion ends the region at place k of those that goroutine i is inside of.
func (b *Builder) endRegion(i int32, k int) {
	g := b.gs[i]
	o := g.open[k]
	g.open = slices.Delete(g.open, k, k+1)
	switch o.kind {
	case otherRegion:
		b.mark(i, o)
	case serialRegion:
		if len(b.serial) < maxSerial {
			b.serial = append(b.serial, serialPart{rank: b.Rank, from: o.start, to: b.now})
		} else {
			b.serialCut++
		}
		b.mark(i, o)
	}
	if o.lane == noLane {
		return
	}
	b.lanes[o.lane].holder = noG
	if g.lane == o.lane {
		back := g.own
		for _, outer := range g.open {
			if outer.lane != noLane {
				back = outer.lane
			}
		}
		b.move(g, back)
	}
}

// mark puts a region that ends now onto the lane of goroutine i.
func (b *Builder) mark(i int32, o openRegion) {
	from, to := max(o.start, b.lo), min(b.now, b.hi)
	if from > to {
		return
	}
	g := b.gs[i]
	if g.lane == unmade {
		b.claimLane(g)
	}
	l := b.lanes[g.lane]
	if n := len(l.marks); n > 0 && l.marks[n-1].n < l.perMark {
		l.marks[n-1].join(markData{from, to, o.name, o.name, 1})
		return
	}
	if len(l.marks) >= b.MaxMarks {
		half := l.marks[:0]
		for k, m := range l.marks {
			if k%2 == 0 {
				half = append(half, m)
			} else {
				half[len(half)-1].join(m)
			}
		}
		l.marks = half
		l.perMark *= 2
	}
	l.marks = append(l.marks, markData{from, to, o.name, o.name, 1})
}

func (m *markData) join(next markData) {
	m.start, m.end = min(m.start, next.start), max(m.end, next.end)
	m.last = next.last
	m.n += next.n
}

// finishMarks turns the marks of l into those of the lane.
func (b *Builder) finishMarks(l *laneData, t *Timeline) {
	if l.perMark > 1 {
		b.warn(warning.TimelineMarks, l.Name, warning.Figures{Count: int(l.perMark)})
	}
	for _, m := range l.marks {
		label := b.Symbols.Text(m.first)
		if m.n > 1 {
			label = fmt.Sprintf("%s … %s", label, b.Symbols.Text(m.last))
		}
		l.Marks = append(l.Marks, Mark{Start: max(m.start, t.Start), End: min(m.end, t.End), Label: label})
	}
	slices.SortStableFunc(l.Marks, func(x, y Mark) int { return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End)) })
}
