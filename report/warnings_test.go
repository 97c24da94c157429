package report

import (
	"fmt"
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

// TestPicturesLeftOut: a report has 256 pictures, those that stand nearest to the top, and says how many it leaves out.
func TestPicturesLeftOut(t *testing.T) {
	f := newFake(2)
	for i := range 150 {
		f.sweep(fmt.Sprintf("w%d", i), "threads", "strong", 1, spot{1, 400 * ms, 4 * ms, 396 * ms}, spot{2, 210 * ms, 4 * ms, 400 * ms})
	}
	f.in.Resamples = 10
	r := Build(study.Analyze(f.in))
	lead := 0
	for _, p := range r.Figures() {
		if p.Place == view.Lead {
			lead++
		}
	}
	if n := len(r.Figures()); n != 256 || lead != 151 {
		t.Errorf("%d pictures, %d of them curves", n, lead)
	}
	const want = "345 of 601 pictures are left out of the report, which has room for 256"
	last := r.View.Warnings[len(r.View.Warnings)-1].Text
	if !strings.HasPrefix(last, want) || !strings.HasPrefix(r.Document.Warnings[len(r.Document.Warnings)-1], want) {
		t.Errorf("%q", last)
	}
}
