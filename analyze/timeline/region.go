package timeline

import (
	"cmp"
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

// An inside is the regions that a goroutine is in.
type inside struct {
	worker  *laneData // of its worker, if it is one
	parts   *laneData // of serial parts, if it is shown there
	serials int       // depth of serial parts
	open    []openRegion
}

// place returns the place of the goroutine in slot i. Most goroutines are in no region and have none.
func (b *Builder) place(i int32) *inside {
	for int(i) >= len(b.places) {
		b.places = append(b.places, inside{})
	}
	b.gs[i].placed = true
	return &b.places[i]
}

// region follows the regions of a goroutine: workers and serial parts have lanes, all others are marks.
func (b *Builder) region(s *replay.Step) {
	p := b.place(s.G)
	switch s.Kind {
	case replay.Enter:
		lane, ok := b.workers[s.ID]
		if !ok {
			lane = b.newLane(Worker, s.ID, b.Symbols.Text(s.Name))
			b.workers[s.ID] = lane
		}
		if b.gs[s.G].own == nil {
			b.claimLane(&b.gs[s.G])
		}
		b.enter(&b.gs[s.G], lane)
		p.worker = lane
		b.move(s.G)
	case replay.Leave:
		if p.worker != nil {
			b.leave(p.worker)
		}
		p.worker = nil
		b.move(s.G)
	case replay.SerialBegin:
		p.open = append(p.open, openRegion{s.Name, b.now, true})
		p.serials++
		if p.worker == nil { // a worker that does a serial part shows it on its own lane
			b.enterSerial(s.G)
		}
	case replay.RegionBegin:
		p.open = append(p.open, openRegion{s.Name, b.now, false})
	case replay.SerialEnd, replay.RegionEnd:
		b.regionEnd(s)
	case replay.Refused:
		if s.Odd {
			b.warn(warning.TimelineAgain, b.Symbols.Text(s.Name), warning.Figures{})
		}
	case replay.Stray:
		b.warn(warning.TimelineEarlier, b.Symbols.Text(s.Name), warning.Figures{})
	}
}

// enterSerial shows the goroutine in slot i on the lane of serial parts, unless another goroutine is there.
func (b *Builder) enterSerial(i int32) {
	if b.serialAt == nil {
		b.serialAt = b.newLane(Worker, SerialID, "serial")
	}
	l := b.serialAt
	switch {
	case l.holder == noHolder:
		l.holder = i
		b.places[i].parts = l
		b.move(i)
	case l.holder != i:
		b.warn(warning.TimelineAgain, l.Name, warning.Figures{})
	}
}

// move shows the goroutine in slot i where it belongs from now on: on the lane of its worker, that of serial parts, or
// its own.
func (b *Builder) move(i int32) {
	g, p := &b.gs[i], &b.places[i]
	if g.own == nil {
		b.claimLane(g)
	}
	b.settle(g, b.now, g.thread)
	g.lane = cmp.Or(p.worker, p.parts, g.own)
}

// regionEnd ends the innermost open region of that name.
func (b *Builder) regionEnd(s *replay.Step) {
	for k, o := range slices.Backward(b.places[s.G].open) {
		if s.Name == o.name || s.Name == 0 && o.serial { // a goroutine that ends also ends its serial parts
			b.endRegion(s.G, k)
			return
		}
	}
	b.mark(&b.gs[s.G], openRegion{name: s.Name, start: b.first}) // it began before the trace
}

// endRegion ends the k-th region that the goroutine in slot i is in.
func (b *Builder) endRegion(i int32, k int) {
	p := &b.places[i]
	o := p.open[k]
	p.open = slices.Delete(p.open, k, k+1)
	b.mark(&b.gs[i], o)
	if !o.serial {
		return
	}
	if len(b.serial) < maxSerial {
		b.serial = append(b.serial, serialPart{rank: b.Rank, from: o.start, to: b.now})
	} else {
		b.serialCut++
	}
	if p.serials--; p.serials == 0 && p.parts != nil {
		p.parts.holder = noHolder
		p.parts = nil
		b.move(i)
	}
}

// closeRegions ends all regions that the goroutine in slot i is in.
func (b *Builder) closeRegions(i int32) {
	if !b.gs[i].placed {
		return
	}
	for len(b.places[i].open) > 0 {
		b.endRegion(i, len(b.places[i].open)-1)
	}
}

// mark puts a region that ends now on the lane of g.
func (b *Builder) mark(g *goroutine, o openRegion) {
	from, to := max(o.start, b.lo), min(b.now, b.hi)
	if from > to {
		return
	}
	if g.lane == nil {
		b.claimLane(g)
	}
	l := g.lane
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
