package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestPicturesLeftOut: of many workloads those that lose most have all their pictures and the next their curves, which
// is said. Here each has four: a curve, a timeline and two of the cores; none has a stack.
func TestPicturesLeftOut(t *testing.T) {
	f := newFake(2)
	for i := range 150 {
		f.sweep(fmt.Sprintf("w%d", i), "threads", "strong", 1, spot{1, 400 * ms, 4 * ms, 396 * ms},
			spot{2, time.Duration(210+100*i) * ms, 4 * ms, 400 * ms})
	}
	f.in.Resamples = 10
	r := Build(study.Analyze(f.in))
	lead := map[string]bool{}
	var rest []string
	for _, p := range r.Figures() {
		if p.Place == view.Lead {
			lead[p.Workload] = true
		} else if !slices.Contains(rest, p.Workload) {
			rest = append(rest, p.Workload)
		}
	}
	if n := len(r.Figures()); n != 1+32*1+8*3 || len(lead) != 33 || lead["w100"] || !lead["w130"] {
		t.Errorf("%d pictures, %d of them curves", n, len(lead))
	}
	slices.Sort(rest) // the times of some meet
	if d := cmp.Diff([]string{"w142", "w143", "w144", "w145", "w146", "w147", "w148", "w149"}, rest); d != "" {
		t.Error(d)
	}
	const want = "the 8 workloads that lose most core time have all their pictures, of the next 24 there are the curve and where " +
		"the cores go; 544 pictures are left out, and the tables have the figures of all"
	if got := r.Document.Warnings[len(r.Document.Warnings)-1]; got != want {
		t.Errorf("%q", got)
	}
	if got := r.View.Overview.Drawn; got != "T"+want[1:]+"." {
		t.Errorf("%q", got)
	}
}
