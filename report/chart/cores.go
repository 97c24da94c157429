package chart

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
)

// Cores shows how many cores, or Ps, were busy over time, and beside it for what share of the time exactly k were.
type Cores struct {
	Words
	Use     *cores.Use
	Zero    clock.Time // the release of the workers, where the axis has its 0; 0: not known, the start of the use has it
	Release string     // what is at Zero; "": the release of the workers
	Start   string     // what begins where the use does, without Zero; "": the trace
}

// coreSteps is the number of steps of the line: more than a hundred are a carpet, in which nothing can be followed.
const coreSteps = 100

// key says what the line is.
func (f Cores) key() string {
	return "Line: mean of every " + words.DurationTitle(f.step().Seconds()) +
		". Pale: how many in that time, except in the tenth with the fewest and the tenth with the most."
}

func (f Cores) tall(width vg.Length) vg.Length {
	if f.Use == nil {
		return panelTall
	}
	return tallPanels(width, 2, f.key(), f.Footnote)
}

// Draw draws the picture.
func (f Cores) Draw(c draw.Canvas) {
	if f.Use == nil || f.Use.End <= f.Use.Start {
		c = notes(c, f.Footnote)
		canvas.Instead(c, "No time passed, so there is no core use to show.")
		return
	}
	c = notes(c, f.key(), f.Footnote)
	zero := f.Zero
	if zero == 0 {
		zero = f.Use.Start
	}
	times := newTimeAxis(f.Use.Start.Sub(zero), f.Use.End.Sub(zero), sinceWords(f.Release, f.Start, f.Zero))
	y := f.yAxis()

	left, right := panels(c, 0.68*c.Size().X, 30)
	heads := canvas.PanelHeads([]draw.Canvas{left, right}, "Busy "+f.things()+" over time", "Share of the time with so many busy")
	left, right = heads[0], heads[1]
	labels := f.labels(times)
	width := canvas.LabelWidth(labels, 0.3*left.Size().X)
	over := canvas.NewPanel(left, times.axis(left.Size().X), y, width, canvas.XBelow, 2*canvas.HeadSize)
	over.Min.X, over.Max.X = vg.Length(int(over.Min.X)), vg.Length(int(over.Max.X))
	over.Grid()
	over.YLabels()
	over.XLabels(times.title(), times.name+" from release or start", times.name)
	f.drawUse(over, times)
	over.EndLabels(labels, width)

	x := canvas.NewAxis(0, 100, canvas.LinearScale{}, canvas.Even{Most: 4})
	shares := canvas.NewPanel(right, x, y, 76, canvas.XBelow, 2*canvas.HeadSize)
	shares.YLabels()
	shares.XLabels("% of the time")
	f.drawShares(shares)
}

// things are what is counted: a P is a processor of Go's scheduler, and not a core.
func (f Cores) things() string {
	if f.Use.OfPs {
		return "Ps"
	}
	return "cores"
}

// step is the length of a step of the line.
func (f Cores) step() time.Duration { return f.Use.End.Sub(f.Use.Start) / coreSteps }

// yAxis goes to the cores, to the Ps if these are counted, or to what was seen, whichever is most.
func (f Cores) yAxis() canvas.Axis {
	top := max(f.Use.Cores, 1)
	if f.Use.OfPs {
		top = max(top, f.Use.MaxPs)
	}
	for k, d := range f.Use.Profile {
		if d > 0 {
			top = max(top, k)
		}
	}
	for _, s := range f.Use.Steps {
		top = max(top, s.Busy)
	}
	return canvas.NewAxis(-0.04*float64(top), 1.08*float64(top), canvas.LinearScale{}, canvas.Even{Most: 10, Whole: true})
}

// shares are those of the profile in the time that it covers.
func (f Cores) shares() []float64 {
	var all time.Duration
	for _, d := range f.Use.Profile {
		all += d
	}
	shares := make([]float64, len(f.Use.Profile))
	for k, d := range f.Use.Profile {
		shares[k] = float64(d) / float64(max(all, 1))
	}
	return shares
}

// A limit is a number that cannot be exceeded, or not to any use.
type limit struct {
	n    int
	name string
}

// limits are the cores, as far as they are known, and the Ps if these are counted and there are not as many.
func (f Cores) limits() []limit {
	var out []limit
	if n := f.Use.Cores; n > 0 {
		out = append(out, limit{n, words.Plural(n, "core", "cores")})
	}
	if n := f.Use.MaxPs; f.Use.OfPs && n > 0 && n != f.Use.Cores {
		out = append(out, limit{n, words.Plural(n, "P", "Ps")})
	}
	return out
}

func (f Cores) labels(times timeAxis) []canvas.Label {
	end := times.in(times.to)
	out := []canvas.Label{{
		Name: "mean", Value: words.Ratio(f.Use.Mean), Hue: canvas.Green, N: end, Y: f.Use.Mean,
		Tied: true,
	}}
	for _, of := range f.limits() {
		out = append(out, canvas.Label{Name: of.name, Hue: canvas.Muted, N: end, Y: float64(of.n)})
	}
	return out
}

// drawUse draws band and mean step by step, and the lines of the mean of all and of what limits it.
func (f Cores) drawUse(p canvas.Panel, times timeAxis) {
	bins := f.Use.Bins(coreSteps)
	edge := func(i int) vg.Length { return p.Min.X + p.Size().X*vg.Length(i)/vg.Length(len(bins)) }
	var band vg.Path
	for i := 0; i < len(bins); {
		j := i + 1
		for j < len(bins) && bins[j].Low == bins[i].Low && bins[j].High == bins[i].High {
			j++
		}
		if bins[i].High > bins[i].Low {
			band = append(band, canvas.Box(edge(i), p.Py(bins[i].Low), edge(j), p.Py(bins[i].High))...)
		}
		i = j
	}
	if len(band) > 0 {
		canvas.Describe(p.Canvas, "how many are busy for most of a step", func() {
			p.SetColor(canvas.Green.Faded(0.22))
			p.Fill(band)
		})
	}
	var line []vg.Point
	for i, b := range bins {
		at := vg.Point{X: edge(i), Y: p.Py(b.Mean)}
		if len(line) > 0 && line[len(line)-1].Y == at.Y {
			line[len(line)-1].X = edge(i + 1)
			continue
		}
		line = append(line, at, vg.Point{X: edge(i + 1), Y: at.Y})
	}
	canvas.Describe(p.Canvas, "busy "+f.things(), func() {
		p.StrokeLines(draw.LineStyle{Color: canvas.Green, Width: 3}, line)
	})
	for _, of := range f.limits() {
		y := p.Py(float64(of.n))
		p.StrokeLine2(draw.LineStyle{Color: canvas.Muted, Width: 2, Dashes: []vg.Length{2, 5}}, p.Min.X, y, p.Max.X, y)
	}
	canvas.Describe(p.Canvas, "mean "+words.Ratio(f.Use.Mean)+", "+times.between(times.from, times.to), func() {
		y := p.Py(f.Use.Mean)
		p.StrokeLine2(draw.LineStyle{Color: canvas.Green.Readable(), Width: 3, Dashes: []vg.Length{14, 8}}, p.Min.X, y,
			p.Max.X, y)
	})
}

// drawShares draws a bar for each number of busy cores, at the height that it has in the panel beside, with its figure.
// Where bars are closer than figures, those that stick out have one.
func (f Cores) drawShares(p canvas.Panel) {
	shares := f.shares()
	half := max(0.5, min(24, 0.36*(p.Py(1)-p.Py(0))))
	s := canvas.Regular(canvas.TickSize, canvas.Dark)
	for k, share := range shares {
		if share == 0 {
			continue
		}
		y, end := p.Py(float64(k)), max(p.Px(100*share), p.Min.X+1.5)
		figure := words.Percent(share)
		canvas.Describe(p.Canvas, fmt.Sprintf("%d busy: %s of the time, %s", k, figure,
			words.Plain(words.Duration(f.Use.Profile[k].Seconds()))), func() {
			p.SetColor(canvas.Green)
			if k == 0 {
				p.SetColor(canvas.Middle)
			}
			p.Fill(canvas.Box(p.Min.X, y-half, end, y+half))
			if peak(shares, k, int(math.Ceil(canvas.TickSize*1.1/float64(p.Py(1)-p.Py(0))))) {
				s.Middle(p.Canvas, end+8, y, 0, figure)
			}
		})
	}
}

// peak reports whether shares[k] is the largest within reach on either side; of equal ones, the first is.
func peak(shares []float64, k, reach int) bool {
	for i := max(0, k-reach+1); i < min(k+reach, len(shares)); i++ {
		if shares[i] > shares[k] || shares[i] == shares[k] && i < k {
			return false
		}
	}
	return true
}
