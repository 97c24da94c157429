package browsertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/report/browsertest"
)

// page is a page with so much in its head and body.
func page(style, body string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><title>x</title><style>body { margin: 0; background: #fff; color: #000 }
:focus-visible { outline: 3px solid #00f } %s</style><body>%s</body></html>`, style, body)
}

// TestAudits holds each audit to faults that it must see, and to what is none.
func TestAudits(t *testing.T) {
	browser, look := browsertest.Start(t), browsertest.Look{Width: 400, Height: 300}
	shared := browser.Open(t, page("", ""), look) // written anew for each: that is quicker than opening it
	// A pixel of grey, #888.
	const grey = "data:image/gif;base64,R0lGODlhAQABAIAAAIiIiP///ywAAAAAAQABAAACAkQBADs="
	svg := func(inner string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" height="100">` + inner + `</svg>`
	}
	pale := func(p *browsertest.Page) []string { return p.Pale(4.5) }
	small := func(p *browsertest.Page) []string { return p.Small(12) }
	for _, test := range []struct {
		name, style, body string
		find              func(*browsertest.Page) []string
		want              []string // a part of each fault; none: there is none
	}{
		{"black on white", "", `<p>text</p>`, pale, nil},
		{"grey on white", "p { color: #888 }", `<p>text</p>`, pale, []string{`"text" 136,136,136 on 255,255,255`}},
		{"on the ground of an ancestor", "section { background: #666 }", `<section><p>text</p></section>`, pale, []string{"on 102,102,102"}},
		{"translucent", "p { opacity: .4 }", `<p>text</p>`, pale, []string{"text"}},
		{"hidden", "p { color: #888 }", `<p hidden>text</p><details><summary>more</summary><p>text</p></details>`, pale, nil},
		{"made by the style", "p::after { content: 'x'; color: #aaa }", `<p>text</p>`, pale, []string{"170,170,170"}},
		{"text over a dark box", "", svg(`<rect width="100" height="100" fill="#222"/><text x="5" y="50" fill="#eee">text</text>`), pale, nil},
		{"dark text over it", "", svg(`<rect width="100" height="100" fill="#222"/><text x="5" y="50">text</text>`), pale, []string{"0,0,0 on 34,34,34"}},
		{"half over it", "", svg(`<rect width="20" height="100" fill="#222"/><text x="5" y="50">longer</text>`), pale, []string{"0,0,0 on 34,34,34"}},
		{"under a later box", "", svg(`<text x="5" y="50">text</text><rect width="100" height="100" fill="#222"/>`), pale, nil},
		{"over a light box in it", "", svg(`<rect width="100" height="100" fill="#222"/><rect x="2" y="30" width="90" height="30" fill="#fff"/><text x="5" y="50">text</text>`), pale, nil},
		{"over an image", "", svg(`<image width="100" height="100" href="` + grey + `"/><text x="5" y="50" fill="#fff">text</text>`), pale, []string{"255,255,255 on 136,136,136"}},
		{"turned", "", svg(`<rect width="30" height="100" fill="#222"/><text transform="matrix(0 -1 1 0 20 90)">text</text>`), pale, []string{"0,0,0 on 34,34,34"}},

		{"fits", "", `<p>text</p>`, (*browsertest.Page).Cut, nil},
		{"too wide", "p { width: 500px }", `<p>text</p>`, (*browsertest.Page).Cut, []string{"<p> goes from 0 to 500 of 400"}},
		{"cut off", "p { width: 100px; overflow: hidden; white-space: nowrap }", `<p>a text that is longer than there is room for</p>`, (*browsertest.Page).Cut, []string{"is cut by <p>"}},
		{"scrolled, named", "div { overflow-x: auto } p { width: 500px }", `<div tabindex="0" role="region" aria-label="wide"><p>text</p></div>`, (*browsertest.Page).Cut, nil},
		{"scrolled, without a name", "div { overflow-x: auto } p { width: 500px }", `<div tabindex="0"><p>text</p></div>`, (*browsertest.Page).Cut, []string{"<p> goes"}},
		{"scrolled, not by keys", "div { overflow-x: auto } p { width: 500px }", `<div role="region" aria-label="wide"><p>text</p></div>`, (*browsertest.Page).Cut, []string{"<p> goes"}},
		{"text beyond a drawing", "", svg(`<text x="180" y="50">longer</text>`), (*browsertest.Page).Cut, []string{"is cut by <svg>"}},

		{"large", "", `<p>text</p>`, small, nil},
		{"small", "p { font-size: 11px }", `<p>text</p>`, small, []string{"11.0 px"}},
		{"shrunk", "", `<svg viewBox="0 0 400 100" width="200"><text y="50" font-size="20">text</text></svg>`, small, []string{"10.0 px"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := page(test.style, test.body)
			browsertest.Value[bool](shared, fmt.Sprintf("(document.open(), document.write(%q), document.close(), true)", source))
			got := test.find(shared)
			compare(t, got, test.want)
		})
	}
}

// TestTab holds the walk by the Tab key to faults that it must see.
func TestTab(t *testing.T) {
	browser := browsertest.Start(t)
	for _, test := range []struct {
		name, style, body string
		want              []string // a part of each fault; none: there is none
	}{
		{"in turn", "", `<a href="#x">a</a><button>b</button><details><summary>c</summary><a href="#y">d</a></details>`, nil},
		{"without outline", "button { outline: none !important }", `<a href="#x">a</a><button>b</button>`, []string{`"b" has no outline`}},
		{"with a pale outline", ":focus-visible { outline-color: #eee }", `<button>b</button>`, []string{`"b" has a pale outline`}},
		{"out of view", "button { position: fixed; top: -99px }", `<button>b</button>`, []string{`"b" is out of view`}},
		{"out of turn", "", `<button>a</button><button tabindex="2">b</button>`, []string{`"b" is number 1`, `"a" is number 0 and comes after number 1`}},
		{"a drawing that listens", "", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg><button>a</button><script>document.querySelector("svg").addEventListener("focusin", () => {})</script>`, []string{"is a stop and does nothing", "number 0 of 1 is not reached"}},
		{"a trap", "", `<button>a</button><button id="trap">b</button><button>c</button><script>document.getElementById("trap").addEventListener("keydown", (e) => e.preventDefault())</script>`, []string{"number 2 of 3 is not reached"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, got := browser.Open(t, page(test.style, test.body), browsertest.Look{Width: 400, Height: 300}).Tab()
			compare(t, got, test.want)
		})
	}
}

// compare compares faults with a part of each; none: there is none.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	for i, w := range want {
		if i >= len(got) || !strings.Contains(got[i], w) {
			t.Errorf("lacks %q: %q", w, got)
		}
	}
	if len(want) == 0 && len(got) > 0 {
		t.Errorf("%q", got)
	}
}
