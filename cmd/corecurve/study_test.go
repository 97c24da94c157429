package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

// TestStudyOfMainCommand checks the study that the README's main command has written, in the folder that
// CORECURVE_STUDY names. What it asks for holds on a noisy machine of two cores or more: the sharp figures are in the
// report.
func TestStudyOfMainCommand(t *testing.T) {
	dir := os.Getenv("CORECURVE_STUDY")
	if dir == "" {
		t.Skip("CORECURVE_STUDY names no study: .ci/run makes one with the main command")
	}
	b, err := os.ReadFile(filepath.Join(dir, "report", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema string `json:"schema"`
		Curves []struct {
			Workload, Mode string
			Points         []struct {
				N, Runs, Failed int
				Speedup         float64
				MedianS         float64 `json:"median_s"`
				Interval        *struct{ Low, High float64 }
			}
			Verdict struct{ Bound string }
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "corecurve/report/1" || len(doc.Curves) != 4 {
		t.Fatalf("schema %q with %d curves, want corecurve/report/1 with 4", doc.Schema, len(doc.Curves))
	}
	for _, c := range doc.Curves {
		if len(c.Points) != 3 {
			t.Fatalf("%s %s has %d points, want n = 1, 2, 4", c.Workload, c.Mode, len(c.Points))
		}
		for i, p := range c.Points {
			if p.N != 1<<i || p.Runs < 1 || p.Runs > 10 || p.Failed != 0 || p.MedianS <= 0 {
				t.Errorf("%s %s: %+v", c.Workload, c.Mode, p)
			}
			if i > 0 && p.Runs >= 5 && (p.Interval == nil || p.Interval.Low > p.Speedup || p.Interval.High < p.Speedup) {
				t.Errorf("%s %s n=%d: speedup %v lies outside its interval %+v", c.Workload, c.Mode, p.N, p.Speedup, p.Interval)
			}
		}
		// Eight downloads of 50 ms by four workers: 2 × 50 ms against 8 × 50 ms, whatever the cores do.
		if s := c.Points[2].Speedup; c.Workload == "fetch" && (s < 2.5 || s > 4.5) {
			t.Errorf("fetch %s: speedup %v with 4 workers, want nearly 4", c.Mode, s)
		}
		if c.Workload == "fetch" && c.Verdict.Bound != "io-bound" {
			t.Errorf("fetch %s is judged %q, want io-bound", c.Mode, c.Verdict.Bound)
		}
	}
	study, err := sweep.ReadStudy(dir)
	if err != nil || len(study.Warnings) > 0 || study.Header.Stopped == "" {
		t.Errorf("reading the study: %v, warnings %q, stopped %q", err, study.Warnings, study.Header.Stopped)
	}
	for _, r := range study.Results {
		for _, w := range r.Warnings {
			// On a busy machine looking at blocked threads takes longer, and gives way to the run.
			if r.Kind == sweep.Traced && !strings.Contains(w, "sampling takes at most") {
				t.Errorf("%s: %q", r.Dir(), w)
			}
		}
		for _, c := range r.Captures {
			if st, err := os.Stat(filepath.Join(dir, c.Path)); err != nil || st.Size() == 0 {
				t.Errorf("%s: %v", c.Path, err)
			}
		}
	}
}
