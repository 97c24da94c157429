package canvas

import (
	"image/color"
	"slices"
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
	TitleSize    = 40
	TitleLeast   = 26 // a long title is made smaller rather than cut
	SubtitleSize = 24
	HeadSize     = 24
	LabelSize    = 22
	TickSize     = 21
	NoteSize     = 19
	SmallSize    = 18
)

const nbsp = '\u00A0'

// Margin is the white edge of every picture.
const Margin = 40

// fonts reads the fonts that are built into gonum/plot, once.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// A Script is how a text is set: font, size and colour.
type Script struct {
	face  font.Face
	color color.Color
}

// Regular is plain text.
func Regular(size float64, col color.Color) Script {
	return Script{fonts().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Length(size)), col}
}

// Bold is text that stands out.
func Bold(size float64, col color.Color) Script {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Weight: xfont.WeightBold}
	return Script{fonts().Lookup(f, vg.Length(size)), col}
}

// Size is the height of a line without its leading.
func (s Script) Size() vg.Length { return s.face.Font.Size }

// Leading is the distance of base lines.
func (s Script) Leading() vg.Length { return 1.25 * s.Size() }

// Width is the room that txt takes.
//
// Of a text that is longer than any canvas is wide it is the width of what is already too much: one of a megabyte takes
// long.
func (s Script) Width(txt string) vg.Length {
	return s.face.Width(s.printable(begin(txt, mostMeasured, "")))
}

// mostMeasured is how many characters of a text are measured.
const mostMeasured = 4000

// Put sets txt on the base line y; at is the part of its width that lies left of x: 0, 0.5 or 1.
func (s Script) Put(c draw.Canvas, x, y vg.Length, at float64, txt string) {
	if txt = s.printable(txt); txt == "" {
		return
	}
	c.SetColor(s.color)
	c.FillString(s.face, vg.Point{X: x - vg.Length(at)*s.face.Width(txt), Y: y}, txt)
}

// Middle sets txt with the middle of its digits at y.
func (s Script) Middle(c draw.Canvas, x, y vg.Length, at float64, txt string) {
	s.Put(c, x, y-0.36*s.Size(), at, txt) // digits and capitals are 0.72 of the size high
}

// printable replaces what the font has no glyph for, as that would vanish from the PNG without a trace.
func (s Script) printable(txt string) string {
	if !strings.ContainsFunc(txt, func(r rune) bool { return r < ' ' || r > '~' }) {
		return txt // the font has all of ASCII
	}
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

// Fit shortens txt to the width, at its end, with an ellipsis. SVG titles carry the whole text.
func (s Script) Fit(txt string, width vg.Length) string {
	runes := []rune(txt)
	n := s.fitting(runes, width)
	if n == len(runes) {
		return txt
	}
	for ; n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " ") + "…"
		if s.Width(short) <= width {
			return short
		}
	}
	return "…"
}

// fitting returns how many of the runes have room in the width. It looks at few more than these, however many there
// are.
func (s Script) fitting(runes []rune, width vg.Length) int {
	fits := func(n int) bool { return s.Width(string(runes[:n])) <= width }
	least, most := 0, 1 // the answer lies between, once most is too many
	for ; most < len(runes) && fits(most); most *= 2 {
		least = most
	}
	if most >= len(runes) {
		if most = len(runes); fits(most) {
			return most
		}
	}
	for most-least > 1 {
		if middle := (least + most) / 2; fits(middle) {
			least = middle
		} else {
			most = middle
		}
	}
	return least
}

// linesFor is how many lines of a text have room in a picture of the width beside what it shows: more in one for a
// phone. No text of a measurement comes near it.
func linesFor(width vg.Length) int {
	const most, wide, times = 12, 1000, 4
	return min(times*most, int(most*max(1, wide/max(1, width))))
}

// shortWord is how many letters of a word are not worth measuring by themselves, before the line that they are to end.
const shortWord = 32

// Wrap breaks txt into lines of at most the width: between words, and within a word that is wider than a line, behind a
// mark if there is one. A text
// of more lines than [linesFor] ends in an ellipsis; SVG titles carry all of a title, and reports what else pictures
// say.
func (s Script) Wrap(txt string, width vg.Length) []string {
	var lines []string
	mostLines := linesFor(width)
	line := ""
	// A line takes about what its words and the spaces between them do; the exact width, which kerning changes by little,
	// is asked for where that decides.
	taken, space := -s.Width(" "), s.Width(" ")
	// A no-break space holds a number and its unit together, so strings.Fields will not do.
	for word := range strings.FieldsFuncSeq(txt, func(r rune) bool { return r != nbsp && unicode.IsSpace(r) }) {
		if len(lines) > mostLines {
			break
		}
		rest := []rune(word)
		if len(rest) <= shortWord || s.fitting(rest, width) == len(rest) {
			more := taken + space + s.Width(word)
			if joined := strings.TrimLeft(line+" "+word, " "); more < 0.97*width || more < 1.03*width && s.Width(joined) <= width {
				line, taken = joined, more
				continue
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
		for len(lines) <= mostLines {
			n := s.fitting(rest, width)
			if n == len(rest) || len(rest) < 2 {
				break
			}
			n = max(n, 1)
			if at := 1 + lastMark(rest[:n]); 2*at > n {
				n = at
			}
			lines, rest = append(lines, string(rest[:n])), rest[n:]
		}
		line = string(rest)
		taken = s.Width(line)
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > mostLines {
		lines = lines[:mostLines]
		lines[mostLines-1] = s.Fit(lines[mostLines-1]+" …", width)
	}
	return lines
}

// lastMark is the index of the last mark behind which a name can be broken; −1: there is none.
func lastMark(word []rune) int {
	for i, r := range slices.Backward(word) {
		if strings.ContainsRune(".-/_:,", r) {
			return i
		}
	}
	return -1
}

// FitPlace shortens the function of "function (file:line)" to the width, as file and line are enough to find it.
func (s Script) FitPlace(txt string, width vg.Length) string {
	at := strings.LastIndex(txt, " (")
	if at < 0 || s.Width(txt) <= width {
		return s.Fit(txt, width)
	}
	if rest := width - s.Width(txt[at:]); rest > s.Width("…") {
		return s.Fit(txt[:at], rest) + txt[at:]
	}
	return s.Fit(strings.Trim(txt[at:], " ()"), width)
}
