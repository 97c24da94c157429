package sweep_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/sweep"
)

func result(rep int) *sweep.Result {
	return &sweep.Result{
		Schema: sweep.RunSchema,
		Run: sweep.Run{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 3}, Rep: rep, Kind: sweep.Timed,
		},
		Status: sweep.OK,
		Total:  sweep.Seconds(1500 * time.Microsecond),
	}
}

func newStudy(t *testing.T, results int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "study")
	j, err := sweep.CreateStudy(dir, sweep.Header{Schema: sweep.StudySchema, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i := range results {
		if err := j.Append(result(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStudyRoundTrip(t *testing.T) {
	s, err := sweep.ReadStudy(newStudy(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	want := []sweep.Result{*result(0), *result(1), *result(2)}
	if d := cmp.Diff(want, s.Results); d != "" {
		t.Error(d)
	}
	if len(s.Warnings) != 0 || s.Header.Seed != 5 {
		t.Errorf("warnings %q, seed %d; want none and 5", s.Warnings, s.Header.Seed)
	}
}

// A tool killed while it wrote a line leaves a part of it. Resuming cuts that part off, keeps every whole line byte for
// byte and appends behind it.
func TestResumeCutsPartialLine(t *testing.T) {
	dir := newStudy(t, 2)
	path := filepath.Join(dir, "runs.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, `{"schema":"corecurve/run/1","po`...), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 2 || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "line 3 is cut off") {
		t.Fatalf("%d results, warnings %q; want 2 and one on line 3", len(s.Results), s.Warnings)
	}
	_, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(result(9)); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rest, kept := strings.CutPrefix(string(got), string(whole))
	if !kept || strings.Count(rest, "\n") != 1 || !json.Valid([]byte(rest)) {
		t.Errorf("after resuming the file is\n%s", got)
	}
}

func TestReadStudyDamage(t *testing.T) {
	dir := newStudy(t, 3)
	path := filepath.Join(dir, "runs.jsonl")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	lines[1] = "garbage\n"
	if err := os.WriteFile(path, []byte(lines[0]+lines[1]+lines[2]+lines[2]), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 2 || len(s.Warnings) != 2 ||
		!strings.Contains(s.Warnings[0], "line 2 is damaged") || !strings.Contains(s.Warnings[1], "line 4 repeats") {
		t.Errorf("%d results, warnings %q; want 2 and warnings on lines 2 and 4", len(s.Results), s.Warnings)
	}
}

func TestReadStudyRefuses(t *testing.T) {
	empty := t.TempDir()
	write := func(name, text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	newer := newStudy(t, 0)
	line := []byte(`{"schema":"corecurve/run/9"}` + "\n")
	if err := os.WriteFile(filepath.Join(newer, "runs.jsonl"), line, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ dir, want string }{
		{empty, "not a study: it has no study.json"},
		{filepath.Join(empty, "none"), "not a study"},
		{write("study.json", "{"), "unexpected end of JSON"},
		{write("study.json", `{"schema":"corecurve/study/99"}`), "newer corecurve"},
		{write("study.json", `{"schema":"other/1"}`), `schema is "other/1"`},
		{newer, "runs.jsonl: line 1: schema"},
	} {
		if _, err := sweep.ReadStudy(tt.dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.dir, err, tt.want)
		}
	}
}

func TestCreateStudyRefusesFullDirectory(t *testing.T) {
	dir := newStudy(t, 1)
	if _, err := sweep.CreateStudy(dir, sweep.Header{}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("error %v, want one that says the directory is not empty", err)
	}
}

// The second writer is told who the first is, and changes nothing.
func TestOneWriter(t *testing.T) {
	dir := newStudy(t, 1)
	_, first, err := sweep.ContinueStudy(dir, []string{"corecurve", "run", "--resume", "x"})
	if err != nil {
		t.Fatal(err)
	}
	_, second, err := sweep.ContinueStudy(dir, []string{"corecurve", "again"})
	if err == nil {
		_ = second.Close()
		t.Fatal("a second writer was let in")
	}
	want := fmt.Sprintf("is being written by another corecurve: process %d, since 20", os.Getpid())
	if !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), `: "corecurve run --resume x"`) {
		t.Errorf("error %v, want one with %q", err, want)
	}
	if err := errors.Join(first.Append(result(1)), first.Close()); err != nil {
		t.Fatal(err)
	}
	_, third, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("%v, %v; want study.json, runs.jsonl and runs", entries, err)
	}
}

func TestSecondsJSON(t *testing.T) {
	for ns, want := range map[sweep.Seconds]string{
		0: "0", 1: "0.000000001", 1500000: "0.0015", -2_000_000_001: "-2.000000001", 3e9: "3", 1<<63 - 1: "9223372036.854775807", -1 << 63: "-9223372036.854775808",
	} {
		b, err := json.Marshal(ns)
		if err != nil || string(b) != want {
			t.Errorf("%d ns: %s, %v; want %s", int64(ns), b, err, want)
		}
		var back sweep.Seconds
		if err := json.Unmarshal(b, &back); err != nil || back != ns {
			t.Errorf("%s: read back as %d ns, %v; want %d", b, int64(back), err, int64(ns))
		}
	}
	for _, bad := range []string{`"x"`, `1e300`, `99999999999.1`} {
		var s sweep.Seconds
		if err := json.Unmarshal([]byte(bad), &s); err == nil {
			t.Errorf("%s was read as %v", bad, s)
		}
	}
}

func TestFailures(t *testing.T) {
	ok := sweep.Result{Run: sweep.Run{Point: sweep.Point{Workload: "w", Procs: 1, Workers: 1, Cores: 1, Size: 1}}, Status: sweep.OK}
	bad := ok
	bad.Status, bad.Error = sweep.Failed, "exit status 3"
	if err := sweep.Failures([]sweep.Result{ok, ok}); err != nil {
		t.Error(err)
	}
	err := sweep.Failures([]sweep.Result{ok, bad, bad})
	if want := "2 of 3 runs failed: w-p1-w1-c1-s1-r00: failed: exit status 3"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestSecondsString(t *testing.T) {
	for s, want := range map[sweep.Seconds]string{
		0: "0 s", 7: "7 ns", 2500: "2.5 µs", 377_400_000: "377 ms", 999_600_000: "1 s", 13_440_000_000: "13.4 s",
		100_000_000_000: "100 s", 3_600_000_000_000: "3600 s", -377_400_000: "-377 ms",
	} {
		if got := s.String(); got != want {
			t.Errorf("%d ns: %q, want %q", int64(s), got, want)
		}
	}
}
