package workload_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// byHand runs the test binary as a user's program with the given arguments.
func byHand(t *testing.T, env string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "WORKLOAD_TEST_MAIN=1", env)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the state has the status
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// Goroutines and processes differ by one flag and give the same digest.
func TestMainByHand(t *testing.T) {
	digest := func(out string) string {
		_, d, _ := strings.Cut(strings.TrimSpace(out), "digest ")
		return d
	}
	status, threads, stderr := byHand(t, "", "-workers", "2", "squares")
	if status != 0 || !strings.HasPrefix(threads, "squares: procs 1, workers 2, size 20: total ") {
		t.Errorf("status %d\n%s%s", status, threads, stderr)
	}
	status, procs, stderr := byHand(t, "", "-procs", "2", "squares")
	if status != 0 || !strings.HasPrefix(procs, "squares: procs 2, workers 1, size 20: total ") {
		t.Errorf("status %d\n%s%s", status, procs, stderr)
	}
	if digest(threads) != digest(procs) || len(digest(procs)) != 64 {
		t.Errorf("digests differ:\n%s%s", threads, procs)
	}
}

func TestMainRefuses(t *testing.T) {
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"", 2, "which workload?"},
		{"-h", 0, "usage: "},
		{"-bad", 2, "flag provided but not defined"},
		{"unheard-of", 2, "none of this name"},
		{"squares -workers", 2, "flags go before"},
		{"-workers 0 squares", 2, "must be at least 1"},
		{"errs", 1, "errs: task 3: no luck"},
		{"panics", 1, "main_test.go"}, // in the stack
		{"-procs 2 shared", 1, "one lock cannot span processes"},
	} {
		status, stdout, stderr := byHand(t, "", strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(stderr, tt.want) || stdout != "" {
			t.Errorf("%q: status %d, want %d and %q\n%s%s", tt.args, status, tt.status, tt.want, stdout, stderr)
		}
	}
}

func TestList(t *testing.T) {
	status, stdout, stderr := byHand(t, wire.ListEnv+"=1")
	var infos []wire.Info
	if err := json.Unmarshal([]byte(stdout), &infos); err != nil || status != 0 {
		t.Fatalf("status %d, %v\n%s%s", status, err, stdout, stderr)
	}
	if len(infos) != len(workloads()) {
		t.Errorf("%d workloads, want %d", len(infos), len(workloads()))
	}
}
