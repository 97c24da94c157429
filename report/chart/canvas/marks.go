package canvas

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
)

// A mark is a described part of an SVG: its words and the box around what was drawn of it, y downwards.
type mark struct {
	title          string
	x0, y0, x1, y1 float64
}

func newMark(title string) mark {
	return mark{title, math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

func (m *mark) hold(x, y float64) {
	m.x0, m.x1 = min(m.x0, x), max(m.x1, x)
	m.y0, m.y1 = min(m.y0, y), max(m.y1, y)
}

// mostMarks is the number of marks up to which each can be reached by the keyboard: nobody steps through the thousands
// of a timeline, whose rows and totals stand in the tables. What the pointer rests on says its words in every picture.
const mostMarks = 150

// Sizes of the words of a mark.
const (
	tipSize   = 20.0
	tipHeight = 34.0
)

// writeMarks lays over the picture, for every mark, a place that the keyboard can reach and that then shows the words
// of the mark. They come last, so that nothing covers the words; they take no part in pointing, which the titles of the
// marks themselves serve. It needs no script.
func writeMarks(out *bytes.Buffer, all []mark, w, h float64) {
	var marks []mark
	seen := map[string]bool{}
	for _, m := range all {
		if m.title != "" && m.x0 <= m.x1 && !seen[m.title] {
			seen[m.title] = true
			marks = append(marks, m)
		}
	}
	if len(marks) == 0 || len(marks) > mostMarks {
		return
	}
	out.WriteString("<style>.tip{opacity:0;pointer-events:none}.tip:focus{opacity:1;outline:none}" +
		"@media print{.tip{display:none}}</style>\n")
	script := Regular(tipSize, Dark)
	for _, m := range marks {
		text := script.Fit(m.title, vg.Length(w-2*Margin))
		// The words of the SVG's own font may be a little wider than those measured.
		width := min(script.Width(text).Points()+0.3*float64(utf8.RuneCountInString(text))+24, w)
		x := max(0, min((m.x0+m.x1-width)/2, w-width))
		y := m.y0 - tipHeight - 8
		if y < 0 {
			y = min(m.y1+8, h-tipHeight)
		}
		out.WriteString(`<g class="tip" tabindex="0" role="img" aria-label="`)
		_ = xml.EscapeText(out, []byte(m.title)) // a buffer takes all that is written to it
		fmt.Fprintf(out, `"><rect x="%s" y="%s" width="%s" height="%s" fill="none" `+
			`stroke="#000000" stroke-width="3" stroke-dasharray="6 4"/>`,
			decimal(m.x0-4), decimal(m.y0-4), decimal(m.x1-m.x0+8), decimal(m.y1-m.y0+8))
		fmt.Fprintf(out, `<rect x="%s" y="%s" width="%s" height="%s" rx="5" fill="#1a1a1a"/>`, decimal(x), decimal(y),
			decimal(width), decimal(tipHeight))
		fmt.Fprintf(out, `<text x="%s" y="%s" font-size="%s" fill="#ffffff" text-anchor="middle">`, decimal(x+width/2),
			decimal(y+tipHeight-10), decimal(tipSize))
		_ = xml.EscapeText(out, []byte(text))
		out.WriteString("</text></g>\n")
	}
}

// decimal writes v to a hundredth of a pixel.
func decimal(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // without the sign of a negative zero
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
