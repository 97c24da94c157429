package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestStopsSpoilNoRun stops the tool with SIGSTOP at random moments of a study of goroutines, processes, a service and
// traced runs, and lets it go on after a while. No run that counts spans a stop, and no run is missing in the end.
func TestStopsSpoilNoRun(t *testing.T) {
	moments := 12
	if testing.Short() {
		moments = 3
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "corecurve-stop-test")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const limit = 3 * time.Second // of a run, which some stops exceed
	study := filepath.Join(dir, "study")
	cmd := exec.Command(tool, "run", "fetch", "sleep", "--mode", "both", "--scaling", "strong", "--size", "4",
		"--workers", "1,3", "--runs", "1000", "--traced", "3", "--warmup", "0", "--timeout", limit.String(),
		"--out", study, "--no-report", "--yes")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	type span struct{ from, to clock.Time }
	var stops []span
	rng := rand.New(rand.NewPCG(3, 4))
	signal := func(s unix.Signal) clock.Time {
		if err := unix.Kill(cmd.Process.Pid, s); err != nil {
			t.Fatal(err)
		}
		return clock.Now()
	}
	counted := 0
	for i := range moments {
		counted = more(t, filepath.Join(study, "runs.jsonl"), counted)
		time.Sleep(time.Duration(rng.IntN(600)) * time.Millisecond)
		length := time.Duration(200+rng.IntN(1300)) * time.Millisecond
		if i%6 == 2 {
			length = limit + limit/10
		}
		from := signal(unix.SIGSTOP)
		time.Sleep(length)
		stops = append(stops, span{from, clock.Now()})
		signal(unix.SIGCONT)
	}
	more(t, filepath.Join(study, "runs.jsonl"), counted)
	signal(unix.SIGINT)
	_ = cmd.Wait() // it was interrupted
	s, err := sweep.ReadStudy(study)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Results {
		if r.Status != sweep.OK || r.Error != "" {
			t.Errorf("%s is %s: %s", r.Dir(), r.Status, r.Error)
		}
		from, to := clock.Time(r.Start), clock.Time(r.Start+r.Total)
		for _, stop := range stops {
			const soon = 20 * time.Millisecond // all threads stop within that of the signal
			if both := min(to, stop.to).Sub(max(from, stop.from)); both > soon {
				t.Errorf("%s counts and was made for %v while corecurve was stopped", r.Dir(), both)
			}
		}
	}
	if len(s.Interrupted) == 0 || len(s.Results) < moments {
		t.Errorf("%d stops interrupted %d runs, and %d count", moments, len(s.Interrupted), len(s.Results))
	}
	for i, r := range s.Results[1:] {
		if r.Kind == s.Results[i].Kind && r.Rep < s.Results[i].Rep {
			t.Errorf("%s was made after %s", r.Dir(), s.Results[i].Dir())
		}
	}
	t.Logf("%d stops interrupted %d runs; %d count", moments, len(s.Interrupted), len(s.Results))
}

// more waits until more runs of a file count than did, and returns how many.
func more(t *testing.T, file string, than int) int {
	t.Helper()
	for deadline := time.Now().Add(longWait); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		b, err := os.ReadFile(file)
		if n := bytes.Count(b, []byte(`"status":"ok"`)); err == nil && n > than {
			return n
		}
	}
	t.Fatalf("no more runs than %d count", than)
	return 0
}
