// Package canvas is what figures are drawn with: texts, colours and patterns, axes and panels, labels that keep apart,
// and an SVG whose marks say what they are.
//
// The SVG comes from a small canvas of our own, as gonum's has no <title>, which is what a browser shows when the
// pointer rests on a mark. Marks announce themselves by [Describe]; the PNG canvas ignores it.
package canvas

import (
	"image"

	"git.sr.ht/~sbinet/gg"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// An annotator is a canvas that keeps descriptions of what is drawn on it.
type annotator interface {
	vg.Canvas
	name(string)  // describes the whole picture
	begin(string) // what is drawn up to the matching end is described by the text
	end()
}

// annotatorOf is the canvas that keeps descriptions below the draw.Canvases that cropping has put around it, if there
// is one.
func annotatorOf(c vg.Canvas) (annotator, bool) {
	for {
		switch inner := c.(type) {
		case draw.Canvas:
			c = inner.Canvas
		case annotator:
			return inner, true
		default:
			return nil, false
		}
	}
}

// Describe runs draw; what it draws carries text as its title where the canvas has titles.
func Describe(c draw.Canvas, text string, draw func()) {
	a, ok := annotatorOf(c)
	if !ok {
		draw()
		return
	}
	a.begin(text)
	draw()
	a.end()
}

// Box is the outline of a rectangle.
func Box(x0, y0, x1, y1 vg.Length) vg.Path {
	return vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}.Path()
}

// Entitle gives the whole picture a description where the canvas keeps one.
func Entitle(c draw.Canvas, text string) {
	if a, ok := annotatorOf(c); ok {
		a.name(text)
	}
}

// Describes reports whether c keeps descriptions.
func Describes(c draw.Canvas) bool {
	_, ok := annotatorOf(c)
	return ok
}

// On is a canvas that draws on img, a unit to a pixel, whose ground it makes white.
func On(img *image.RGBA) draw.Canvas {
	ctx := gg.NewContextForRGBA(img)
	ctx.SetLineCapButt()
	ctx.InvertY()  // units count from the foot up
	const dpi = 72 // dots per inch, at which a point, the unit of package vg, is a pixel
	return draw.New(vgimg.NewWith(vgimg.UseImageWithContext(img, ctx), vgimg.UseDPI(dpi)))
}

// Blank is a canvas of the size from which nothing is written.
func Blank(width, height vg.Length) draw.Canvas { return draw.New(newSVG(width, height)) }

// Detached is a canvas of the size of c that draws nothing, to find out how much room texts take.
func Detached(c draw.Canvas) draw.Canvas {
	c.Canvas = newSVG(c.Size().X, c.Size().Y)
	return c
}
