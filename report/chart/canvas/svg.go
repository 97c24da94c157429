package canvas

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// WriteSVG writes what drawing draws on a canvas of the size as an SVG that scales with its surroundings. Its texts are
// text, and its marks carry titles.
func WriteSVG(w io.Writer, width, height vg.Length, drawing func(draw.Canvas)) error {
	c := newSVG(width, height)
	drawing(draw.New(c))
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("writing SVG: %w", err)
	}
	return nil
}

// WritePart writes a drawing as [WriteSVG] does, to be set into a page: as large as the page has it, without styles,
// which the page may forbid, and without the marks' places for the keyboard, which are the page's.
func WritePart(w io.Writer, width, height vg.Length, drawing func(draw.Canvas)) error {
	c := newSVG(width, height)
	c.part = true
	drawing(draw.New(c))
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("writing SVG: %w", err)
	}
	return nil
}

// svgFonts lists fonts with the widths of Liberation Sans first, so that a text takes the room it was given.
const svgFonts = "'Liberation Sans', Arial, Helvetica, sans-serif"

// svgCanvas writes what is drawn on it as SVG. It turns coordinates over itself, as SVG counts y downwards, so that
// the output needs no transformations.
type svgCanvas struct {
	w, h  vg.Length
	part  bool // of a page
	label string
	body  bytes.Buffer
	stack []pen // the last is in force

	images *png.EncoderBuffer // for the next image

	open  []int  // the marks that are being described, by index into marks
	marks []mark // described parts of the picture, in the order in which they began
}

// A pen is the state of a canvas that Push saves.
type pen struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
	to     matrix
}

// A matrix maps x, y to a·x + c·y + e, b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) times(n matrix) matrix {
	return matrix{
		a: m.a*n.a + m.c*n.b, b: m.b*n.a + m.d*n.b,
		c: m.a*n.c + m.c*n.d, d: m.b*n.c + m.d*n.d,
		e: m.a*n.e + m.c*n.f + m.e, f: m.b*n.e + m.d*n.f + m.f,
	}
}

func newSVG(w, h vg.Length) *svgCanvas {
	c := &svgCanvas{w: w, h: h, stack: []pen{{to: matrix{a: 1, d: -1, f: h.Points()}}}}
	vg.Initialize(c)
	return c
}

func (s *svgCanvas) pen() *pen { return &s.stack[len(s.stack)-1] }

func (s *svgCanvas) Size() (w, h vg.Length)   { return s.w, s.h }
func (s *svgCanvas) SetLineWidth(w vg.Length) { s.pen().width = w }
func (s *svgCanvas) SetColor(col color.Color) { s.pen().color = col }
func (s *svgCanvas) Push()                    { s.stack = append(s.stack, *s.pen()) }
func (s *svgCanvas) Pop()                     { s.stack = s.stack[:len(s.stack)-1] }
func (s *svgCanvas) transform(m matrix)       { s.pen().to = s.pen().to.times(m) }
func (s *svgCanvas) Translate(pt vg.Point) {
	s.transform(matrix{1, 0, 0, 1, pt.X.Points(), pt.Y.Points()})
}
func (s *svgCanvas) Scale(x, y float64) { s.transform(matrix{x, 0, 0, y, 0, 0}) }
func (s *svgCanvas) SetLineDash(d []vg.Length, offset vg.Length) {
	s.pen().dashes, s.pen().offset = d, offset
}

func (s *svgCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	s.transform(matrix{cos, sin, -sin, cos, 0, 0})
}

// Stroke draws the outline of p.
func (s *svgCanvas) Stroke(p vg.Path) {
	pen := s.pen()
	if pen.width <= 0 || !s.path(p) {
		return
	}
	col, alpha := paint(pen.color)
	fmt.Fprintf(&s.body, ` fill="none" stroke="%s" stroke-width="%s"`, col, decimal(pen.width.Points()*pen.to.scale()))
	if alpha < 1 {
		fmt.Fprintf(&s.body, ` stroke-opacity="%s"`, decimal(alpha))
	}
	if len(pen.dashes) > 0 {
		s.body.WriteString(` stroke-dasharray="`)
		for i, d := range pen.dashes {
			if i > 0 {
				s.body.WriteByte(' ')
			}
			s.body.WriteString(decimal(d.Points() * pen.to.scale()))
		}
		fmt.Fprintf(&s.body, `" stroke-dashoffset="%s"`, decimal(pen.offset.Points()*pen.to.scale()))
	}
	s.body.WriteString("/>\n")
}

// scale is the factor by which m makes lengths longer, in the mean of all directions.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// Fill fills p.
func (s *svgCanvas) Fill(p vg.Path) {
	if !s.path(p) {
		return
	}
	col, alpha := paint(s.pen().color)
	fmt.Fprintf(&s.body, ` fill="%s"`, col)
	if alpha < 1 {
		fmt.Fprintf(&s.body, ` fill-opacity="%s"`, decimal(alpha))
	}
	s.body.WriteString("/>\n")
}

// path opens an element that holds p. It reports false, and writes nothing, if p is empty or has a coordinate that is
// not finite: a reader would refuse the whole file.
func (s *svgCanvas) path(p vg.Path) bool {
	d := make([]byte, 0, 16*len(p))
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			d = s.appendPoint(append(d, 'M'), part.Pos)
		case vg.LineComp:
			d = s.appendPoint(append(d, 'L'), part.Pos)
		case vg.ArcComp:
			d = s.appendArc(d, part)
		case vg.CurveComp:
			d = append(d, "?QC"[min(len(part.Control), 2)])
			for _, q := range part.Control {
				d = append(s.appendPoint(d, q), ' ')
			}
			d = s.appendPoint(d, part.Pos)
		case vg.CloseComp:
			d = append(d, 'Z')
		}
	}
	if len(d) == 0 || bytes.ContainsAny(d, "NI") { // NaN, Inf
		return false
	}
	s.body.WriteString(`<path d="`)
	s.body.Write(d)
	s.body.WriteByte('"')
	return true
}

func (s *svgCanvas) appendPoint(b []byte, p vg.Point) []byte {
	m := s.pen().to
	x, y := p.X.Points(), p.Y.Points()
	px, py := m.a*x+m.c*y+m.e, m.b*x+m.d*y+m.f
	for _, i := range s.open {
		s.marks[i].hold(px, py)
	}
	b = append(b, decimal(px)...)
	b = append(b, ' ')
	return append(b, decimal(py)...)
}

// appendArc adds a line to the start of the arc and the arc as cubic curves of at most a quarter turn each, whose
// handles are 4/3·tan(θ/4) of the radius long: then the middle of the curve lies on the circle.
func (s *svgCanvas) appendArc(b []byte, arc vg.PathComp) []byte {
	at := func(angle float64) (p, tangent vg.Point) {
		sin, cos := math.Sincos(angle)
		r := arc.Radius
		return vg.Point{X: arc.Pos.X + r*vg.Length(cos), Y: arc.Pos.Y + r*vg.Length(sin)},
			vg.Point{X: -r * vg.Length(sin), Y: r * vg.Length(cos)}
	}
	p, t := at(arc.Start)
	verb := byte('L')
	if len(b) == 0 || b[len(b)-1] == 'Z' {
		verb = 'M'
	}
	b = s.appendPoint(append(b, verb), p)
	n := max(1, int(math.Ceil(math.Abs(arc.Angle)/(math.Pi/2)-1e-9)))
	step := arc.Angle / float64(n)
	handle := vg.Length(4. / 3 * math.Tan(step/4))
	for i := range n {
		q, u := at(arc.Start + step*float64(i+1))
		b = append(s.appendPoint(append(b, 'C'), p.Add(t.Scale(handle))), ' ')
		b = append(s.appendPoint(b, q.Sub(u.Scale(handle))), ' ')
		b = s.appendPoint(b, q)
		p, t = q, u
	}
	return b
}

// FillString sets text with its left end on the base line at pt.
func (s *svgCanvas) FillString(face font.Face, pt vg.Point, text string) {
	if face.Font.Size == 0 || text == "" {
		return
	}
	at := s.appendPoint(nil, pt)
	if bytes.ContainsAny(at, "NI") {
		return
	}
	m := s.pen().to
	if m.b == 0 && m.c == 0 {
		x, y, _ := bytes.Cut(at, []byte{' '})
		fmt.Fprintf(&s.body, `<text x="%s" y="%s"`, x, y)
	} else {
		// The text is upright in a space that counts y downwards: the columns for y change sign.
		m = m.times(matrix{1, 0, 0, -1, pt.X.Points(), pt.Y.Points()})
		fmt.Fprintf(&s.body, `<text transform="matrix(%s %s %s %s %s %s)"`,
			decimal(m.a), decimal(m.b), decimal(m.c), decimal(m.d), decimal(m.e), decimal(m.f))
	}
	col, _ := paint(s.pen().color)
	fmt.Fprintf(&s.body, ` font-size="%s" fill="%s"`, decimal(face.Font.Size.Points()), col)
	if face.Font.Weight > xfont.WeightNormal {
		s.body.WriteString(` font-weight="bold"`)
	}
	s.body.WriteByte('>')
	s.escape(text)
	s.body.WriteString("</text>\n")
}

// Get and Put let the images of a picture be encoded with the same megabyte of memory.
func (s *svgCanvas) Get() *png.EncoderBuffer  { return s.images }
func (s *svgCanvas) Put(b *png.EncoderBuffer) { s.images = b }

// DrawImage embeds img.
func (s *svgCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	var data bytes.Buffer
	if err := (&png.Encoder{BufferPool: s, CompressionLevel: png.BestSpeed}).Encode(&data, img); err != nil {
		return // an image without pixels; there is nothing to show
	}
	s.appendPoint(nil, vg.Point{X: rect.Max.X, Y: rect.Min.Y}) // the mark around it holds both corners
	corner, size := s.appendPoint(nil, vg.Point{X: rect.Min.X, Y: rect.Max.Y}), rect.Size()
	x, y, _ := bytes.Cut(corner, []byte{' '})
	fmt.Fprintf(&s.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" `+
		`href="data:image/png;base64,%s"/>`+"\n", x, y,
		decimal(size.X.Points()), decimal(size.Y.Points()), base64.StdEncoding.EncodeToString(data.Bytes()))
}

func (s *svgCanvas) name(text string) { s.label = text }

// mostSaid is how many characters of what a mark says, or of the name of a series, a drawing holds. The longest that a
// measurement makes are some hundred long: what is longer has a name of somebody who wants to fill the file.
const mostSaid = 1000

// begin is the first characters of text, at most so many, and then end, if there are more.
func begin(text string, most int, end string) string {
	if len(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + end
		}
		n++
	}
	return text
}

func (s *svgCanvas) begin(g Group) {
	g.Title, g.Series = begin(g.Title, mostSaid, "…"), begin(g.Series, mostSaid, "…")
	if !s.part {
		s.open = append(s.open, len(s.marks))
		s.marks = append(s.marks, newMark(g.Title))
	}
	s.body.WriteString("<g")
	if g.Key {
		s.body.WriteString(` class="key"`)
	}
	if g.Over {
		s.body.WriteString(` pointer-events="none"`)
	}
	if g.Series != "" {
		s.body.WriteString(` data-series="`)
		s.escape(g.Series)
		s.body.WriteByte('"')
	}
	s.body.WriteByte('>')
	if g.Title != "" {
		s.body.WriteString("<title>")
		s.escape(g.Title)
		s.body.WriteString("</title>")
	}
	s.body.WriteByte('\n')
}

func (s *svgCanvas) end() {
	if !s.part {
		s.open = s.open[:len(s.open)-1]
	}
	s.body.WriteString("</g>\n")
}

// escape writes text; xml.EscapeText replaces what XML cannot hold, and a buffer takes all that is written to it.
func (s *svgCanvas) escape(text string) { _ = xml.EscapeText(&s.body, []byte(text)) }

// WriteTo writes the SVG.
func (s *svgCanvas) WriteTo(w io.Writer) (int64, error) {
	var out bytes.Buffer
	width, height := decimal(s.w.Points()), decimal(s.h.Points())
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s"`, width, height)
	if !s.part {
		fmt.Fprintf(&out, ` width="%s" height="%s" style="max-width:100%%;height:auto"`, width, height)
	}
	fmt.Fprintf(&out, ` font-family="%s" role="img"`, svgFonts)
	if s.label != "" {
		out.WriteString(` aria-label="`)
		_ = xml.EscapeText(&out, []byte(s.label))
		out.WriteByte('"')
	}
	fmt.Fprintf(&out, ">\n<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", width, height)
	out.Write(s.body.Bytes())
	writeMarks(&out, s.marks, s.w.Points(), s.h.Points())
	out.WriteString("</svg>\n")
	return out.WriteTo(w)
}

// paint returns the colour and how opaque it is, from 0 to 1.
func paint(col color.Color) (hex string, alpha float64) {
	if col == nil {
		col = color.Black
	}
	c := color.NRGBAModel.Convert(col).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B), float64(c.A) / 255
}
