package chart

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
)

// Start-up, or an end, that is long would leave the work the least part of the axis. Nothing of it is cut out, as that
// would hide which mode starts later: its time is folded, which is to say drawn narrower than that of the work, beyond
// a break of the axis.
const (
	mostWhole  = 0.3     // of an axis without breaks: where the work has as much, nothing is folded
	leastFold  = 2.0 / 3 // of the work: time at a side that is at least so long is folded
	foldShare  = 0.2     // of the width, that folded time has
	phoneShare = 0.27    // and where that is narrow
	breakWidth = 16.0
)

// fold is c with what is before and after the work folded where that is long and leaves too little room for the work.
func (c timeAxis) fold(work, end time.Duration) timeAxis {
	if work >= end || float64(end-work) >= mostWhole*float64(c.to-c.from) {
		return c
	}
	least := time.Duration(leastFold * float64(end-work))
	before, after := c.from, c.to
	if work-c.from >= least {
		before = work
	}
	if c.to-end >= least {
		after = end
	}
	return c.unfolded(before, after)
}

// worked is from when to when anything in the rows of g but start-up and teardown is going on; never, where both are
// the same.
func (g Group) worked() (from, to time.Duration) {
	first, last := g.Timeline.End, g.start()
	for _, l := range g.lanes().main {
		a, b := laneWorked(l, g.start(), g.Timeline.End)
		if a < b {
			first, last = min(first, a), max(last, b)
		}
	}
	if first >= last {
		return 0, 0
	}
	if from = first.Sub(g.zero()); from < 0 && g.Zero > 0 && float64(-from) < leastEarly*float64(last-first) {
		from = 0
	}
	return from, last.Sub(g.zero())
}

// leastEarly is how long before the release, over the time of the work, work is no rounding of folded lanes.
const leastEarly = 0.01

// workedParts is into how many parts the time of a lane without spans is divided to find out when its work begins and
// ends.
const workedParts = 500

// laneWorked is from when to when l is neither starting up nor absent, within start and end.
func laneWorked(l *timeline.Lane, start, end clock.Time) (from, to clock.Time) {
	works := func(s timeline.Span) bool { return s.State != timeline.Startup }
	if len(l.Spans) > 0 {
		i := slices.IndexFunc(l.Spans, works)
		if i < 0 {
			return start, start
		}
		last := len(l.Spans) - 1
		for !works(l.Spans[last]) {
			last--
		}
		return max(start, l.Spans[i].Start), min(end, l.Spans[last].End)
	}
	from, to = end, start
	for k, s := range l.Shares(start, end, workedParts) {
		if s[timeline.Absent]+s[timeline.Startup] < 1-rounding {
			from = min(from, start+clock.Time(float64(end-start)*float64(k)/workedParts))
			to = start + clock.Time(float64(end-start)*float64(k+1)/workedParts)
		}
	}
	return from, to
}

// leastLate is how long after the release, over the time from there to the end of the work, the work begins for the
// axis to be folded there rather than at the release.
const leastLate = 0.1

// worked is from when to when any of the groups works.
func (t Timeline) worked() (from, to time.Duration) {
	for _, g := range t.Groups {
		a, b := g.worked()
		switch {
		case a == b:
		case from == to:
			from, to = a, b
		default:
			from, to = min(from, a), max(to, b)
		}
	}
	if from > 0 && float64(from) < leastLate*float64(to) {
		from = 0
	}
	return from, to
}

// A stretch is a part of an axis of times on one scale.
type stretch struct {
	from, to  time.Duration // since the 0 of the axis
	low, high float64       // where they stand, from 0 at the left to 1 at the right
	folded    bool
	ticks     int // most
}

// place is where d stands.
func (s stretch) place(d float64) float64 {
	return s.low + (s.high-s.low)*(d-float64(s.from))/float64(s.to-s.from)
}

// pace is how much time there is in the whole width, were it all on the scale of s.
func (s stretch) pace() float64 { return float64(s.to-s.from) / (s.high - s.low) }

// stretches are an axis from the left to the right, with breaks in between. They are the scale of that axis, and its
// ticks.
type stretches struct {
	timeAxis
	all []stretch
}

// stretches are those of an axis of the width.
func (c timeAxis) stretches(width vg.Length) stretches {
	out := stretches{timeAxis: c}
	gap, low, high, share := float64(breakWidth/width), 0.0, 1.0, foldShare
	if stacked(width) && (c.before == c.from || c.after == c.to) {
		share = phoneShare
	}
	side := stretch{folded: true, ticks: max(1, int(vg.Length(share)*width/tickRoom))}
	if c.before > c.from {
		side.from, side.to, side.low, side.high = c.from, c.before, 0, share
		out.all = append(out.all, side)
		low = share + gap
	}
	if c.after < c.to {
		high = 1 - share - gap
	}
	out.all = append(out.all, stretch{c.before, c.after, low, high, false, mostTicks(width * vg.Length(high-low))})
	if c.after < c.to {
		side.from, side.to, side.low, side.high = c.after, c.to, high+gap, 1
		out.all = append(out.all, side)
	}
	return out
}

// work is the stretch that is not folded.
func (s stretches) work() stretch {
	return s.all[slices.IndexFunc(s.all, func(part stretch) bool { return !part.folded })]
}

// of is the stretch in which d stands: where two meet, the one that is not folded.
func (s stretches) of(d float64) stretch {
	for _, part := range s.all {
		if d < float64(part.to) || d == float64(part.to) && !part.folded {
			return part
		}
	}
	return s.all[len(s.all)-1]
}

// Normalize is the place of x, which is in the unit of the axis.
func (s stretches) Normalize(_, _, x float64) float64 {
	d := x * float64(s.unit)
	return s.of(d).place(d)
}

// Ticks are those of each stretch; of a folded one those have labels that have room beside those of its neighbour.
func (s stretches) Ticks(_, _ float64) []canvas.Tick {
	var out []canvas.Tick
	for _, part := range s.all {
		low, high := s.in(part.from), s.in(part.to)
		room := (high - low) / float64(part.ticks+1)
		for _, t := range (canvas.Even{Most: part.ticks}).Ticks(low, high) {
			if part.folded && (part.from > s.from && t.Value-low < room || part.to < s.to && high-t.Value < room) {
				t.Label = ""
			}
			out = append(out, t)
		}
	}
	return out
}

// key says what is folded.
func (s stretches) key() string {
	var said []string
	work := s.work()
	for _, part := range s.all {
		side := "Left"
		if part.from >= work.to {
			side = "Right"
		}
		if part.folded {
			times := part.pace() / work.pace()
			said = append(said, fmt.Sprintf("%s of the break, time is drawn %s times narrower.", side,
				words.Fixed(times, words.Decimals(10*times))))
		}
	}
	return strings.Join(said, " ")
}

// A part is a piece of a row on one scale, at whole pixels.
type part struct {
	start, end time.Duration // since the 0 of the axis
	x0, x1     vg.Length
	folded     bool
}

// parts are those from one time to another.
func (p timelinePlan) parts(from, to time.Duration) []part {
	var out []part
	for _, s := range p.times.all {
		a, b := max(from, s.from), min(to, s.to)
		if a < b || len(p.times.all) == 1 {
			at := func(d time.Duration) vg.Length { return vg.Length(int(p.X(s.place(float64(d))) + 0.5)) }
			out = append(out, part{a, b, at(a), max(at(a)+1, at(b)), s.folded})
		}
	}
	return out
}

// breaks draws the breaks of the axis from one height to another.
func (p timelinePlan) breaks(low, high vg.Length) {
	for i, s := range p.times.all[1:] {
		x0, x1 := p.X(p.times.all[i].high), p.X(s.low)
		p.SetColor(canvas.White)
		p.Fill(canvas.Box(x0, low, x1, high))
		for _, x := range []vg.Length{x0 + 1, x1 - breakWidth/2 - 1} {
			p.StrokeLines(draw.LineStyle{Color: canvas.Muted, Width: 1.5}, zigzag(x, x+breakWidth/2, low, high))
		}
	}
}

// zigzag goes up between two places.
func zigzag(x0, x1, low, high vg.Length) []vg.Point {
	const tooth = 12
	var out []vg.Point
	for y, left := low, true; y <= high; y, left = y+tooth, !left {
		x := x1
		if left {
			x = x0
		}
		out = append(out, vg.Point{X: x, Y: y})
	}
	return out
}

// lengths writes into the bars of a start-up and of an end that are folded how long they are, where there is room.
func (s *strip) lengths() {
	if s.row.thin || len(s.row.lanes) != 1 {
		return
	}
	spans := slices.Clone(s.row.lanes[0].Spans)
	s.length(spans, s.parts[0])
	slices.Reverse(spans)
	s.length(spans, s.parts[len(s.parts)-1])
}

// length writes how long the first of the spans start up, in a part that is folded.
func (s *strip) length(spans []timeline.Span, at part) {
	n := 0
	for n < len(spans) && spans[n].State == timeline.Startup &&
		(n == 0 || spans[n].Start == spans[n-1].End || spans[n].End == spans[n-1].Start) {
		n++
	}
	if n == 0 || !at.folded {
		return
	}
	from, to := min(spans[0].Start, spans[n-1].Start), max(spans[0].End, spans[n-1].End)
	x0, x1 := max(at.x0, s.place(from)), min(at.x1, s.place(to))
	script := canvas.Regular(canvas.SmallSize, canvas.Ink)
	txt := words.DurationTitle(to.Sub(from).Seconds())
	bar := s.height * vg.Length(s.looks[timeline.Startup].Height)
	if script.Width(txt)+8 <= x1-x0 && bar >= canvas.SmallSize {
		script.Middle(s.Canvas, (x0+x1)/2, s.floor+bar/2, 0.5, txt)
	}
}
