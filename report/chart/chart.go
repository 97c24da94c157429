// Package chart draws the pictures of a report, as PNG and as SVG.
//
// A picture is a plain value: its words and its data. [WritePNG] and [WriteSVG] are the only ways out, and drawing
// the same value twice gives the same bytes.
//
// How a picture comes about:
//
//  1. A file is [Width] × [Height] units large, or less high; one unit is one pixel of the PNG. Title and subtitle are
//     set at its top, as high as their texts need. A drawing for a page has neither, as the page has them as its own
//     text; it is [Wide] or [Narrow], so that its texts are as large on a phone as beside a table.
//  2. The figure's Draw is handed what is left, and sets the notes at the foot of it. Panels stand beside each other
//     where there is room, and else one below the other.
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

// Width and Height are the size of a file in pixels; one with little to show is less high.
const (
	Width  = 1600
	Height = 1000
)

// A Figure is a picture that can be drawn.
type Figure interface {
	// Draw draws the picture, without its title, onto the whole of c, whose ground is white.
	Draw(c draw.Canvas)
	// heading sets title and subtitle at the top of c and returns the canvas below them.
	heading(c draw.Canvas) draw.Canvas
	// tall is the most height that the figure takes in a page in which it is so wide.
	tall(width vg.Length) vg.Length
}

// A sparing figure does not need all of the height that it may have.
type sparing interface {
	// spare is what the figure would leave empty of the height of c.
	spare(c draw.Canvas) vg.Length
}

// Words are the texts of a picture that do not follow from its data.
type Words struct {
	Title    string // the finding: "pi: 1.9× on 2 cores; processes start 8 ms later"
	Subtitle string // what was run, and the base
	Footnote string // what else is needed to read the picture; may be empty
}

// height is that of the file of f: [Height], less what f would leave empty of it.
func height(f Figure) vg.Length {
	if s, ok := f.(sparing); ok {
		return Height - s.spare(body(f, canvas.Blank(Width, Height)))
	}
	return Height
}

// body sets the title of f at the top of c, and returns what is left for f within the margins.
func body(f Figure, c draw.Canvas) draw.Canvas {
	c = f.heading(c)
	c.Min.Y += canvas.Margin * 0.6
	return c
}

// WritePNG draws f as a PNG of [Width] pixels, as high as it needs.
func WritePNG(w io.Writer, f Figure) error {
	img := image.NewRGBA(image.Rect(0, 0, Width, int(height(f))))
	f.Draw(body(f, canvas.On(img)))
	return writePNG(w, img)
}

// WriteSVG draws f as an SVG that scales with its surroundings. Its texts are text, and its marks carry titles.
func WriteSVG(w io.Writer, f Figure) error {
	return canvas.WriteSVG(w, Width, height(f), func(c draw.Canvas) { f.Draw(body(f, c)) })
}

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
	s, lines := noteLines(c.Size().X, paragraphs...)
	for i, line := range lines {
		s.Put(c, c.Min.X, c.Min.Y+0.25*s.Size()+vg.Length(len(lines)-1-i)*s.Leading(), 0, line)
	}
	c.Min.Y += linesHeight(s, lines)
	return c
}

// noteLines are the paragraphs broken into lines of the width.
func noteLines(width vg.Length, paragraphs ...string) (canvas.Script, []string) {
	s := canvas.Regular(canvas.NoteSize, canvas.Muted)
	var lines []string
	for _, p := range paragraphs {
		lines = append(lines, s.Wrap(p, width)...)
	}
	return s, lines
}

// notesHeight is the room that notes take.
func notesHeight(width vg.Length, paragraphs ...string) vg.Length {
	return linesHeight(noteLines(width, paragraphs...))
}

func linesHeight(s canvas.Script, lines []string) vg.Length {
	if len(lines) == 0 {
		return 0
	}
	return vg.Length(len(lines))*s.Leading() + 8
}
