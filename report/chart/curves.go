package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Curves are lines over the counts n, with all that their panels share.
type curves struct {
	lines   []series
	x       canvas.Axis
	spacing canvas.Spacing // of x
	end     float64        // the last n of which something is drawn; x goes on a little
	last    float64        // the last n that was measured
	title   string         // of x
	markers []Marker
	ideal   *ideal // what the lines are held against; nil: nothing
	empty   string // said where there is no spot
}

// A view is one way to look at the values of curves.
type view struct {
	head   string
	y      canvas.Axis
	of     func(n, base, value float64) float64
	format func(float64) string // nil: lines have no labels
	least  float64              // a line across the panel that marks the least worthwhile value in percent; 0: none
	peaks  bool                 // say in a label where the best was
	// full is of as it is, where that stops at the end of the axis; nil: of does not.
	full func(n, base, value float64) float64
	// Shaped lines are what straight lines between speedups become: a speedup that stays is a falling efficiency, and
	// not a straight one.
	shaped bool
	small  bool      // marks are small, and labels are figures alone: what their lines are stands elsewhere
	terse  bool      // labels are figures alone, as the panel beside names the lines
	room   vg.Length // for labels, at least, so that panels above each other are alike wide
	// below draws what lies below the lines; nil: nothing does.
	below func(canvas.Panel)
}

// stretch makes the axis of the counts, measured or not, and of what the laws say beyond them.
func (g *curves) stretch(counts []float64) {
	g.end = 1
	for _, n := range counts {
		g.end = max(g.end, n)
	}
	g.last = g.end
	for _, l := range g.lines {
		for _, law := range l.drawn() {
			g.end = max(g.end, law.end())
		}
	}
	g.x = canvas.CountAxis(counts, g.end, g.spacing)
}

// axisTitle is the title of x, and says if x is logarithmic.
func (g curves) axisTitle() string {
	if g.x.Doubling() && g.title != "" {
		return g.title + " (log scale)"
	}
	return g.title
}

// base is the least base of the lines.
func (g curves) base() float64 {
	base := math.Inf(1)
	for _, l := range g.lines {
		base = min(base, l.base)
	}
	if math.IsInf(base, 1) {
		return 1
	}
	return base
}

// hasSpots reports whether there is anything to show.
func (g curves) hasSpots() bool {
	return slices.ContainsFunc(g.lines, func(l series) bool { return len(l.spots) > 0 })
}

// speedupAxis is the axis of speedups: doubling if that of n is, so that the ideal is straight.
func (g curves) speedupAxis() canvas.Axis {
	low, high := 1.0, 1.0
	add := func(v float64) {
		if canvas.Drawable(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	for _, l := range g.lines {
		for _, p := range l.spots {
			add(p.value)
		}
		for _, law := range l.drawn() {
			for n := range law.samples(l.base, g.x) {
				add(law.At(n))
			}
		}
	}
	for _, r := range g.ideal.ceiling {
		add(r.Speedup)
	}
	// The ideal is shown as far as it leaves room to tell the measured lines apart.
	top := g.ideal.at(g.idealEnd(), g.base())
	if g.ahead() {
		top = max(top, g.end/g.base())
	}
	add(min(top, g.steep()*high))
	low, high = withBars(g.lines, low, high)
	if g.x.Doubling() {
		pad := math.Exp2(0.06 + 0.04*math.Log2(high/low))
		return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, canvas.Powers{Most: 9, Fill: true})
	}
	return canvas.NewAxis(0, high*1.06, canvas.LinearScale{}, canvas.Even{Most: 8})
}

// steep is how far above all else the axis goes for the sake of the ideal: where differences stand at equal distances,
// what was measured has the lower half.
func (g curves) steep() float64 {
	if g.x.Doubling() {
		return 4
	}
	return 2
}

// unit is what stands in brackets behind the head of a panel whose y doubles if x does.
func (g curves) unit(name string) string {
	if g.x.Doubling() {
		name = strings.TrimPrefix(name+", log scale", ", ")
	}
	if name == "" {
		return ""
	}
	return " (" + name + ")"
}

// speedups is the view of values as they are.
func (g curves) speedups(head string) view {
	return view{
		head: head + g.unit("×"), y: g.speedupAxis(), peaks: true, format: words.Times,
		of: func(_, _, speedup float64) float64 { return speedup },
	}
}

// draw draws two views beside each other, and what the reader must know of them. Missing is what has no figure.
func (g curves) draw(c draw.Canvas, w Words, missing []string, left, right view) {
	c = notes(c, g.key(missing), w.Footnote)
	share := vg.Length(0.56)
	if c.Size().X < amplePanels {
		share = 0.6
	}
	// The left panel names the lines.
	if room := (1 - share) * c.Size().X; !stacked(c.Size().X) {
		right.terse = c.Size().X < amplePanels || canvas.LabelWidth(g.labels(right), math.MaxInt32) > labelShare*room
	}
	g.beside(c, share*c.Size().X, left, right)
}

const (
	amplePanels = 1200 // the width from which on there is room for the labels of both of two panels
	amplePanel  = 600  // the width from which on a panel has room for names beside their figures, and not only below them
	labelShare  = 0.46 // the most of the width of a panel that labels have
)

// beside draws two views, the left of the width if they have room beside each other.
func (g curves) beside(c draw.Canvas, width vg.Length, left, right view) {
	at, other := panels(c, width, 44)
	both := canvas.PanelHeads([]draw.Canvas{at, other}, left.head, right.head)
	g.panel(both[0], left)
	g.panel(both[1], right)
}

// panel draws one view onto c, below its head.
func (g curves) panel(c draw.Canvas, v view) {
	labels, width := g.labels(v), vg.Length(20)
	if v.format != nil {
		most := labelShare * c.Size().X
		beside := most // the most that a name has beside its figure
		if c.Size().X < amplePanel {
			beside = 0
		}
		labels = canvas.Folded(labels, beside, c.Size().Y-canvas.XBelow-2*canvas.HeadSize)
		width = max(v.room, canvas.LabelWidth(labels, most))
	}
	p := canvas.NewPanel(c, g.x, v.y, width, g.below(), 1.6*canvas.HeadSize)
	flags, rows := flagsOf(p, g.markers)
	p.Max.Y -= vg.Length(rows) * markerRow
	p.Grid()
	p.YLabels()
	p.XLabels(g.axisTitle(), g.title)
	if v.least > 0 {
		y := p.Py(v.least)
		p.StrokeLine2(draw.LineStyle{Color: canvas.Muted, Width: 2}, p.Min.X, y, p.Max.X, y)
	}
	drawFlags(p, flags)
	if !g.hasSpots() {
		p.Message(g.empty)
		return
	}
	g.references(p, v)
	if v.below != nil {
		v.below(p)
	}
	for _, l := range g.lines {
		if l.rival != nil {
			bare := *l.rival
			bare.Low, bare.High = nil, nil // two bands cannot be told apart
			of := canvas.Group{Title: l.name + ": " + bare.Name, Series: bare.Name}
			of.Draw(p.Canvas, func() { bare.draw(p, canvas.Brown, l.base, v.of) })
		}
		for _, law := range l.drawn() {
			of := canvas.Group{Title: l.name + ": " + law.Name, Series: l.name}
			of.Draw(p.Canvas, func() { law.draw(p, ink(l, law), l.base, v.of) })
		}
	}
	for _, l := range g.lines {
		if l.ahead != nil {
			l.marks(p, v)
		}
		l.draw(p, v)
	}
	p.EndLabels(labels, width)
}

// labels are those of all lines of the panel that shows v.
func (g curves) labels(v view) []canvas.Label {
	if v.format == nil || !g.hasSpots() {
		return nil
	}
	var out []canvas.Label
	for _, l := range g.lines {
		if len(l.spots) == 0 {
			continue
		}
		last := l.spots[len(l.spots)-1]
		y := v.of(last.n, l.base, last.value)
		name := l.name
		if v.small || v.terse {
			name = ""
		}
		figure := y
		if v.full != nil {
			figure = v.full(last.n, l.base, last.value)
		}
		lb := canvas.Label{
			Name: name, Series: l.name, Value: v.format(figure), More: l.more, Hue: l.hue, N: last.n, Y: y,
			Dodge: l.dodge, Tied: true,
		}
		best := last
		for _, p := range l.spots {
			if p.value > best.value {
				best = p
			}
		}
		// Where panels name their lines elsewhere a base that is the best needs no words: its line falls.
		if b := v.format(best.value); v.peaks && b != lb.Value && l.more == "" && !(v.small && best.n == l.base) {
			lb.More = "best " + b + " at " + canvas.PlainNumber(best.n)
		}
		out = append(out, lb)
		if !v.terse {
			out = append(out, g.lawLabels(l, v)...)
		}
	}
	if g.ideal == nil || v.small {
		return out
	}
	if v.terse {
		if v.least > 0 {
			out = append(out, canvas.Label{
				Name: "worthwhile", Value: canvas.PlainNumber(v.least) + " %", Hue: canvas.Muted, N: g.end, Y: v.least,
			})
		}
		return out
	}
	out = append(out, g.ideals(v)...)
	if v.least > 0 {
		out = append(out, canvas.Label{
			Name: "worthwhile:", Value: canvas.PlainNumber(v.least) + " %",
			Hue: canvas.Muted, N: g.end, Y: v.least,
		})
	}
	return out
}

// key says what the marks mean, as far as they occur, and what is not in the picture.
func (g curves) key(missing []string) string {
	var key []string
	if g.ideal != nil && (cut(g.lines, g.speedups("")) || cut(g.lines, g.efficiency("", 0))) {
		key = append(key, cutBars)
	}
	if g.ideal != nil && g.beyond() {
		key = append(key, "At the upper edge: an efficiency above 400\u00A0%.")
	}
	methods := map[string]bool{}
	level := 0.0
	hollow, noisy, missed := false, false, false
	for _, l := range g.lines {
		for _, p := range l.spots {
			hollow = hollow || p.hollow
			noisy = noisy || p.noisy
			missed = missed || p.missed
			if p.method != "" {
				methods[p.method] = true
				level = max(level, p.level)
			}
		}
	}
	bars := fmt.Sprintf("Bars: %s\u00A0%% interval of the speedup", canvas.PlainNumber(100*level))
	end := "."
	if noisy {
		end = ", with what noise allows."
	}
	switch {
	case methods[curve.Bootstrap] && methods[curve.MinMax]:
		key = append(key, bars+"; where there are fewer than 5 runs, smallest to largest"+end)
	case methods[curve.Bootstrap]:
		key = append(key, bars+end)
	case methods[curve.MinMax]:
		key = append(key, "Bars: smallest to largest, as fewer than 5 runs are too few for an interval"+end)
	}
	if hollow {
		key = append(key, "Hollow: fewer than 5 runs, or half of them noisy.")
	}
	if missed {
		key = append(key, "Ringed: what is predicted lies outside the interval.")
	}
	key = append(key, g.thin()...)
	if len(missing) > 0 {
		key = append(key, "Without a figure: "+strings.Join(missing, "; ")+".")
	}
	var outside []string
	for _, m := range g.markers {
		if !g.x.Holds(m.N) {
			outside = append(outside, m.Label)
		}
	}
	if len(outside) > 0 {
		key = append(key, "Outside the picture: "+strings.Join(outside, ", ")+".")
	}
	return strings.Join(key, " ")
}
