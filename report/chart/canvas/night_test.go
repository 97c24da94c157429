package canvas

import (
	"slices"
	"strings"
	"testing"
)

// TestNightContrast: texts and marks can be told from the ground by day and by night (WCAG 2.1, 1.4.3 and 1.4.11).
func TestNightContrast(t *testing.T) {
	night := func(h Hue) Hue {
		i := slices.IndexFunc(Shades(), func(s Shade) bool { return s.Day == h })
		if i < 0 {
			return h
		}
		return Shades()[i].Night
	}
	hues := []Hue{Blue, Vermillion, Green, Yellow, Purple, Sky, Orange, Black, Dark, Charcoal, Muted, Middle, Brown, Ceiling}
	for _, h := range hues {
		for what, of := range map[string]struct {
			hue   Hue
			least float64
		}{
			"text": {h.Readable(), 4.5}, "text of a mark": {h.Visible().Readable(), 4.5}, "mark": {h.Visible(), 3},
		} {
			if c := of.hue.Contrast(White); c < of.least {
				t.Errorf("%s of %s: %s has a contrast of %.2f by day, want %v", what, h, of.hue, c, of.least)
			}
			if c := night(of.hue).Contrast(NightGround); c < of.least {
				t.Errorf("%s of %s: %s has a contrast of %.2f by night, want %v", what, h, night(of.hue), c, of.least)
			}
		}
	}
	// The figure in a bar, and cells whose colours stay.
	if c := night(White).Contrast(night(Deep)); c < 4.5 {
		t.Errorf("white on the speedup by night: %.2f", c)
	}
	if night(Ink) != Ink {
		t.Errorf("%s changes by night", Ink)
	}
}

// Every colour is changed once, as the rule of one attribute must not meet that of another.
func TestNightCSS(t *testing.T) {
	seen := map[Hue]bool{}
	for _, s := range Shades() {
		if seen[s.Day] {
			t.Errorf("%s is changed twice", s.Day)
		}
		seen[s.Day] = true
	}
	css := NightCSS()
	for _, want := range []string{
		`svg [fill="#ffffff"]{fill:#14171b}`, `svg [stroke="#1a1a1a"]{stroke:#e4e8ec}`,
	} {
		if !strings.Contains(css, want+"\n") {
			t.Errorf("no %s in\n%s", want, css)
		}
	}
}
