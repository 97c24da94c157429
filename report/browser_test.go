package report

import (
	"io"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
)

// looks are how pages are looked at: wide and on a phone, light and dark.
var looks = []browsertest.Look{
	{Width: 1280, Height: 800},
	{Width: 1280, Height: 800, Dark: true},
	{Width: 390, Height: 844},
	{Width: 390, Height: 844, Dark: true},
	{Width: 1280, Height: 800, NoScripts: true},
}

// lockedPage is report.html of a study.
func lockedPage(t *testing.T) string {
	t.Helper()
	r := Build(study.Analyze(locked().in))
	pictures := draw(t, r)
	return written(t, func(w io.Writer) error { return r.WriteHTML(w, pictures) })
}

// TestBrowser opens report.html in headless Chromium: the console stays empty, nothing is asked of the network, and
// nothing is wider than the window.
func TestBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	source := lockedPage(t)
	for _, look := range looks {
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, source, look)
			if title := browsertest.Value[string](p, "document.querySelector('h1').textContent"); !strings.Contains(title, "×") {
				t.Errorf("the heading is %q", title)
			}
			if n := browsertest.Value[int](p, "document.querySelectorAll('svg [tabindex=\"0\"]').length"); (n == 0) != look.NoScripts {
				t.Errorf("%d marks can be reached by the keyboard", n)
			}
			if width := browsertest.Value[int](p, "document.documentElement.scrollWidth"); width > look.Width {
				t.Errorf("the page is %d px wide in a window of %d", width, look.Width)
			}
			for _, line := range p.Console() {
				t.Errorf("console: %s", line)
			}
		})
	}
	if n := browser.Requests(); n != 0 {
		t.Errorf("%d requests to the network", n)
	}
	// The test would see it: an error on the console, and an address that is asked for.
	bad := browser.Open(t, `<!DOCTYPE html><title>x</title><script>console.error("seen")</script><img src="http://corecurve.example/x.png">`,
		browsertest.Look{Width: 800, Height: 600})
	if len(bad.Console()) == 0 || browser.Requests() == 0 {
		t.Errorf("a page with an error and a request: console %q, %d requests", bad.Console(), browser.Requests())
	}
}

// TestAccessible has axe-core look at report.html in every look; it finds nothing serious.
func TestAccessible(t *testing.T) {
	axe := browsertest.Axe(t)
	browser := browsertest.Start(t)
	grid := newFake(4)
	grid.grid()
	sources := []string{lockedPage(t), pageOf(t, several()), pageOf(t, grid.in), pageOf(t, full().in)}
	for i, look := range looks {
		if look.NoScripts {
			continue // axe-core is a script
		}
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, sources[i], look)
			unfold(p)
			for _, v := range p.Serious(axe) {
				t.Error(v)
			}
		})
	}
	// The test would see it: a text without contrast.
	bad := browser.Open(t, `<!DOCTYPE html><html lang="en"><title>x</title><main><h1>x</h1><p style="color:#aaa;background:#bbb">pale</p></main>`, looks[0])
	if len(bad.Serious(axe)) == 0 {
		t.Error("a pale text is not found")
	}
}

// TestPrinted prints report.html of one workload, and of two as a run without arguments measures them.
func TestPrinted(t *testing.T) {
	browser := browsertest.Start(t)
	for name, in := range map[string]study.Input{"one workload": full().in, "several": several()} {
		if pdf, sheets := browser.Open(t, pageOf(t, in), looks[0]).Print(); sheets == 0 || sheets > mostSheets {
			t.Errorf("%s: printed on %d sheets (%d bytes of PDF), want at most %d", name, sheets, len(pdf), mostSheets)
		}
	}
}

// mostSheets is how many sheets of paper a report takes.
const mostSheets = 6
