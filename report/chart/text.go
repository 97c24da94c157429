package chart

import (
	"image/color"
	"strings"
	"sync"
	"unicode"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of text in pixels. The smallest can still be read when the picture is shown at half its size.
const (
	titleSize    = 40
	titleLeast   = 26 // a long title is made smaller rather than cut
	subtitleSize = 24
	headSize     = 24
	labelSize    = 22
	tickSize     = 21
	noteSize     = 19
	smallSize    = 18
)

const nbsp = '\u00A0'

// margin is the white edge of every picture.
const margin = 40

// fonts reads the fonts that are built into gonum/plot, once.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// A script is how a text is set: font, size and colour.
type script struct {
	face  font.Face
	color color.Color
}

func regular(size float64, col color.Color) script {
	return script{fonts().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Length(size)), col}
}

func bold(size float64, col color.Color) script {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Weight: xfont.WeightBold}
	return script{fonts().Lookup(f, vg.Length(size)), col}
}

func (s script) size() vg.Length { return s.face.Font.Size }

// leading is the distance of base lines.
func (s script) leading() vg.Length { return 1.25 * s.size() }

func (s script) width(txt string) vg.Length { return s.face.Width(s.printable(txt)) }

// put sets txt on the base line y; at is the part of its width that lies left of x: 0, 0.5 or 1.
func (s script) put(c draw.Canvas, x, y vg.Length, at float64, txt string) {
	if txt = s.printable(txt); txt == "" {
		return
	}
	c.SetColor(s.color)
	c.FillString(s.face, vg.Point{X: x - vg.Length(at)*s.face.Width(txt), Y: y}, txt)
}

// middle sets txt with the middle of its digits at y.
func (s script) middle(c draw.Canvas, x, y vg.Length, at float64, txt string) {
	s.put(c, x, y-0.36*s.size(), at, txt) // digits and capitals are 0.72 of the size high
}

// printable replaces what the font has no glyph for, as that would vanish from the PNG without a trace.
func (s script) printable(txt string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) && r != nbsp {
			return ' '
		}
		if i, err := s.face.Face.GlyphIndex(&buf, r); err == nil && i != 0 {
			return r
		}
		if r == '→' || r == '⇒' {
			return '>'
		}
		return '?'
	}, txt)
}

// fit shortens txt to the width, at its end, with an ellipsis. SVG titles carry the whole text.
func (s script) fit(txt string, width vg.Length) string {
	if s.width(txt) <= width {
		return txt
	}
	runes := []rune(txt)
	for n := len(runes) - 1; n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " ") + "…"
		if s.width(short) <= width {
			return short
		}
	}
	return "…"
}

// wrap breaks txt into lines of at most the width: between words, and within a word that is wider than a line.
func (s script) wrap(txt string, width vg.Length) []string {
	var lines []string
	line := ""
	// A no-break space holds a number and its unit together, so strings.Fields will not do.
	for _, word := range strings.FieldsFunc(txt, func(r rune) bool { return r != nbsp && unicode.IsSpace(r) }) {
		joined := strings.TrimLeft(line+" "+word, " ")
		if s.width(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
		for s.width(line) > width {
			n := len([]rune(line)) - 1
			for n > 1 && s.width(string([]rune(line)[:n])) > width {
				n--
			}
			if n < 1 {
				break
			}
			lines = append(lines, string([]rune(line)[:n]))
			line = string([]rune(line)[n:])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// heading sets title and subtitle at the top of c and returns the canvas below them.
func (w Words) heading(c draw.Canvas) draw.Canvas {
	if a, ok := annotatorOf(c); ok {
		a.name(strings.Trim(w.Title+". "+w.Subtitle, ". "))
	}
	c = draw.Crop(c, margin, -margin, 0, -margin)
	width := c.Size().X
	size := float64(titleSize)
	for size > titleLeast && len(bold(size, dark).wrap(w.Title, width)) > 2 {
		size -= 2
	}
	for _, t := range []struct {
		script
		txt string
	}{{bold(size, dark), w.Title}, {regular(subtitleSize, muted), w.Subtitle}} {
		for _, line := range t.wrap(t.txt, width) {
			t.put(c, c.Min.X, c.Max.Y-0.8*t.size(), 0, line)
			c.Max.Y -= t.leading()
		}
	}
	c.Max.Y -= 0.4 * subtitleSize
	return c
}

// notes sets the paragraphs at the bottom of c and returns the canvas above them.
func notes(c draw.Canvas, paragraphs ...string) draw.Canvas {
	c.Min.Y += margin * 0.6
	s := regular(noteSize, muted)
	var lines []string
	for _, p := range paragraphs {
		lines = append(lines, s.wrap(p, c.Size().X)...)
	}
	for i, line := range lines {
		s.put(c, c.Min.X, c.Min.Y+0.25*s.size()+vg.Length(len(lines)-1-i)*s.leading(), 0, line)
	}
	if len(lines) > 0 {
		c.Min.Y += vg.Length(len(lines))*s.leading() + 8
	}
	return c
}
