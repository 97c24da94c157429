package setup

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A study that has all its runs is neither compared, nor asked about, nor marked, not even by force; one that was
// killed before it said why it ended says so then.
func TestOver(t *testing.T) {
	dir, state := filepath.Join(t.TempDir(), "study"), t.TempDir()
	s, err := New(catalog(t), Request{
		Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 3},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute), Traced: 1}, State: state,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.AddCommand("x", sweep.Command{Argv: []string{"/bin/true"}}), s.Create(dir)); err != nil {
		t.Fatal(err)
	}
	enough := func([]sweep.Result) (bool, string) { return true, "enough" }
	if _, err := s.Measure(t.Context(), Hooks{Converged: enough}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	header := filepath.Join(dir, "study.json")
	before, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	resume := func(ok bool) (over bool, ending capture.Ending) {
		t.Helper()
		s, err := Resume(t.Context(), catalog(t), dir, Continuation{
			Force: true, State: t.TempDir(), Agree: func(Foreign) error { return errNotAgreed },
			Converged: func(*sweep.Header, []sweep.Result) (bool, string) { return ok, "enough" },
		})
		if errors.Is(err, errNotAgreed) {
			return false, ending
		} else if err != nil {
			t.Fatal(err)
		}
		if over = s.Over(); over {
			ending, err = s.Measure(t.Context(), Hooks{})
		}
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		return over, ending
	}
	over, ending := resume(true)
	after, err := os.ReadFile(header)
	if err != nil || !over || ending.Why != "enough" || len(ending.Results) != 2 || !bytes.Equal(before, after) {
		t.Errorf("over %v: %q, %d runs; header before and after: %s %v",
			over, ending.Why, len(ending.Results), cmp.Diff(string(before), string(after)), err)
	}
	if over, _ := resume(false); over {
		t.Error("a study whose results are not good enough is over")
	}

	var h sweep.Header
	if err := json.Unmarshal(before, &h); err != nil {
		t.Fatal(err)
	}
	h.Stopped = ""
	killed, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(header, killed, 0o644); err != nil {
		t.Fatal(err)
	}
	over, _ = resume(true)
	if after, err = os.ReadFile(header); err != nil || !over || !bytes.Equal(before, after) {
		t.Errorf("over %v; header after: %s %v", over, cmp.Diff(string(before), string(after)), err)
	}

	runs := filepath.Join(dir, "runs.jsonl")
	b, err := os.ReadFile(runs)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	for i := range 2 {
		left := append(append([][]byte(nil), lines[:i]...), lines[i+1:]...)
		if err := os.WriteFile(runs, bytes.Join(left, nil), 0o644); err != nil {
			t.Fatal(err)
		}
		if over, _ := resume(true); over {
			t.Errorf("over without run %d", i)
		}
	}
}

// Whether a study is over is asked once, whatever it says, and not at each of its blocks.
func TestOverAtOnce(t *testing.T) {
	p := sweep.Point{Workload: "x", Procs: 1, Workers: 1, Cores: 1, Size: 1}
	asked := 0
	task := capture.Task{
		Sweeps: []sweep.Sweep{{Workload: "x", Points: []sweep.Point{p}}}, Rule: sweep.Rule{MaxRuns: 100_000}, Traced: 100_000,
		Converged: func([]sweep.Result) (bool, string) { asked++; return false, "no" },
	}
	var done []sweep.Result
	for i := range 200_000 {
		done = append(done, sweep.Result{
			Run: sweep.Run{Point: p, Rep: i / 2, Kind: []sweep.Kind{sweep.Timed, sweep.Traced}[i%2]}, Status: sweep.OK,
		})
	}
	for i := range 1000 {
		p := p
		p.Workers = i + 2
		task.Sweeps[0].Points = append(task.Sweeps[0].Points, p)
		for rep := range 3 {
			done = append(done, sweep.Result{Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.Failed})
		}
	}
	if ending, over := task.Over(done); !over || ending.Why != "no" {
		t.Errorf("over %v: %q", over, ending.Why)
	}
	if _, over := task.Over(done[2:]); over {
		t.Error("over without the first run")
	}
	if asked > 2 {
		t.Errorf("asked %d times whether it has converged, want once for each question", asked)
	}
}
