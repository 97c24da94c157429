package report

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/view"
)

// TestFewLaunches: three points (the base and 2 workers of pi, 1 and 2 cores of spin; the base is in both lists of
// warnings) make one line.
func TestFewLaunches(t *testing.T) {
	f := newFake(2)
	f.sweep("pi", "threads", "strong", 3, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 210 * ms, 4 * ms, 400 * ms})
	f.spin() // ten launches each
	n := 0
	for _, w := range view.Notices(study.Analyze(f.in)) {
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
