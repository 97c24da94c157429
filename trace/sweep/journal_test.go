package sweep_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Of many that go on with a study at once, one at a time does, and goes on behind what the one before it has written:
// no finished line is lost, and none is made twice. Reading meanwhile harms nobody.
func TestContinueStudyAtOnce(t *testing.T) {
	const writers, each = 8, 5
	dir := newStudy(t, 1)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for made := 0; made < each; {
				s, j, err := sweep.ContinueStudy(dir, nil)
				if err != nil {
					if !strings.Contains(err.Error(), "is being written by another corecurve") {
						t.Error(err)
						return
					}
					continue
				}
				err = errors.Join(j.WriteHeader(s.Header), j.Append(result(len(s.Results))), j.Close())
				if err != nil {
					t.Error(err)
					return
				}
				made++
				if _, err := sweep.ReadStudy(dir); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	var want []sweep.Result
	for i := range 1 + writers*each {
		want = append(want, *result(i))
	}
	if d := cmp.Diff(want, s.Results); d != "" || len(s.Warnings) > 0 {
		t.Errorf("warnings %q, results (-want +got):\n%s", s.Warnings, d)
	}
}

// A study that is opened to go on with it is not changed before it is written to.
func TestContinueStudyChangesNothing(t *testing.T) {
	dir := newStudy(t, 2)
	path := filepath.Join(dir, "runs.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	part := append(bytes.Clone(whole), `{"schema"`...)
	if err := os.WriteFile(path, part, 0o666); err != nil {
		t.Fatal(err)
	}
	s, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, part) {
		t.Errorf("it has changed: %q, %v", b, err)
	}
	if err := errors.Join(j.WriteHeader(s.Header), j.Close()); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, whole) {
		t.Errorf("the part of a line is still there: %q, %v", b, err)
	}
}

// What a call leaves that was killed while it made a study is taken for nothing, and one that fails leaves nothing.
// What anybody else has put there stays.
func TestCreateStudyAgain(t *testing.T) {
	h := sweep.Header{Schema: sweep.StudySchema}
	write := func(dir string, names ...string) {
		t.Helper()
		for _, name := range names {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	half := t.TempDir()
	if err := os.MkdirAll(filepath.Join(half, "runs"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(half, "lock.json", ".study.json.corecurve-ABCDEFGHIJKLMNOP")
	if err := os.WriteFile(filepath.Join(half, "runs.jsonl"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	j, err := sweep.CreateStudy(half, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Append(result(0)), j.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err := sweep.ReadStudy(half); err != nil || len(s.Results) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	for _, name := range []string{"runs/a/x", "runs.jsonl", "notes", ".study.json.1234", "study.json"} {
		dir := t.TempDir()
		write(dir, name)
		if _, err := sweep.CreateStudy(dir, h); err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Errorf("%s: error %v", name, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s: %v, %v; want it alone", name, entries, err)
		}
	}
}

// What is written after the study has vanished is an error, not silence.
func TestJournalGone(t *testing.T) {
	for what, away := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"renamed": func(dir string) error { return os.Rename(dir, dir+"-old") },
		"replaced": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.Mkdir(dir, 0o777))
		},
		"runs.jsonl removed": func(dir string) error { return os.Remove(filepath.Join(dir, "runs.jsonl")) },
		"runs.jsonl replaced": func(dir string) error {
			return os.Rename(filepath.Join(dir, "study.json"), filepath.Join(dir, "runs.jsonl"))
		},
	} {
		dir := newStudy(t, 1)
		s, j, err := sweep.ContinueStudy(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(j.Append(result(1)), away(dir)); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{j.Present(), j.Append(result(2)), j.WriteHeader(s.Header)} {
			if _, gone := errors.AsType[*folder.GoneError](err); !gone {
				t.Errorf("%s: error %v", what, err)
			}
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A tool that was killed leaves temporary files. The next that writes there removes them.
func TestTemporaryFilesEnd(t *testing.T) {
	dir := newStudy(t, 1)
	left := []string{".study.json.corecurve-ABCDEFGHIJKLMNOP", "report/.a.svg.corecurve-ABCDEFGHIJKLMNOP"}
	leave := func() {
		t.Helper()
		for _, name := range left {
			if err := os.MkdirAll(filepath.Join(dir, "report"), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	gone := func(who string, names ...string) {
		t.Helper()
		for _, name := range names {
			if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("after %s there is %s: %v", who, name, err)
			}
		}
	}
	leave()
	s, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	gone("continuing", left[0])
	leave()
	out, err := s.OpenReport()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	gone("a report", left...)
}

// A study whose files are links, FIFOs or folders is refused by name, whoever reads or writes it, and what links lead
// to stays as it is.
func TestStudyElsewhere(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"study.json", "study.json is a symlink, not a file"},
		{"runs.jsonl", "runs.jsonl is a symlink, not a file"},
		{"report", "report is a symlink, not a folder"},
	} {
		dir := newStudy(t, 1)
		path, beside := filepath.Join(dir, tt.name), filepath.Join(dir, "..", "beside")
		if tt.name == "report" {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(os.Rename(path, beside), os.Symlink(beside, path)); err != nil {
			t.Skip(err)
		}
		before, _ := os.ReadFile(beside) // of a folder there is nothing to read
		s, err := sweep.ReadStudy(dir)
		if tt.name == "report" && err == nil {
			_, err = s.OpenReport()
		} else {
			_, _, second := sweep.ContinueStudy(dir, nil)
			if second == nil || !strings.Contains(second.Error(), tt.want) {
				t.Errorf("going on: error %v, want one with %q", second, tt.want)
			}
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
		if after, _ := os.ReadFile(beside); !bytes.Equal(before, after) {
			t.Errorf("what %s leads to has changed", tt.name)
		}
	}
}

// The path of a capture is that of a file of a run, or the capture is left out, and the timing stays.
func TestCapturePaths(t *testing.T) {
	paths := map[string]bool{
		"runs/a/p0.trace": true, "runs/p0.trace": true, "runs/a b/ü": true,
		"": false, "runs": false, "runs/": false, "study.json": false, "/etc/passwd": false, "../runs/x": false,
		"runs/../study.json": false, "runs/a/../../../x": false, "runs//x": false, "runs/a\nb": false, "./runs/x": false,
		"runs/\x00": false, "report/report.html": false,
	}
	r := result(1)
	want := 0
	for path, good := range paths {
		r.Captures = append(r.Captures, sweep.Capture{Kind: sweep.Spans, Path: path})
		if good {
			want++
		}
	}
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	dir := newStudy(t, 0)
	if err := os.WriteFile(filepath.Join(dir, "runs.jsonl"), append(line, '\n'), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Results) != 1 || len(s.Results[0].Captures) != want || len(s.Warnings) != len(paths)-want {
		t.Fatalf("%d results, warnings %q", len(s.Results), s.Warnings)
	}
	for _, c := range s.Results[0].Captures {
		if !paths[c.Path] {
			t.Errorf("%q was kept", c.Path)
		}
	}
}
