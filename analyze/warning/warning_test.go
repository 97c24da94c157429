package warning_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/warning"
)

// Thirty warnings about process 3: twenty are kept, and one says that there were more.
func TestFew(t *testing.T) {
	var f warning.Few
	for i := range 30 {
		w := warning.OfProcess(warning.LedgerAgain, 3)
		w.Subject.Worker = i
		f.Add(w, warning.LedgerMore)
	}
	if len(f) != 21 || f[19].Subject.Worker != 19 {
		t.Errorf("%d warnings, the last of them %+v", len(f), f[19:])
	}
	if d := cmp.Diff(warning.OfProcess(warning.LedgerMore, 3), f[len(f)-1]); d != "" {
		t.Error(d)
	}
}

// Warnings are the same if all that they say is, items included.
func TestUnique(t *testing.T) {
	a := warning.Of(warning.Outliers, "w")
	a.Items = []warning.Item{{Rep: 1, Ratio: 2}}
	b := a
	b.Items = []warning.Item{{Rep: 1, Ratio: 3}}
	c := warning.OfProcess(warning.LedgerGap, 0) // of process 0, and not of no process
	d := warning.Warning{Kind: warning.LedgerGap}
	got := warning.Unique([]warning.Warning{a, b, a, c, d, c, b})
	if diff := cmp.Diff([]warning.Warning{a, b, c, d}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnalysis(t *testing.T) {
	if got := warning.NoTrace.Analysis(); got != "trace" {
		t.Errorf("%q", got)
	}
	if got := warning.Recorded.Analysis(); got != "recorded" {
		t.Errorf("%q", got)
	}
}
