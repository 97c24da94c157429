package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
)

// several is a page of two workloads, one of them with an account.
func several() study.Input {
	f := full()
	f.fetch()
	return f.in
}

// followAll follows each link of a page from its top, all of it folded but what the link itself stands in, and returns
// those that do not lead to something that is then there to be seen, and how many links there are.
const followAll = `(async () => {
	const links = Array.from(document.querySelectorAll("a")), out = [];
	const folds = Array.from(document.querySelectorAll("details"));
	for (const a of links) {
		for (const d of folds) d.open = d.contains(a) && !(d.querySelector("summary").contains(a));
		history.replaceState(null, "", location.pathname);
		scrollTo(0, 0);
		const fault = (what) => out.push(a.textContent.slice(0, 40) + " (" + a.getAttribute("href") + ") " + what);
		const to = document.getElementById((a.getAttribute("href") || "").slice(1));
		if (!a.matches("[href^='#']") || !to) { fault("leads nowhere"); continue; }
		const went = new Promise((done) => addEventListener("hashchange", done, {once: true}));
		a.click();
		await went;
		const r = to.getBoundingClientRect(), bar = document.querySelector(".contents").getBoundingClientRect().bottom;
		const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
		if (!to.checkVisibility({visibilityProperty: true}) || r.height === 0) fault("leads to what is not shown");
		else if (to.matches("details") && !to.open) fault("leads to what is folded");
		else if (r.top >= innerHeight - 20 || r.bottom <= 0) fault("leads to what is out of view, at " + r.top.toFixed());
		else if (r.top < bar - 4 && !atEnd) fault("leads below the contents: " + r.top.toFixed() + " of " + bar.toFixed());
	}
	return {Links: links.length, Faults: out};
})()`

type followed struct {
	Links  int
	Faults []string
}

// TestFollow: every link leads to something that exists and that is then shown, whatever it is folded into.
func TestFollow(t *testing.T) {
	browser := browsertest.Start(t)
	for _, test := range []struct {
		in   study.Input
		look browsertest.Look
	}{{full().in, wide}, {several(), phone}} {
		t.Run(test.look.String(), func(t *testing.T) {
			p := browser.Open(t, pageOf(t, test.in), test.look)
			got := browsertest.Value[followed](p, followAll)
			if got.Links < 20 {
				t.Errorf("%d links", got.Links)
			}
			for _, fault := range got.Faults {
				t.Error(fault)
			}
			for _, line := range p.Console() {
				t.Errorf("console: %s", line)
			}
		})
	}
	// The test would see it: a link to nothing, and one into a part that its script does not unfold.
	broken := strings.Replace(pageOf(t, full().in), "addEventListener('hashchange', unfold)", "", 1)
	broken = regexp.MustCompile(`href="#host"`).ReplaceAllString(broken, `href="#guest"`)
	broken = strings.Replace(broken, `<figure id="p0">`, `<figure id="p0" hidden>`, 1)
	broken = strings.Replace(broken, `<a href="#raw">`, `<a href="#p0">`, 1)
	got := browsertest.Value[followed](browser.Open(t, broken, wide), followAll)
	for _, want := range []string{"leads nowhere", "leads to what is not shown"} {
		if !slices.ContainsFunc(got.Faults, func(f string) bool { return strings.HasSuffix(f, want) }) {
			t.Errorf("no link %s: %q", want, got.Faults)
		}
	}
}

// TestReturn: what a finding on a first screen links to links back to it.
func TestReturn(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	// By finding, the places that it leads to from which no link leads back.
	lost := browsertest.Value[[]string](p, `(() => {
		const out = [];
		for (const li of document.querySelectorAll("li[id]")) {
			if (!document.querySelector(".screen a[href='#" + li.id + "']")) continue;
			for (const a of li.querySelectorAll(":scope > .links a")) {
				const to = document.getElementById(a.getAttribute("href").slice(1)), place = to.closest("figure, details, .wide"), back = "a[href='#" + li.id + "']";
				if (!place.querySelector(back) && !(place.matches(".wide") && place.nextElementSibling.querySelector(back))) out.push(li.id + " leads to " + to.id + ", its " + a.textContent);
			}
		}
		return out;
	})()`)
	for _, l := range lost {
		t.Errorf("no way back: %s", l)
	}
	if n := browsertest.Value[int](p, `document.querySelectorAll(".screen li > a[href*='-f']").length`); n < 3 {
		t.Errorf("%d findings on first screens", n)
	}
}

// TestFollowWithoutScripts: a link into a folded part unfolds it without scripts as well, and the skip link leads to
// the verdict.
func TestFollowWithoutScripts(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), browsertest.Look{Width: 1280, Height: 800, NoScripts: true})
	to := browsertest.Value[string](p, `(() => {
		const a = document.querySelector(".screen .links a:nth-child(3)");
		a.id = "followed";
		return a.getAttribute("href").slice(1);
	})()`)
	p.Click("#followed")
	browsertest.Wait(p, fmt.Sprintf(`document.getElementById(%q).checkVisibility()`, to))
}

// TestFold: each folded part opens and closes by the keys of its summary.
func TestFold(t *testing.T) {
	p := browsertest.Start(t).Open(t, pageOf(t, full().in), wide)
	n := browsertest.Value[int](p, `(() => { window.folds = Array.from(document.querySelectorAll("details")); return folds.length; })()`)
	if n < 8 {
		t.Fatalf("%d folded parts", n)
	}
	for i := range n {
		const state = `(() => { const d = folds[%d]; return {Open: d.open, Shown: d.lastElementChild.checkVisibility(), Name: d.querySelector("summary").textContent}; })()`
		type fold struct {
			Open, Shown bool
			Name        string
		}
		browsertest.Value[bool](p, fmt.Sprintf(`(() => { const d = folds[%d]; for (let e = d.parentElement; e; e = e.parentElement) if (e.open === false) e.open = true; d.querySelector("summary").focus(); return true; })()`, i))
		was := browsertest.Value[fold](p, fmt.Sprintf(state, i))
		for k, key := range []string{kb.Enter, " "} {
			p.Press(key)
			want := was.Open == (k == 1)
			if got := browsertest.Value[fold](p, fmt.Sprintf(state, i)); got.Open != want || got.Shown != want {
				t.Errorf("%s: after key %q open is %v and what is folded is shown: %v; want %v", got.Name, key, got.Open, got.Shown, want)
			}
		}
	}
}

// TestTab: the Tab key alone passes through all that does something, in order, shows where it is, and is caught
// nowhere, whether parts are folded or not.
func TestTab(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, full().in)
	for _, look := range []browsertest.Look{wide, phone} {
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, source, look)
			if look == phone {
				unfold(p)
			}
			stops, faults := p.Tab()
			if stops < 40 {
				t.Errorf("%d stops", stops)
			}
			for _, f := range faults {
				t.Error(f)
			}
		})
	}
}

// unfold opens all that is folded.
func unfold(p *browsertest.Page) {
	browsertest.Value[int](p, `Array.from(document.querySelectorAll("details"), (d) => { d.open = true; }).length`)
}
