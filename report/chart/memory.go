package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Memory shows peak memory against n: on the left that of the largest process, on the right that of all processes.
type Memory struct {
	Words
	Lines []MemoryLine
	Cores int  // where a line marks the cores; 0: nowhere
	One   bool // only all processes are shown: the largest needs no picture
	Alike bool // as it has all of it
}

// A MemoryLine is the memory of one curve, in bytes for each of its points; NaN: not known.
type MemoryLine struct {
	Name          string // stands at the end of the line
	Curve         *curve.Curve
	Largest, Tree []float64
}

func (m Memory) tall(width vg.Length) vg.Length {
	if m.One {
		return panelTall + notesHeight(width, m.Footnote)
	}
	return tallPanels(width, 2, m.Footnote)
}

// Draw draws the picture.
func (m Memory) Draw(c draw.Canvas) {
	g := curves{empty: "Not reported by these runs."}
	if m.Cores > 0 {
		g.markers = []Marker{{N: float64(m.Cores), Label: words.Plural(m.Cores, "core", "cores")}}
	}
	var s Speedup
	most := 0.0
	for _, l := range m.Lines {
		s.Lines = append(s.Lines, Line{Curve: l.Curve})
		for _, v := range slices.Concat(l.Largest, l.Tree) {
			if words.Finite(v) {
				most = max(most, v)
			}
		}
	}
	g.title = s.axisTitle()
	g.stretch(s.counts())
	unit, name := 1e6, "MB"
	if most >= 2e9 {
		unit, name = 1e9, "GB"
	}
	c = notes(c, m.Footnote)
	// Both panels have one scale, so that they can be compared; it begins at 0, as heights stand for amounts.
	v := view{
		y:      canvas.NewAxis(0, max(most/unit, 1e-9)*1.08, canvas.LinearScale{}, canvas.Even{Most: 8}),
		of:     func(_, _, bytes float64) float64 { return bytes / unit },
		format: func(v float64) string { return words.Ratio(v) + words.NoBreak + name },
	}
	v.head = "Largest process that works (" + name + ")"
	other, all := g, v
	all.head = "All that work together (" + name + ")"
	other.lines = m.series(func(l MemoryLine) []float64 { return l.Tree }, v)
	if m.Alike {
		all.head = "Peak memory (" + name + ")"
	}
	if m.One {
		other.panel(canvas.PanelHead(c, all.head), all)
		return
	}
	g.lines = m.series(func(l MemoryLine) []float64 { return l.Largest }, v)
	left, right := panels(c, 0.5*c.Size().X-22, 44)
	heads := canvas.PanelHeads([]draw.Canvas{left, right}, v.head, all.head)
	g.panel(heads[0], v)
	other.panel(heads[1], all)
}

// elsewhere reports whether point k of l, of a grid, has as many processes as the points of another line: there it
// stands, as one between it and the others of l was never run.
func (m Memory) elsewhere(l MemoryLine, k int) bool {
	procs := func(c *curve.Curve) int { return c.Points[len(c.Points)-1].Point.Procs }
	own := l.Curve.Points[k].Point.Procs
	return l.Curve.Sweep.Mode == sweep.Grid && own != procs(l.Curve) &&
		slices.ContainsFunc(m.Lines, func(o MemoryLine) bool { return len(o.Curve.Points) > 0 && procs(o.Curve) == own })
}

// series are the lines of one panel.
func (m Memory) series(bytesOf func(MemoryLine) []float64, v view) []series {
	var out []series
	of := map[sweep.Mode]int{}
	for i, l := range m.Lines {
		line := series{name: l.Name, base: 1, dodge: dodge(i, len(m.Lines))}
		mode := l.Curve.Sweep.Mode
		line.hue, line.shape = modeStyle(mode, of[mode])
		of[mode]++
		joined := false
		for k, bytes := range bytesOf(l) {
			p := l.Curve.Points[k]
			if p.N < 1 || !words.Finite(bytes) || m.elsewhere(l, k) {
				joined = false
				continue
			}
			size := words.Plain(v.format(v.of(0, 0, bytes)))
			line.spots = append(line.spots, spot{
				n: float64(p.N), value: bytes, low: bytes, high: bytes, joined: joined, hollow: p.Runs < 5,
				title: fmt.Sprintf("%s, n = %d: %s, median of %s", l.Name, p.N, size,
					words.Plural(p.Runs, "run", "runs")),
			})
			joined = true
		}
		out = append(out, line)
	}
	return out
}
