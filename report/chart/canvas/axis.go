package canvas

import (
	"iter"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Scale says where a value stands between the ends of an axis: at 0 for low, at 1 for high. Scales and ticks are our
// own, as the package of gonum that has them links writers of PDF, EPS and TeX, which every start of the program would
// pay for.
type Scale interface {
	Normalize(low, high, x float64) float64
}

// LinearScale has equal differences at equal distances.
type LinearScale struct{}

// Normalize returns the place of x.
func (LinearScale) Normalize(low, high, x float64) float64 { return (x - low) / (high - low) }

// LogScale has equal ratios at equal distances. All values on it are above 0.
type LogScale struct{}

// Normalize returns the place of x.
func (LogScale) Normalize(low, high, x float64) float64 {
	return (math.Log(x) - math.Log(low)) / (math.Log(high) - math.Log(low))
}

// A Tick is a place on an axis that is marked.
type Tick struct {
	Value float64
	Label string // may be empty
}

// A Ticker chooses the ticks of an axis from low to high.
type Ticker interface {
	Ticks(low, high float64) []Tick
}

// An Axis maps values to places.
type Axis struct {
	Min, Max float64
	Scale    Scale
	Ticks    []Tick // with their labels
}

// NewAxis puts the ticker's ticks on an axis from low to high.
func NewAxis(low, high float64, scale Scale, ticker Ticker) Axis {
	return Axis{Min: low, Max: high, Scale: scale, Ticks: ticker.Ticks(low, high)}
}

func (a Axis) norm(v float64) float64 { return a.Scale.Normalize(a.Min, a.Max, v) }

// Holds reports whether v lies on the axis.
func (a Axis) Holds(v float64) bool { return v >= a.Min && v <= a.Max }

// A Spacing says what an axis has at equal distances.
type Spacing uint8

// The spacings of axes of counts.
const (
	Suited Spacing = iota // doublings if all counts are powers of two, and else differences
	Equal                 // differences
	Double                // doublings
)

// CountAxis holds the counts, which are positive, and goes on to high.
func CountAxis(counts []float64, high float64, spacing Spacing) Axis {
	if len(counts) == 0 {
		counts = append(counts, 1)
	}
	slices.Sort(counts)
	counts = slices.Compact(counts)
	low := counts[0]
	high = max(high, counts[len(counts)-1])
	notPower := func(v float64) bool { f, _ := math.Frexp(v); return f != 0.5 }
	if spacing == Double || spacing == Suited && !slices.ContainsFunc(counts, notPower) {
		pad := math.Exp2(0.1 + 0.05*math.Log2(high/low))
		return NewAxis(low/pad, high*pad, LogScale{}, Powers{Most: 10})
	}
	pad := max(0.06*(high-low), 0.5)
	if high > counts[len(counts)-1] {
		counts = append(counts, high)
	}
	var ticker Ticker = places(counts)
	if len(counts) > 16 || slices.ContainsFunc(counts, func(v float64) bool { return v != math.Trunc(v) }) {
		ticker = Even{Most: 7, Whole: high-low > 7}
	}
	return NewAxis(max(0, low-pad), high+pad, LinearScale{}, ticker)
}

// Doubling reports whether a doubles at equal distances.
func (a Axis) Doubling() bool { _, is := a.Scale.(LogScale); return is }

// Samples yields places from low to high that make a smooth curve, and the corner if it lies between.
func (a Axis) Samples(low, high, corner float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		const parts = 96
		at := func(i int) float64 {
			f := float64(i) / parts
			if a.Doubling() {
				return low * math.Pow(high/low, f)
			}
			return low + (high-low)*f
		}
		for i := range parts + 1 {
			n := at(i)
			if i > 0 && at(i-1) < corner && corner < n && !yield(corner) {
				return
			}
			if !yield(n) {
				return
			}
		}
	}
}

// Drawable reports whether v is a positive number.
func Drawable(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

// A Panel is a data area with two axes. It is its own canvas, of the data area alone.
type Panel struct {
	draw.Canvas
	XAxis, YAxis Axis
	Room         draw.Canvas // in which it lies with all that stands around it
}

// NewPanel is a panel within c that leaves room for the labels of y, and for what stands at its other sides.
func NewPanel(c draw.Canvas, x, y Axis, right, below, above vg.Length) Panel {
	return Panel{draw.Crop(c, y.yWidth(), -right, below, -above), x, y, c}
}

// Px is the place of v from left to right.
func (p Panel) Px(v float64) vg.Length { return p.X(p.XAxis.norm(v)) }

// Py is the place of v from the foot up.
func (p Panel) Py(v float64) vg.Length { return p.Y(p.YAxis.norm(v)) }

// At is the place of a point.
func (p Panel) At(x, y float64) vg.Point { return vg.Point{X: p.Px(x), Y: p.Py(y)} }

// Polyline turns points of the data into points of the canvas, cut to the data area.
func (p Panel) Polyline(pts [][2]float64) [][]vg.Point {
	line := make([]vg.Point, len(pts))
	for i, pt := range pts {
		line[i] = p.At(pt[0], pt[1])
	}
	if len(line) < 2 {
		return nil
	}
	return p.ClipLinesXY(line)
}

// yTicks are the ticks of y whose labels have room; of those that meet the one with the shorter label.
func (p Panel) yTicks() []Tick {
	var out []Tick
	ticks := slices.DeleteFunc(slices.Clone(p.YAxis.Ticks), func(t Tick) bool { return t.Label == "" || !p.YAxis.Holds(t.Value) })
	slices.SortStableFunc(ticks, func(a, b Tick) int { return len(a.Label) - len(b.Label) })
	for _, t := range ticks {
		if !slices.ContainsFunc(out, func(o Tick) bool { return math.Abs(float64(p.Py(o.Value)-p.Py(t.Value))) < TickSize }) {
			out = append(out, t)
		}
	}
	return out
}

// Grid draws a line for every tick of y that has a label.
func (p Panel) Grid() {
	for _, t := range p.yTicks() {
		p.StrokeLine2(draw.LineStyle{Color: Grid, Width: 1.5}, p.Min.X, p.Py(t.Value), p.Max.X, p.Py(t.Value))
	}
}

// YLabels writes the labels of y left of the panel.
func (p Panel) YLabels() {
	s := Regular(TickSize, Muted)
	for _, t := range p.yTicks() {
		s.Middle(p.Canvas, p.Min.X-10, p.Py(t.Value), 1, t.Label)
	}
}

// Room that XLabels takes below the panel.
const (
	XBelow = 76
	BareX  = 38 // without a title
)

// XLabels writes the labels of x below the panel, as many as there is room for, with ticks and a title: the first of
// the titles that has room. An empty one is none.
func (p Panel) XLabels(titles ...string) {
	s := Regular(TickSize, Muted)
	axisLine := draw.LineStyle{Color: Middle, Width: 1.5}
	p.StrokeLine2(axisLine, p.Min.X, p.Min.Y, p.Max.X, p.Min.Y)
	var labelled []Tick
	for _, t := range p.XAxis.Ticks {
		if !p.XAxis.Holds(t.Value) {
			continue
		}
		x := p.Px(t.Value)
		p.StrokeLine2(axisLine, x, p.Min.Y-7, x, p.Min.Y)
		if t.Label != "" {
			labelled = append(labelled, t)
		}
	}
	for _, t := range p.apart(s, labelled) {
		s.Put(p.Canvas, p.Px(t.Value), p.Min.Y-30, 0.5, t.Label)
	}
	if titles[0] == "" {
		return
	}
	title := Regular(LabelSize, Dark)
	fitting := slices.IndexFunc(titles, func(txt string) bool { return title.Width(txt) <= p.Room.Size().X })
	if fitting < 0 {
		fitting = len(titles) - 1
	}
	txt := title.Fit(titles[fitting], p.Room.Size().X)
	half := title.Width(txt) / 2
	title.Put(p.Canvas, max(p.Room.Min.X+half, min(p.Center().X, p.Room.Max.X-half)), p.Min.Y-64, 0.5, txt)
}

// apart are every tick, or every second, third … so that their labels do not meet, and the last.
func (p Panel) apart(s Script, ticks []Tick) []Tick {
	const gap = 6
	for step := 1; ; step++ {
		var out []Tick
		end, meet := vg.Length(math.Inf(-1)), false
		for i := 0; i < len(ticks); i += step {
			x, half := p.Px(ticks[i].Value), s.Width(ticks[i].Label)/2
			meet = meet || x-half < end+gap
			end = x + half
			out = append(out, ticks[i])
		}
		if meet && step < len(ticks) {
			continue
		}
		if len(out) < 2 || out[len(out)-1] == ticks[len(ticks)-1] {
			return out
		}
		last := ticks[len(ticks)-1] // takes the place of the one before it, which is no farther from its neighbour
		if p.Px(last.Value)-s.Width(last.Label)/2 < end+gap {
			out = out[:len(out)-1]
		}
		return append(out, last)
	}
}

// yWidth is the room that the labels of y take left of a panel.
func (a Axis) yWidth() vg.Length {
	s := Regular(TickSize, Muted)
	w := vg.Length(0)
	for _, t := range a.Ticks {
		w = max(w, s.Width(t.Label))
	}
	return w + 10
}

// Message says why the panel is empty.
func (p Panel) Message(txt string) {
	s := Regular(LabelSize, Muted)
	for i, line := range s.Wrap(txt, p.Size().X-40) {
		width := s.Width(line)/2 + 8
		x, y := p.Center().X, p.Center().Y-vg.Length(i)*s.Leading()
		p.SetColor(White)
		p.Fill(Box(x-width, y-8, x+width, y+LabelSize))
		s.Put(p.Canvas, x, y, 0.5, line)
	}
}

// Instead writes in the middle of c why nothing is drawn.
func Instead(c draw.Canvas, txt string) {
	s := Regular(LabelSize, Muted)
	for i, line := range s.Wrap(txt, c.Size().X) {
		s.Put(c, c.Center().X, c.Center().Y-vg.Length(i)*s.Leading(), 0.5, line)
	}
}

// PanelHead writes txt above what c is for, in as many lines as it takes, and returns the canvas with room for one of
// them above.
func PanelHead(c draw.Canvas, txt string) draw.Canvas { return PanelHeads([]draw.Canvas{c}, txt)[0] }

// PanelHeads writes a text above each of panels that stand beside each other, as [PanelHead] does, and leaves them
// alike high.
func PanelHeads(panels []draw.Canvas, txts ...string) []draw.Canvas {
	s := Bold(HeadSize, Dark)
	most := 1
	for i, c := range panels {
		lines := s.Wrap(txts[i], c.Size().X)
		for k, line := range lines {
			s.Put(c, c.Min.X, c.Max.Y-0.9*HeadSize-vg.Length(k)*s.Leading(), 0, line)
		}
		most = max(most, len(lines))
	}
	out := slices.Clone(panels)
	for i := range out {
		out[i].Max.Y -= vg.Length(most-1) * s.Leading()
	}
	return out
}

// Beside splits c into a part of the width, and the rest beyond a gap.
func Beside(c draw.Canvas, width, gap vg.Length) (left, right draw.Canvas) {
	left, right = c, c
	left.Max.X = c.Min.X + width
	right.Min.X = left.Max.X + gap
	return left, right
}
