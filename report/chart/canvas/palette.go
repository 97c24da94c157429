package canvas

import (
	"image/color"
	"math"
)

// A Hue is an opaque colour, 0xRRGGBB.
type Hue uint32

// The palette of M. Okabe and K. Ito, "Color Universal Design", 2008: told apart by colour-blind readers.
const (
	Blue       Hue = 0x0072B2
	Vermillion Hue = 0xD55E00
	Green      Hue = 0x009E73
	Yellow     Hue = 0xF0E442
	Purple     Hue = 0xCC79A7
	Sky        Hue = 0x56B4E9
	Orange     Hue = 0xE69F00
	Black      Hue = 0x000000
)

// Greys, from the texts to the grid.
const (
	Dark     Hue = 0x1A1A1A
	Charcoal Hue = 0x4A4A4A
	Muted    Hue = 0x595959
	Ceiling  Hue = 0x777777
	Middle   Hue = 0x949494 // the palest that can be told from white, by a contrast of 3
	Slate    Hue = 0x636363 // as far from Middle as Silver is, on its other side
	Silver   Hue = 0xC8C8C8
	Grid     Hue = 0xDDDDDD
	White    Hue = 0xFFFFFF
)

// Colours of one thing each.
const (
	Brown Hue = 0x8A5A00 // a law that fits less well than another
	Deep  Hue = 0x005F46 // the speedup reached
	// Ink is black for texts on colours that stay in a dark scheme. It is told from black, which does not, by a value that
	// nobody sees.
	Ink Hue = 0x010101
)

// RGBA makes a hue a [color.Color].
func (h Hue) RGBA() (r, g, b, a uint32) { return h.Faded(1).RGBA() }

// Faded is h, let through by 1 − alpha.
func (h Hue) Faded(alpha float64) color.NRGBA {
	return color.NRGBA{R: uint8(h >> 16), G: uint8(h >> 8), B: uint8(h), A: uint8(math.Round(255 * alpha))}
}

// Luminance is the relative luminance of WCAG 2.1, from 0 to 1.
func (h Hue) Luminance() float64 {
	part := func(v Hue) float64 {
		s := float64(v&0xFF) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(h>>16) + 0.7152*part(h>>8) + 0.0722*part(h)
}

// Readable is h, darkened until text in it has a contrast of 4.5 to white, the least that WCAG 2.1 (1.4.3) asks for.
func (h Hue) Readable() Hue { return h.darkened(leastText) }

// Visible is h, darkened until a mark in it has a contrast of 3 to white, the least that WCAG 2.1 (1.4.11) asks for.
func (h Hue) Visible() Hue { return h.darkened(leastMark) }

// Least contrasts to the ground.
const (
	leastText = 4.5
	leastMark = 3
)

func (h Hue) darkened(least float64) Hue {
	for h.Contrast(White) < least {
		darker := func(shift int) Hue { return Hue(float64(h>>shift&0xFF)*0.95) << shift }
		h = darker(16) | darker(8) | darker(0)
	}
	return h
}

// Hatching is the colour of the pattern on a ground of h: darker than it, and light on what is dark.
func (h Hue) Hatching() Hue {
	pattern, ok := map[Hue]Hue{
		Green: 0x00513B, Vermillion: 0x7A2F00, Purple: 0x7D3A60, Sky: 0x1B5E87, Yellow: 0x6B6410, Orange: 0x7A4A00,
		Middle: Charcoal, White: Middle, Black: White, Charcoal: White,
		Silver: 0x5E5E5E, Slate: 0xD2D2D2, // which stay in a dark scheme, as their grounds do
	}[h]
	if !ok {
		return Muted
	}
	return pattern
}
