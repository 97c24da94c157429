package browsertest

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed audit.js
var auditSource string

// audit calls a function of audit.js.
func audit[T any](p *Page, call string) T {
	p.t.Helper()
	p.Do(chromedp.Evaluate[chromedp.Void](strings.Replace(auditSource, "const audit =", "globalThis.audit ??=", 1) + ";0"))
	return Value[T](p, "audit."+call)
}

// Pale is the visible texts whose contrast (WCAG 2.1) with what lies under them is below least. Under a text of an SVG
// lie the shapes that are filled before it is set; lines that cross it are not looked at.
func (p *Page) Pale(least float64) []string {
	p.t.Helper()
	return audit[[]string](p, fmt.Sprintf("pale(%v)", least))
}

// Cut is what cannot be seen whole: what goes beyond the window, except where it is scrolled within a part of the page
// that has a name and that keys reach, and texts beyond an element that cuts them off.
func (p *Page) Cut() []string {
	p.t.Helper()
	return audit[[]string](p, "cut()")
}

// Small is the visible texts that are less than least pixels high, those of drawings as they are shown.
func (p *Page) Small(least float64) []string {
	p.t.Helper()
	return audit[[]string](p, fmt.Sprintf("small(%v)", least))
}

// A stop is an element to which the focus went.
type stop struct {
	At     int      `json:"at"`     // among all that the Tab key must reach; −1: it is none of them
	What   string   `json:"what"`   // for messages
	Faults []string `json:"faults"` // of how it shows the focus
}

// Tab presses the Tab key as often as it takes to pass through all that it must reach. It returns how much that is, and
// what is wrong: an element that is not reached, or not in its turn, or that does not show that it has the focus.
func (p *Page) Tab() (stops int, faults []string) {
	p.t.Helper()
	stops = audit[int](p, "watch()")
	p.Press(strings.Repeat(kb.Tab, stops))
	return stops, faultsOf(stops, audit[[]stop](p, "watched()"))
}

func faultsOf(stops int, went []stop) []string {
	var out []string
	next := 0
	for _, s := range went {
		switch {
		case s.At < 0:
			out = append(out, fmt.Sprintf("%s is a stop and does nothing", s.What))
		case s.At != next:
			out = append(out, fmt.Sprintf("%s is number %d and comes after number %d", s.What, s.At, next-1))
		}
		if s.At >= 0 {
			next = s.At + 1
		}
		for _, f := range s.Faults {
			out = append(out, fmt.Sprintf("%s %s", s.What, f))
		}
	}
	for i := range stops {
		if !slices.ContainsFunc(went, func(s stop) bool { return s.At == i }) {
			out = append(out, fmt.Sprintf("number %d of %d is not reached", i, stops))
		}
	}
	return out
}
