package main

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/hostile"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
)

// patienceWithStudy is how long the verbs may take together for a small study on a machine that is busy.
const patienceWithStudy = 5 * time.Minute

// hostileEnv asks for all hostile studies, and for that many changed ones: CORECURVE_HOSTILE=1000.
const hostileEnv = "CORECURVE_HOSTILE"

// readHostile lets the verbs that read studies read the one in dir. What they find is no matter here, only that they
// end in bounds and leave nothing raw in what they write.
func readHostile(t *testing.T, dir string) {
	t.Helper()
	out := t.TempDir()
	begin := time.Now()
	verbs := [][]string{
		{"report", dir, "--out", out, "--summary", filepath.Join(out, "summary.md")},
		{"open", "--list", dir},
		{"check", dir, "--min-speedup", "1@2", "--max-share", "gc=10%"},
		{"compare", dir, dir},
		{"predict", dir},
		{"history", dir, dir, "--html", filepath.Join(out, "history.html")},
	}
	if os.Getenv(hostileEnv) == "" { // the others analyse as the first does
		verbs = verbs[:2]
	}
	for _, args := range verbs {
		var stdout, stderr bytes.Buffer
		switch status := run(args, strings.NewReader(""), &stdout, &stderr); status {
		case exitOK, exitFailed, exitUsage, exitGate:
		default:
			t.Errorf("%s: status %d: %s", args[0], status, &stderr)
		}
		for _, b := range []*bytes.Buffer{&stdout, &stderr} {
			if strings.ContainsAny(b.String(), "\x1b\x07\u202e\u009b") {
				t.Errorf("%s prints control characters: %.300q", args[0], b)
			}
		}
	}
	if took := time.Since(begin); took > patienceWithStudy {
		t.Errorf("reading took %v", took)
	}
	for _, name := range []string{"report.html", "report.md", "summary.md", "history.html"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			continue // there is nothing to report
		}
		for _, raw := range []string{"<script>alert", "<img src=x", "<svg onload", "\x1b"} {
			if bytes.Contains(b, []byte(raw)) {
				t.Errorf("%s holds %q", name, raw)
			}
		}
	}
}

// TestHostileStudies reads small forms of studies that are meant to harm: every tenth and that of texts, or all if
// asked. The battery reads large ones.
func TestHostileStudies(t *testing.T) {
	for i, s := range hostile.All() {
		if i%10 != 0 && s.Name != "texts" && os.Getenv(hostileEnv) == "" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := s.Write(dir, 3000); err != nil {
				t.Fatal(err)
			}
			readHostile(t, dir)
		})
	}
}

// TestMutatedStudies reads studies that were changed at random places, the same ones each time.
func TestMutatedStudies(t *testing.T) {
	n := 10
	if asked, err := strconv.Atoi(os.Getenv(hostileEnv)); err == nil {
		n = asked
	}
	honest := hostile.Honest()
	for seed := range uint64(n) {
		rng := rand.New(rand.NewPCG(seed, 1))
		recipe := make([]byte, 4*(1+rng.IntN(6)))
		for i := range recipe {
			recipe[i] = byte(rng.IntN(256))
		}
		dir := t.TempDir()
		if err := honest.Mutate(recipe).Write(dir); err != nil {
			t.Fatal(err)
		}
		if readHostile(t, dir); t.Failed() {
			t.Fatalf("of the recipe %x", recipe)
		}
	}
}

// memoryOfSmall is what the verbs may allocate for a small study, drawing its pictures included, all told; what they
// hold at a time is far less.
const memoryOfSmall = 1 << 30

// FuzzStudy reads studies that the fuzzer changes, beginning with one of every kind, within bounds of memory and time.
func FuzzStudy(f *testing.F) {
	bases := []hostile.Files{hostile.Honest()}
	for _, s := range hostile.All() {
		bases = append(bases, s.Files(3000))
	}
	f.Add(0, []byte{0, 0, 1, 2})
	f.Add(0, []byte{4, 0, 1, 2, 8, 0, 1, 2, 9, 1, 2, 3})
	if fuzzed := flag.Lookup("test.fuzz"); fuzzed != nil && fuzzed.Value.String() != "" { // else TestHostileStudies reads them
		for kind := range bases {
			f.Add(kind, []byte{})
			f.Add(kind, []byte{byte(kind), 7, byte(kind), byte(3 * kind), 4, 1, 2, byte(5 * kind)})
		}
	}
	f.Fuzz(func(t *testing.T, kind int, recipe []byte) {
		if len(recipe) > 64 || kind < 0 {
			return
		}
		dir := t.TempDir()
		if err := bases[kind%len(bases)].Mutate(recipe).Write(dir); err != nil {
			t.Fatal(err)
		}
		limitstest.Allocates(t, memoryOfSmall, func() { readHostile(t, dir) })
	})
}

// TestTerminalIsShort: whatever a study has a great many of, a terminal gets what a person reads of it, and where the
// rest is.
func TestTerminalIsShort(t *testing.T) {
	for _, tt := range []struct{ study, want string }{
		{"runs-that-failed", "more ways in which runs failed in report.html)"},
		{"runs-far-out", "more characters in report.html)"},
		{"metrics-of-runs", "more units in report.json)"},
		{"workloads-of-one-run", "more workloads in report.html)"},
		{"sweeps", "more tables in report.html)"},
	} {
		t.Run(tt.study, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, s := range hostile.All() {
				if s.Name == tt.study {
					if err := s.Write(dir, 80_000); err != nil {
						t.Fatal(err)
					}
				}
			}
			var stdout, stderr bytes.Buffer
			if run([]string{"report", dir, "--out", t.TempDir()}, strings.NewReader(""), &stdout, &stderr) != exitOK {
				t.Fatal(stderr.String())
			}
			if !strings.Contains(strings.Join(strings.Fields(stdout.String()), " "), tt.want) {
				t.Errorf("%q is not said: %s", tt.want, &stdout)
			}
			if stdout.Len() > 40_000 {
				t.Errorf("%d bytes", stdout.Len())
			}
		})
	}
}

// TestTooManyToTellApart: goroutines and threads beyond what there is memory for end the reading of a capture, which is
// said; all before that counts.
func TestTooManyToTellApart(t *testing.T) {
	for _, tt := range []struct {
		study string
		size  int
		want  string
	}{
		{"trace-goroutines", 1_800_000, "more than 200000 goroutines at the same moment: nothing is read after that"},
		{"records-of-use", 3_000_000, "more than 150000 threads: nothing is read after that"},
	} {
		t.Run(tt.study, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, s := range hostile.All() {
				if s.Name == tt.study {
					if err := s.Write(dir, tt.size); err != nil {
						t.Fatal(err)
					}
				}
			}
			var stdout, stderr bytes.Buffer
			if run([]string{"report", dir, "--json"}, strings.NewReader(""), &stdout, &stderr) != exitOK {
				t.Fatal(stderr.String())
			}
			if !strings.Contains(stdout.String(), tt.want) {
				t.Errorf("%.300q is not said", tt.want)
			}
		})
	}
}
