package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
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
}

// MostPanels is how many workloads [Multiples] has room for.
const MostPanels = 12

const (
	panelGap   = 36.0
	panelNames = 2     // most lines of the name of a panel
	panelLeast = 240.0 // width
	panelHigh  = 320.0 // in a page
)

// shown are the panels for which there is room.
func (m Multiples) shown() []Multiple { return m.Panels[:min(len(m.Panels), MostPanels)] }

// columns is the number of panels beside each other on a figure of the width.
func (m Multiples) columns(width vg.Length) int {
	n := len(m.shown())
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	if n > 9 {
		columns = 4
	}
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
	return panelHigh*vg.Length(rows) + legend + notesHeight(width, key, m.Footnote)
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
	y := all.speedups("speedup")
	c = notes(c, key, m.Footnote)
	c = canvas.Legend(c, legendOf(shown))
	columns := m.columns(c.Size().X)
	rows := (len(shown) + columns - 1) / columns
	width := (c.Size().X - panelGap*vg.Length(columns-1)) / vg.Length(columns)
	height := c.Size().Y / vg.Length(rows)
	for i, p := range shown {
		part := c
		part.Min.X += vg.Length(i%columns) * (width + panelGap)
		part.Max.X = part.Min.X + width
		part.Max.Y -= vg.Length(i/columns) * height
		part.Min.Y = part.Max.Y - height
		p.draw(part, all, y)
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
			look := canvas.Look{Name: l.name, Fill: l.hue, Height: 0.45}
			if !slices.Contains(out, look) {
				out = append(out, look)
			}
		}
	}
	if !several {
		return nil
	}
	return out
}

// draw draws the panel on the scale of all.
func (p Multiple) draw(c draw.Canvas, all curves, v view) {
	own := Speedup{Lines: p.Lines}
	g := all
	g.title, g.ideal = own.axisTitle(), &ideal{p.Cores, p.Ceiling}
	g.empty = "No base was measured."
	g.lines, _ = own.series()
	g.markers = p.Markers
	for i := range g.lines {
		g.lines[i].dodge /= 2
		for k := range g.lines[i].spots {
			g.lines[i].spots[k].title = p.Name + ", " + g.lines[i].spots[k].title
		}
	}
	head, what := canvas.Bold(canvas.LabelSize, canvas.Dark), canvas.Regular(canvas.SmallSize, canvas.Muted)
	lines := head.Wrap(p.Name, c.Size().X)
	lines = lines[:min(len(lines), panelNames)]
	for _, line := range lines {
		head.Put(c, c.Min.X, c.Max.Y-0.9*head.Size(), 0, head.Fit(line, c.Size().X))
		c.Max.Y -= head.Leading()
	}
	// What goes upwards stands at the end of the name or, if that has no room, below it, where no bar can reach.
	at, width := c.Min.X, vg.Length(0)
	if n := len(lines); n > 0 {
		width = head.Width(lines[n-1]) + 12
	}
	if width+what.Width(v.head) <= c.Size().X {
		c.Max.Y += head.Leading()
		what.Put(c, at+width, c.Max.Y-0.9*head.Size(), 0, v.head)
		c.Max.Y -= head.Leading()
	} else {
		what.Put(c, at, c.Max.Y-0.9*head.Size(), 0, what.Fit(v.head, c.Size().X))
		c.Max.Y -= head.Leading()
	}
	v.head, v.small, v.peaks = "", true, false
	c.Max.Y += 0.8 * canvas.HeadSize // there is no head below it
	g.panel(c, v)
}
