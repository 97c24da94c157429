package chart

import (
	"cmp"
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

// Heat shows the speedups of a grid over its one base: a cell for each number of processes and of workers in each, with
// its figure, the darker the faster.
type Heat struct {
	Words
	Points []curve.Point // each layout once
	Base   int           // index of the base
	// Cores and Ceiling are what speedups are held against, as in [Speedup].
	Cores   int
	Ceiling []Reading
}

// Sizes of a heat map in pixels.
const (
	heatBelow   = 76.0
	heatLeft    = 140.0 // the labels of the rows
	heatNumbers = 54.0  // the same, without what is counted
	heatScale   = 34.0  // width of the bar beside
	heatBeside  = 290.0 // room for that and its labels
	heatGap     = 3.0
	heatFigure  = 40.0 // largest size of a figure
	leastFigure = canvas.SmallSize
	heatCell    = 110.0 // height of a cell in a page
)

func (f Heat) tall(width vg.Length) vg.Length {
	f, some := f.present()
	if !some {
		return panelTall
	}
	var procs []int
	for _, p := range f.Points {
		if !slices.Contains(procs, p.Point.Procs) {
			procs = append(procs, p.Point.Procs)
		}
	}
	return max(2, min(vg.Length(len(procs)), 10))*heatCell + heatBelow + 3*canvas.HeadSize +
		notesHeight(width, f.keys(stacked(width)), f.Footnote)
}

// A heatMap is a heat map with its places.
type heatMap struct {
	Heat
	canvas.Panel
	procs, workers []int
	top            float64 // of the scale
	bare           bool    // rows are numbers, and there is no scale
}

// present is f with the points that have a cell, and whether any of them has a figure.
func (f Heat) present() (Heat, bool) {
	f.Points = slices.DeleteFunc(slices.Clone(f.Points), func(p curve.Point) bool { return p.Point.Parallelism() < 1 })
	return f, slices.ContainsFunc(f.Points, func(p curve.Point) bool { return canvas.Drawable(p.Speedup) })
}

// Draw draws the picture.
func (f Heat) Draw(c draw.Canvas) {
	f, some := f.present()
	if !some {
		c = notes(c, f.Footnote)
		canvas.Instead(c, "No base was measured, so there is nothing to compare with.")
		return
	}
	narrow := stacked(c.Size().X)
	c = notes(c, f.keys(narrow), f.Footnote)
	m := heatMap{Heat: f, top: 1, bare: narrow}
	for _, p := range f.Points {
		m.procs, m.workers = append(m.procs, p.Point.Procs), append(m.workers, p.Point.Workers)
		for _, v := range []float64{p.Speedup, f.ceilingAt(p), f.ideal().at(float64(p.N), f.baseN())} {
			if canvas.Drawable(v) && (v <= p.Speedup || f.Cores > 0) {
				m.top = max(m.top, v)
			}
		}
	}
	slices.Sort(m.procs)
	slices.Sort(m.workers)
	m.procs, m.workers = slices.Compact(m.procs), slices.Compact(m.workers)
	head := fmt.Sprintf("Speedup over %s (×)", layout(f.base()))
	if narrow {
		head += "; rows: processes"
	}
	c = canvas.PanelHead(c, head)
	c.Max.Y -= 1.6 * canvas.HeadSize
	if narrow { // the figures stand in the cells, and what they are held against in the notes
		m.Panel = canvas.Panel{Canvas: draw.Crop(c, heatNumbers, 0, heatBelow, 0)}
		m.draw()
		return
	}
	m.Panel = canvas.Panel{Canvas: draw.Crop(c, heatLeft, -heatBeside, heatBelow, 0)}
	m.draw()
	m.scale(draw.Crop(c, c.Size().X-heatBeside+60, 0, heatBelow, 0))
}

// against are the labels of what speedups are held against at the most that was measured.
func (f Heat) against() []canvas.Label {
	last := 0.0
	for _, q := range f.Points {
		last = max(last, float64(q.N))
	}
	var labels []canvas.Label
	if f.Cores > 0 {
		at := f.ideal().at(last, f.baseN())
		labels = append(labels, canvas.Label{Name: "ideal", Value: words.Times(at), Hue: canvas.Muted, Y: at})
	}
	if len(f.Ceiling) > 0 {
		at := f.ideal().ceilingAt(last)
		labels = append(labels, canvas.Label{
			Name: "ceiling", Value: words.Times(at), More: "measured here", Hue: canvas.Muted, Y: at,
		})
	}
	return labels
}

// keys are the key and, where there is no scale beside the map, what would stand at it.
func (f Heat) keys(bare bool) string {
	said := []string{f.key()}
	if bare {
		for _, l := range f.against() {
			said = append(said, strings.TrimSpace(words.Upper(l.Name)+" "+l.More)+": "+l.Value+".")
		}
	}
	return strings.Join(said, " ")
}

func (f Heat) base() curve.Point {
	if f.Base >= 0 && f.Base < len(f.Points) {
		return f.Points[f.Base]
	}
	return f.Points[0]
}

func (f Heat) baseN() float64 { return float64(max(1, f.base().N)) }

func (f Heat) ideal() *ideal { return &ideal{f.Cores, f.Ceiling} }

// ceilingAt is the ceiling for as many as p has; 0: not known.
func (f Heat) ceilingAt(p curve.Point) float64 {
	if len(f.Ceiling) == 0 {
		return 0
	}
	return f.ideal().ceilingAt(float64(p.N))
}

// layout is a place in the grid.
func layout(p curve.Point) string {
	return fmt.Sprintf("%d\u00A0×\u00A0%d", p.Point.Procs, p.Point.Workers)
}

// best are the layouts of which each may be the fastest: the one with the largest speedup, and those that its interval
// does not tell from it.
func (f Heat) best() []curve.Point {
	fastest := slices.MaxFunc(f.Points, func(a, b curve.Point) int {
		return cmp.Compare(known(a.Speedup), known(b.Speedup))
	})
	low := fastest.Speedup
	if fastest.Interval != nil {
		low = min(low, fastest.Interval.Low)
	}
	return slices.DeleteFunc(slices.Clone(f.Points), func(p curve.Point) bool {
		high := known(p.Speedup)
		if p.Interval != nil {
			high = max(high, p.Interval.High)
		}
		return p.Point != fastest.Point && high < low
	})
}

// known is v, or less than every speedup if that is none.
func known(v float64) float64 {
	if canvas.Drawable(v) {
		return v
	}
	return -1
}

// key says what the marks mean.
func (f Heat) key() string {
	key := "Each cell: speedup, its 95 % interval"
	if slices.ContainsFunc(f.Points, func(p curve.Point) bool { return p.Interval != nil && p.Interval.Method == curve.MinMax }) {
		key += " (of fewer than 5 runs smallest to largest)"
	}
	if slices.ContainsFunc(f.Points, func(p curve.Point) bool { return p.Interval.Noisy() }) {
		key += " with what noise allows"
	}
	if len(f.Ceiling) > 0 {
		key += ", and its share of what a loop that shares nothing reaches on as many cores"
	}
	key += "."
	best := f.best()
	if len(best) == 1 {
		return key + " Framed: the best, which its interval tells from all others."
	}
	var names []string
	for _, p := range best {
		names = append(names, layout(p))
	}
	const most = 4
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return key + " No best is marked: the intervals do not tell apart " + words.List(names) + "."
}

func (m heatMap) draw() {
	width, height := m.Size().X/vg.Length(len(m.workers)), m.Size().Y/vg.Length(len(m.procs))
	s := canvas.Regular(canvas.TickSize, canvas.Dark)
	for i, w := range m.workers {
		s.Put(m.Canvas, m.Min.X+(vg.Length(i)+0.5)*width, m.Min.Y-28, 0.5, fmt.Sprint(w))
	}
	for i, p := range m.procs {
		name := words.Plural(p, "process", "processes")
		if m.bare {
			name = fmt.Sprint(p)
		}
		s.Middle(m.Canvas, m.Min.X-12, m.Min.Y+(vg.Length(i)+0.5)*height, 1, name)
	}
	canvas.Regular(canvas.LabelSize, canvas.Dark).Put(m.Canvas, m.Center().X, m.Min.Y-62, 0.5, "workers in each process")
	best := m.best()
	for _, p := range m.Points {
		x := m.Min.X + vg.Length(slices.Index(m.workers, p.Point.Workers))*width
		y := m.Min.Y + vg.Length(slices.Index(m.procs, p.Point.Procs))*height
		cell := m.Canvas
		cell.Rectangle = vg.Rectangle{
			Min: vg.Point{X: x + heatGap, Y: y + heatGap}, Max: vg.Point{X: x + width - heatGap, Y: y + height - heatGap},
		}
		m.cell(cell, p, len(best) == 1 && best[0].Point == p.Point)
	}
}

// cell draws p onto c.
func (m heatMap) cell(c draw.Canvas, p curve.Point, best bool) {
	lines := []string{words.Times(p.Speedup)}
	if !canvas.Drawable(p.Speedup) {
		lines[0] = "no figure"
	}
	switch {
	case p.Point == m.base().Point:
		lines = append(lines, "base")
	case p.Interval != nil:
		lines = append(lines, words.RatioRange(p.Interval))
	}
	if best {
		lines[0] = "best " + lines[0]
	}
	if ceiling := m.ceilingAt(p); ceiling > 0 && canvas.Drawable(p.Speedup) && p.Point != m.base().Point {
		lines = append(lines, fmt.Sprintf("%s of %s", words.Percent(p.Speedup/ceiling), words.Times(ceiling)))
	}
	canvas.Describe(c, layout(p)+": "+strings.Join(lines, ", ")+runsTitle(p), func() {
		ground := canvas.Chalk
		if canvas.Drawable(p.Speedup) {
			ground = heatHue(p.Speedup / m.top)
		}
		c.SetColor(ground)
		c.Fill(c.Path())
		if best {
			for _, frame := range []draw.LineStyle{{Color: canvas.White, Width: 14}, {Color: canvas.Black, Width: 6}} {
				c.SetLineStyle(frame)
				c.Stroke(c.Path())
			}
		}
		m.write(c, ground, lines)
	})
}

// write sets the lines in the middle of c, as many as it has room for, the first as large as it can be.
func (m heatMap) write(c draw.Canvas, ground canvas.Hue, lines []string) {
	ink := canvas.Ink
	if ground.Luminance() < 0.3 {
		ink = canvas.Chalk
	}
	size := vg.Length(heatFigure)
	if least := canvas.Bold(leastFigure, ink); least.Width(lines[0]) > c.Size().X-4 {
		lines[0] = strings.TrimPrefix(lines[0], "best ") // the frame says it
		if least.Width(lines[0]) > c.Size().X-4 {
			return // the title has it
		}
	}
	for size > leastFigure && (canvas.Bold(size.Points(), ink).Width(lines[0]) > c.Size().X-12 || 1.4*size > c.Size().Y) {
		size--
	}
	small := canvas.Regular(canvas.SmallSize, ink)
	room := int((c.Size().Y - 1.5*size) / small.Leading())
	rest := lines[1:min(len(lines), 1+max(0, room))]
	for i, txt := range rest {
		if small.Width(txt) > c.Size().X-12 {
			rest = rest[:i]
			break
		}
	}
	y := c.Center().Y + vg.Length(len(rest))*small.Leading()/2
	canvas.Bold(size.Points(), ink).Middle(c, c.Center().X, y, 0.5, lines[0])
	y -= size / 2
	for _, txt := range rest {
		y -= small.Leading() * 0.95
		small.Middle(c, c.Center().X, y+0.3*small.Size(), 0.5, txt)
	}
}

// heatHue is the colour of the part v of the scale: one hue, from pale to dark, so that it is a scale in grey as well.
func heatHue(v float64) canvas.Hue {
	v = max(0, min(v, 1))
	const pale, dark canvas.Hue = 0xF1F6FA, 0x003F63
	part := func(shift int) canvas.Hue {
		a, b := float64(pale>>shift&0xFF), float64(dark>>shift&0xFF)
		return canvas.Hue(math.Round(a+(b-a)*v)) << shift
	}
	return part(16) | part(8) | part(0)
}

// scale draws the bar of the colours beside, with what speedups are held against.
func (m heatMap) scale(c draw.Canvas) {
	y := canvas.NewAxis(0, m.top, canvas.LinearScale{}, canvas.Even{Most: 6})
	p := canvas.Panel{Canvas: c, YAxis: y}
	p.Max.X = p.Min.X + heatScale
	const parts = 64
	for i := range parts {
		low, high := p.Py(m.top*float64(i)/parts), p.Py(m.top*float64(i+1)/parts)
		p.SetColor(heatHue((float64(i) + 0.5) / parts))
		p.Fill(canvas.Box(p.Min.X, low, p.Max.X, min(high+1, p.Max.Y)))
	}
	p.YLabels()
	labels := m.against()
	p.XAxis = canvas.NewAxis(0, 1, canvas.LinearScale{}, canvas.Even{Most: 2})
	for i := range labels {
		labels[i].N = 1
		at := p.Py(labels[i].Y)
		p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 3}, p.Max.X-8, at, p.Max.X+4, at)
	}
	p.EndLabels(labels, heatBeside-60-heatScale)
}
