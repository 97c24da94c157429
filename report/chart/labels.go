package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A label names a line at its right end.
type label struct {
	name, value string // "threads", "1.95×"; the value is never shortened
	more        string // a second line, smaller
	hue         hue
	n, y        float64   // where its line ends
	dodge       vg.Length // as its line
	tied        bool      // a thin line leads from there to the label
}

// labelGap is the room between the panel and its labels, for the lines that lead to them.
const labelGap = 36

// script is bold for what was measured of the program, and plain for what it is held against.
func (l label) script() script {
	if l.tied {
		return bold(labelSize, l.hue.readable())
	}
	return regular(labelSize, l.hue.readable())
}

func (l label) height() vg.Length {
	h := vg.Length(labelSize * 1.2)
	if l.more != "" {
		h += smallSize * 1.2
	}
	return h
}

// text is the label in at most the width.
func (l label) text(width vg.Length) string {
	s := l.script()
	if l.value == "" {
		return s.fit(l.name, width)
	}
	return s.fit(l.name, width-s.width(" "+l.value)) + " " + l.value
}

// labelWidth is the room right of a panel for its labels, at most the limit.
func labelWidth(labels []label, limit vg.Length) vg.Length {
	w := vg.Length(0)
	for _, l := range labels {
		w = max(w, l.script().width(l.text(math.MaxInt32)), regular(smallSize, muted).width(l.more))
	}
	return min(w+labelGap+2, limit)
}

// endLabels sets the labels right of the panel, moved apart where they meet.
func (p panel) endLabels(labels []label, width vg.Length) {
	slots := make([]slot, len(labels))
	for i, l := range labels {
		slots[i] = slot{want: max(p.Min.Y, min(p.py(l.y), p.Max.Y)), height: l.height()}
	}
	x := p.Max.X + labelGap
	for i, y := range spread(slots, p.Min.Y-labelSize, p.Max.Y+labelSize) {
		l := labels[i]
		describe(p.Canvas, l.name+" "+l.value, func() {
			from := vg.Point{X: min(p.px(l.n)+l.dodge+15, p.Max.X), Y: slots[i].want}
			if !l.tied {
				from.X = p.Max.X + 3
			}
			line := draw.LineStyle{Color: l.hue.faded(0.55), Width: 1.5}
			elbow := vg.Point{X: max(from.X, p.Max.X+2), Y: from.Y}
			to := vg.Point{X: x - 5, Y: y}
			p.StrokeLines(line, []vg.Point{from, elbow, to})
			first := y
			if l.more != "" {
				first += smallSize * 0.6
				s := regular(smallSize, muted)
				s.middle(p.Canvas, x, first-labelSize*1.15, 0, s.fit(l.more, width-labelGap))
			}
			l.script().middle(p.Canvas, x, first, 0, l.text(width-labelGap))
		})
	}
}
