package chart

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/trace/sweep"
)

// deuteranope is h as a reader without green cones sees it, in linear RGB: the matrix for severity 1 of Machado,
// Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6),
// 2009, table 1.
func deuteranope(h canvas.Hue) [3]float64 {
	linear := func(v canvas.Hue) float64 {
		s := float64(v&0xFF) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b := linear(h>>16), linear(h>>8), linear(h)
	clamp := func(x float64) float64 { return min(max(x, 0), 1) }
	return [3]float64{
		clamp(0.367322*r + 0.860646*g - 0.227968*b),
		clamp(0.280085*r + 0.672501*g + 0.047413*b),
		clamp(-0.011820*r + 0.042940*g + 0.968881*b),
	}
}

// lab converts linear RGB (sRGB primaries, D65) to CIE L*a*b*.
func lab(c [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// confused is the distance of two colours to a deuteranope: CIE 1976 ΔE, of which about 2.3 is just noticeable.
func confused(a, b canvas.Hue) float64 {
	p, q := lab(deuteranope(a)), lab(deuteranope(b))
	return math.Hypot(math.Hypot(p[0]-q[0], p[1]-q[1]), p[2]-q[2])
}

// Readers without green cones tell the states apart by colour, or else by pattern or height, and the modes by colour.
func TestDeuteranopia(t *testing.T) {
	const clear = 12 // five times what is just noticeable
	var looks []canvas.Look
	for s := timeline.Running; s < timeline.NumStates; s++ {
		looks = append(looks, lookOf(s))
	}
	for i, a := range looks {
		for _, b := range looks[:i] {
			if d := confused(a.Fill, b.Fill); d < clear && a.Pattern == b.Pattern && a.Height == b.Height {
				t.Errorf("%q and %q are only %.1f apart and look alike otherwise", a.Name, b.Name, d)
			}
		}
	}
	greys := []cause.Cause{cause.Startup, cause.Teardown, cause.Dispatch}
	for i, a := range greys {
		for _, b := range greys[:i] {
			if d := confused(causeLook(a).Fill, causeLook(b).Fill); d < clear {
				t.Errorf("%s and %s are only %.1f apart", a, b, d)
			}
		}
	}
	threads, _ := modeStyle(sweep.Threads, 0)
	procs, _ := modeStyle(sweep.Procs, 0)
	for _, pair := range [][2]canvas.Hue{{threads, procs}, {threads, canvas.Middle}, {procs, canvas.Middle}} {
		if d := confused(pair[0], pair[1]); d < clear {
			t.Errorf("#%06X and #%06X are only %.1f apart", uint32(pair[0]), uint32(pair[1]), d)
		}
	}
	// The measure itself: pure red and a dark olive of the same look to a deuteranope are close, black and white are
	// not.
	if d := confused(0xFFFFFF, 0x000000); d < 99 {
		t.Errorf("black and white are %.1f apart, want 100", d)
	}
	if d := confused(0xB00000, 0x5A5000); d > 30 {
		t.Errorf("red and olive are %.1f apart to a reader who confuses them", d)
	}
}

// Every state is drawn, and none looks like another.
func TestLooks(t *testing.T) {
	type look struct {
		fill    canvas.Hue
		pattern cause.Pattern
	}
	seen := map[look]timeline.State{}
	names := map[string]bool{}
	order := stackOrder()
	if len(order) != int(timeline.NumStates)-1 {
		t.Errorf("%d states are stacked, want all %d but absence", len(order), timeline.NumStates)
	}
	for _, s := range order {
		l := lookOf(s)
		if other, ok := seen[look{l.Fill, l.Pattern}]; ok {
			t.Errorf("states %d and %d look alike", s, other)
		}
		if l.Height <= 0 || l.Name == "" || names[l.Name] {
			t.Errorf("state %d: %+v", s, l)
		}
		seen[look{l.Fill, l.Pattern}] = s
		names[l.Name] = true
	}
}

// A wait looks the same on a timeline as the cause of it in a stack.
func TestStatesLookLikeCauses(t *testing.T) {
	for state, c := range map[timeline.State]cause.Cause{
		timeline.Join: cause.Join, timeline.Dispatch: cause.Dispatch, timeline.Lock: cause.Mutex,
		timeline.Ready: cause.SchedLatency, timeline.Startup: cause.Startup, timeline.Waiting: cause.Sleep,
	} {
		got, want := lookOf(state), causeLook(c)
		got.Name, got.Height, want.Name, want.Height = "", 0, "", 0
		if got != want {
			t.Errorf("state %d looks like %v, its cause %s like %v", state, got, c, want)
		}
	}
}
