package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
	"github.com/corecurve/corecurve/report/words"
)

// Most is tried in the look of a reader at a desk, and much in that of one with a phone.
var (
	wide  = browsertest.Look{Width: 1280, Height: 800}
	phone = browsertest.Look{Width: 390, Height: 844, Dark: true}
)

// hint is what the tooltip says; empty: it is not shown, or not in the window.
const hint = `(() => {
	const e = document.querySelector(".hint"), r = e.getBoundingClientRect();
	return r.width && r.left >= 0 && r.top >= 0 && r.right <= innerWidth && r.bottom <= innerHeight ? e.textContent : "";
})()`

// marked selects the marks of the drawings that are shown in a wide window whose words begin so.
func marked(begin string) string {
	return fmt.Sprintf(`.broad [aria-roledescription=mark][aria-label^="%s"]`, begin)
}

// TestHover: over the mark of a point the tooltip has its speedup, interval and number of runs; over a part of a
// speedup stack the cause, what it takes and its share. Beside the marks there is none.
func TestHover(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	lacks := func(mark string, want ...string) {
		t.Helper()
		p.Hover(marked(mark))
		said := browsertest.Value[string](p, hint)
		for _, w := range want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: the tooltip lacks %q: %q", mark, w, said)
			}
		}
	}
	r := Build(study.Analyze(full().in))
	segments := 0
	for i := range r.View.Workloads[0].Curves {
		c := &r.View.Workloads[0].Curves[i]
		for at, point := range c.Points {
			want := []string{words.Ratio(point.Speedup) + "×", fmt.Sprintf("of %d runs", point.Runs), words.Plain(words.Duration(point.Median))}
			if at != c.Base {
				want = append(want, fmt.Sprintf("%s to %s)", words.Ratio(point.Interval.Low), words.Ratio(point.Interval.High)))
			}
			lacks(fmt.Sprintf("%s, n = %d: ", c.Label, point.N), want...)
			for _, row := range r.Document.Curves[i].Points[at].Stack {
				mark := fmt.Sprintf("%s, n = %d: %s ", c.Label, point.N, words.Cause(row.Cause))
				if browsertest.Value[bool](p, fmt.Sprintf("document.querySelector(%q) !== null", marked(mark))) { // not among the small ones
					lacks(mark, words.Ratio(row.Speedup)+"×", "% of what is lost")
					segments++
				}
			}
		}
	}
	if segments < 6 {
		t.Errorf("%d parts of stacks", segments)
	}
	p.Hover("h1")
	if said := browsertest.Value[string](p, hint); said != "" {
		t.Errorf("beside the marks the tooltip says %q", said)
	}
}

// TestWalk: keys walk along a series and to the next, with the tooltip; each mark of each drawing can be walked to.
func TestWalk(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	browsertest.Value[bool](p, fmt.Sprintf("document.querySelector(%q).focus() === undefined", marked("threads, n = 1: ")))
	said := func() string { t.Helper(); return browsertest.Value[string](p, hint) }
	walk := func(key, want string) {
		t.Helper()
		p.Press(key)
		if got := said(); !strings.HasPrefix(got, want) {
			t.Errorf("the tooltip says %q, want %q", got, want)
		}
	}
	walk(kb.ArrowRight, "threads, n = 2: ")
	walk(kb.ArrowRight, "threads, n = 4: ")
	walk(kb.ArrowLeft, "threads, n = 2: ")
	walk(kb.ArrowDown, "processes, n = 2: ")
	walk(kb.ArrowLeft, "processes, n = 1: ")
	if p.Press(kb.Escape); said() != "" {
		t.Errorf("after Escape the tooltip says %q", said())
	}

	lost := browsertest.Value[[]string](p, `(() => {
		const out = [];
		for (const d of document.querySelectorAll("details")) d.open = true;
		for (const svg of document.querySelectorAll(".broad svg")) {
			if (!svg.checkVisibility()) continue;
			const marks = Array.from(svg.querySelectorAll("[aria-roledescription=mark]")).filter((m) => m.getClientRects().length);
			if (svg.querySelectorAll("[tabindex='0']").length !== svg.querySelectorAll(".key[tabindex='0']").length + Math.min(1, marks.length)) out.push("more than one mark by Tab");
			const met = new Set(marks.slice(0, 1)), queue = [...met];
			for (let m; (m = queue.pop());) {
				for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]) {
					m.focus();
					m.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
					const to = document.activeElement;
					if (!met.has(to)) { met.add(to); queue.push(to); }
				}
			}
			for (const m of marks) if (!met.has(m)) out.push(svg.getAttribute("aria-label").slice(0, 60) + ": " + m.getAttribute("aria-label"));
		}
		return out;
	})()`)
	for _, m := range lost {
		t.Errorf("no keys lead to %s", m)
	}
}

// TestLegend: an entry of a legend, clicked or pressed by keys, takes its series away and brings it back as it was.
func TestLegend(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	const number = `Array.from(document.querySelectorAll(".broad .key[role=button]")).filter((e) => e.checkVisibility()).map((e, i) => { e.id = "key" + i; return e.getAttribute("data-series"); })`
	keys := browsertest.Value[[]string](p, number)
	if len(keys) < 6 {
		t.Fatalf("entries %q", keys)
	}
	type state struct {
		Pressed string
		Shown   int    // elements of the series
		SVG     string // all of the drawing
	}
	look := func(i int) state {
		t.Helper()
		return browsertest.Value[state](p, fmt.Sprintf(`(() => {
			const key = document.getElementById("key%d"), name = key.getAttribute("data-series"), svg = key.closest("svg");
			const of = Array.from(svg.querySelectorAll("[data-series]")).filter((e) => e.getAttribute("data-series") === name && !e.closest(".key"));
			return {Pressed: key.getAttribute("aria-pressed"), Shown: of.filter((e) => e.getClientRects().length).length, SVG: svg.outerHTML};
		})()`, i))
	}
	for i, name := range keys {
		before := look(i)
		if before.Pressed != "true" || before.Shown == 0 {
			t.Errorf("%s: pressed %s, %d parts are shown", name, before.Pressed, before.Shown)
		}
		press := func() { p.Click(fmt.Sprintf("#key%d", i)) }
		if i%2 == 1 {
			browsertest.Value[bool](p, fmt.Sprintf(`document.getElementById("key%d").focus() === undefined`, i))
			press = func() { p.Press([]string{" ", kb.Enter}[i/2%2]) }
		}
		press()
		if off := look(i); off.Pressed != "false" || off.Shown != 0 {
			t.Errorf("%s, switched off: pressed %s, %d parts are shown", name, off.Pressed, off.Shown)
		}
		press()
		if on := look(i); on.SVG != before.SVG {
			t.Errorf("%s, switched off and on: the drawing is not as it was", name)
		}
	}
	for _, line := range p.Console() {
		t.Errorf("console: %s", line)
	}
}
