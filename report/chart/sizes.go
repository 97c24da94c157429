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
	"github.com/corecurve/corecurve/trace/sweep"
)

// Sizes shows what the size of the work does: on the left the time of every count, on the right its speedup, both on
// logarithmic axes, with the size from which each is faster than its base.
type Sizes struct {
	Words
	Unit   string // of the sizes; may be empty
	Lines  []SizeLine
	Levels []Level // what speedups are held against
}

// A Level is a speedup that lines are held against at every size, with its name: "ideal 2×".
type Level struct {
	Speedup float64
	Name    string
	Dashed  bool
}

// A SizeLine is one mode and count over the sizes.
type SizeLine struct {
	Name   string // stands at the end of the line: "2 workers"
	Mode   sweep.Mode
	Shade  int  // among the lines of its mode, from 0
	Base   bool // has no speedup
	Thin   bool // it stands beside those that the picture is of: without bars
	Points []SizePoint
	// Pays is the size from which it is faster than its base, and Low and High the ends of its interval, 0 and +Inf beyond
	// what was measured; Pays is NaN where it does not cross.
	Pays, Low, High float64
	Label           string // of Pays: "2 workers: 2.4 million"
}

// A SizePoint is a line at one size.
type SizePoint struct {
	Size  float64
	Point *curve.Point
}

func (s Sizes) tall(width vg.Length) vg.Length { return tallPanels(width, 2, s.key(), s.Footnote) }

// Draw draws the picture.
func (s Sizes) Draw(c draw.Canvas) {
	c = notes(c, s.key(), s.Footnote)
	left := curves{x: s.sizeAxis(), title: "size", empty: "Nothing was measured."}
	if s.Unit != "" {
		left.title += ": " + s.Unit
	}
	right := left
	left.lines, right.lines = s.lines(true), s.lines(false)
	times := view{
		head: "Time (log scale)", y: logAxis(left.lines, durations{}), format: words.Duration, terse: c.Size().X < amplePanels && !stacked(c.Size().X),
		of: func(_, _, v float64) float64 { return v },
	}
	speedups := times
	speedups.head = "Speedup at each size (log scale)"
	speedups.y = s.speedupAxis(right.lines)
	speedups.format, speedups.terse, speedups.least = words.Times, false, 1
	speedups.below = func(p canvas.Panel) {
		s.levels(p)
		s.crossings(p)
	}
	for _, l := range s.Lines {
		if canvas.Drawable(l.Pays) {
			right.markers = append(right.markers, Marker{N: l.Pays, Label: l.Label})
		}
	}
	share := vg.Length(0.46)
	if times.terse {
		share = 0.4
	}
	at, other := panels(c, share*c.Size().X-22, 44)
	heads := canvas.PanelHeads([]draw.Canvas{at, other}, times.head, speedups.head)
	left.panel(heads[0], times)
	right.panel(heads[1], speedups)
}

// lines are those of the panel of times or of the one of speedups, which has no bases.
func (s Sizes) lines(times bool) []series {
	var out []series
	for i, l := range s.Lines {
		if l.Base && !times {
			continue
		}
		line := series{name: l.Name, base: 1, dodge: dodge(i, len(s.Lines)) / 3, thin: l.Thin}
		line.hue, line.shape = modeStyle(l.Mode, l.Shade)
		if l.Base {
			line.hue, line.shape = canvas.Charcoal, canvas.Diamond
		}
		for _, at := range l.Points {
			v, iv := at.Point.Speedup, at.Point.Interval
			if times {
				v, iv = at.Point.Median, at.Point.MedianRange
			}
			if !canvas.Drawable(v) {
				continue
			}
			spot := spot{n: at.Size, value: v, low: v, high: v, joined: len(line.spots) > 0, hollow: hollow(*at.Point)}
			spot.title = fmt.Sprintf("%s, %s: %s, %s", l.Name, words.OfSize(words.MeasuredSize(int64(at.Size)), s.Unit),
				words.Duration(at.Point.Median), words.Plural(at.Point.Runs, "run", "runs"))
			if !l.Base {
				spot.title += ", " + words.Times(at.Point.Speedup)
				if i := at.Point.Interval; i != nil {
					spot.title += " (" + intervalName(i) + " " + words.RatioRange(i) + ")"
				}
			}
			spot.title = words.Plain(spot.title)
			if iv != nil && !l.Thin && iv.Low > 0 && !math.IsInf(iv.High, 0) {
				spot.low, spot.high, spot.method, spot.level, spot.noisy = min(iv.Low, v), max(iv.High, v), iv.Method, iv.Level, iv.Noisy()
			}
			line.spots = append(line.spots, spot)
		}
		if len(line.spots) > 0 {
			out = append(out, line)
		}
	}
	return out
}

// key says what the marks mean.
func (s Sizes) key() string {
	g := curves{x: s.sizeAxis(), lines: s.lines(false)}
	text := strings.Replace(g.key(nil), " of the speedup", " of the time or speedup", 1)
	asIs := func(_, _, v float64) float64 { return v }
	if cut(g.lines, view{y: s.speedupAxis(g.lines), of: asIs}) ||
		cut(s.lines(true), view{y: logAxis(s.lines(true), durations{}), of: asIs}) {
		text = strings.TrimSpace(cutBars + " " + text)
	}
	if slices.ContainsFunc(s.Lines, func(l SizeLine) bool { return l.Thin }) {
		text += " Thin: the other counts, whose intervals tables have."
	}
	for _, l := range s.Lines {
		if canvas.Drawable(l.Pays) {
			return text + " On the line at 1: the size from which each is faster than its base, and its interval."
		}
	}
	return text
}

// speedupAxis holds the speedups of lines, 1, and the levels.
func (s Sizes) speedupAxis(lines []series) canvas.Axis {
	holds := []float64{1}
	for _, l := range s.Levels {
		holds = append(holds, l.Speedup)
	}
	return logAxis(lines, canvas.Powers{Most: 9, Fill: true}, holds...)
}

// levels draws what speedups are held against, named at the left, where the lines are lowest as a rule; of two names
// that would meet the first.
func (s Sizes) levels(p canvas.Panel) {
	name := canvas.Regular(canvas.SmallSize, canvas.Muted)
	var named []vg.Length
	for _, l := range s.Levels {
		y := p.Py(l.Speedup)
		line := draw.LineStyle{Color: canvas.Middle, Width: 3}
		if l.Dashed {
			line = draw.LineStyle{Color: canvas.Muted, Width: 2, Dashes: []vg.Length{10, 6}}
		}
		canvas.Describe(p.Canvas, l.Name, func() { p.StrokeLine2(line, p.Min.X, y, p.Max.X, y) })
		meets := slices.ContainsFunc(named, func(o vg.Length) bool { return max(o-y, y-o) < name.Leading() })
		if !meets {
			named = append(named, y)
			name.Put(p.Canvas, p.Min.X+6, y+5, 0, name.Fit(l.Name, p.Size().X-12))
		}
	}
}

// crossings draws the interval of each crossing on the line at 1.
func (s Sizes) crossings(p canvas.Panel) {
	for _, l := range s.Lines {
		if !canvas.Drawable(l.Pays) {
			continue
		}
		hue, _ := modeStyle(l.Mode, l.Shade)
		canvas.Group{Title: l.Label, Series: l.Name}.Draw(p.Canvas, func() {
			from, to := max(l.Low, p.XAxis.Min), min(l.High, p.XAxis.Max)
			y := p.Py(1)
			p.SetColor(hue.Faded(0.35))
			p.Fill(canvas.Box(p.Px(from), y-9, p.Px(to), y+9))
			p.StrokeLine2(draw.LineStyle{Color: hue.Readable(), Width: 5}, p.Px(l.Pays), y-16, p.Px(l.Pays), y+16)
		})
	}
}

// sizeAxis is the logarithmic axis of the sizes.
func (s Sizes) sizeAxis() canvas.Axis {
	low, high := math.Inf(1), 0.0
	for _, l := range s.Lines {
		for _, p := range l.Points {
			low, high = min(low, p.Size), max(high, p.Size)
		}
	}
	if high == 0 {
		low, high = 1, 10
	}
	pad := math.Pow(high/low, 0.04)
	return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, magnitudes{})
}

// logAxis is the logarithmic axis of values, with those that it holds besides among them.
func logAxis(lines []series, ticker canvas.Ticker, holds ...float64) canvas.Axis {
	low, high := math.Inf(1), 0.0
	for _, v := range holds {
		low, high = min(low, v), max(high, v)
	}
	for _, l := range lines {
		for _, p := range l.spots {
			low, high = min(low, p.value), max(high, p.value)
		}
	}
	if high == 0 {
		low, high = 1, 10
	}
	low, high = withBars(lines, low, high)
	pad := math.Pow(high/low, 0.05) * 1.05
	return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, ticker)
}

// magnitudes ticks the powers of ten of sizes: "10,000", "1 million". On an axis of less than two decades it ticks 2
// and 5 times them as well.
type magnitudes struct{}

// Ticks returns those from low to high.
func (magnitudes) Ticks(low, high float64) []canvas.Tick {
	return powersOfTen(low, high, 100, words.AboutSize)
}

// durations ticks the powers of ten of seconds, "10 ms", and on an axis of less than three decades 2 and 5 times them.
type durations struct{}

// Ticks returns those from low to high.
func (durations) Ticks(low, high float64) []canvas.Tick {
	return powersOfTen(low, high, 1000, words.DurationTitle)
}

// powersOfTen ticks the powers of ten, and 2 and 5 times them where the end of the axis is less than so many times its
// start.
func powersOfTen(low, high, most float64, name func(float64) string) []canvas.Tick {
	wide := high >= most*low
	var out []canvas.Tick
	for _, t := range (canvas.Decades{}).Ticks(low, high) {
		if power := math.Log10(t.Value); wide && math.Abs(power-math.Round(power)) > 1e-6 {
			continue
		}
		out = append(out, canvas.Tick{Value: t.Value, Label: words.Plain(name(t.Value))})
	}
	return out
}
