package canvas

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Label names a line at its right end.
type Label struct {
	Name, Value string // "threads", "1.95×"; the value is never shortened
	More        string // a second line, smaller
	Series      string // that it names; "": none
	Hue         Hue
	N, Y        float64   // where its line ends
	Dodge       vg.Length // as its line
	Tied        bool      // a thin line leads from there to the label
	Plain       bool      // it is no figure of the program, though it is tied
	folded      bool      // More is the name
}

// labelGap is the room between the panel and its labels, for the lines that lead to them.
const labelGap = 36

// script is bold for what was measured of the program, and plain for what it is held against.
func (l Label) script() Script {
	if l.Tied && !l.Plain {
		return Bold(LabelSize, l.Hue.Readable())
	}
	return Regular(LabelSize, l.Hue.Readable())
}

func (l Label) height() vg.Length {
	h := vg.Length(LabelSize * 1.2)
	if l.More != "" {
		h += SmallSize * 1.2
	}
	return h
}

// text is the label in at most the width.
func (l Label) text(width vg.Length) string {
	s := l.script()
	if l.Value == "" {
		return s.Fit(l.Name, width)
	}
	if l.Name == "" {
		return l.Value
	}
	return s.Fit(l.Name, width-s.Width(" "+l.Value)) + " " + l.Value
}

// LabelWidth is the room right of a panel for its labels, at most the limit.
func LabelWidth(labels []Label, limit vg.Length) vg.Length {
	w := vg.Length(0)
	for _, l := range labels {
		w = max(w, l.script().Width(l.text(math.MaxInt32)), Regular(SmallSize, Muted).Width(l.More))
	}
	return min(w+labelGap+2, limit)
}

// Folded are labels of which the names that have no room beside their values, in so much room in all, stand below them;
// those that need no more room than others take below have theirs beside. If all that takes more than the height, they
// are as they were, and cut.
func Folded(labels []Label, limit, height vg.Length) []Label {
	out := slices.Clone(labels)
	wide := func(l Label) bool {
		return l.Name != "" && l.Value != "" && l.script().Width(l.text(math.MaxInt32)) > limit-labelGap-2
	}
	least := limit
	for _, l := range labels {
		if wide(l) {
			below := max(l.script().Width(l.Value), Regular(SmallSize, Muted).Width(l.Name))
			least = max(least, below+labelGap+2)
		}
	}
	limit = least
	for i, l := range out {
		if wide(l) {
			out[i].Name, out[i].More, out[i].folded = "", strings.TrimSuffix(l.Name, ":"), true
		}
		height -= out[i].height()
	}
	if height < 0 {
		return labels
	}
	return out
}

// EndLabels sets the labels right of the panel, moved apart where they meet.
func (p Panel) EndLabels(labels []Label, width vg.Length) {
	slots := make([]slot, len(labels))
	for i, l := range labels {
		slots[i] = slot{want: max(p.Min.Y, min(p.Py(l.Y), p.Max.Y)), height: l.height()}
	}
	x := p.Max.X + labelGap
	for i, y := range spread(slots, p.Min.Y-LabelSize, p.Max.Y+LabelSize) {
		l := labels[i]
		Group{Title: strings.TrimSpace(cmp.Or(l.Series, l.Name) + " " + l.Value), Series: l.Series, Key: true}.Draw(p.Canvas, func() {
			clear := vg.Length(15) // of the mark
			if !l.Tied {
				clear = 3
			}
			from := vg.Point{X: min(p.Px(l.N)+l.Dodge+clear, p.Max.X+3), Y: slots[i].want}
			line := draw.LineStyle{Color: l.Hue.Faded(0.55), Width: 1.5}
			elbow := vg.Point{X: max(from.X, p.Max.X+2), Y: from.Y}
			to := vg.Point{X: x - 5, Y: y}
			p.StrokeLines(line, []vg.Point{from, elbow, to})
			first := y
			if l.More != "" {
				first += SmallSize * 0.6
				s := Regular(SmallSize, Muted)
				if l.folded {
					s = Regular(SmallSize, l.Hue.Readable())
				}
				more := s.Fit(l.More, width-labelGap)
				if more != l.More && !l.folded {
					more = "" // half a figure is another
				}
				s.Middle(p.Canvas, x, first-LabelSize*1.15, 0, more)
			}
			l.script().Middle(p.Canvas, x, first, 0, l.text(width-labelGap))
		})
	}
}
