package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// History shows what studies of many revisions measured, one panel for each quantity, one above the other, and where it
// changed.
type History struct {
	Words
	Studies []string // what each is called, in their order
	Panels  []HistoryPanel
}

// A HistoryPanel is one quantity of all studies.
type HistoryPanel struct {
	Head    string
	Times   bool // the values are seconds
	Spots   []HistorySpot
	Levels  []HistoryLevel
	Marks   []HistoryMark // by their place
	Ceiling []float64     // what the loop in registers gives, of each study; nil: nothing is held against it
}

// A HistorySpot is a study. What is not known is NaN.
type HistorySpot struct {
	Value, Low, High float64
	Hollow           bool // Low and High are no interval: there are too few launches for one
	Title            string
}

// A HistoryLevel is the mean of the studies from From to before To.
type HistoryLevel struct {
	From, To int
	Value    float64
}

// A HistoryMark is a change.
type HistoryMark struct {
	At          int // the first study after it
	First, Last int // between which it lies
	Label       string
	Machine     bool // it is the machine's
	Better      bool
	Likely      bool
}

// mostLabelRows is how many rows of labels of changes a panel has above it.
const mostLabelRows = 3

func (h History) tall(width vg.Length) vg.Length {
	n := vg.Length(max(len(h.Panels), 1))
	return n*panelTall + (n-1)*belowGap + notesHeight(width, h.key(), h.Footnote)
}

// key says what the marks mean.
func (h History) key() string {
	key := "Each mark: the median of a study and its 95 % interval."
	has := func(is func(HistoryPanel) bool) bool { return slices.ContainsFunc(h.Panels, is) }
	if has(func(p HistoryPanel) bool {
		return slices.ContainsFunc(p.Spots, func(s HistorySpot) bool { return s.Hollow })
	}) {
		key += " Hollow: smallest to largest, as there are too few launches for an interval."
	}
	if has(func(p HistoryPanel) bool { return len(p.Marks) > 0 }) {
		key += " Upright line: a change, with its ratio and 95 % interval; shaded: where it may lie; level line: mean of " +
			"the studies on one side of it."
	}
	if has(func(p HistoryPanel) bool {
		return slices.ContainsFunc(p.Marks, func(m HistoryMark) bool { return m.Likely || m.Machine })
	}) {
		key += " Dashed: likely, or the machine's."
	}
	if has(func(p HistoryPanel) bool { return len(p.Marks) > mostLabelRows }) {
		key += " A change without a ratio has no room for it."
	}
	if has(func(p HistoryPanel) bool { return slices.ContainsFunc(p.Ceiling, canvas.Drawable) }) {
		key += " Grey: the loop in registers, which measures the machine."
	}
	if has(HistoryPanel.cut) {
		key += " A bar that ends at the edge goes on beyond it."
	}
	if has(func(p HistoryPanel) bool { y, ok := p.axis(1); return ok && y.Min > 0 }) {
		key += " Scales need not begin at 0."
	}
	return key
}

// cut reports whether the end of an interval lies beyond the panel.
func (p HistoryPanel) cut() bool {
	y, ok := p.axis(1)
	return ok && slices.ContainsFunc(p.Spots, func(s HistorySpot) bool {
		return canvas.Drawable(s.Value) && (s.Low < y.Min || s.High > y.Max)
	})
}

// Draw draws the picture.
func (h History) Draw(c draw.Canvas) {
	c = notes(c, h.key(), h.Footnote)
	if len(h.Panels) == 0 {
		canvas.Instead(c, "No study has a time within the cores.")
		return
	}
	left := vg.Length(0) // of all, so that studies stand below each other
	for _, p := range h.Panels {
		unit, _ := p.unit()
		y, _ := p.axis(unit)
		left = max(left, canvas.NewPanel(c, y, y, 0, 0, 0).Min.X)
	}
	for i, room := range below(c, len(h.Panels)) {
		h.Panels[i].draw(h, room, left, i == len(h.Panels)-1)
	}
}

// named ticks the studies, by their index.
type named []string

// Ticks returns one for each study.
func (n named) Ticks(_, _ float64) []canvas.Tick {
	out := make([]canvas.Tick, len(n))
	for i, name := range n {
		out[i] = canvas.Tick{Value: float64(i), Label: canvas.Regular(canvas.TickSize, canvas.Muted).Fit(name, mostStudyName)}
	}
	return out
}

// mostStudyName is the room that the name of a study has below a panel.
const mostStudyName = 150.0

// unit is what the values of p are divided by, and its name in brackets.
func (p HistoryPanel) unit() (size float64, name string) {
	if !p.Times {
		return 1, ""
	}
	most := 0.0
	for _, s := range p.Spots {
		if canvas.Drawable(s.Value) {
			most = max(most, s.Value)
		}
	}
	u := words.TimeUnitOf(most)
	return u.Size, " (" + u.Name + ")"
}

// axis holds all values, and of their intervals and the ceiling what is not far beyond.
func (p HistoryPanel) axis(unit float64) (a canvas.Axis, ok bool) {
	low, high := math.Inf(1), 0.0
	for _, s := range p.Spots {
		if canvas.Drawable(s.Value) {
			low, high = min(low, s.Value), max(high, s.Value)
		}
	}
	if high == 0 {
		return a, false
	}
	room := max(high-low, 0.04*high)
	reach := func(v float64) {
		if canvas.Drawable(v) && v > low-room && v < high+room {
			low, high = min(low, v), max(high, v)
		}
	}
	for _, s := range p.Spots {
		reach(s.Low)
		reach(s.High)
	}
	for _, v := range p.Ceiling {
		reach(v)
	}
	pad := 0.12 * max(high-low, 0.04*high)
	return canvas.NewAxis(max(0, low-pad)/unit, (high+pad)/unit, canvas.LinearScale{}, canvas.Even{Most: 6}), true
}

func (p HistoryPanel) draw(h History, c draw.Canvas, left vg.Length, last bool) {
	unit, name := p.unit()
	c = canvas.PanelHead(c, p.Head+name)
	y, ok := p.axis(unit)
	x := canvas.NewAxis(-0.5, float64(len(h.Studies))-0.5, canvas.LinearScale{}, named(h.Studies))
	edge := lastHalf(x)
	around := canvas.NewPanel(c, x, y, edge, 0, 0)
	around.Min.X = left
	labels := p.place(around)
	rows := 0
	for _, l := range labels {
		rows = max(rows, l.row+1)
	}
	foot := vg.Length(canvas.BareX)
	if last {
		foot = canvas.XBelow
	}
	q := canvas.NewPanel(c, x, y, edge, foot, canvas.HeadSize*1.5+vg.Length(rows)*labelRow)
	q.Min.X = left
	q.Grid()
	q.YLabels()
	title := ""
	if last {
		title = "revision, by the time of its commit"
	}
	q.XLabels(title, title)
	if !ok {
		q.Message("Not measured.")
		return
	}
	for i, m := range p.Marks {
		m.draw(q, labels[i].top(q, rows))
	}
	for i, m := range p.Marks { // over the lines, which go on behind them
		m.name(q, labels[i], labels[i].top(q, rows))
	}
	p.levels(q, unit)
	for i, s := range p.Spots {
		s.draw(q, float64(i), unit, p.hue())
	}
}

// lastHalf is the room right of a panel for half of the name of the last study.
func lastHalf(x canvas.Axis) vg.Length {
	if len(x.Ticks) == 0 {
		return 0
	}
	return canvas.Regular(canvas.TickSize, canvas.Muted).Width(x.Ticks[len(x.Ticks)-1].Label) / 2
}

// hue is the colour of the marks of p.
func (p HistoryPanel) hue() canvas.Hue {
	if p.Times {
		return canvas.Charcoal
	}
	return canvas.Green
}

const labelRow = 1.25 * canvas.SmallSize

// A markLabel stands in a row above the panel; row −1: there is no room for it.
type markLabel struct {
	row  int
	x    vg.Length // its left end
	text string
}

// script is that of the label of m.
func (m HistoryMark) script() canvas.Script {
	if m.Machine || m.Likely {
		return canvas.Regular(canvas.SmallSize, m.hue().Readable())
	}
	return canvas.Bold(canvas.SmallSize, m.hue().Readable())
}

func (m HistoryMark) hue() canvas.Hue {
	switch {
	case m.Machine:
		return canvas.Muted
	case m.Better:
		return canvas.Blue
	}
	return canvas.Vermillion
}

// place finds a row for the label of each mark.
func (p HistoryPanel) place(q canvas.Panel) []markLabel {
	ends := make([]vg.Length, mostLabelRows)
	for i := range ends {
		ends[i] = vg.Length(math.Inf(-1))
	}
	out := make([]markLabel, len(p.Marks))
	for i, m := range p.Marks {
		s := m.script()
		text := s.Fit(m.Label, q.Size().X)
		width := s.Width(text)
		x := max(q.Min.X, min(q.Px(float64(m.At)-0.5)-width/2, q.Max.X-width))
		row := slices.IndexFunc(ends, func(end vg.Length) bool { return x > end+14 })
		if out[i] = (markLabel{row, x, text}); row >= 0 {
			ends[row] = x + width
		}
	}
	return out
}

// top is where the line ends that a label stands on.
func (l markLabel) top(q canvas.Panel, rows int) vg.Length {
	if l.row < 0 {
		return q.Max.Y + 6
	}
	return q.Max.Y + 6 + vg.Length(rows-1-l.row)*labelRow
}

// draw draws the change in q, up to the top.
func (m HistoryMark) draw(q canvas.Panel, top vg.Length) {
	canvas.Describe(q.Canvas, m.Label, func() {
		if m.First < m.Last {
			q.SetColor(canvas.Grid)
			q.Fill(canvas.Box(q.Px(float64(m.First)-0.5), q.Min.Y, q.Px(float64(m.Last)-0.5), q.Max.Y))
		}
		style := draw.LineStyle{Color: m.hue(), Width: 3}
		if m.Likely || m.Machine {
			style.Dashes = []vg.Length{9, 6}
		}
		x := q.Px(float64(m.At) - 0.5)
		q.StrokeLine2(style, x, q.Min.Y, x, top)
	})
}

// name writes the label of a change, if it has a row.
func (m HistoryMark) name(q canvas.Panel, label markLabel, top vg.Length) {
	if label.row < 0 {
		return
	}
	s := m.script()
	q.SetColor(canvas.White)
	q.Fill(canvas.Box(label.x-4, top, label.x+s.Width(label.text)+4, top+labelRow))
	s.Put(q.Canvas, label.x, top+3, 0, label.text)
}

// levels draws the means, and the ceiling.
func (p HistoryPanel) levels(q canvas.Panel, unit float64) {
	for _, l := range p.Levels {
		if v := l.Value / unit; q.YAxis.Holds(v) {
			from, to := q.Px(float64(l.From)-0.5), q.Px(float64(l.To)-0.5)
			q.StrokeLine2(draw.LineStyle{Color: canvas.Middle, Width: 3}, from, q.Py(v), to, q.Py(v))
		}
	}
	var line [][2]float64
	ceiling := draw.LineStyle{Color: canvas.Ceiling, Width: 2.5, Dashes: []vg.Length{10, 6}}
	flush := func() {
		q.StrokeLines(ceiling, q.Polyline(line)...)
		line = nil
	}
	for i, v := range p.Ceiling {
		if !canvas.Drawable(v) {
			flush()
			continue
		}
		line = append(line, [2]float64{float64(i), v})
	}
	flush()
}

// draw draws the study at x.
func (s HistorySpot) draw(q canvas.Panel, x, unit float64, hue canvas.Hue) {
	if !canvas.Drawable(s.Value) {
		return
	}
	canvas.Describe(q.Canvas, s.Title, func() {
		at := func(v float64) vg.Length { return q.Py(max(q.YAxis.Min, min(v/unit, q.YAxis.Max))) }
		if canvas.Drawable(s.Low) && canvas.Drawable(s.High) {
			q.StrokeLine2(draw.LineStyle{Color: hue, Width: 3}, q.Px(x), at(s.Low), q.Px(x), at(s.High))
		}
		canvas.Circle.Draw(q.Canvas, vg.Point{X: q.Px(x), Y: at(s.Value)}, 5.5, 1.5, hue, s.Hollow)
	})
}
