package canvas

import (
	"image"
	"image/color"
	"math"

	"git.sr.ht/~sbinet/gg"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// dpi is the dots per inch at which a point, the unit of package vg, is a pixel.
const dpi = 72

// A bitmap draws on an image, a unit to a pixel. Lines and shapes are gonum's; texts and boxes, which are most of a
// picture, it sets pixel by pixel itself, to the same pixels: gonum sends every glyph through a transformation that
// changes nothing, and sorts the sides of all boxes, which took a quarter of the time of a large report.
type bitmap struct {
	*vgimg.Canvas
	ctx    *gg.Context // what Canvas draws with
	img    *image.RGBA
	colors []color.Color // the last is in force; Push saves it
	faces  map[font.Font]xfont.Face
}

// On is a canvas that draws on img, a unit to a pixel, whose ground it makes white.
func On(img *image.RGBA) draw.Canvas {
	ctx := gg.NewContextForRGBA(img)
	ctx.SetLineCapButt()
	ctx.InvertY() // units count from the foot up
	return draw.New(&bitmap{
		Canvas: vgimg.NewWith(vgimg.UseImageWithContext(img, ctx), vgimg.UseDPI(dpi)),
		ctx:    ctx,
		img:    img,
		colors: []color.Color{color.Black},
		faces:  map[font.Font]xfont.Face{},
	})
}

func (b *bitmap) color() color.Color { return b.colors[len(b.colors)-1] }

func (b *bitmap) SetColor(c color.Color) {
	b.Canvas.SetColor(c)
	b.colors[len(b.colors)-1] = c
}

func (b *bitmap) Push() {
	b.Canvas.Push()
	b.colors = append(b.colors, b.color())
}

func (b *bitmap) Pop() {
	b.Canvas.Pop()
	b.colors = b.colors[:len(b.colors)-1]
}

// at is the pixel of pt, in 64ths, y downwards.
func (b *bitmap) at(pt vg.Point) fixed.Point26_6 {
	x, y := b.ctx.TransformPoint(pt.X.Points(), pt.Y.Points())
	return fixed.Point26_6{X: fixed.Int26_6(math.Round(64 * x)), Y: fixed.Int26_6(math.Round(64 * y))}
}

// FillString sets text with its left end on the base line at pt. It is upright, also where the canvas has been turned.
func (b *bitmap) FillString(face font.Face, pt vg.Point, text string) {
	if face.Font.Size == 0 {
		return
	}
	f, ok := b.faces[face.Font]
	if !ok {
		f = face.FontFace(dpi)
		b.faces[face.Font] = f
	}
	d := xfont.Drawer{Dst: b.img, Src: image.NewUniform(b.color()), Face: f, Dot: b.at(pt)}
	d.DrawString(text)
}

// fill fills boxes, each pixel by the part of it that a box covers.
func (b *bitmap) fill(boxes []vg.Rectangle) {
	red, green, blue, alpha := b.color().RGBA()
	for _, r := range boxes {
		p, q := b.at(r.Min), b.at(r.Max)
		box := fixed.Rectangle26_6{
			Min: fixed.Point26_6{X: min(p.X, q.X), Y: min(p.Y, q.Y)}, Max: fixed.Point26_6{X: max(p.X, q.X), Y: max(p.Y, q.Y)},
		}
		pixels := image.Rect(box.Min.X.Floor(), box.Min.Y.Floor(), box.Max.X.Ceil(), box.Max.Y.Ceil()).Intersect(b.img.Rect)
		for y := pixels.Min.Y; y < pixels.Max.Y; y++ {
			tall := covered(y, box.Min.Y, box.Max.Y)
			row := b.img.Pix[b.img.PixOffset(pixels.Min.X, y):]
			for x := pixels.Min.X; x < pixels.Max.X; x++ {
				// As the rasteriser has it, in twelve bits, of which it makes sixteen.
				part := min(tall*covered(x, box.Min.X, box.Max.X), 0xFFF)
				part = part<<4 | part>>8
				const all = 0xFFFF
				below := (all - alpha*part/all) * 0x101
				p := row[:4:4]
				p[0] = uint8((uint32(p[0])*below + red*part) / all >> 8)
				p[1] = uint8((uint32(p[1])*below + green*part) / all >> 8)
				p[2] = uint8((uint32(p[2])*below + blue*part) / all >> 8)
				p[3] = uint8((uint32(p[3])*below + alpha*part) / all >> 8)
				row = row[4:]
			}
		}
	}
}

// covered is how many 64ths of pixel i lie from low to high.
func covered(i int, low, high fixed.Int26_6) uint32 {
	return uint32(min(high, fixed.I(i+1)) - max(low, fixed.I(i)))
}
