// Package canvas is what figures are drawn with: texts, colours and patterns, axes and panels, labels that keep apart,
// and an SVG whose marks say what they are.
//
// The SVG comes from a small canvas of our own, as gonum's has no <title>, which is what a browser shows when the
// pointer rests on a mark. Marks announce themselves by [Describe]; the PNG canvas ignores it.
package canvas

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// An annotator is a canvas that keeps descriptions of what is drawn on it.
type annotator interface {
	vg.Canvas
	name(string) // describes the whole picture
	begin(Group) // what is drawn up to the matching end belongs together
	end()
}

// annotatorOf is the canvas below c that keeps descriptions, if there is one.
func annotatorOf(c vg.Canvas) (annotator, bool) {
	a, ok := bottom(c).(annotator)
	return a, ok
}

// bottom is the canvas below the draw.Canvases that cropping has put around it.
func bottom(c vg.Canvas) vg.Canvas {
	for {
		around, ok := c.(draw.Canvas)
		if !ok {
			return c
		}
		c = around.Canvas
	}
}

// A Group is a part of a picture that belongs together.
type Group struct {
	Title  string // what a mark says of itself; "": it is no mark
	Series string // the line, cause or row that it is of; "": none
	Key    bool   // names the series, as a legend does
	Over   bool   // lies over a mark, which the pointer is to find in its place
}

// Draw runs draw; what it draws is of the group where the canvas keeps groups.
func (g Group) Draw(c draw.Canvas, draw func()) {
	a, ok := annotatorOf(c)
	if !ok {
		draw()
		return
	}
	a.begin(g)
	draw()
	a.end()
}

// Describe runs draw; what it draws carries text as its title where the canvas has titles.
func Describe(c draw.Canvas, text string, draw func()) { Group{Title: text}.Draw(c, draw) }

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

// Blank is a canvas of the size from which nothing is written.
func Blank(width, height vg.Length) draw.Canvas { return draw.New(newSVG(width, height)) }

// Detached is a canvas of the size of c that draws nothing, to find out how much room texts take.
func Detached(c draw.Canvas) draw.Canvas {
	c.Canvas = newSVG(c.Size().X, c.Size().Y)
	return c
}
