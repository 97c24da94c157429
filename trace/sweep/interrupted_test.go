package sweep_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

// An interrupted run does not count, and leaves its name to the run that is made instead. One that is said to be good
// and to have failed is neither.
func TestReadStudyInterrupted(t *testing.T) {
	dir := newStudy(t, 1)
	_, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	stopped, late := result(1), result(2)
	stopped.Status, stopped.Error = sweep.Interrupted, "corecurve was stopped"
	late.Error = "no result within 1 s"
	for _, r := range []*sweep.Result{stopped, result(1), late} {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]sweep.Result{*result(0), *result(1)}, s.Results); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]sweep.Result{*stopped}, s.Interrupted); d != "" {
		t.Error(d)
	}
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "line 4 was skipped") ||
		!strings.Contains(s.Warnings[0], late.Error) {
		t.Errorf("warnings %q, want one of line 4: an interrupted run is no damage", s.Warnings)
	}
}
