package report

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/report/browsertest"
)

// thumbs finds, on a phone, what is pressed and is less than 24 pixels high or lies over something else that is
// pressed, and what scrolls sideways without a sign of it.
const thumbs = `(() => {
	const faults = [], said = (e) => e.textContent.trim().slice(0, 40);
	const all = Array.from(document.querySelectorAll("a, button, summary")).filter((e) => !e.closest("svg") && !e.matches(".skip") && e.checkVisibility());
	const boxes = all.flatMap((e) => Array.from(e.getClientRects(), (r) => ({e, r})));
	for (const {e, r} of boxes) if (r.height < 24) faults.push("low: " + said(e) + " " + r.height);
	boxes.sort((a, b) => a.r.top - b.r.top);
	boxes.forEach((a, i) => {
		for (let k = i + 1; k < boxes.length && boxes[k].r.top < a.r.bottom - 1; k++) {
			const b = boxes[k];
			if (a.e !== b.e && b.r.left < a.r.right - 1 && a.r.left < b.r.right - 1) faults.push("over: " + said(a.e) + " and " + said(b.e));
		}
	});
	for (const e of document.querySelectorAll("body *")) {
		if (e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && !getComputedStyle(e).backgroundImage.includes("gradient")) {
			faults.push("no sign: " + e.className + " " + said(e));
		}
	}
	return faults;
})()`

// TestThumb: on a phone what is pressed is high enough for a thumb and lies over nothing else, the contents are whole,
// and a table that scrolls shows an edge.
func TestThumb(t *testing.T) {
	browser := browsertest.Start(t)
	const scrolled = `Array.from(document.querySelectorAll(".scroll")).filter((s) => s.scrollWidth > s.clientWidth).length`
	source := pageOf(t, full().in)
	for name, source := range map[string]string{"one": source, "several": pageOf(t, several())} {
		p := browser.Open(t, source, looks[2])
		unfold(p)
		for _, f := range browsertest.Value[[]string](p, thumbs) {
			t.Errorf("%s: %s", name, f)
		}
		if browsertest.Value[int](p, scrolled) == 0 {
			t.Errorf("%s: no table scrolls, which shows nothing of signs", name)
		}
		if !browsertest.Value[bool](p, `(() => { const ul = document.querySelector(".contents ul"); return ul.scrollWidth <= ul.clientWidth; })()`) {
			t.Errorf("%s: the contents are cut", name)
		}
	}
	// The test would see it: lists of links without room between them, and an edge without its shade.
	for _, bad := range []struct{ from, to, want string }{
		{"main a { padding-block: .25rem; }", "", "low: "},
		{"main a { padding-block: .25rem; }", "main a { padding-block: 3rem; }", "over: "},
		{".scroll { overflow-x: auto; background: ", ".scroll { overflow-x: auto; --none: ", "no sign: "},
	} {
		if !strings.Contains(source, bad.from) {
			t.Fatalf("there is no %q to break", bad.from)
		}
		broken := strings.NewReplacer(bad.from, bad.to, "http-equiv", "data-policy").Replace(source) // whose style is another
		p := browser.Open(t, broken, looks[2])
		unfold(p)
		if faults := strings.Join(browsertest.Value[[]string](p, thumbs), "\n"); !strings.Contains(faults, bad.want) {
			t.Errorf("with %q no fault %q: %s", bad.to, bad.want, faults)
		}
	}
}
