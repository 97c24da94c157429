package text

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/guptarohit/asciigraph"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// maxRows is the largest number of steps of the speedup axis; with the counts and the key a graph has about a dozen
// lines.
const maxRows = 8

// An ink is how one curve looks in a terminal. Each is told from the others by its characters alone; colour is an
// extra.
type ink struct {
	line  asciigraph.CharSet
	dash  string // a piece of line, for the key
	point string // a measured point
	color string // SGR parameters
}

// inks are the looks of the curves of a workload, in their order; a workload with more curves is drawn in several
// graphs.
func inks() []ink {
	return []ink{
		{asciigraph.DefaultCharSet, "─", "●", "34"},
		{asciigraph.CreateCharSet("*"), "*", "■", "33"},
		{asciigraph.CreateCharSet("+"), "+", "▲", "36"},
		{asciigraph.CreateCharSet("x"), "x", "◆", "35"},
	}
}

const idealInk = "·"

// A graph is the axes of a drawing in characters.
type graph struct {
	curves  []*view.Curve
	counts  []int   // ascending
	columns []int   // of the counts
	width   int     // columns from the first count to the last
	top     float64 // of the axis, rows × step
	rows    int
	step    float64
	cap     float64 // where the ideal becomes flat, as a count; infinite if it does not
	base    int
	room    int // width of the terminal
}

// graphs draws curves as text, at most 20 lines for each graph. Curves of different bases, sizes or scalings are not on
// one scale and get graphs of their own. It returns nothing if there is nothing to draw.
func graphs(all []view.Curve, cpus, width int, color bool) []string {
	type ground struct {
		base    int
		size    int64
		scaling sweep.Scaling
	}
	var order []ground
	of := map[ground][]*view.Curve{}
	for i := range all {
		c := &all[i]
		if c.Base < 0 || len(c.Points) < 2 {
			continue
		}
		s := ground{c.Points[c.Base].N, c.Sweep.Size, c.Sweep.Scaling}
		if of[s] == nil {
			order = append(order, s)
		}
		of[s] = append(of[s], c)
	}
	var out []string
	for _, s := range order {
		for chunk := range slices.Chunk(of[s], len(inks())) {
			if len(out) > 0 {
				out = append(out, "")
			}
			out = append(out, newGraph(chunk, cpus, width).draw(color)...)
		}
	}
	return out
}

func newGraph(curves []*view.Curve, cpus, width int) *graph {
	g := &graph{curves: curves, cap: math.Inf(1), top: 1, room: width}
	waits := false
	for _, c := range curves {
		waits = waits || c.Verdict.Bound == verdict.IO
		for _, p := range c.Points {
			g.counts = append(g.counts, p.N)
			if words.Finite(p.Speedup) {
				g.top = max(g.top, p.Speedup)
			}
		}
	}
	slices.Sort(g.counts)
	g.counts = slices.Compact(g.counts)
	g.base = g.counts[0]
	if cpus > 0 && !waits {
		g.cap = float64(max(cpus, g.base))
	}
	g.top = max(g.top, g.ideal(float64(g.counts[len(g.counts)-1])))
	g.scale()
	g.width = max(10, min(width-14, 18*len(g.counts)))
	log := !slices.ContainsFunc(g.counts, func(n int) bool { return n&(n-1) != 0 })
	first, last := float64(g.counts[0]), float64(g.counts[len(g.counts)-1])
	for _, n := range g.counts {
		at := (float64(n) - first) / max(last-first, 1)
		if log {
			at = math.Log2(float64(n)/first) / max(math.Log2(last/first), 1)
		}
		g.columns = append(g.columns, int(math.Round(at*float64(g.width))))
	}
	return g
}

// scale gives every row a round speedup: the smallest step of 1, 2, 2.5 or 5 times a power of ten that needs no more
// than maxRows rows.
func (g *graph) scale() {
	for unit := 0.1; ; unit *= 10 {
		for _, m := range []float64{1, 2, 2.5, 5} {
			// A hair less than top is enough: 2 / 0.2 is not to become 11 rows.
			if rows := int(math.Ceil(g.top/(unit*m) - 1e-9)); rows <= maxRows {
				g.step, g.rows = unit*m, max(rows, 1)
				g.top = g.step * float64(g.rows)
				return
			}
		}
	}
}

// tick writes a speedup of the axis.
func (g *graph) tick(v float64) string {
	decimals := 0
	for unit := g.step; decimals < 2 && unit != math.Trunc(unit); unit *= 10 {
		decimals++
	}
	return words.Fixed(v, decimals) + "×"
}

func (g *graph) ideal(n float64) float64 { return min(n, g.cap) / float64(g.base) }

// series has a value for every column from 0 to g.width, joined by straight lines between those given for the counts;
// NaN where there are none.
func (g *graph) series(at func(n int) float64) []float64 {
	out := make([]float64, g.width+2)
	for i := range out {
		out[i] = math.NaN()
	}
	prev := -1
	for i, n := range g.counts {
		v := at(n)
		if !words.Finite(v) {
			continue
		}
		from, v0 := g.columns[i], v
		if prev >= 0 {
			from, v0 = g.columns[prev], at(g.counts[prev])
		}
		for x := from; x <= g.columns[i]; x++ {
			out[x] = v0 + (v-v0)*float64(x-from)/float64(max(g.columns[i]-from, 1))
		}
		prev = i
	}
	out[g.width+1] = out[g.width] // asciigraph draws from each value to the next, and so all but the last
	return out
}

// draw returns the graph, the counts beneath and the key.
func (g *graph) draw(color bool) []string {
	data := [][]float64{g.series(func(n int) float64 { return g.ideal(float64(n)) })}
	chars := []asciigraph.CharSet{asciigraph.CreateCharSet(idealInk)}
	for i, c := range g.curves {
		data = append(data, g.series(func(n int) float64 {
			if p := pointAt(c, n); p != nil {
				return p.Speedup
			}
			return math.NaN()
		}))
		chars = append(chars, inks()[i].line)
	}
	text := asciigraph.PlotMany(data, asciigraph.Height(g.rows), asciigraph.LowerBound(0), asciigraph.UpperBound(g.top),
		asciigraph.SeriesChars(chars...), asciigraph.YAxisValueFormatter(g.tick))
	lines := strings.Split(text, "\n")
	axis := strings.IndexAny(lines[0], "┤┼")
	left := utf8.RuneCountInString(lines[0][:max(axis, 0)]) + 1
	g.mark(lines, left)
	if color {
		for i, l := range lines {
			lines[i] = paint(l)
		}
	}
	return append(append(lines, g.countLine(left)), g.key(left, color)...)
}

// mark puts the measured points onto the lines: asciigraph draws lines only.
func (g *graph) mark(lines []string, left int) {
	rows := len(lines) - 1
	for i, c := range g.curves {
		for j, n := range g.counts {
			p := pointAt(c, n)
			if p == nil || !words.Finite(p.Speedup) {
				continue
			}
			row := max(0, rows-int(math.Round(p.Speedup*float64(rows)/g.top)))
			line := []rune(lines[row])
			for len(line) <= left+g.columns[j] {
				line = append(line, ' ')
			}
			line[left+g.columns[j]] = []rune(inks()[i].point)[0]
			lines[row] = string(line)
		}
	}
}

// countLine has every count that finds room beneath its column, the last one always.
func (g *graph) countLine(left int) string {
	line := []rune(strings.Repeat(" ", left+g.width+8))
	free := len(line)
	for i, n := range slices.Backward(g.counts) {
		s := []rune(fmt.Sprint(n))
		from := left + g.columns[i] - len(s)/2
		if from+len(s) >= free {
			continue
		}
		copy(line[from:], s)
		free = from
	}
	return strings.TrimRight(string(line), " ")
}

// key says which line is which.
func (g *graph) key(left int, color bool) []string {
	axis := words.Axis(g.curves[0].Sweep)
	for _, c := range g.curves[1:] {
		if words.Axis(c.Sweep) != axis {
			axis = "workers or processes"
		}
	}
	var parts []string
	for i, c := range g.curves {
		parts = append(parts, inks()[i].dash+inks()[i].point+inks()[i].dash+words.NoBreak+strings.ReplaceAll(c.Label,
			" ", words.NoBreak))
	}
	parts = append(parts, idealInk+idealInk+idealInk+words.NoBreak+"ideal")
	indent := strings.Repeat(" ", left)
	lines := words.Wrap("n = "+axis+"; speedup: "+strings.Join(parts, ", "), g.room-left, "", "")
	for i, l := range lines {
		lines[i] = indent + l
		if color {
			for _, k := range inks()[:len(g.curves)] {
				mark := k.dash + k.point + k.dash
				lines[i] = strings.ReplaceAll(lines[i], mark, sgr(k.color, mark))
			}
		}
	}
	return lines
}

// sgr sets s in a colour of the terminal.
func sgr(code, s string) string { return "\x1b[" + code + "m" + s + "\x1b[0m" }

// paint colours the cells right of the axis by the curve whose characters they are.
func paint(line string) string {
	axis := strings.IndexAny(line, "┤┼")
	if axis < 0 {
		return line
	}
	axis += len("┤")
	var b strings.Builder
	b.WriteString(line[:axis])
	for _, r := range line[axis:] {
		s := string(r)
		for _, k := range inks() {
			if s == k.point || s == k.dash || k.line == asciigraph.DefaultCharSet && strings.Contains("│╭╮╰╯╴╶", s) {
				s = sgr(k.color, s)
				break
			}
		}
		b.WriteString(s)
	}
	return b.String()
}

// pointAt is the point of c at count n, or nil.
func pointAt(c *view.Curve, n int) *curve.Point {
	i := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == n })
	if i < 0 {
		return nil
	}
	return &c.Points[i]
}
