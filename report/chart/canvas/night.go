package canvas

import (
	"fmt"
	"slices"
	"strings"
)

// NightGround is the ground of a page in its dark scheme, on which drawings for pages stand.
const NightGround Hue = 0x14171B

// A Shade is a colour of a drawing and the one that a dark scheme has in its place.
type Shade struct{ Day, Night Hue }

// Shades are the colours that a dark scheme changes: what is near white becomes its ground, what is near black light,
// and texts in a colour become lighter in the place of darker. All other colours are told apart from both grounds, and
// stay: the bitmaps of timelines are made of them, in which no style sheet can change a colour.
func Shades() []Shade {
	out := []Shade{
		{White, NightGround},
		{Grid, 0x30363D},
		{Ceiling, 0xA3A9B1},
		{Muted, 0x9AA4AF},
		{Charcoal, 0xDFE3E8},
		{Dark, 0xE4E8EC},
		{Black, 0xF0F3F6},
		{Blue, 0x58A6E0},
		{Brown, 0xD39A2D},
		{Deep, 0x4FC3A1},
	}
	seen := map[Hue]bool{}
	for _, s := range out {
		seen[s.Day] = true
	}
	for _, h := range []Hue{Vermillion, Green, Yellow, Purple, Sky, Orange, Middle} {
		for _, day := range []Hue{h.Readable(), h.Visible().Readable()} {
			if !seen[day] && day != h {
				seen[day] = true
				out = append(out, Shade{day, h.legible()})
			}
		}
	}
	return out
}

// Stays reports whether h is the same in a dark scheme.
func (h Hue) Stays() bool {
	return !slices.ContainsFunc(Shades(), func(s Shade) bool { return s.Day == h })
}

// NightCSS is the rules of a style sheet by which drawings of this package, set into a page, follow its dark scheme.
// They stand within the media query of that scheme. Colours are attributes, which every rule overrides.
func NightCSS() string {
	var b strings.Builder
	for _, s := range Shades() {
		for _, of := range []string{"fill", "stroke"} {
			fmt.Fprintf(&b, "svg [%s=\"%s\"]{%[1]s:%[3]s}\n", of, s.Day, s.Night)
		}
	}
	return b.String()
}

// String writes h as a style sheet does.
func (h Hue) String() string { return fmt.Sprintf("#%06x", uint32(h)) }

// Contrast is that of WCAG 2.1, from 1 to 21.
func (h Hue) Contrast(other Hue) float64 {
	a, b := h.Luminance(), other.Luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// legible is h, lightened until text in it has a contrast of 4.5 to the dark ground.
func (h Hue) legible() Hue {
	for h.Contrast(NightGround) < leastText {
		lighter := func(shift int) Hue { return (0xFF - (0xFF-h>>shift&0xFF)*19/20) << shift }
		h = lighter(16) | lighter(8) | lighter(0)
	}
	return h
}
