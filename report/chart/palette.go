package chart

import (
	"image/color"
	"math"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A hue is an opaque colour, 0xRRGGBB.
type hue uint32

// The palette of M. Okabe and K. Ito, "Color Universal Design", 2008: told apart by colour-blind readers.
const (
	blue       hue = 0x0072B2
	vermillion hue = 0xD55E00
	green      hue = 0x009E73
	yellow     hue = 0xF0E442
	purple     hue = 0xCC79A7
	sky        hue = 0x56B4E9
	orange     hue = 0xE69F00
	black      hue = 0x000000
)

// Greys, from the texts to the grid.
const (
	dark     hue = 0x1A1A1A
	charcoal hue = 0x4A4A4A
	muted    hue = 0x595959
	middle   hue = 0x999999
	grid     hue = 0xDDDDDD
	white    hue = 0xFFFFFF
)

// RGBA makes a hue a [color.Color].
func (h hue) RGBA() (r, g, b, a uint32) { return h.faded(1).RGBA() }

// faded is h, let through by 1 − alpha.
func (h hue) faded(alpha float64) color.NRGBA {
	return color.NRGBA{R: uint8(h >> 16), G: uint8(h >> 8), B: uint8(h), A: uint8(math.Round(255 * alpha))}
}

// luminance is the relative luminance of WCAG 2.1, from 0 to 1.
func (h hue) luminance() float64 {
	part := func(v hue) float64 {
		s := float64(v&0xFF) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(h>>16) + 0.7152*part(h>>8) + 0.0722*part(h)
}

// readable is h, darkened until text in it has a contrast of 4.5 to white, the least that WCAG 2.1 (1.4.3) asks for.
func (h hue) readable() hue {
	for 1.05/(h.luminance()+0.05) < 4.5 {
		darker := func(shift int) hue { return hue(float64(h>>shift&0xFF)*0.95) << shift }
		h = darker(16) | darker(8) | darker(0)
	}
	return h
}

// hatching is the colour of the pattern on a ground of h: darker than it, and light on what is dark.
func (h hue) hatching() hue {
	switch h {
	case green:
		return 0x00513B
	case vermillion:
		return 0x7A2F00
	case purple:
		return 0x7D3A60
	case sky:
		return 0x1B5E87
	case yellow:
		return 0x6B6410
	case orange:
		return 0x7A4A00
	case middle:
		return charcoal
	case white:
		return middle
	case black, charcoal:
		return white
	default:
		return muted
	}
}

// modeStyle is the colour and the mark of the k-th workload under a mode: shades of blue for threads and of vermillion
// for processes. The marks differ as well, as blue and vermillion are the same grey.
func modeStyle(m sweep.Mode, k int) (hue, shape) {
	switch m {
	case sweep.Procs:
		return cycle(k, vermillion, orange, purple, muted), cycle(k, square, diamond, pointDown, pointLeft)
	default:
		return cycle(k, blue, sky, green, black), cycle(k, circle, pointUp, hexagon, pointRight)
	}
}

func cycle[T any](k int, of ...T) T { return of[k%len(of)] }

// A look is how a state or a cause is shown, in every picture.
type look struct {
	name    string
	fill    hue
	pattern cause.Pattern
	// height is the part of its row that a state fills; a cause fills its segment. Work fills it all and waiting only
	// the foot of it, so that who runs can be seen without colour.
	height float64
}

// lookOf is the one table of the looks of states.
func lookOf(s timeline.State) look {
	switch s {
	case timeline.Absent:
		return look{name: "not there"}
	case timeline.Running:
		return look{name: "running", fill: green, height: 1}
	case timeline.Ready:
		return look{name: "ready, on no core", fill: yellow, pattern: cause.Edged, height: 0.45}
	case timeline.Lock:
		return look{name: "waiting for a lock or for others", fill: vermillion, pattern: cause.Rising, height: 0.45}
	case timeline.Channel:
		return look{name: "waiting at channels", fill: purple, pattern: cause.Falling, height: 0.45}
	case timeline.Waiting:
		return look{name: "sleep, network, input and output", fill: sky, height: 0.45}
	case timeline.GC:
		return look{name: "garbage collection", fill: black, height: 1}
	case timeline.Serial:
		return look{name: "idle while a serial part runs", fill: orange, pattern: cause.Crossed, height: 0.45}
	case timeline.Startup:
		return look{name: "start-up, dispatch", fill: middle, height: 0.7}
	default:
		return look{name: "not known", fill: white, pattern: cause.Outlined, height: 0.7}
	}
}
