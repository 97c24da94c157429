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

// Timeline shows who ran when, of several runs on one scale.
type Timeline struct {
	Words
	Groups  []Group // from top to bottom
	Release string  // what is at the Zero of groups; "": the release of the workers
	Start   string  // what begins where the timelines do, for groups without Zero; "": the trace
}

// times spans all groups.
func (t Timeline) times() timeAxis {
	var low, high time.Duration
	for i, g := range t.Groups {
		from, to := g.start().Sub(g.zero()), g.Timeline.End.Sub(g.zero())
		if i == 0 {
			low, high = from, to
		}
		low, high = min(low, from), max(high, to)
	}
	return newTimeAxis(low, high, t.Since()).fold(t.worked())
}

// Since is what the axis has at its 0, in words.
func (t Timeline) Since() string {
	var zeros []clock.Time
	for _, g := range t.Groups {
		zeros = append(zeros, g.Zero)
	}
	return sinceWords(t.Release, t.Start, zeros...)
}

// Folds reports whether the time before the release is folded.
func (t Timeline) Folds() bool {
	times := t.present().times()
	return times.before > times.from
}

// A timelinePlan is the rows of a timeline and the panel in which they stand.
type timelinePlan struct {
	canvas.Panel
	times       stretches
	groups      []rowGroup
	left        vg.Length // of the names of the rows
	pitch, thin vg.Length
	bottom      vg.Length // of the rows
}

// Draw draws the picture.
func (t Timeline) Draw(c draw.Canvas) {
	plan := t.plan(c)
	if len(plan.groups) == 0 {
		canvas.Instead(plan.Canvas, "There are no lanes to show.")
		return
	}
	t.drawGroups(plan)
}

// tall is enough for all rows that are drawn, with legend and notes.
func (t Timeline) tall(width vg.Length) vg.Length {
	t = t.present()
	rows := vg.Length(mostRows*leastPitch + len(t.Groups)*(groupTitle+groupGap))
	return rows + canvas.XBelow + canvas.LegendHeight(t.looks(), width) +
		notesHeight(width, t.key(t.times().stretches(width), true, len(t.Groups)), t.Footnote)
}

// spare is the height that the rows leave over of c.
func (t Timeline) spare(c draw.Canvas) vg.Length {
	plan := t.plan(c)
	if len(plan.groups) == 0 {
		return 0
	}
	return vg.Length(int(max(0, plan.bottom-groupGap-plan.Min.Y)))
}

// present is t with the groups that have lanes.
func (t Timeline) present() Timeline {
	t.Groups = slices.DeleteFunc(slices.Clone(t.Groups), func(g Group) bool {
		return g.Timeline == nil || len(g.Timeline.Lanes) == 0
	})
	return t
}

// plan sets all that stands around the rows and divides the rest among them.
func (t Timeline) plan(c draw.Canvas) timelinePlan {
	t = t.present()
	c = t.legend(c)
	// The rows follow from the height and the notes from the rows, so the notes count as one line more than they may
	// have.
	times := t.times().stretches(c.Size().X)
	room := notes(canvas.Detached(c), t.key(times, true, len(t.Groups)), t.Footnote)
	height := room.Size().Y - canvas.XBelow
	hidden := max(0, len(t.Groups)-int(height/(groupTitle+groupGap+leastPitch)))
	t.Groups = t.Groups[:len(t.Groups)-hidden]
	groups := rowsOf(t.Groups, height)
	names := nameWidth(groups, c.Size().X)
	c = notes(c, t.key(times, skipsTasks(groups, times, c.Size().X-names), hidden), t.Footnote)
	if len(groups) == 0 {
		return timelinePlan{Panel: canvas.Panel{Canvas: c}}
	}
	p := canvas.Panel{Canvas: draw.Crop(c, names, -14, canvas.XBelow, 0), XAxis: times.axis(c.Size().X), Room: c}
	p.Min.X, p.Max.X = vg.Length(int(p.Min.X)), vg.Length(int(p.Max.X))
	plan := timelinePlan{Panel: p, times: times, groups: groups, left: c.Min.X, bottom: p.Max.Y + groupGap}
	most := vg.Length(mostPitch)
	if c.Size().X < amplePanels {
		most = pagePitch
	}
	plan.pitch, plan.thin = pitches(groups, p.Size().Y, most)
	for _, g := range groups {
		plan.bottom -= g.height(plan.pitch, plan.thin)
	}
	return plan
}

// key says what else must be known to read the picture.
func (t Timeline) key(times stretches, skipped bool, hidden int) string {
	key := []string{"Work fills a row, waiting its foot; " +
		"where states change within 6 pixels, each has its share of the height."}
	if said := times.key(); said != "" {
		key = append(key, said)
	}
	if skipped {
		key = append(key, "Bounds of tasks are left out where they are too close and in rows that are a mean.")
	}
	var others []string
	for _, k := range []timeline.LaneKind{timeline.Goroutine, timeline.Thread, timeline.P, timeline.Core} {
		n := 0
		for _, g := range t.Groups {
			n += g.lanes().left[k]
		}
		if n > 0 {
			others = append(others, fmt.Sprintf("%d other %s", n, kindName(k, n)))
		}
	}
	if hidden > 0 {
		others = append(others, fmt.Sprintf("%d more runs, for which there is no room", hidden))
	}
	if len(others) > 0 {
		key = append(key, "Not shown: "+strings.Join(others, ", ")+".")
	}
	return strings.Join(key, " ")
}

// leastSeen is the part of the time of the work that a row must be in a state for the legend to name it: about a pixel.
const leastSeen = 1.0 / 1000

// looks are those of the states that can be seen.
func (t Timeline) looks() []canvas.Look {
	var occurs [timeline.NumStates]bool
	from, to := t.worked()
	for _, g := range t.Groups {
		shown := g.lanes()
		start, end := g.start(), g.Timeline.End
		least := leastSeen * float64(end-start)
		if from < to {
			least = leastSeen * float64(to-from)
		}
		for _, l := range slices.Concat(shown.main, shown.runtime, shown.thin) {
			times := l.Totals()
			if start > g.Timeline.Start && end > start {
				for s, part := range timeline.MeanShares([]*timeline.Lane{l}, start, end, 1)[0] {
					times[s] = time.Duration(part * float64(end-start))
				}
			}
			for s, d := range times {
				occurs[s] = occurs[s] || d > 0 && float64(d) >= least && timeline.State(s) != timeline.Absent
			}
		}
	}
	var looks []canvas.Look
	for _, state := range stackOrder() {
		if occurs[state] {
			looks = append(looks, lookOf(state))
		}
	}
	if t.idles() {
		looks = append(looks, idleLook())
	}
	return looks
}

// leastIdle is the part of the time of the work that a worker is idle for the legend to say what its empty row is.
const leastIdle = 0.05

// idles reports whether a worker has nothing to do while others work.
func (t Timeline) idles() bool {
	from, to := t.worked()
	for _, g := range t.Groups {
		start, end := g.zero()+clock.Time(from), min(g.zero()+clock.Time(to), g.Timeline.End)
		for _, l := range g.lanes().main {
			if l.Kind != timeline.Worker || end <= start {
				continue
			}
			if absent(l, start, end) >= leastIdle {
				return true
			}
		}
	}
	return false
}

// absent is the part of the time from start to end in which l is nothing.
func absent(l *timeline.Lane, start, end clock.Time) float64 {
	if len(l.Spans) == 0 {
		return l.Shares(start, end, 1)[0][timeline.Absent]
	}
	there := clock.Time(0)
	for _, s := range l.Spans {
		there += max(0, min(s.End, end)-max(s.Start, start))
	}
	return 1 - float64(there)/float64(end-start)
}

// legend names the states that occur, in as many rows as that takes, and returns the canvas below.
func (t Timeline) legend(c draw.Canvas) draw.Canvas {
	looks := t.looks()
	if len(looks) == 0 {
		c.Max.Y -= canvas.LegendRow + 6
		return c
	}
	return canvas.Legend(c, looks)
}

// drawGroups draws the groups from the top of p down.
func (t Timeline) drawGroups(p timelinePlan) {
	// What few rows leave over is cut off, so that the axis stands right below them.
	p.Min.Y = max(p.Min.Y, p.bottom)
	p.XLabels(p.times.title(), p.times.name+" from release or start", p.times.name)
	y := p.Max.Y
	for _, g := range p.groups {
		g.draw(p, y)
		y -= g.height(p.pitch, p.thin)
	}
	p.breaks(p.Min.Y-6, p.Min.Y+2)
}

// timeGrid draws the grid of times behind rows, and the release of the workers if there is a time before it.
func timeGrid(p canvas.Panel, low, high vg.Length) {
	for _, tick := range p.XAxis.Ticks {
		line := draw.LineStyle{Color: canvas.Grid, Width: 1.5}
		if tick.Value == 0 && p.XAxis.Min < 0 {
			line.Color, line.Dashes = canvas.Muted, []vg.Length{2, 5}
		}
		p.StrokeLine2(line, p.Px(tick.Value), low, p.Px(tick.Value), high)
	}
}

// draw draws the group below top.
func (g rowGroup) draw(p timelinePlan, top vg.Length) {
	from, to := g.start().Sub(g.zero()), g.Timeline.End.Sub(g.zero())
	parts := p.parts(from, to)
	x1 := parts[len(parts)-1].x1
	g.drawTitle(p, top, x1)
	y := top - groupTitle
	named := top // of the last name above
	timeGrid(p.Panel, top-g.height(p.pitch, p.thin)+groupGap, y)
	for _, r := range g.rows {
		height := p.pitch
		if r.thin {
			height = p.thin
		}
		bar := max(8, vg.Length(int(height*0.86)))
		floor := vg.Length(int(y - height + (height-bar)/2))
		if at := floor + bar/2; named-at >= canvas.SmallSize {
			s := canvas.Regular(canvas.SmallSize, canvas.Dark)
			s.Middle(p.Canvas, p.Min.X-12, at, 1, s.Fit(r.name, p.Min.X-p.left-12))
			named = at
		}
		line := strip{
			Panel: p.Panel, row: r, times: p.times.timeAxis, parts: parts, floor: floor, height: bar, looks: looks(),
		}
		line.draw(g.Timeline)
		y -= height
	}
	p.breaks(y, top-groupTitle)
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2.5}, x1, y, x1, top-groupTitle+4)
}

// drawTitle writes the title of the group on the left and its end above the line that marks it.
func (g rowGroup) drawTitle(p timelinePlan, top, x1 vg.Length) {
	col := canvas.Dark
	if g.Mode != "" {
		mode, _ := modeStyle(g.Mode, 0)
		col = mode.Readable()
	}
	base := top - groupTitle + 11
	end := fmt.Sprintf("ends at %s %s", words.Ratio(p.times.in(g.Timeline.End.Sub(g.zero()))), p.times.name)
	s, title := canvas.Regular(canvas.TickSize, canvas.Dark), canvas.Bold(canvas.LabelSize, col)
	right := min(max(x1+s.Width(end)/2, p.Min.X+s.Width(end)), p.Max.X+10)
	start := p.left
	if room := p.Max.X - start; stacked(room) && title.Width(g.Title)+20 > right-s.Width(end)-start {
		right = p.Max.X + 10
		if title.Width(g.Title)+20+s.Width(end) > room {
			end = strings.TrimPrefix(end, "ends at ") // the line that it is of says it
		}
	}
	left := right - s.Width(end)
	if title.Width(g.Title) > left-start-20 && right+20+title.Width(g.Title) <= p.Max.X {
		start, left = right+20, p.Max.X+20
	}
	p.SetColor(canvas.White)
	p.Fill(canvas.Box(start, base-7, p.Max.X+2, base+canvas.LabelSize))
	canvas.Describe(p.Canvas, g.Title, func() {
		title.Put(p.Canvas, start, base, 0, title.Fit(g.Title, left-start-20))
	})
	s.Put(p.Canvas, right, base, 1, end)
}
