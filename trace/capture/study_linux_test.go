package capture

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/sweep"
)

// begun is a study of one point under a budget of an hour. Nothing in these tests takes more than seconds, so how fast
// the machine is decides nothing.
func begun(t *testing.T, task Task, used time.Duration) *measuring {
	task.Sweeps = []sweep.Sweep{{
		Workload: "naps", Mode: sweep.Threads,
		Points: []sweep.Point{point("naps", 1, 1, 1, 1)},
	}}
	task.Rule.Budget = sweep.Seconds(time.Hour)
	m := newRunner(t).measuring(task, nil)
	m.start = m.start.Add(-used)
	return m
}

// Traced blocks are made as far as the budget goes, and the first in any case.
func TestTracedUnderBudget(t *testing.T) {
	tests := []struct {
		name string
		used time.Duration // of an hour
		last time.Duration // that a traced block took
		want int
	}{
		{"there is time", 30 * time.Minute, time.Minute, 3},
		{"another would end too late", 30 * time.Minute, 40 * time.Minute, 1},
		{"none is left", 90 * time.Minute, time.Minute, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := begun(t, Task{Traced: 3}, tt.used)
			for n := range 3 {
				if err := m.trace(t.Context(), n, n+1); err != nil {
					t.Fatal(err)
				}
				m.last[sweep.Traced] = tt.last
			}
			got := 0
			for _, r := range m.end.Results {
				if r.Kind != sweep.Traced || r.Rep != got || r.Status != sweep.OK {
					t.Errorf("%s is %s", r.Dir(), r.Status)
				}
				got++
			}
			if got != tt.want || m.traced != tt.want {
				t.Errorf("%d traced runs, counted as %d, want %d", got, m.traced, tt.want)
			}
		})
	}
}

// A study spreads the traced runs that it is asked for over its blocks, and makes its runs in the order of its plan.
func TestMeasureTraces(t *testing.T) {
	task := Task{Sweeps: sweeps("naps"), Traced: 3, Rule: sweep.Rule{MinRuns: 4, MaxRuns: 4}}
	end, err := newRunner(t).Measure(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	var made sweep.Plan
	for i, res := range planned(end.Results) {
		made = append(made, res.Run)
		if i%2 == 0 { // two points in each block
			got += string(res.Kind) + " "
		}
	}
	if want := "timed traced timed timed traced timed traced "; got != want ||
		!strings.HasPrefix(end.Why, "4 runs of every point were made, as asked") {
		t.Errorf("runs %s(%s), want %s", got, end.Why, want)
	}
	if _, plan := task.Plan(); !slices.Equal(plan, made) {
		t.Errorf("(-planned +made):\n%s", cmp.Diff(plan, made))
	}
}

// planned returns the results but those of blocks that were made again, because other programs took the cores from one.
func planned(results []sweep.Result) (out []sweep.Result) {
	for _, r := range results {
		if r.Replaces == nil {
			out = append(out, r)
		}
	}
	return out
}

// sweeps are one point of each workload, and two of the first.
func sweeps(names ...string) (out []sweep.Sweep) {
	for i, name := range names {
		s := sweep.Sweep{Workload: name, Scaling: sweep.Strong, Points: []sweep.Point{point(name, 1, 1, 1, 4)}}
		if i == 0 {
			s.Points = append(s.Points, point(name, 1, 2, 2, 4))
		}
		out = append(out, s)
	}
	return out
}

// A study ends after its first block if nothing works there, and goes on without a workload of which nothing does.
func TestMeasureGivesUp(t *testing.T) {
	tests := []struct {
		names  []string
		failed bool
		want   map[string]int // timed runs
	}{
		{[]string{"fails"}, true, map[string]int{"fails": 2}},
		{[]string{"fails", sweep.SpinWorkload}, true, map[string]int{"fails": 2}},
		{[]string{"fails", "naps"}, false, map[string]int{"fails": 2, "naps": 4}},
	}
	for _, tt := range tests {
		end, err := newRunner(t).Measure(t.Context(), Task{
			Sweeps: sweeps(tt.names...), Traced: 1, Rule: sweep.Rule{MinRuns: 4, MaxRuns: 4},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, r := range planned(end.Results) {
			if r.Kind == sweep.Timed {
				got[r.Point.Workload]++
			} else if r.Status != sweep.OK {
				t.Errorf("%s was traced", r.Dir())
			}
		}
		if d := cmp.Diff(tt.want, got); d != "" || end.Failed != tt.failed {
			t.Errorf("%s: failed %v (%s), timed runs (-want +got):\n%s", tt.names, end.Failed, end.Why, d)
		}
	}
}

// A point's time is that of its last run, and before that lies between no speedup from its base and an ideal one.
func TestExpected(t *testing.T) {
	var r Runner
	strong := sweep.Sweep{Scaling: sweep.Strong, Points: []sweep.Point{point("a", 1, 1, 1, 8), point("a", 1, 4, 2, 8)}}
	weak := sweep.Sweep{Scaling: sweep.Weak, Points: []sweep.Point{point("b", 1, 1, 1, 8), point("b", 1, 4, 2, 32)}}
	m := r.measuring(Task{
		Sweeps: []sweep.Sweep{strong, weak}, Traced: 1, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 4},
		Expected: map[sweep.Point]time.Duration{strong.Points[0]: 8 * time.Second, weak.Points[0]: time.Second},
	}, nil)
	for p, want := range map[sweep.Point]time.Duration{
		strong.Points[0]: 8 * time.Second,
		// 8 s without a speedup, 4 s with that of its two cores.
		strong.Points[1]: 6 * time.Second,
		// Four times the work: 4 s without a speedup, 2 s with that of two cores.
		weak.Points[1]:         3 * time.Second,
		point("c", 1, 1, 1, 1): 0,
	} {
		if got := m.expected(p); got != want {
			t.Errorf("%s: expected %v, want %v", p, got, want)
		}
	}
	// A block takes 8 + 6 + 1 + 3 = 18 s; there are 2 to 4 of them, and one traced.
	got := m.look(WarmUp)
	if got.Low != 54*time.Second || got.High != 90*time.Second || got.Points != 4 || got.Noise != nil {
		t.Errorf("outlook %+v", got)
	}
	m.t.Rule.Budget = sweep.Seconds(time.Minute)
	if got := m.look(WarmUp); got.Low != 54*time.Second || got.High > time.Minute || got.High < 50*time.Second {
		t.Errorf("with a budget of a minute: %+v", got)
	}
	m.observe(&sweep.Result{Run: sweep.Run{Point: strong.Points[1]}, Status: sweep.OK}, 5*time.Second)
	m.observe(&sweep.Result{Run: sweep.Run{Point: weak.Points[1]}, Status: sweep.Failed}, time.Millisecond)
	if got := m.expected(strong.Points[1]); got != 5*time.Second {
		t.Errorf("expected %v after a run of 5 s", got)
	}
	if got := m.expected(weak.Points[1]); got != 3*time.Second {
		t.Errorf("expected %v after a run that failed", got)
	}
}

// The outlook is told before the first run, after the warm-up and after the first block, and can end the study there.
func TestOutlook(t *testing.T) {
	task := Task{Sweeps: sweeps("naps"), Warmup: 1, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 2}}
	for stop, want := range []int{0, 0, 2, 4} { // runs that are made if the outlook ends the study when told for the nth time
		var told []Source
		enough := errors.New("enough")
		task.Outlook = func(o Outlook) error {
			told = append(told, o.Source)
			if len(told) == stop+1 {
				return enough
			}
			return nil
		}
		end, err := newRunner(t).Measure(t.Context(), task, nil)
		if errors.Is(err, enough) != (stop < 3) || len(planned(end.Results)) != want {
			t.Errorf("told %v: %d runs (%v), want %d", told, len(end.Results), err, want)
		}
		if d := cmp.Diff([]Source{Nothing, WarmUp, FirstBlock}[:min(stop+1, 3)], told); d != "" {
			t.Errorf("sources (-want +got):\n%s", d)
		}
	}
}

// A block that was disturbed far more than the others is made again when all others are made; a study that is resumed
// completes the repeat. What is repeated is bounded.
func TestMeasureRepeats(t *testing.T) {
	task := Task{Sweeps: sweeps("naps"), Rule: sweep.Rule{MinRuns: 6, MaxRuns: 8, HalfWidth: 1}}
	task.Converged = func(results []sweep.Result) (bool, string) { return len(results) >= 12, "good enough" }
	var done []sweep.Result
	for rep := range 6 {
		for _, p := range task.Sweeps[0].Points {
			taken := &sweep.Taken{Had: sweep.Seconds(time.Hour)}
			if rep == 1 || rep == 4 { // with that of block 0 more than may be repeated, a third of six
				taken.Others = sweep.Seconds(time.Duration(40+rep) * time.Minute)
			}
			done = append(done, sweep.Result{
				Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK, Noise: sweep.Noise{CPUs: taken},
			})
		}
	}
	// Of the first repeat, that of block 0, one point was made before an interrupt.
	zero := 0
	begun := done[0]
	begun.Rep, begun.Replaces = 8, &zero
	m := newRunner(t).measuring(task, append(done, begun))
	for i := range m.end.Results {
		m.have[m.end.Results[i].Run] = true
	}
	var got []string
	for len(got) < 10 {
		more, err := m.repeat(t.Context(), 6)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		last := m.end.Results[len(m.end.Results)-1]
		if last.Status != sweep.OK || last.Replaces == nil {
			t.Fatalf("%s is %s and replaces %v", last.Dir(), last.Status, last.Replaces)
		}
		got = append(got, fmt.Sprintf("%d for %d", last.Rep, *last.Replaces))
		for i := range m.end.Results { // whatever happens on this machine meanwhile
			if r := &m.end.Results[i]; r.Replaces != nil {
				r.Noise.CPUs = &sweep.Taken{Had: sweep.Seconds(time.Hour)}
			}
		}
	}
	if d := cmp.Diff([]string{"8 for 0", "9 for 4"}, got); d != "" {
		t.Errorf("repeats (-want +got):\n%s", d)
	}
	if n := len(m.end.Results); n != 16 {
		t.Errorf("%d runs, want 12 and two blocks of 2", n)
	}
	want := "; others disturbed 2 of the timed blocks far more than the rest: each was made again, and the repeats count"
	if got := m.counts(); got != want {
		t.Errorf("it says %q", got)
	}
	if standing, replaced := sweep.Standing(m.end.Results); len(standing) != 12 || len(replaced) != 4 {
		t.Errorf("%d runs count and %d were replaced, want 12 and 4", len(standing), len(replaced))
	}
}

// A study whose directory is taken away ends with the next run that it would write, and says so.
func TestMeasureVanished(t *testing.T) {
	for what, away := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"renamed": func(dir string) error { return os.Rename(dir, dir+"-old") },
		"replaced": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.MkdirAll(filepath.Join(dir, "runs"), 0o777))
		},
		"runs.jsonl removed": func(dir string) error { return os.Remove(filepath.Join(dir, "runs.jsonl")) },
	} {
		t.Run(what, func(t *testing.T) {
			r := newRunner(t)
			task := Task{Sweeps: sweeps("naps"), Rule: sweep.Rule{MinRuns: 4, MaxRuns: 4}}
			task.Progress = func(p Progress) {
				if p.Done == 3 {
					if err := away(r.journal.Dir); err != nil {
						t.Error(err)
					}
				}
			}
			end, err := r.Measure(t.Context(), task, nil)
			if _, gone := errors.AsType[*folder.GoneError](err); !gone || len(end.Results) != 3 {
				t.Errorf("%d results, error %v; want 3 and one that says what is gone", len(end.Results), err)
			}
			if b, err := os.ReadFile(filepath.Join(r.journal.Dir, "runs.jsonl")); err == nil {
				t.Errorf("somebody else's file was written: %s", b)
			}
		})
	}
}

// The folder of a run is one of the study, whatever a point is called.
func TestRunElsewhere(t *testing.T) {
	r := newRunner(t)
	victim := filepath.Join(r.journal.Dir, "..", "victim-p1-w1-c1-s1-r00")
	if err := os.MkdirAll(filepath.Join(victim, "keep"), 0o777); err != nil {
		t.Fatal(err)
	}
	run := sweep.Run{Point: point("../../victim", 1, 1, 1, 1), Kind: sweep.Timed}
	if _, err := r.run(t.Context(), run); err == nil || !strings.Contains(err.Error(), "not the name of a file inside") {
		t.Errorf("error %v, want one about the name", err)
	}
	if _, err := os.Stat(filepath.Join(victim, "keep")); err != nil {
		t.Error(err)
	}
	// Nor is anything done behind a link.
	runs := filepath.Join(r.journal.Dir, "runs")
	away := filepath.Join(r.journal.Dir, "..", "away")
	if err := errors.Join(os.RemoveAll(runs), os.MkdirAll(away, 0o777), os.Symlink(away, runs)); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []sweep.Kind{sweep.Timed, sweep.Traced} {
		run = sweep.Run{Point: point("naps", 1, 1, 1, 1), Kind: kind}
		if _, err := r.run(t.Context(), run); err == nil || !strings.Contains(err.Error(), "runs is a symlink, not a folder") {
			t.Errorf("error %v, want one about the link", err)
		}
	}
	if entries, err := os.ReadDir(away); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v; want nothing there", entries, err)
	}
}
