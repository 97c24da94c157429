package main

import (
	"encoding/json"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

// TestStudyOfMainCommand checks the study that the README's main command has written, in the folder that
// CORECURVE_STUDY names. What it asks for holds on any machine, of the fetches on one that does not do much else: the
// sharp figures are in the report.
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
				N, Runs, Failed, Noisy int
				Speedup                float64
				MedianS                float64 `json:"median_s"`
				Interval               *struct{ Low, High float64 }
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
	study, err := sweep.ReadStudy(dir)
	if err != nil || len(study.Warnings) > 0 || study.Header.Stopped == "" {
		t.Fatalf("reading the study: %v, warnings %q, stopped %q", err, study.Warnings, study.Header.Stopped)
	}
	cpus := len(study.Header.Host.CPUs)
	for _, c := range doc.Curves {
		if want := bits.Len(uint(2 * cpus)); len(c.Points) != want {
			t.Fatalf("%s %s has %d points, want %d: n = 1, 2, 4 … twice the %d CPUs", c.Workload, c.Mode, len(c.Points), want, cpus)
		}
		quiet := true
		for i, p := range c.Points {
			quiet = quiet && 2*p.Noisy < p.Runs
			if p.N != 1<<i || p.Runs < 1 || p.Runs > 10 || p.Failed != 0 || p.MedianS <= 0 {
				t.Errorf("%s %s: %+v", c.Workload, c.Mode, p)
			}
			if i > 0 && p.Runs >= 5 && (p.Interval == nil || p.Interval.Low > p.Speedup || p.Interval.High < p.Speedup) {
				t.Errorf("%s %s n=%d: speedup %v lies outside its interval %+v", c.Workload, c.Mode, p.N, p.Speedup, p.Interval)
			}
		}
		if c.Workload != "fetch" {
			continue
		}
		if !quiet {
			t.Logf("fetch %s: not asserted: most runs of a point were noisy: %+v", c.Mode, c.Points)
			continue
		}
		// Eight downloads of 50 ms by four workers: 2 × 50 ms against 8 × 50 ms, whatever the cores do; by two 4 × 50 ms.
		at := min(2, len(c.Points)-1)
		if s, ideal := c.Points[at].Speedup, float64(int(1)<<at); s < 0.6*ideal || s > 1.15*ideal {
			t.Errorf("fetch %s: speedup %v with %v workers, want nearly as much", c.Mode, s, ideal)
		}
		if c.Verdict.Bound != "io-bound" {
			t.Errorf("fetch %s is judged %q, want io-bound", c.Mode, c.Verdict.Bound)
		}
	}
	for _, r := range study.Results {
		for _, w := range r.Warnings {
			// On a busy machine looking at blocked threads takes longer, and gives way to the run, and records may be lost.
			if r.Kind == sweep.Traced && !strings.HasPrefix(w, "OS scheduler: ") {
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
