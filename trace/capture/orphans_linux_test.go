package capture

import (
	"testing"

	"github.com/corecurve/corecurve/trace/capture/orphans"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Whatever is started for a run bears the mark of the tool.
func TestRunIsMarked(t *testing.T) {
	r := newRunner(t)
	marked := []string{"sh", "-c", "test -n \"$" + orphans.Env + "\""}
	p, err := External("marked", sweep.Command{Argv: marked, Prepare: marked, Cleanup: marked})
	if err != nil {
		t.Fatal(err)
	}
	r.programs[sweep.Key{Workload: "marked"}] = p
	res := mustRun(t, r, point("marked", 2, 1, 1, 1), sweep.Timed)
	if res.Status != sweep.OK || len(res.Warnings) > 0 {
		t.Errorf("%s: %s, %q", res.Status, res.Error, res.Warnings)
	}
}
