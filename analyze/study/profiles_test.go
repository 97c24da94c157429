package study

import (
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Profiles are held until the report is written. Those of a study that has too many are left out, all of them,
// whichever run was read first; up to the limit they stay.
func TestProfileMemory(t *testing.T) {
	var results []sweep.Result
	for i := range 5 {
		results = append(results, sweep.Result{
			Run: sweep.Run{
				Point: sweep.Point{Workload: "w", Procs: 1, Workers: i + 1, Cores: 1, Size: 1}, Kind: sweep.Traced,
			},
			Status:   sweep.OK,
			Captures: []sweep.Capture{{Kind: sweep.CPUProfile, Path: "runs/x/p0.cpu.pb.gz"}},
		})
	}
	for _, tt := range []struct {
		each int64
		kept int
	}{{limits.StudyProfileMemory / 5, 5}, {limits.StudyProfileMemory/5 + 1, 0}} {
		kept, warnings := 0, 0
		for _, x := range Explain(results, Reading{}, func(*sweep.Result) *captures.Run {
			return &captures.Run{Profiles: []*profile.Profile{{}}, ProfileMemory: tt.each}
		}) {
			kept += len(x.Profiles)
			for _, w := range x.Warnings {
				if strings.Contains(w.Text, "the profiles of the study would take more than 256 MiB of memory") {
					warnings++
				}
			}
		}
		if kept != tt.kept || warnings != 5-tt.kept {
			t.Errorf("%d bytes each: %d profiles are kept, %d warnings", tt.each, kept, warnings)
		}
	}
}
