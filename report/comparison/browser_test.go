package comparison_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/browsertest"
	"github.com/corecurve/corecurve/report/comparison"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// three is a study of two variants that are each compared with the first.
func three() *comparison.Study {
	s := &comparison.Study{
		Said:    []string{"old is revision 0123 of ~/shop (main)", "new is ~/shop", "other is ~/shop2"},
		Reports: []page.Link{{Text: "Report of old", To: "old/report.html"}, {Text: "Report of new", To: "new/report.html"}},
	}
	for i, said := range s.Said {
		name := []string{"old", "new", "other"}[i]
		s.Variants = append(s.Variants, sweep.Variant{Name: name, Kind: sweep.OfFolder})
		if i == 0 {
			continue
		}
		c := example(0.05)
		c.Base, c.New, c.Sides = s.Said[0], said, words.Sides{Base: "old", New: name}
		c.Files = []string{"base.pb.gz", "new.pb.gz"}
		c.Profiles = &compare.Profiles{Pair: &c.Result.Pairs[0], Point: &c.Result.Pairs[0].Points[0]}
		s.Comparisons = append(s.Comparisons, c)
	}
	return s
}

func looks() []browsertest.Look {
	return []browsertest.Look{
		{Width: 1280, Height: 800}, {Width: 390, Height: 844}, {Width: 1280, Height: 800, Dark: true}, {Width: 390, Height: 844, Dark: true},
	}
}

// TestAccessible: axe-core finds nothing serious in the page.
func TestAccessible(t *testing.T) {
	axe, browser := browsertest.Axe(t), browsertest.Start(t)
	source := written(t, three().WriteHTML)
	for _, look := range looks() {
		for _, v := range browser.Open(t, source, look).Serious(axe) {
			t.Errorf("%s: %v", look, v)
		}
	}
}

// TestPage: at a desk and on a phone, light and dark, all texts of the page stand out and are whole, nothing is wider
// than the window, what is pressed is reached by keys, and nothing is asked of any server; links lead to the reports
// beside it.
func TestPage(t *testing.T) {
	browser := browsertest.Start(t)
	source := written(t, three().WriteHTML)
	for _, look := range looks() {
		t.Run(look.String(), func(t *testing.T) {
			p := browser.Open(t, source, look)
			_, walk := p.Tab()
			for what, faults := range map[string][]string{
				"pale": p.Pale(4.5), "cut": p.Cut(), "small": p.Small(11.5), "console": p.Console(), "keys": walk,
			} {
				for _, f := range faults {
					t.Errorf("%s: %s", what, f)
				}
			}
			if n := browsertest.Value[int](p, `Array.from(document.querySelectorAll("figure svg")).filter((e) => e.checkVisibility()).length`); n != 4 {
				t.Errorf("%d pictures: want two of each comparison", n)
			}
			ids := `(() => { const all = Array.from(document.querySelectorAll("[id]"), (e) => e.id); return all.length - new Set(all).size; })()`
			if n := browsertest.Value[int](p, ids); n != 0 {
				t.Errorf("%d identifiers stand twice", n)
			}
			links := browsertest.Value[[]string](p, `Array.from(document.querySelectorAll("a[href$='.html']"), (a) => a.getAttribute("href"))`)
			if len(links) != 2 || links[0] != "old/report.html" {
				t.Errorf("links: %q", links)
			}
		})
	}
	if n := browser.Requests(); n != 0 {
		t.Errorf("%d requests", n)
	}
}
