package report

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/report/browsertest"
)

// TestReadable: in every look all texts stand out from what lies under them, by a contrast of 4.5, are 12 pixels high,
// and are not cut off; nothing is wider than the window, and at a desk no table is wider than its place.
func TestReadable(t *testing.T) {
	browser := browsertest.Start(t)
	sources := []string{pageOf(t, full().in), pageOf(t, several())}
	for i, look := range looks {
		if look.NoScripts {
			continue // what it shows beside is less, and the same
		}
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, sources[i/2%2^i%2], look) // each is looked at wide and narrow, light and dark
			unfold(p)
			for what, faults := range map[string][]string{"pale": p.Pale(4.5), "cut": p.Cut(), "small": p.Small(11.5)} {
				for _, f := range faults {
					t.Errorf("%s: %s", what, f)
				}
			}
			if look.Width < 1280 {
				return
			}
			for _, label := range browsertest.Value[[]string](p, `Array.from(document.querySelectorAll(".scroll")).filter((s) => s.scrollWidth > s.clientWidth).map((s) => s.ariaLabel)`) {
				t.Errorf("the table %q is wider than its place", label)
			}
		})
	}
}

// TestPhone: on a phone verdict, recommendation, curve and findings come first, and then the efficiencies, which at a
// desk stand beside the curve.
func TestPhone(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, full().in)
	const tops = `["h1", ".verdict", ".screen .narrow svg", ".screen ol", ".screen figure.narrow svg"].map((s) => {
		const e = Array.from(document.querySelectorAll(s)).find((e) => e.checkVisibility());
		return e ? e.getBoundingClientRect().top : -1;
	})`
	at := browsertest.Value[[]float64](browser.Open(t, source, phone), tops)
	for i, y := range at {
		if y < 0 || i > 0 && y <= at[i-1] {
			t.Errorf("from the top: %v", at)
		}
	}
	if at := browsertest.Value[[]float64](browser.Open(t, source, wide), tops); at[4] >= 0 {
		t.Errorf("at a desk the efficiencies stand twice: %v", at)
	}
}

// TestStates: texts stand out where the reader has been: at the target of a link, under the pointer, and at an entry of
// a legend that is switched off.
func TestStates(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, full().in)
	for _, look := range looks[:2] {
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, source, look)
			unfold(p)
			browsertest.Value[int](p, `Array.from(document.querySelectorAll(".broad .key[role=button]"), (k) => k.dispatchEvent(new MouseEvent("click", {bubbles: true}))).length`)
			for _, to := range []string{"#w1-f1", "#w1-c1-r1", "#n0", "#host"} {
				browsertest.Value[bool](p, `new Promise((done) => { addEventListener("hashchange", () => done(true), {once: true}); location.hash = "`+to+`"; })`)
				p.Hover("tbody tr:nth-child(2) td")
				for _, f := range p.Pale(4.5) {
					t.Errorf("at %s: %s", to, f)
				}
			}
		})
	}
}

// texts are all texts of the page, whether folded or not, without what the script adds.
const texts = `(() => {
	const copy = document.body.cloneNode(true);
	for (const e of copy.querySelectorAll("script, .tools, .hint, svg title")) e.remove();
	return copy.textContent.replace(/\s+/g, " ").trim();
})()`

// TestWithoutScripts: all of the text is there without scripts, and nothing that does nothing.
func TestWithoutScripts(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, full().in)
	with, without := browser.Open(t, source, wide), browser.Open(t, source, browsertest.Look{Width: 1280, Height: 800, NoScripts: true})
	a, b := browsertest.Value[string](with, texts), browsertest.Value[string](without, texts)
	if a != b || len(a) < 2000 {
		t.Errorf("with scripts %d bytes of text, without %d", len(a), len(b))
	}
	const dead = `Array.from(document.querySelectorAll("button, [role=button], [aria-pressed], [aria-sort], [role=tooltip], .tools, input, select, svg [tabindex]"), (e) => e.outerHTML.slice(0, 80))`
	for _, e := range browsertest.Value[[]string](without, dead) {
		t.Errorf("without scripts there is %s", e)
	}
	if len(browsertest.Value[[]string](with, dead)) < 20 {
		t.Error("with scripts there are no controls")
	}
	// What a mark says is its title, which the browser shows.
	if n := browsertest.Value[int](without, `document.querySelectorAll(".broad svg g > title").length`); n < 20 {
		t.Errorf("%d titles", n)
	}
}

// TestPaper: on paper stand the verdict, the curve, the findings, the stack, the table, the timeline, what to know
// before relying on it, host and method, and the names of what is folded; no controls, and nothing wider than the
// sheet.
func TestPaper(t *testing.T) {
	browser := browsertest.Start(t)
	p := browser.Open(t, pageOf(t, full().in), looks[1]) // of a reader who has it dark
	p.Media("print")
	shown := browsertest.Value[string](p, "document.body.innerText")
	for _, want := range []string{
		"pi: 1.9× with 4 workers on 2 cores", "Does pi get faster", "Recommended: ", "waiting for a lock", "speedup (interval)", "4 timed runs were noisy", "AMD EPYC 7B13",
		"Findings", "Timelines", "Laws", "POP efficiencies",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("on paper is no %q", want)
		}
	}
	for _, not := range []string{"Copy as CSV", "Skip to the verdict"} {
		if strings.Contains(shown, not) {
			t.Errorf("on paper is %q", not)
		}
	}
	if n := browsertest.Value[int](p, `Array.from(document.querySelectorAll("figure svg")).filter((e) => e.checkVisibility()).length`); n != 3 {
		t.Errorf("%d pictures: want the curve, the stack and the timeline", n)
	}
	if ground := browsertest.Value[string](p, "getComputedStyle(document.body).backgroundColor"); ground != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s", ground)
	}
}

// mostBytes is how large a page of a default run may be.
const mostBytes = 3 << 20

// TestOnce: a page of what a run without arguments measures is small, and the same each time.
func TestOnce(t *testing.T) {
	first := pageOf(t, several())
	if len(first) > mostBytes {
		t.Errorf("%d bytes", len(first))
	}
	if again := pageOf(t, several()); again != first {
		t.Error("drawn again it is another")
	}
}
