package markdown

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// A pen is what a line is drawn with, and what that is called.
type pen struct {
	hue  canvas.Hue
	name string
}

// pens are those of the ideal and of up to [mostCurves] curves.
func pens() []pen {
	return []pen{
		{canvas.Middle, "grey"},
		{canvas.Blue, "blue"},
		{canvas.Vermillion, "vermillion"},
		{canvas.Green, "green"},
		{canvas.Purple, "purple"},
	}
}

// A drawn line is a line and its pen.
type drawn struct {
	view.Line
	pen
}

// mermaid draws lines as an xychart of Mermaid, in the words that its releases from 10.6 on know, and says below it
// which line is which: before 11.17 it has no legend, and forges show the release that they have. Its axis has
// categories, at equal distances: doubling counts stand as on a logarithmic axis.
func (m writer) mermaid(c *view.Lines) {
	var lines []drawn
	if c.Ideal != nil {
		lines = append(lines, drawn{view.Line{Name: "ideal", Speedups: c.Ideal}, pens()[0]})
	}
	top := 1.0
	for i, l := range c.Lines {
		lines = append(lines, drawn{l, pens()[i+1]})
	}
	var hues, counts []string
	for _, l := range lines {
		hues = append(hues, fmt.Sprintf("#%06X", uint32(l.hue)))
		top = max(top, slices.Max(l.Speedups))
	}
	for _, n := range c.Counts {
		counts = append(counts, strconv.Quote(strconv.Itoa(n)))
	}
	m.Line("\n```mermaid\n---\nconfig:\n  xyChart:\n    width: 720\n    height: 360\n  themeVariables:\n    xyChart:\n      plotColorPalette: %q\n---", strings.Join(hues, ","))
	m.Line("xychart-beta\n  x-axis %q [%s]\n  y-axis %q 0 --> %s", safe(c.Axis), strings.Join(counts, ", "), "speedup", figure(top*1.05))
	for _, l := range lines {
		var values []string
		for _, v := range l.Speedups {
			values = append(values, figure(v))
		}
		m.Line("  line %q [%s]", safe(l.Name), strings.Join(values, ", "))
	}
	m.Line("```")
	m.Para(key(c, lines))
}

// key says which line is which.
func key(c *view.Lines, lines []drawn) string {
	last := len(c.Counts) - 1
	slices.SortStableFunc(lines, func(a, b drawn) int { return cmp.Compare(b.Speedups[last], a.Speedups[last]) })
	var said []string
	for _, l := range lines {
		said = append(said, words.Drawn(page.Cut(l.Name), l.Speedups[last], l.name))
	}
	return words.FromTheTop(said)
}

// figure is a number as Mermaid reads it: with digits and one point.
func figure(v float64) string { return strconv.FormatFloat(v, 'f', digits(v), 64) }

// digits is how many decimals show v to its thousandth part.
func digits(v float64) int {
	if v <= 0 {
		return 0
	}
	return min(max(0, 3-int(math.Floor(math.Log10(v)))), 9)
}

// mostName is how many characters of a name stand in a legend. Mermaid draws none that would take much of the width.
const mostName = 30

// safe is a name that a chart shows as it is: of letters, digits and marks that mean nothing to Mermaid or to Markdown.
func safe(name string) string {
	return page.Shorten(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" .,()/+-=×_", r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return '·'
	}, name), mostName)
}
