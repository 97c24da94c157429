package chart

import (
	"bytes"
	"errors"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// Widths of the drawings for pages. Texts are [canvas.SmallSize] units high at the least: 12 pixels and more where a
// wide drawing is shown in 640 pixels or more, and a narrow one in the 366 that a phone has.
const (
	Wide   = 960
	Narrow = 540
)

// besideFrom is the width from which on panels stand beside each other.
const besideFrom = 720

// pageMargin is the edge of a drawing for a page, for labels of ticks at its sides.
const pageMargin = 8

// WritePage draws the body of f as an SVG to be set into a page, in which it is so wide: [Wide] or [Narrow]. It has no
// styles, which the policy of a page may forbid, and no title: the page says it.
func WritePage(w io.Writer, f Figure, width vg.Length) error {
	within := func(c draw.Canvas) draw.Canvas {
		return draw.Crop(c, pageMargin, -pageMargin, pageMargin, -pageMargin)
	}
	height := f.tall(width-2*pageMargin) + 2*pageMargin
	if s, ok := f.(sparing); ok {
		height -= s.spare(within(canvas.Blank(width, height)))
	}
	return canvas.WritePart(w, width, height, func(c draw.Canvas) { f.Draw(within(c)) })
}

// Drawings draws f as a page shows it: wide, and narrow for a phone.
func Drawings(f Figure) (wide, narrow []byte, err error) {
	var w, n bytes.Buffer
	err = errors.Join(WritePage(&w, f, Wide), WritePage(&n, f, Narrow))
	return w.Bytes(), n.Bytes(), err
}

// stacked reports whether panels stand one below the other on a figure of the width.
func stacked(width vg.Length) bool { return width < besideFrom }

// panels divides c into two panels: beside each other, the first of the width, or one below the other where there is no
// room for that.
func panels(c draw.Canvas, width, gap vg.Length) (first, second draw.Canvas) {
	if !stacked(c.Size().X) {
		return canvas.Beside(c, width, gap)
	}
	parts := below(c, 2)
	return parts[0], parts[1]
}

// below divides c into n parts one below the other.
func below(c draw.Canvas, n int) []draw.Canvas {
	out := make([]draw.Canvas, n)
	height := (c.Size().Y - belowGap*vg.Length(n-1)) / vg.Length(n)
	for i := range out {
		out[i] = c
		out[i].Max.Y -= vg.Length(i) * (height + belowGap)
		out[i].Min.Y = out[i].Max.Y - height
	}
	return out
}

// Heights of drawings for pages.
const (
	belowGap   = 20.0  // between panels one below the other
	panelTall  = 440.0 // a panel of axes with what stands around it
	besideTall = 500.0 // panels beside each other, as wide as a page has them
)

// tallPanels is the height of n panels with notes: beside each other or, where there is no room, one below the other.
func tallPanels(width vg.Length, n int, paragraphs ...string) vg.Length {
	room := vg.Length(besideTall)
	if stacked(width) {
		room = panelTall*vg.Length(n) + belowGap*vg.Length(n-1)
	}
	return room + notesHeight(width, paragraphs...)
}
