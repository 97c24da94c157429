package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Multiples shows the speedups of several workloads, each in a panel of its own, all on one scale.
type Multiples struct {
	Words
	Panels []Multiple
}

// A Multiple is one workload.
type Multiple struct {
	Name  string
	Lines []Line
	Cores int // as in [Speedup]
	// Ceiling is as in [Speedup].
	Ceiling []Reading
	Markers []Marker
	Note    string // below the name: what is shown of it, where that is no gain; may be empty
	Unsure  bool   // it is shown to be neither faster nor slower: lines are pale, and their labels give intervals
}

// MostPanels is how many workloads [Multiples] has room for: two rows of panels, which a first screen holds.
const MostPanels = 6

const (
	panelGap   = 36.0
	panelNames = 2     // most lines of the name of a panel
	panelLeast = 240.0 // width
	panelHigh  = 300.0 // in a page
	panelShare = 0.52  // the most of the width of a panel that labels have
	flagHigh   = 26.0  // above panels that name their markers
)

// shown are the panels for which there is room.
func (m Multiples) shown() []Multiple { return m.Panels[:min(len(m.Panels), MostPanels)] }

// columns is the number of panels beside each other on a figure of the width.
func (m Multiples) columns(width vg.Length) int {
	columns := int(math.Ceil(math.Sqrt(float64(len(m.shown())))))
	return max(1, min(columns, int((width+panelGap)/(panelLeast+panelGap))))
}

func (m Multiples) tall(width vg.Length) vg.Length {
	if len(m.Panels) == 0 {
		return panelTall
	}
	_, key := m.union()
	columns := m.columns(width)
	rows := (len(m.shown()) + columns - 1) / columns
	legend := canvas.LegendHeight(legendOf(m.shown()), width)
	high := vg.Length(1.4*canvas.HeadSize + flagHigh + canvas.XBelow - canvas.BareX)
	return panelHigh*vg.Length(rows) + high + legend + notesHeight(width, key, m.Footnote)
}

// union is a panel with the lines of all, which gives their scale, and what the reader must know.
func (m Multiples) union() (all curves, key string) {
	shown := m.shown()
	var lines []Line
	all = curves{ideal: &ideal{cores: shown[0].Cores}}
	for _, p := range shown {
		lines = append(lines, p.Lines...)
		if p.Cores == 0 || all.ideal.cores == 0 {
			all.ideal.cores = 0
		}
		all.ideal.cores = max(all.ideal.cores, p.Cores)
		if len(all.ideal.ceiling) == 0 {
			all.ideal.ceiling = p.Ceiling
		}
	}
	union := Speedup{Lines: lines}
	var missing []string
	all.lines, missing = union.series()
	all.stretch(union.counts())
	key = "Grey: the ideal."
	if len(all.ideal.ceiling) > 0 {
		key = "Grey: the ideal; dashed: the ceiling measured here."
	}
	if slices.ContainsFunc(shown, func(p Multiple) bool { return p.Unsure }) {
		key += " Pale: shown to be neither faster nor slower."
	}
	if more := len(m.Panels) - len(shown); more > 0 {
		key += fmt.Sprintf(" %d more workloads have no room here; each has a picture of its own.", more)
	}
	return all, key + " " + all.key(missing)
}

// Draw draws the picture.
func (m Multiples) Draw(c draw.Canvas) {
	shown := m.shown()
	if len(shown) == 0 {
		canvas.Instead(notes(c, m.Footnote), "There are no workloads to show.")
		return
	}
	all, key := m.union()
	y := all.speedups("Speedup")
	c = notes(c, key, m.Footnote)
	c = canvas.PanelHead(c, y.head)
	c.Max.Y -= 1.4 * canvas.HeadSize
	c = canvas.Legend(c, legendOf(shown))
	columns := m.columns(c.Size().X)
	width := (c.Size().X - panelGap*vg.Length(columns-1)) / vg.Length(columns)
	rows := slices.Collect(slices.Chunk(shown, columns))
	room := c.Size().Y
	for i, row := range rows {
		room -= extra(row, width, i == 0, i == len(rows)-1)
	}
	for _, p := range shown {
		g := curves{lines: p.lines()}
		y.small = true
		y.room = max(y.room, canvas.LabelWidth(g.labels(y), panelShare*width))
	}
	for i, row := range rows {
		heads := headHeight(row, width)
		height := extra(row, width, i == 0, i == len(rows)-1) + room/vg.Length(len(rows))
		for k, p := range row {
			part := c
			part.Min.X += vg.Length(k) * (width + panelGap)
			part.Max.X = part.Min.X + width
			part.Min.Y = part.Max.Y - height
			p.head(part)
			part.Max.Y -= heads
			p.draw(part, all, y, i == 0, i == len(rows)-1)
		}
		c.Max.Y -= height
	}
}

// extra is what a row of panels takes of the height besides their data; the first names the markers, and the last has
// the titles of the axes.
func extra(row []Multiple, width vg.Length, first, last bool) vg.Length {
	out := headHeight(row, width) + canvas.BareX + 0.8*canvas.HeadSize
	if first {
		out += flagHigh
	}
	if last {
		out += canvas.XBelow - canvas.BareX
	}
	return out
}

// names are the lines of the name of p.
func (p Multiple) names(width vg.Length) []string {
	lines := panelName().Wrap(p.Name, width)
	return lines[:min(len(lines), panelNames)]
}

func panelName() canvas.Script { return canvas.Bold(canvas.LabelSize, canvas.Dark) }

func panelNote() canvas.Script { return canvas.Regular(canvas.SmallSize, canvas.Muted) }

// headHeight is what the names and notes of a row of panels take, alike for all.
func headHeight(row []Multiple, width vg.Length) vg.Length {
	names, notes := 0, 0
	for _, p := range row {
		names, notes = max(names, len(p.names(width))), max(notes, len(panelNote().Wrap(p.Note, width)))
	}
	return vg.Length(names)*panelName().Leading() + vg.Length(notes)*panelNote().Leading() + 6
}

// head writes name and note at the top of c.
func (p Multiple) head(c draw.Canvas) {
	name, note := panelName(), panelNote()
	for _, line := range p.names(c.Size().X) {
		name.Put(c, c.Min.X, c.Max.Y-0.9*name.Size(), 0, name.Fit(line, c.Size().X))
		c.Max.Y -= name.Leading()
	}
	for _, line := range note.Wrap(p.Note, c.Size().X) {
		note.Put(c, c.Min.X, c.Max.Y-0.9*note.Size(), 0, line)
		c.Max.Y -= note.Leading()
	}
}

// legendOf names the lines of all panels, each once, if any panel has more than one.
func legendOf(panels []Multiple) []canvas.Look {
	var out []canvas.Look
	several := false
	for _, p := range panels {
		several = several || len(p.Lines) > 1
		lines, _ := Speedup{Lines: p.Lines}.series()
		for _, l := range lines {
			if !slices.ContainsFunc(out, func(o canvas.Look) bool {
				return o.Name == l.name && o.Fill == l.hue && *o.Line == l.shape
			}) {
				out = append(out, canvas.Look{Name: l.name, Fill: l.hue, Line: &l.shape})
			}
		}
	}
	if !several {
		return nil
	}
	return out
}

// draw draws the panel on the scale of all, with the names of markers and the title of the axis if that is asked for.
func (p Multiple) draw(c draw.Canvas, all curves, v view, named, titled bool) {
	own := Speedup{Lines: p.Lines}
	g := all
	g.title, g.ideal = "", &ideal{p.Cores, p.Ceiling}
	if titled {
		g.title = own.axisTitle()
	}
	g.empty, g.lines = "No base was measured.", p.lines()
	for _, m := range p.Markers {
		if !named {
			m.Label = ""
		}
		g.markers = append(g.markers, m)
	}
	v.head = ""
	c.Max.Y += 0.8 * canvas.HeadSize // there is no head below it
	g.panel(c, v)
}

// lines are those of p: pale, and with their interval below the last figure, where nothing is shown.
func (p Multiple) lines() []series {
	out, _ := Speedup{Lines: p.Lines}.series()
	for i := range out {
		l := &out[i]
		l.dodge /= 2
		for k := range l.spots {
			l.spots[k].title = p.Name + ", " + l.spots[k].title
		}
		if n := len(l.spots); p.Unsure && n > 0 {
			l.pale = true
			last := l.spots[n-1]
			within := &curve.Interval{Low: last.low, High: last.high}
			said := words.RatioRange(within)
			if last.method == "" || said != words.RatioWithin(within) { // it has none, or one too wide to be known
				continue
			}
			l.more = said + "×"
		}
	}
	return out
}

// below is the room that the labels of x take.
func (g curves) below() vg.Length {
	if g.title == "" {
		return canvas.BareX
	}
	return canvas.XBelow
}
