package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Heat shows the speedups of a grid over one base: a cell for each number of processes and of workers in each, with
// its figure, the stronger its colour the faster. What noise leaves nothing of has no colour. Where a layout was run on
// several numbers of cores there is a map for each of these, all on one scale, and what has no more workers than cores
// stands in all of them that have so many.
type Heat struct {
	Words
	Points []curve.Point // each once
	Base   int           // index of the base
	Best   *sweep.Point  // the one that the title names; nil: nothing is shown to be faster than the base
	Beside []sweep.Point // others that may be as fast as Best
	// Elsewhere: the best of the grid has another base, and another map.
	Elsewhere bool
	// Cores and Ceiling are what speedups are held against, as in [Speedup].
	Cores   int
	Ceiling []Reading
}

// Sizes of a heat map in pixels.
const (
	heatBelow   = 76.0
	heatAbove   = 30.0  // from the maps to the heads; the labels at the scale reach into it
	heatLeft    = 140.0 // the labels of the rows
	heatNumbers = 54.0  // the same, without what is counted
	heatScale   = 34.0  // width of the bar beside
	heatBeside  = 360.0 // room for that and its labels
	heatGap     = 3.0
	heatFigure  = 40.0 // largest size of a figure
	leastFigure = canvas.SmallSize
	heatCell    = 110.0 // height of a cell in a page
	heatName    = 34.0  // above each of several maps
	heatLeast   = 300.0 // width of one of several maps
)

// A heatMap is one map with its places.
type heatMap struct {
	*heatScene
	points []curve.Point
	name   string // "on 2 cores"; empty: there is one map
}

// A heatScene is what the maps of a picture share.
type heatScene struct {
	Heat
	maps           []heatMap
	procs, workers []int
	low, top       float64 // of the scale
	bare           bool    // rows are numbers
	form           heatForm
}

// scene lays out the points that have a cell; some reports whether any of them has a figure.
func (f Heat) scene() (s *heatScene, some bool) {
	f.Points = slices.DeleteFunc(slices.Clone(f.Points), func(p curve.Point) bool { return p.Point.Parallelism() < 1 })
	s = &heatScene{Heat: f, low: 1, top: 1}
	var cores []int
	layouts := map[[2]int]bool{}
	for _, p := range f.Points {
		s.procs, s.workers = append(s.procs, p.Point.Procs), append(s.workers, p.Point.Workers)
		cores = append(cores, p.Point.Cores)
		layouts[[2]int{p.Point.Procs, p.Point.Workers}] = true
		some = some || canvas.Drawable(p.Speedup)
		for _, v := range []float64{p.Speedup, f.ceilingAt(p), f.ideal().at(float64(p.Usable()), f.baseN())} {
			if canvas.Drawable(v) && (v <= p.Speedup || f.Cores > 0) {
				s.top = max(s.top, v)
			}
		}
		if canvas.Drawable(p.Speedup) {
			s.low = min(s.low, p.Speedup)
		}
	}
	if s.top <= s.low {
		s.top = s.low + 1
	}
	s.procs, s.workers, cores = distinct(s.procs), distinct(s.workers), distinct(cores)
	if len(layouts) == len(f.Points) {
		s.maps = []heatMap{{s, f.Points, ""}}
		return s, some
	}
	for i, n := range cores {
		m := heatMap{s, nil, "on up to " + words.Plural(n, "core", "cores")}
		bounds := i == len(cores)-1 // whether any layout has more workers than these cores
		for _, p := range f.Points {
			if p.Point.Cores == n || p.Point.Cores < n && p.Point.Parallelism() <= p.Point.Cores {
				m.points = append(m.points, p)
				bounds = bounds || p.Point.Parallelism() > n
			}
		}
		if bounds {
			s.maps = append(s.maps, m)
		}
	}
	return s, some
}

func distinct(of []int) []int {
	slices.Sort(of)
	return slices.Compact(of)
}

// columns is how many maps stand beside each other in the width.
func (s *heatScene) columns(width vg.Length) int {
	return max(1, min(len(s.maps), int((width-heatBeside)/heatLeast)))
}

// plain reports whether there is no scale beside the maps of a picture of the width, so that cells have room for
// figures: these say as much, and what they are held against stands in the notes. Pages have none.
func (s *heatScene) plain(width vg.Length) bool {
	const cell = 60
	return width < amplePanels || (width-heatLeft-heatBeside)/vg.Length(s.columns(width)*len(s.workers)) < cell
}

func (f Heat) tall(width vg.Length) vg.Length {
	s, some := f.scene()
	if !some {
		return panelTall
	}
	high := max(2, min(vg.Length(len(s.procs)), 10))*heatCell + heatBelow
	if len(s.maps) > 1 {
		high += heatName
	}
	columns := s.columns(width)
	rows := (len(s.maps) + columns - 1) / columns
	return vg.Length(rows)*high + vg.Length(rows-1)*belowGap + 3*canvas.HeadSize +
		notesHeight(width, f.keys(s.plain(width)), f.Footnote)
}

// Draw draws the picture.
func (f Heat) Draw(c draw.Canvas) {
	s, some := f.scene()
	if !some {
		c = notes(c, f.Footnote)
		canvas.Instead(c, "No base was measured, so there is nothing to compare with.")
		return
	}
	plain := s.plain(c.Size().X)
	c = notes(c, f.keys(plain), f.Footnote)
	s.bare = plain || len(s.maps) > 1
	head := "Speedup over " + s.over() + " (×)"
	if s.bare {
		head += "; rows: processes"
	}
	body := canvas.PanelHead(c, head)
	body.Max.Y -= 0.9*canvas.HeadSize + heatAbove
	scale := body
	if !plain {
		body.Max.X -= heatBeside
	}
	columns := s.columns(c.Size().X)
	parts := below(body, (len(s.maps)+columns-1)/columns)
	width := (body.Size().X - panelGap*vg.Length(columns-1)) / vg.Length(columns)
	for i, m := range s.maps {
		part := parts[i/columns]
		part.Min.X += vg.Length(i%columns) * (width + panelGap)
		part.Max.X = part.Min.X + width
		m.draw(part)
	}
	if !plain {
		s.scale(draw.Crop(scale, scale.Size().X-heatBeside+60, 0, heatBelow, 0))
	}
}

// mostCeilings is the number of ceilings that are named.
const mostCeilings = 6

// against are the labels of what speedups are held against: the ideal of the most cores, and the ceiling on as many as
// points use beyond the base, with what is the same once.
func (f Heat) against() []canvas.Label {
	var cores []int
	for _, p := range f.Points {
		cores = append(cores, p.Usable())
	}
	cores = distinct(cores)
	var labels []canvas.Label
	if n := cores[len(cores)-1]; f.Cores > 0 {
		at := f.ideal().at(float64(n), f.baseN())
		labels = append(labels, canvas.Label{Name: "ideal", Value: words.Times(at), Hue: canvas.Muted, Y: at})
	}
	if len(f.Ceiling) == 0 {
		return labels
	}
	cores = slices.DeleteFunc(cores, func(n int) bool { return n <= f.base().Usable() })
	for len(cores) > mostCeilings { // every second, the most among them
		kept := cores[:0:0]
		for i := range cores {
			if (len(cores)-1-i)%2 == 0 {
				kept = append(kept, cores[i])
			}
		}
		cores = kept
	}
	for i := len(cores) - 1; i >= 0; {
		at := f.ideal().ceilingAt(float64(cores[i]))
		said, most := words.Times(at), cores[i]
		for i--; i >= 0 && words.Times(f.ideal().ceilingAt(float64(cores[i]))) == said; {
			i-- // the same on fewer cores
		}
		switch {
		case !canvas.Drawable(at):
		case len(labels) > 0 && labels[0].Value == said:
			labels[0].Name = "ideal and ceiling"
		default:
			name := "ceiling, " + words.Plural(most, "core", "cores")
			labels = append(labels, canvas.Label{Name: name, Value: said, Hue: canvas.Muted, Y: at})
		}
	}
	return labels
}

// keys are the key and, where there is no scale beside the map, what would stand at it.
func (f Heat) keys(bare bool) string {
	said := []string{f.key()}
	if !bare {
		return said[0]
	}
	said = append(said, "The stronger the colour, the faster.")
	var against []string
	for _, l := range f.against() {
		against = append(against, l.Name+" "+l.Value)
	}
	if len(against) > 0 {
		said = append(said, words.Upper(strings.Join(against, "; "))+".")
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
	return f.ideal().ceilingAt(float64(p.Usable()))
}

// layout is a place in the grid.
func layout(p curve.Point) string {
	return fmt.Sprintf("%d\u00A0×\u00A0%d", p.Point.Procs, p.Point.Workers)
}

// over names the base, with its cores where there are several maps.
func (s *heatScene) over() string {
	p := s.base().Point
	said := words.Plural(p.Procs, "process", "processes") + " × " + words.Plural(p.Workers, "worker", "workers")
	if len(s.maps) > 1 {
		said += " on " + words.Plural(p.Cores, "core", "cores")
	}
	return said
}

// besides reports whether p may be as fast as the best.
func (f Heat) besides(p sweep.Point) bool { return slices.Contains(f.Beside, p) }

// key says what the marks mean.
func (f Heat) key() string {
	key := "Each cell: speedup, its 95 % interval"
	has := func(is func(curve.Point) bool) bool { return slices.ContainsFunc(f.Points, is) }
	if has(func(p curve.Point) bool { return p.Interval != nil && p.Interval.Method == curve.MinMax }) {
		key += " (of fewer than 5 runs smallest to largest)"
	}
	if has(func(p curve.Point) bool { return p.Interval.Noisy() }) {
		key += " with what noise allows"
	}
	if len(f.Ceiling) > 0 {
		key += ", and its share of the ceiling: what a loop that shares nothing reaches on as many cores"
	}
	key += "."
	if has(f.untold) {
		key += " Without colour: noise hides whether it is faster than " + layout(f.base()) + "."
	}
	switch {
	case f.Elsewhere:
		key += " None is framed: the best of the grid stands over another base, in another map."
	case f.Best == nil:
		key += " None is framed: each was tested against " + layout(f.base()) + ", and none is shown to be faster."
	case len(f.Beside) > 0:
		key += " Framed: the best. Each other was tested against it, launch against launch: the dashed may be as fast, the rest are slower."
	case len(f.Points) > 2:
		key += fmt.Sprintf(" Framed: the best. Each other was tested against it, launch against launch, and is slower; of twenty such tests "+
			"one misses, and %d are made, so the best may owe some of its lead to chance.", len(f.Points)-1)
	}
	if has(lost) {
		key += " Hatched: all runs failed."
	}
	if has(notRun) {
		key += " Outlined: not run."
	}
	return key
}

// lost reports whether all runs of p failed.
func lost(p curve.Point) bool { return !canvas.Drawable(p.Speedup) && p.Failed > 0 }

// notRun reports whether p has neither a figure nor a failed run.
func notRun(p curve.Point) bool { return !canvas.Drawable(p.Speedup) && p.Failed == 0 }

// untold reports whether noise hides whether p is faster than the base.
func (f Heat) untold(p curve.Point) bool {
	return p.Point != f.base().Point && p.Interval.Noisy() && p.Interval.Low <= 1 && p.Interval.High >= 1
}

// heatShade is the colour of the part v of the scale: one hue that lets less and less of the ground through, so that it
// is a scale in grey and on a dark ground as well; at its strongest so weak that texts stand out from it.
func heatShade(v float64) color.NRGBA {
	const weak, strong = 0.08, 0.55
	return canvas.Blue.Faded(weak + (strong-weak)*max(0, min(v, 1)))
}

// shade is the colour of a speedup.
func (s *heatScene) shade(v float64) color.NRGBA { return heatShade((v - s.low) / (s.top - s.low)) }

// scale draws the bar of the colours beside, with what speedups are held against.
func (s *heatScene) scale(c draw.Canvas) {
	y := canvas.NewAxis(s.low, s.top, canvas.LinearScale{}, canvas.Even{Most: 6})
	p := canvas.Panel{Canvas: c, YAxis: y}
	p.Max.X = p.Min.X + heatScale
	const parts = 64
	for i := range parts {
		at := func(k int) vg.Length {
			return vg.Length(math.Round(float64(p.Py(s.low + (s.top-s.low)*float64(k)/parts))))
		}
		low, high := at(i), at(i+1)
		p.SetColor(heatShade((float64(i) + 0.5) / parts))
		p.Fill(canvas.Box(p.Min.X, low, p.Max.X, high))
	}
	p.YLabels()
	labels := s.against()
	p.XAxis = canvas.NewAxis(0, 1, canvas.LinearScale{}, canvas.Even{Most: 2})
	for i := range labels {
		labels[i].N = 1
		at := p.Py(labels[i].Y)
		p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 3}, p.Max.X-8, at, p.Max.X+4, at)
	}
	p.EndLabels(labels, heatBeside-60-heatScale)
}
