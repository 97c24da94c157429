package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// TestKillLeavesNothing kills the tool with SIGKILL at random moments of a study of processes, services and traced
// runs. Within two seconds no process is left; what was finished stays byte for byte, and resuming makes only what is
// missing.
func TestKillLeavesNothing(t *testing.T) {
	moments := 20
	if testing.Short() {
		moments = 4
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "corecurve-kill-test")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	study := filepath.Join(dir, "study")
	rng := rand.New(rand.NewPCG(1, 2))
	args := []string{
		"run", "fetch", "sleep", "--mode", "both", "--scaling", "strong", "--size", "4", "--workers", "1,3",
		"--runs", "40", "--traced", "3", "--warmup", "0", "--out", study, "--no-report",
	}
	for i := range moments {
		before := runLines(t, study)
		cmd := exec.Command(tool, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(200+rng.IntN(1800)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed, as it should be
		if left := lingering(tool, 2*time.Second); len(left) > 0 {
			t.Fatalf("moment %d: processes %v are left 2 s after the tool was killed", i, left)
		}
		after := runLines(t, study)
		if len(after) < len(before) || strings.Join(after[:len(before)], "") != strings.Join(before, "") {
			t.Fatalf("moment %d: finished runs have changed", i)
		}
		if _, err := os.Stat(filepath.Join(study, "study.json")); err == nil {
			args = []string{"run", "--resume", study, "--no-report"}
		}
	}
	s, err := sweep.ReadStudy(study)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[sweep.Run]bool{}
	for _, r := range s.Results {
		if seen[r.Run] {
			t.Errorf("%s was made twice", r.Dir())
		}
		seen[r.Run] = true
		if r.Status != sweep.OK {
			t.Errorf("%s: %s: %s", r.Dir(), r.Status, r.Error)
		}
	}
	if len(seen) == 0 {
		t.Error("no run was finished between any two kills")
	}
	t.Logf("%d runs were finished between %d kills", len(seen), moments)
}

// runLines are the whole lines of runs.jsonl.
func runLines(t *testing.T, study string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(study, "runs.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	return lines[:len(lines)-1]
}

// lingering are the processes of the executable that are left after the given time.
func lingering(exe string, wait time.Duration) []string {
	for deadline := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		left := processesWith("", exe)
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
	}
}
