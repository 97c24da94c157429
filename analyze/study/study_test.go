package study_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/sweep"
)

// analysed is the study of [Example], after its files were changed.
func analysed(t *testing.T, change func(dir string)) *study.Study {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mutex")
	if err := os.CopyFS(dir, os.DirFS("testdata/mutex")); err != nil {
		t.Fatal(err)
	}
	change(dir)
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	return study.Analyze(study.Input{
		Header: s.Header, Results: s.Results, Damage: s.Warnings,
		Explained: study.Explain(s.Results, study.Reading{}, captures.Dir(dir).Open),
	})
}

// kinds are those of the warnings that are about files.
func kinds(s *study.Study) []warning.Kind {
	var out []warning.Kind
	for _, w := range s.Warnings {
		if w.Subject.Name != "" && !slices.Contains(out, w.Kind) {
			out = append(out, w.Kind)
		}
	}
	return out
}

// TestMissingCaptures: without its Go trace a run is explained by the records of the OS scheduler, and without these by
// nothing. The timings stay, and the warnings say what is missing.
func TestMissingCaptures(t *testing.T) {
	const run = "runs/mutex-100-p1-w2-c2-s512-r00-traced"
	remove := func(dir, name string) {
		if err := os.Remove(filepath.Join(dir, run, name)); err != nil {
			t.Error(err)
		}
	}
	whole := analysed(t, func(string) {})
	for _, tt := range []struct {
		name   string
		change func(dir string)
		want   []warning.Kind
		level  ledger.Level // of the ledger at 2 workers; empty: there is none
		mutex  bool         // the wait for the lock is seen
	}{
		{"all", func(string) {}, nil, ledger.Cores, true},
		{
			"no Go trace", func(dir string) { remove(dir, "p0.trace") },
			[]warning.Kind{warning.TraceMissing},
			ledger.Cores, false,
		},
		{
			"no records", func(dir string) { remove(dir, "osched.jsonl.gz") },
			[]warning.Kind{warning.RecordsMissing},
			ledger.Cores, true,
		},
		{
			"neither", func(dir string) { remove(dir, "p0.trace"); remove(dir, "osched.jsonl.gz") },
			[]warning.Kind{warning.RecordsMissing, warning.TraceMissing},
			"", false,
		},
		{
			"a damaged trace", func(dir string) {
				if err := os.Truncate(filepath.Join(dir, run, "p0.trace"), 10); err != nil {
					t.Error(err)
				}
			}, []warning.Kind{warning.TraceDamaged}, ledger.Cores, false,
		},
	} {
		s := analysed(t, tt.change)
		c := &s.Workloads[0].Curves[0]
		if d := cmp.Diff(tt.want, kinds(s)); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
		if got, want := c.Points[1].Speedup, whole.Workloads[0].Curves[0].Points[1].Speedup; got != want {
			t.Errorf("%s: speedup %v, want %v", tt.name, got, want)
		}
		l := c.Figures[1].Ledger()
		switch {
		case tt.level == "":
			if l != nil || c.Figures[1].Shares() != nil || c.Figures[1].Stack != nil ||
				len(s.Workloads[0].Findings) > 0 {
				t.Errorf("%s: ledger %+v, findings %+v", tt.name, l, s.Workloads[0].Findings)
			}
			continue
		case l == nil || l.Level != tt.level || (l.Of(cause.Mutex) > 0) != tt.mutex:
			t.Errorf("%s: ledger %+v", tt.name, l)
			continue
		}
		sum := 0.0
		for _, v := range c.Figures[1].Shares()[0] {
			sum += v
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: shares add up to %v", tt.name, sum)
		}
	}
}
