package timeline

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An openRegion is a region that a goroutine is in.
type openRegion struct {
	name   gotrace.StringID
	start  clock.Time
	serial bool
}

// region follows the regions of a goroutine: workers and serial parts have lanes, all others are marks.
func (b *Builder) region(s *replay.Step) {
	g := &b.gs[s.G]
	switch s.Kind {
	case replay.Enter:
		lane, ok := b.workers[s.ID]
		if !ok {
			lane = b.newLane(Worker, s.ID, b.Symbols.Text(s.Name))
			b.workers[s.ID] = lane
		}
		g.worker = lane
		b.move(g)
	case replay.Leave:
		g.worker = noLane
		b.move(g)
	case replay.SerialBegin:
		g.open = append(g.open, openRegion{s.Name, b.now, true})
		g.serials++
		if g.worker == noLane { // a worker that does a serial part shows it on its own lane
			b.enterSerial(g, s.G)
		}
	case replay.RegionBegin:
		g.open = append(g.open, openRegion{s.Name, b.now, false})
	case replay.SerialEnd, replay.RegionEnd:
		b.regionEnd(g, s)
	case replay.Refused:
		if s.Odd {
			b.warn(warning.TimelineAgain, b.Symbols.Text(s.Name), warning.Figures{})
		}
	case replay.Stray:
		b.warn(warning.TimelineEarlier, b.Symbols.Text(s.Name), warning.Figures{})
	}
}

// enterSerial shows g on the lane of serial parts, unless another goroutine is there.
func (b *Builder) enterSerial(g *goroutine, slot int32) {
	if b.serialAt == noLane {
		b.serialAt = b.newLane(Worker, SerialID, "serial")
	}
	l := b.lanes[b.serialAt]
	switch {
	case l.holder == noHolder:
		l.holder = slot
		g.parts = b.serialAt
		b.move(g)
	case l.holder != slot:
		b.warn(warning.TimelineAgain, l.Name, warning.Figures{})
	}
}

// move shows g where it belongs from now on: on the lane of its worker, that of serial parts, or its own.
func (b *Builder) move(g *goroutine) {
	lane := g.worker
	if lane == noLane {
		lane = g.parts
	}
	if g.own == unmade {
		b.claimLane(g)
	}
	if lane == noLane {
		lane = g.own
	}
	state := g.state
	b.set(&g.track, b.now, Absent)
	g.lane = lane
	b.set(&g.track, b.now, state)
}

// regionEnd ends the innermost open region of that name.
func (b *Builder) regionEnd(g *goroutine, s *replay.Step) {
	for k, o := range slices.Backward(g.open) {
		if s.Name == o.name || s.Name == 0 && o.serial { // a goroutine that ends also ends its serial parts
			b.endRegion(g, k)
			return
		}
	}
	b.mark(g, openRegion{name: s.Name, start: b.first}) // it began before the trace
}

// endRegion ends the k-th region that g is in.
func (b *Builder) endRegion(g *goroutine, k int) {
	o := g.open[k]
	g.open = slices.Delete(g.open, k, k+1)
	b.mark(g, o)
	if !o.serial {
		return
	}
	if len(b.serial) < maxSerial {
		b.serial = append(b.serial, serialPart{rank: b.Rank, from: o.start, to: b.now})
	} else {
		b.serialCut++
	}
	if g.serials--; g.serials == 0 && g.parts != noLane {
		b.lanes[g.parts].holder = noHolder
		g.parts = noLane
		b.move(g)
	}
}

// closeRegions ends all regions that g is in.
func (b *Builder) closeRegions(g *goroutine) {
	for len(g.open) > 0 {
		b.endRegion(g, len(g.open)-1)
	}
}

// mark puts a region that ends now on the lane of g.
func (b *Builder) mark(g *goroutine, o openRegion) {
	from, to := max(o.start, b.lo), min(b.now, b.hi)
	if from > to {
		return
	}
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
