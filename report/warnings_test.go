package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
)

// TestBriefWarnings: of ten kinds the terminal gives eight, and the two that qualify figures it does not print are the ones left out.
func TestBriefWarnings(t *testing.T) {
	var all []notice
	for i := range 8 {
		all = append(all, notice{Text: fmt.Sprintf("matters %d", i)})
	}
	all = slices.Insert(all, 2, notice{Text: "critical path of process 0: 3 waits", Minor: true}, notice{Text: "OS scheduler: threads were sampled", Minor: true})
	shown, more := briefWarnings(all)
	if len(shown) != 8 || more != 2 || slices.ContainsFunc(shown, func(s string) bool { return !strings.HasPrefix(s, "matters") }) {
		t.Errorf("%d more than %q", more, shown)
	}
	// With room for one of the minor kinds the first of them stays, in its place.
	shown, more = briefWarnings(all[1:])
	if len(shown) != 8 || more != 1 || shown[1] != "critical path of process 0: 3 waits" {
		t.Errorf("%d more than %q", more, shown)
	}
	if shown, more = briefWarnings(all[:3]); len(shown) != 3 || more != 0 {
		t.Errorf("%d more than %q", more, shown)
	}
}

// TestFewLaunches: three points (the base and 2 workers of pi, 1 and 2 cores of spin; the base is in both lists of warnings) make one line.
func TestFewLaunches(t *testing.T) {
	f := newFake(2)
	f.sweep("pi", "threads", "strong", 3, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 210 * ms, 4 * ms, 400 * ms})
	f.spin() // ten launches each
	r := Build(study.Analyze(f.in))
	n := 0
	for _, w := range r.warned {
		if strings.Contains(w.Text, "too few for an interval") {
			n++
			if want := "2 of 4 points with 3 launches: too few"; !strings.HasPrefix(w.Text, want) {
				t.Errorf("got %q, want %q", w.Text, want)
			}
			if len(w.Details) != 3 { // each point, and the base for the whole curve
				t.Errorf("details %q", w.Details)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d lines", n)
	}
}
