package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Stack shows how the speedups of a workload fall short of their ideals, cause by cause: a bar for each n and mode.
//
// Bars are as high as their ideals, whatever these are: of bars as high as their n, those of counts beyond the cores
// leave no room for the others. What is lost is divided among the groups of causes by their shares, which findings and
// titles say too: the only percentages of the picture. What there is less of than at the base gives some back, so that
// causes take more than is lost: the bar is as high as what is lost all the same. Were each cause as high as what it
// takes, bars would end above their ideals, and no two alike.
type Stack struct {
	Words
	Bars []Bar // those of one n stand side by side, in their order
}

// A Bar is the speedup stack of one point.
type Bar struct {
	N     int        // on the axis of its curve
	Name  string     // of the curve: "threads"
	Place string     // on the curve; empty: "threads, n = 2"
	Mode  sweep.Mode // colours the name
	Stack *stack.Stack
	Told  []cause.Cause // that the title speaks of
	// Hidden are the groups of causes that noise and tracing can be all of.
	Hidden []cause.Group
}

// Sizes of a stack in pixels.
const (
	mostBar    = 330.0 // width
	barShare   = 0.88  // of the room that a bar has
	groupRoom  = 0.55  // between groups, in bars
	leastEdge  = 6.0   // what is higher has an edge to the next
	lineRoom   = canvas.SmallSize + 4.0
	figureEdge = 4.0  // beside the speedup
	barFoot    = 74.0 // names below the bars
)

// Heights of a row of bars in a page, with what stands around it: of the only one, and of one of several.
const (
	onlyRow = 500.0
	tallRow = 440.0
)

// rowsHigh is the height of so many rows in a page.
func rowsHigh(n int) vg.Length {
	if n == 1 {
		return onlyRow
	}
	return tallRow * vg.Length(n)
}

func (f Stack) tall(width vg.Length) vg.Length {
	f.Bars = f.present()
	if len(f.Bars) == 0 {
		return panelTall
	}
	rows := f.besideIn(width, 0)
	if rows == nil {
		rows = f.rows(width)
	}
	high := rowsHigh(len(rows))
	trial := canvas.Blank(width, high)
	return high + canvas.LegendHeight(f.legend(trial), width) + notesHeight(width, f.key(), f.Footnote)
}

// Draw draws the picture.
func (f Stack) Draw(c draw.Canvas) {
	f.Bars = f.present()
	if len(f.Bars) == 0 {
		c = notes(c, f.Footnote)
		canvas.Instead(c, "There are no stacks to show.")
		return
	}
	c = notes(c, f.key(), f.Footnote)
	for _, s := range f.layout(underLegend(c, f.legend(c))) {
		s.draw()
	}
}

// legend are the looks of all that the bars have and do not name beside them.
func (f Stack) legend(c draw.Canvas) []canvas.Look {
	plans := f.layout(underLegend(canvas.Detached(c), nil)) // as it is where all are named beside them
	return append(modes(plans), looksOf(plans)...)
}

// underLegend draws a legend and returns the canvas below.
func underLegend(c draw.Canvas, looks []canvas.Look) draw.Canvas {
	c = canvas.Legend(c, looks)
	c.Max.Y -= 6
	return c
}

// present are the bars that can be drawn.
func (f Stack) present() []Bar {
	out := slices.DeleteFunc(slices.Clone(f.Bars), func(b Bar) bool {
		return b.Stack == nil || !canvas.Drawable(b.Stack.N) || !canvas.Drawable(b.Stack.Speedup) ||
			slices.ContainsFunc(b.Stack.Rows, func(r stack.Row) bool { return !words.Finite(r.Speedup) })
	})
	slices.SortStableFunc(out, func(a, b Bar) int { return cmp.Compare(a.N, b.N) })
	return out
}

// key says what else must be known to read the picture.
func (f Stack) key() string {
	key := "Each bar: the speedup reached and, up to the ideal, what is lost, divided by what each cause takes of it."
	if slices.ContainsFunc(f.Bars, func(b Bar) bool { return b.allowed() > 0 }) {
		key += " Lower dashed line: the number of cores."
	}
	if slices.ContainsFunc(f.Bars, func(b Bar) bool { return b.Stack.Lanes == stack.Cores && float64(b.N) > b.Stack.N }) {
		key += " Where traces do not have the time of every worker bars divide that of the cores, whose number is the ideal."
	}
	var less []string
	named, more := 0, 0
	for _, b := range f.Bars {
		parts, n := b.less(mostLess - named)
		switch {
		case len(parts) == 0:
		case named == mostLess:
			more++
		default:
			named += n
			less = append(less, fmt.Sprintf("%s (%s)", words.List(parts), b.words()))
		}
	}
	if more > 0 {
		less = append(less, "and "+words.Plural(more, "more bar", "more bars"))
	}
	if len(less) > 0 {
		key += " What there is less of than at the base gives speedup back, so that causes take more than is lost: " +
			strings.Join(less, "; ") + "."
	}
	return key
}

// Rows that are below 0 are named where they, or all of a bar, are at least leastLess of the ideal, and at most
// mostLess of them.
const (
	leastLess = 0.02
	mostLess  = 4
)

// A stackPlan is the panel and the bars with their places.
type stackPlan struct {
	canvas.Panel
	pillars []pillar
	named   bool // there is room for the names of the bars
	first   bool // of several below each other
	beside  bool // what is lost is named right of the bars
}

// layout places the bars in rows on c, with names beside them if all of these have room there.
func (f Stack) layout(c draw.Canvas) []stackPlan {
	if rows := f.besideIn(c.Size().X, c.Size().Y); rows != nil {
		return f.placed(c, rows, true)
	}
	return f.placed(c, f.rows(c.Size().X), false)
}

// placed places the bars, with names beside them or not.
func (f Stack) placed(c draw.Canvas, rows [][]Bar, beside bool) []stackPlan {
	most := 100.0
	for _, b := range f.Bars {
		most = max(most, b.reached())
	}
	y := canvas.NewAxis(0, 1.09*most, canvas.LinearScale{}, idealTicks{})
	var out []stackPlan
	for i, part := range below(c, len(rows)) {
		s := stackPlan{named: true, first: i == 0, beside: beside}
		s.Panel = canvas.NewPanel(part, canvas.Axis{}, y, 0, barFoot, 1.6*canvas.HeadSize)
		s.place(rows[i], f.merged())
		for k := range s.pillars {
			s.pillars[k].name = f.curveLook(s.pillars[k].Bar)
		}
		out = append(out, s)
	}
	return out
}

// idealTicks are the ends of the bars.
type idealTicks struct{}

func (idealTicks) Ticks(float64, float64) []canvas.Tick {
	return []canvas.Tick{{Value: 0, Label: "0"}, {Value: 100, Label: "ideal"}}
}

// curveLook is the look of the curve of b: curves of one mode, as those of a grid, have one each.
func (f Stack) curveLook(b Bar) canvas.Look {
	var names []string
	for _, o := range f.Bars {
		if o.Mode == b.Mode && !slices.Contains(names, o.Name) {
			names = append(names, o.Name)
		}
	}
	k := slices.Index(names, b.Name)
	col, _ := modeStyle(b.Mode, k)
	return canvas.Look{
		Name: b.Name, Fill: col, Height: 0.45, Pattern: cycle(k, cause.Plain, cause.Rising, cause.Falling, cause.Crossed),
	}
}

// countsOf is the number of counts that bars are of.
func countsOf(bars []Bar) int {
	n := 1
	for i, b := range bars[1:] {
		if b.N != bars[i].N {
			n++
		}
	}
	return n
}

// barUnits is how many bars would be as wide as these and what is between their groups.
func barUnits(bars []Bar) vg.Length {
	return vg.Length(float64(len(bars)) + groupRoom*float64(countsOf(bars)))
}

// place divides the width of s among the bars.
func (s *stackPlan) place(bars []Bar, merged []cause.Group) {
	gap, share, most := vg.Length(groupRoom), vg.Length(barShare), vg.Length(mostBar/barShare)
	if s.beside {
		gap, share, most = besideGap, besideBar, mostCell
	}
	units := vg.Length(len(bars)) + gap*vg.Length(countsOf(bars))
	room := min(s.Size().X/units, most)
	x := s.Min.X + (s.Size().X-room*units)/2 + room*gap/2
	for i, b := range bars {
		if i > 0 && b.N != bars[i-1].N {
			x += room * gap
		}
		p := pillar{Bar: b, x0: x + room*(1-share)/2, x1: x + room*(1+share)/2}
		if s.beside {
			p.x0, p.x1 = x, x+room*share
		}
		p.end = x + room
		p.divide(merged)
		s.pillars = append(s.pillars, p)
		s.named = s.named && nameScript(canvas.Dark).Width(b.Name) <= s.nameRoom(p)
		x += room
	}
}

// nameRoom is the width that the name of a bar may have.
func (s *stackPlan) nameRoom(p pillar) vg.Length {
	if s.beside {
		return p.end - p.x0
	}
	return (p.x1 - p.x0) / barShare
}

func (s stackPlan) draw() {
	s.Grid()
	s.YLabels()
	if head := canvas.Bold(canvas.HeadSize, canvas.Dark); s.first {
		const whole = "Speedup reached, and what takes the rest up to the ideal (% of what is lost)"
		const short = "Speedup, and what takes the rest (%)"
		txt := whole
		if head.Width(txt) > s.Size().X {
			txt = short
		}
		head.Put(s.Canvas, s.Min.X, s.Max.Y+0.6*canvas.HeadSize, 0, txt)
	}
	for i, p := range s.pillars {
		s.bar(p)
		if s.beside {
			s.labels(p)
		}
		if i == len(s.pillars)-1 || s.pillars[i+1].N != p.N {
			s.group(p.N)
		}
	}
	s.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, s.Min.X, s.Py(0), s.Max.X, s.Py(0))
}

// bar draws the speedup reached and the causes, with what fits into them, and the name below.
func (s stackPlan) bar(p pillar) {
	zero, reached := s.Py(0), s.Py(p.reached())
	speedup := speedupOf(p.Bar)
	mid := (p.x0 + p.x1) / 2
	low, high := s.clear(p, 0, p.reached())
	figure, inside := s.figure(p, high-low, speedup)
	said := fmt.Sprintf("%s: speedup %s of an ideal %s×", p.words(), speedup, canvas.PlainNumber(p.Stack.N))
	canvas.Group{Title: said, Series: "speedup"}.Draw(s.Canvas, func() {
		s.SetColor(canvas.Deep)
		s.Fill(canvas.Box(p.x0, zero, p.x1, reached))
		if inside {
			figure.Middle(s.Canvas, mid, (low+high)/2, 0.5, speedup)
		}
	})
	for _, seg := range p.segments {
		canvas.Group{Title: seg.title, Series: seg.Name}.Draw(s.Canvas, func() { s.segment(p, seg) })
	}
	for _, v := range []float64{p.Stack.N, p.allowed()} {
		if v > 0 {
			line := s.Py(100 * v / p.Stack.N)
			canvas.Group{Over: true}.Draw(s.Canvas, func() {
				s.StrokeLine2(draw.LineStyle{Color: canvas.White, Width: 5}, p.x0-8, line, p.x1+8, line)
				s.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2.5, Dashes: []vg.Length{9, 6}}, p.x0-8, line, p.x1+8, line)
			})
		}
	}
	for _, seg := range p.segments {
		if lines := s.text(p, seg); len(lines) > 0 && !s.beside {
			canvas.Group{Series: seg.Name, Over: true}.Draw(s.Canvas, func() { s.write(p, seg, lines) })
		}
	}
	if !s.named {
		p.name.Draw(s.Canvas, p.x0, s.Min.Y-22, p.x1, s.Min.Y-12)
		return
	}
	name := p.Name
	if !inside {
		name += " " + speedup
	}
	script := nameScript(p.name.Fill)
	if s.beside {
		script.Put(s.Canvas, p.x0, s.Min.Y-28, 0, script.Fit(name, s.nameRoom(p)))
		return
	}
	script.Put(s.Canvas, mid, s.Min.Y-28, 0.5, script.Fit(name, s.nameRoom(p)))
}

// clear is the highest part of p between two percentages that no line of an ideal crosses.
func (s stackPlan) clear(p pillar, from, to float64) (low, high vg.Length) {
	last := from
	low, high = s.Py(from), s.Py(from)
	for _, v := range []float64{100 * p.allowed() / p.Stack.N, 100, to} {
		v = max(from, min(v, to))
		if s.Py(v)-s.Py(last) > high-low {
			low, high = s.Py(last), s.Py(v)
		}
		last = max(last, v)
	}
	return low, high
}

// figure is the largest script in which the speedup fits into a part of the bar that is so high, if there is one.
func (s stackPlan) figure(p pillar, room vg.Length, txt string) (canvas.Script, bool) {
	for size := 34.0; size >= canvas.SmallSize; size-- {
		f := canvas.Bold(size, canvas.White)
		if float64(room) >= 1.3*size && f.Width(txt) <= p.x1-p.x0-figureEdge {
			return f, true
		}
	}
	return canvas.Script{}, false
}

// segment draws one cause, edged by white so that it is told from its neighbours.
func (s stackPlan) segment(p pillar, seg segment) {
	low, high := s.Py(seg.low), s.Py(seg.high)
	if high-low > leastEdge {
		high--
	}
	seg.Draw(s.Canvas, p.x0, low, p.x1, high)
}

// group writes the count below the bars of n, and above them the ideal, and how much of it the number of cores is.
func (s stackPlan) group(n int) {
	var of []pillar
	top, ideal, usable := 0.0, 0.0, 0.0
	for _, p := range s.pillars {
		if p.N == n {
			of = append(of, p)
			top = max(top, p.top)
			ideal, usable = max(ideal, p.Stack.N), max(usable, p.allowed())
		}
	}
	left, right := of[0].x0, of[len(of)-1].x1
	// What is wider than the bars would run into those of the next count.
	room, mid, at := (right-left)*(1+groupRoom/2), (left+right)/2, 0.5
	if s.beside {
		room, mid, at = of[len(of)-1].end-left, left, 0
	}
	counted := []vg.Length{mid}
	if s.beside { // the bars stand too far apart for one
		counted = nil
		for _, p := range of {
			counted = append(counted, p.x0)
		}
	}
	for _, x := range counted {
		canvas.Regular(canvas.LabelSize, canvas.Dark).Put(s.Canvas, x, s.Min.Y-58, at, fmt.Sprintf("n = %d", n))
	}
	whole := "ideal " + canvas.PlainNumber(ideal) + "×"
	texts := []string{whole}
	if usable > 0 {
		cores := "×; cores " + canvas.PlainNumber(usable) + "×"
		texts = []string{"ideal " + canvas.PlainNumber(ideal) + cores, canvas.PlainNumber(ideal) + cores, whole}
	}
	script := canvas.Regular(canvas.SmallSize, canvas.Muted)
	for len(texts) > 1 && script.Width(texts[0]) > room {
		texts = texts[1:]
	}
	script.Put(s.Canvas, mid, s.Py(top)+8, at, texts[0])
}
