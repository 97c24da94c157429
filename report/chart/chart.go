// Package chart draws the pictures of a report, as PNG and as SVG.
//
// A picture is a plain value: its words and its data. [WritePNG] and [WriteSVG] are the only ways out, and drawing
// the same value twice gives the same bytes.
//
// How a picture comes about:
//
//  1. The figure's Draw is handed a canvas of [Width] × [Height] units; one unit is one pixel of the PNG.
//  2. Title and subtitle are set at the top and the notes at the bottom, as high as their texts need; what is left
//     between them belongs to the data.
//  3. The data area is split into panels. A panel has two axes and draws grid, ticks and lines; scales, fonts and
//     canvases are those of gonum.org/v1/plot. Its plot.Plot is not used: it pads the data area by the size of
//     whatever lies in it, so that panels that share a scale do not line up, and its legend overlaps the data.
//  4. Lines are named at their ends. The names are moved apart by the least total displacement (see spread).
//
// The SVG comes from a small canvas of our own, as gonum's has no <title>, which is what a browser shows when the
// pointer rests on a mark. Marks announce themselves by [describe]; the PNG canvas ignores it.
package chart

import (
	"bufio"
	"fmt"
	"image/png"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Width and Height are the size of every picture in pixels.
const (
	Width  = 1600
	Height = 1000
)

// A Figure is a picture that can be drawn.
type Figure interface {
	// Draw draws the picture onto the whole of c, whose ground is white.
	Draw(c draw.Canvas)
}

// Words are the texts of a picture that do not follow from its data.
type Words struct {
	Title    string // the finding: "pi: 1.9× on 2 cores; processes start 8 ms later"
	Subtitle string // what was run, and the base
	Footnote string // what else is needed to read the picture; may be empty
}

// WritePNG draws f as a PNG of [Width] × [Height] pixels.
func WritePNG(w io.Writer, f Figure) error {
	// At 72 dots per inch a point, the unit of package vg, is a pixel.
	c := vgimg.NewWith(vgimg.UseWH(Width, Height), vgimg.UseDPI(72))
	f.Draw(draw.New(c))
	out := bufio.NewWriter(w)
	if err := png.Encode(out, c.Image()); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return nil
}

// WriteSVG draws f as an SVG that scales with its surroundings. Its texts are text, and its marks carry titles.
func WriteSVG(w io.Writer, f Figure) error {
	c := newSVG(Width, Height)
	f.Draw(draw.New(c))
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("writing SVG: %w", err)
	}
	return nil
}

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

// describe runs draw; what it draws carries text as its title where the canvas has titles.
func describe(c draw.Canvas, text string, draw func()) {
	a, ok := annotatorOf(c)
	if !ok {
		draw()
		return
	}
	a.begin(text)
	draw()
	a.end()
}

// box is the outline of a rectangle.
func box(x0, y0, x1, y1 vg.Length) vg.Path {
	return vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}.Path()
}
