package capture

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A program that prints without end where it is asked something is ended, and said to have printed too much.
func TestEndlessAnswers(t *testing.T) {
	dir := t.TempDir()
	exe := filepath.Join(dir, "endless")
	if err := os.WriteFile(exe, []byte("#!/bin/sh\nexec yes 'a line that is longer than yes would print'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, _, err := GoPackage{ImportPath: "p", Dir: dir}.TryBenchmarks(t.Context(), TestBinary{Path: exe}, ".", time.Second, 1)
	if want := "benchmarks of p: they printed more than 64 MiB"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	err = (&Program{Argv: []string{exe}}).Ask(t.Context(), "p")
	if err == nil || !strings.HasSuffix(err.Error(), "it printed more than 16 MiB") {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(exe, []byte("#!/bin/sh\nyes | head -c 100000000 >&2\necho '[]'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	err = (&Program{Argv: []string{exe}}).Ask(t.Context(), "p")
	if err == nil || !strings.HasSuffix(err.Error(), "workload.Main was called without a workload") {
		t.Errorf("error %v", err)
	}
}
