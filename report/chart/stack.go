package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Stack shows how the speedups of a workload fall short of their ideals, cause by cause: a bar for each n and mode.
type Stack struct {
	Words
	Bars []Bar // those of one n stand side by side, in their order
}

// A Bar is the speedup stack of one point.
type Bar struct {
	N     int        // on the axis of its curve
	Name  string     // of the curve: "threads"
	Mode  sweep.Mode // colours the name
	Stack *stack.Stack
}

// Sizes of a stack in pixels.
const (
	mostBar   = 330.0 // width
	barShare  = 0.88  // of the room that a bar has
	groupRoom = 0.55  // between groups, in bars
	leastSeg  = 3.0   // a cause that is less high is drawn together with others
	lineRoom  = canvas.SmallSize + 4.0
	barFoot   = 74.0 // names below the bars
)

// A segment is a part of a bar as it is drawn.
type segment struct {
	canvas.Look
	low, high float64 // of the axis
	figure    string
	title     string
}

// A pillar is a bar with its place.
type pillar struct {
	Bar
	x0, x1   vg.Length
	segments []segment
	top      float64 // of all segments
}

// Draw draws the picture.
func (f Stack) Draw(c draw.Canvas) {
	c = f.heading(c)
	f.Bars = f.present()
	if len(f.Bars) == 0 {
		c = notes(c, f.Footnote)
		canvas.Instead(c, "There are no stacks to show.")
		return
	}
	c = notes(c, f.key(), f.Footnote)
	// What is named within the bars needs no legend. A legend makes the bars lower, so that at most fewer names fit;
	// the shorter one that is drawn in the end leaves more room.
	full := f.layout(c)
	trial := f.layout(canvas.Legend(canvas.Detached(c), append(full.modes(), full.looks(true)...)))
	c = canvas.Legend(c, append(trial.modes(), trial.looks(false)...))
	c.Max.Y -= 6
	f.layout(c).draw()
}

// present are the bars that can be drawn.
func (f Stack) present() []Bar {
	out := slices.DeleteFunc(slices.Clone(f.Bars), func(b Bar) bool {
		return b.Stack == nil || !canvas.Drawable(b.Stack.N) || !canvas.Drawable(b.Stack.Speedup) ||
			slices.ContainsFunc(b.Stack.Rows, func(r stack.Row) bool { return !words.Finite(r.Speedup) })
	})
	slices.SortStableFunc(out, func(a, b Bar) int { return cmp.Compare(a.N, b.N) })
	return out
}

// key says what else must be known to read the picture.
func (f Stack) key() string {
	key := "Each bar: the speedup reached, and above it what each cause takes from the ideal (dashed)."
	if slices.ContainsFunc(f.Bars, func(b Bar) bool { return below(b.Stack) < 0 }) {
		key += " What hangs below 0 is less than at the base, and makes its bar that much higher than the ideal."
	}
	return key
}

// below is the sum of the negative rows.
func below(s *stack.Stack) float64 {
	sum := 0.0
	for _, r := range s.Rows {
		sum += min(0, r.Speedup)
	}
	return sum
}

// A stackPlan is the panel and the bars with their places.
type stackPlan struct {
	canvas.Panel
	pillars []pillar
	named   bool // there is room for the names of the bars
}

func (f Stack) layout(c draw.Canvas) stackPlan {
	low, high := 0.0, 0.0
	for _, b := range f.Bars {
		down := below(b.Stack)
		low, high = min(low, down), max(high, b.Stack.N, b.Stack.N-down, b.Stack.Speedup)
	}
	if low < 0 {
		low -= 0.01 * high
	}
	y := canvas.NewAxis(low, 1.07*high, plot.LinearScale{}, canvas.Even{Most: 8})
	s := stackPlan{Panel: canvas.NewPanel(c, canvas.Axis{}, y, 0, barFoot, 1.6*canvas.HeadSize), named: true}
	groups := 1
	for i, b := range f.Bars[1:] {
		if b.N != f.Bars[i].N {
			groups++
		}
	}
	units := float64(len(f.Bars)) + groupRoom*float64(groups)
	room := min(s.Size().X/vg.Length(units), mostBar/barShare)
	x := s.Min.X + (s.Size().X-room*vg.Length(units))/2 + room*groupRoom/2
	for i, b := range f.Bars {
		if i > 0 && b.N != f.Bars[i-1].N {
			x += room * groupRoom
		}
		p := pillar{Bar: b, x0: x + room*(1-barShare)/2, x1: x + room*(1+barShare)/2}
		p.divide(float64(s.Py(1)-s.Py(0)), leastSeg)
		s.pillars = append(s.pillars, p)
		s.named = s.named && nameScript(canvas.Dark).Width(b.Name) <= room
		x += room
	}
	return s
}

// divide makes the segments of p; causes that are less than least pixels high are drawn as one, at either end.
func (p *pillar) divide(perUnit, least float64) {
	up, down := p.Stack.Speedup, 0.0
	var small [2]float64
	var names [2][]string
	for _, r := range p.Stack.Rows {
		l := causeLook(r.Cause)
		title := fmt.Sprintf("%s: %s %s", p.words(), words.Cause(r.Cause), signed(r.Speedup))
		if at := words.Place(r.Top); at != "" {
			title += fmt.Sprintf(", %s of it in %s", words.Percent(r.Share), at)
		}
		switch {
		case r.Speedup == 0:
		case math.Abs(r.Speedup)*perUnit < least:
			i := 0
			if r.Speedup < 0 {
				i = 1
			}
			small[i] += r.Speedup
			names[i] = append(names[i], words.Cause(r.Cause)+" "+signed(r.Speedup))
		case r.Speedup > 0:
			p.segments = append(p.segments, segment{l, up, up + r.Speedup, signed(r.Speedup), title})
			up += r.Speedup
		default:
			p.segments = append(p.segments, segment{l, down + r.Speedup, down, signed(r.Speedup), title})
			down += r.Speedup
		}
	}
	for i, v := range small {
		if v == 0 {
			continue
		}
		s := segment{smallCauses(), up, up + v, signed(v), p.words() + ": " + strings.Join(names[i], ", ")}
		if v < 0 {
			s.low, s.high = down+v, down
		}
		p.segments = append(p.segments, s)
		up, down = max(up, s.high), min(down, s.low)
	}
	p.top = up
}

func (p *pillar) words() string { return fmt.Sprintf("%s, n = %d", p.Name, p.N) }

// signed writes what a cause takes.
func signed(v float64) string {
	if s := words.Ratio(v); strings.Trim(s, "-0.") != "" {
		return strings.Replace(s, "-", "−", 1)
	}
	return "0"
}

// looks are those of all segments, or of the segments that are not named within their bars, each once.
func (s stackPlan) looks(all bool) []canvas.Look {
	var out []canvas.Look
	for _, p := range s.pillars {
		for _, seg := range p.segments {
			named := !all && strings.Join(s.text(p, seg), " ") == seg.Name+" "+seg.figure
			if !named && !slices.Contains(out, seg.Look) {
				out = append(out, seg.Look)
			}
		}
	}
	return out
}

// text is what is written in a segment: name and figure in as many lines as they need, the figure alone, or nothing, as
// there is room.
func (s stackPlan) text(p pillar, seg segment) []string {
	room, width := float64(s.Py(seg.high)-s.Py(seg.low)), p.x1-p.x0-12
	script := canvas.Regular(canvas.SmallSize, canvas.Black)
	// A word that is wider than the bar is not broken.
	fits := !slices.ContainsFunc(strings.Fields(seg.Name), func(w string) bool { return script.Width(w) > width })
	if lines := script.Wrap(seg.Name+" "+seg.figure, width); fits && room >= lineRoom*float64(len(lines)) {
		return lines
	}
	if room >= lineRoom && script.Width(seg.figure) <= width {
		return []string{seg.figure}
	}
	return nil
}

func (s stackPlan) draw() {
	s.Grid()
	s.YLabels()
	canvas.Bold(canvas.HeadSize, canvas.Dark).Put(s.Canvas, s.Min.X, s.Max.Y+0.6*canvas.HeadSize, 0,
		"Speedup reached, and what takes the rest")
	for i, p := range s.pillars {
		s.bar(p)
		if i == len(s.pillars)-1 || s.pillars[i+1].N != p.N {
			s.group(p.N)
		}
	}
	s.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, s.Min.X, s.Py(0), s.Max.X, s.Py(0))
}

// bar draws the speedup reached and the causes, with what fits into them, and the name below.
func (s stackPlan) bar(p pillar) {
	zero, reached := s.Py(0), s.Py(p.Stack.Speedup)
	speedup := words.Ratio(p.Stack.Speedup) + "×"
	mid := (p.x0 + p.x1) / 2
	figure, inside := s.figure(p, speedup)
	canvas.Describe(s.Canvas, p.words()+": speedup "+speedup, func() {
		s.SetColor(canvas.Hue(0x005F46))
		s.Fill(canvas.Box(p.x0, zero, p.x1, reached))
		if inside {
			figure.Middle(s.Canvas, mid, (zero+reached)/2, 0.5, speedup)
		}
	})
	for _, seg := range p.segments {
		canvas.Describe(s.Canvas, seg.title, func() { s.segment(p, seg) })
	}
	line := s.Py(p.Stack.N)
	s.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2.5, Dashes: []vg.Length{9, 6}}, p.x0-8, line, p.x1+8, line)
	for _, seg := range p.segments {
		if lines := s.text(p, seg); len(lines) > 0 {
			canvas.Describe(s.Canvas, seg.title, func() { s.write(p, seg, lines) })
		}
	}
	col, _ := modeStyle(p.Mode, 0)
	if !s.named {
		s.SetColor(col)
		s.Fill(canvas.Box(p.x0, s.Min.Y-22, p.x1, s.Min.Y-12))
		return
	}
	name := p.Name
	if !inside {
		name += " " + speedup
	}
	nameScript(col).Put(s.Canvas, mid, s.Min.Y-28, 0.5, nameScript(col).Fit(name, (p.x1-p.x0)/barShare))
}

// figure is the largest script in which the speedup fits into its part of the bar, if there is one.
func (s stackPlan) figure(p pillar, txt string) (canvas.Script, bool) {
	for size := 34.0; size >= canvas.SmallSize; size-- {
		f := canvas.Bold(size, canvas.White)
		if float64(s.Py(p.Stack.Speedup)-s.Py(0)) >= 1.3*size && f.Width(txt) <= p.x1-p.x0-4 {
			return f, true
		}
	}
	return canvas.Script{}, false
}

func nameScript(col canvas.Hue) canvas.Script { return canvas.Bold(canvas.SmallSize+2, col.Readable()) }

// modes are the looks of the names of bars, each once, for bars that are too narrow for them.
func (s stackPlan) modes() []canvas.Look {
	if s.named {
		return nil
	}
	var out []canvas.Look
	for _, p := range s.pillars {
		col, _ := modeStyle(p.Mode, 0)
		l := canvas.Look{Name: p.Name, Fill: col, Height: 0.45}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// segment draws one cause, edged by white so that it is told from its neighbours.
func (s stackPlan) segment(p pillar, seg segment) {
	low, high := s.Py(seg.low), s.Py(seg.high)
	if high-low > 2*leastSeg {
		high--
	}
	seg.Draw(s.Canvas, p.x0, low, p.x1, high)
}

// write writes into a segment, on a pale ground.
func (s stackPlan) write(p pillar, seg segment, lines []string) {
	low, high := s.Py(seg.low), s.Py(seg.high)
	script := canvas.Regular(canvas.SmallSize, canvas.Black)
	y := (low+high)/2 + vg.Length(len(lines)-1)*lineRoom/2
	for _, l := range lines {
		mid := (p.x0 + p.x1) / 2
		half := script.Width(l)/2 + 4
		s.SetColor(canvas.White.Faded(0.85))
		s.Fill(canvas.Box(max(p.x0, mid-half), y-lineRoom/2+1, min(p.x1, mid+half), y+lineRoom/2-1))
		script.Middle(s.Canvas, mid, y, 0.5, l)
		y -= lineRoom
	}
}

// group writes the count below the bars of n, and the ideal above them.
func (s stackPlan) group(n int) {
	var left, right vg.Length
	top, ideal, usable := 0.0, 0.0, 0.0
	for _, p := range s.pillars {
		if p.N != n {
			continue
		}
		if right == 0 {
			left = p.x0
		}
		right = p.x1
		top = max(top, p.top, p.Stack.N)
		ideal, usable = max(ideal, p.Stack.N), max(usable, p.Stack.Usable)
	}
	mid := (left + right) / 2
	canvas.Regular(canvas.LabelSize, canvas.Dark).Put(s.Canvas, mid, s.Min.Y-58, 0.5, fmt.Sprintf("n = %d", n))
	text := "ideal " + canvas.PlainNumber(ideal)
	if usable > 0 && usable < ideal {
		text += "; the cores allow " + canvas.PlainNumber(usable)
	}
	script := canvas.Regular(canvas.SmallSize, canvas.Muted)
	// What is wider than the bars would run into those of the next count.
	if least := (right - left) * (1 + groupRoom/2); script.Width(text) > least {
		text = "ideal " + canvas.PlainNumber(ideal)
	}
	script.Put(s.Canvas, mid, s.Py(top)+8, 0.5, text)
}
