// Package chart draws the pictures of a report, as PNG and as SVG.
//
// A picture is a plain value: its words and its data. [WritePNG] and [WriteSVG] are the only ways out, and drawing
// the same value twice gives the same bytes.
//
// How a picture comes about:
//
//  1. The figure's Draw is handed a canvas of [Width] × [Height] units, or less high; one unit is one pixel of the PNG.
//  2. Title and subtitle are set at the top and the notes at the bottom, as high as their texts need; what is left
//     between them belongs to the data.
//  3. The data area is split into panels. A panel has two axes and draws grid, ticks and lines; fonts and
//     canvases are those of gonum.org/v1/plot. Its plot.Plot is not used: it pads the data area by the size of
//     whatever lies in it, so that panels that share a scale do not line up, and its legend overlaps the data.
//  4. Lines are named at their ends. The names are moved apart by the least total displacement.
//
// What figures are drawn with is in package canvas.
package chart

import (
	"image"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// Width and Height are the size of a picture in pixels; one with little to show is less high.
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

// height is that of the picture of f: [Height], less what f would leave empty of it.
func height(f Figure) vg.Length {
	if f, ok := f.(interface{ spare(draw.Canvas) vg.Length }); ok {
		return Height - f.spare(canvas.Blank(Width, Height))
	}
	return Height
}

// WritePNG draws f as a PNG of [Width] pixels, as high as it needs.
func WritePNG(w io.Writer, f Figure) error {
	img := image.NewRGBA(image.Rect(0, 0, Width, int(height(f))))
	f.Draw(canvas.On(img))
	return writePNG(w, img)
}

// WriteSVG draws f as an SVG that scales with its surroundings. Its texts are text, and its marks carry titles.
func WriteSVG(w io.Writer, f Figure) error { return canvas.WriteSVG(w, Width, height(f), f.Draw) }

// heading sets title and subtitle at the top of c and returns the canvas below them.
func (w Words) heading(c draw.Canvas) draw.Canvas {
	canvas.Entitle(c, strings.Trim(w.Title+". "+w.Subtitle, ". "))
	c = draw.Crop(c, canvas.Margin, -canvas.Margin, 0, -canvas.Margin)
	width := c.Size().X
	size := float64(canvas.TitleSize)
	for size > canvas.TitleLeast && len(canvas.Bold(size, canvas.Dark).Wrap(w.Title, width)) > 2 {
		size -= 2
	}
	for _, t := range []struct {
		canvas.Script
		txt string
	}{{canvas.Bold(size, canvas.Dark), w.Title}, {canvas.Regular(canvas.SubtitleSize, canvas.Muted), w.Subtitle}} {
		for _, line := range t.Wrap(t.txt, width) {
			t.Put(c, c.Min.X, c.Max.Y-0.8*t.Size(), 0, line)
			c.Max.Y -= t.Leading()
		}
	}
	c.Max.Y -= 0.4 * canvas.SubtitleSize
	return c
}

// notes sets the paragraphs at the bottom of c and returns the canvas above them.
func notes(c draw.Canvas, paragraphs ...string) draw.Canvas {
	c.Min.Y += canvas.Margin * 0.6
	s := canvas.Regular(canvas.NoteSize, canvas.Muted)
	var lines []string
	for _, p := range paragraphs {
		lines = append(lines, s.Wrap(p, c.Size().X)...)
	}
	for i, line := range lines {
		s.Put(c, c.Min.X, c.Min.Y+0.25*s.Size()+vg.Length(len(lines)-1-i)*s.Leading(), 0, line)
	}
	if len(lines) > 0 {
		c.Min.Y += vg.Length(len(lines))*s.Leading() + 8
	}
	return c
}
