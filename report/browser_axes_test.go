package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/corecurve/corecurve/report/browsertest"
)

// TestAxes: a curve can be looked at on logarithmic and on linear axes, by a click and by keys, wide and on a phone;
// what the button and the axes say agrees, and the marks of both say the same.
func TestAxes(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, full().in)
	type axes struct {
		Pressed, Button string
		Shown           int    // drawings of the curve
		Log             bool   // its axes say that they are logarithmic
		Marks           string // all that its marks say
	}
	const read = `(() => {
		const f = document.querySelector("#p0"), svg = Array.from(f.querySelectorAll("svg")).filter((e) => e.checkVisibility());
		const b = f.querySelector(".second + .tools button");
		return {
			Pressed: b.getAttribute("aria-pressed"), Button: b.textContent, Shown: svg.length, Log: /log scale/.test(svg[0].textContent),
			Marks: Array.from(svg[0].querySelectorAll("[aria-roledescription=mark]"), (m) => m.getAttribute("aria-label")).sort().join("\n"),
		};
	})()`
	for _, look := range []browsertest.Look{wide, phone} {
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, source, look)
			first := browsertest.Value[axes](p, read)
			if first.Pressed != "false" || first.Shown != 1 || !first.Log || !strings.Contains(first.Button, "linear") {
				t.Errorf("at first %+v", first)
			}
			p.Click("#p0 .second + .tools button")
			other := browsertest.Value[axes](p, read)
			if other.Pressed != "true" || other.Shown != 1 || other.Log || other.Marks != first.Marks {
				t.Errorf("after a click %+v, at first %+v", other, first)
			}
			if faults := append(p.Pale(4.5), append(p.Cut(), p.Small(11.5)...)...); len(faults) > 0 {
				t.Errorf("on other axes: %q", faults)
			}
			for _, key := range []string{kb.Enter, " ", kb.Enter} {
				p.Press(key)
			}
			if back := browsertest.Value[axes](p, read); back != first {
				t.Errorf("back again %+v, at first %+v", back, first)
			}
			for _, line := range p.Console() {
				t.Errorf("console: %s", line)
			}
		})
	}
}

// TestSwitchedLegend: what a legend switches off is off on the other axes too, or can be switched off there by itself.
func TestSwitchedLegend(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	for _, axes := range []string{".drawing", ".second .drawing"} {
		const key = `#p0 > %s .broad .key[data-series=threads]`
		if axes != ".drawing" {
			p.Click("#p0 .second + .tools button")
		}
		p.Click(fmt.Sprintf(key, axes))
		const shown = `Array.from(document.querySelectorAll("#p0 > %s .broad [data-series=threads]:not(.key)")).filter((e) => e.getClientRects().length).length`
		if n := browsertest.Value[int](p, fmt.Sprintf(shown, axes)); n != 0 {
			t.Errorf("%s: %d parts are shown", axes, n)
		}
	}
}
