package battery

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A diary is what has been seen of a study: lines of runs.jsonl, which must stay.
type diary struct {
	dir   string
	lines []string
}

// lines are the whole lines of the study's runs.jsonl.
func lines(t *testing.T, dir string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "runs.jsonl"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	all := strings.SplitAfter(string(b), "\n")
	return all[:len(all)-1]
}

// look notes the lines of the study, and holds the trial to those noted before being there, byte for byte.
func (d *diary) look(try *trial, after string) {
	try.t.Helper()
	now := lines(try.t, d.dir)
	for i, line := range d.lines {
		if i >= len(now) || now[i] != line {
			try.fail("finished runs lost", "%s: %d lines were seen, %d are there, line %d differs",
				after, len(d.lines), len(now), i+1)
			break
		}
	}
	d.lines = now
}

// begun reports whether the study has its header.
func (d *diary) begun() bool {
	_, err := os.Lstat(filepath.Join(d.dir, "study.json"))
	return err == nil
}

// stopped reports whether the study has all its runs.
func (d *diary) stopped() bool {
	b, err := os.ReadFile(filepath.Join(d.dir, "study.json"))
	var header struct{ Stopped string }
	return err == nil && json.Unmarshal(b, &header) == nil && header.Stopped != ""
}

// tracing reports whether a traced run is being made.
func (d *diary) tracing() bool {
	dirs, err := filepath.Glob(filepath.Join(d.dir, "runs", "*-traced"))
	if err != nil {
		return false
	}
	b, _ := os.ReadFile(filepath.Join(d.dir, "runs.jsonl"))
	return len(dirs) > strings.Count(string(b), `"kind":"traced"`)
}

// readable holds the trial to the study being one, with no damage but a line that is cut off. Runs that the tool was
// stopped in are none.
func (d *diary) readable(try *trial, after string) *sweep.Study {
	try.t.Helper()
	s, err := sweep.ReadStudy(d.dir)
	if err != nil {
		try.fail("study unreadable", "%s: %v", after, err)
		return nil
	}
	for _, w := range s.Warnings {
		if !strings.Contains(w, "is cut off") {
			try.fail("study damaged", "%s: %s", after, w)
		}
	}
	return s
}

// complete holds the trial to the study having every run that its header asks for, once and well, but for spoiled of
// them, with the captures of traced runs, and no temporary file.
func (d *diary) complete(try *trial, after string, spoiled int) {
	try.t.Helper()
	s := d.readable(try, after)
	if s == nil {
		return
	}
	if s.Header.Stopped == "" {
		try.fail("study incomplete", "%s: it does not say why it stopped", after)
	}
	have := map[sweep.Run]bool{}
	for _, r := range s.Results {
		have[r.Run] = true
		if r.Status == sweep.OK {
			d.captures(try, after, &r)
		} else if spoiled--; spoiled < 0 {
			try.fail("run spoiled", "%s: %s: %s: %s", after, r.Dir(), r.Status, r.Error)
		}
	}
	for _, r := range s.Replaced {
		have[r.Run] = true
	}
	for _, p := range sweep.Points(s.Header.Sweeps) {
		if p.Workload == sweep.SpinWorkload { // the ceiling is measured as the time allows
			continue
		}
		for k := range s.Header.Rule.MinRuns {
			if !have[sweep.Run{Point: p, Rep: k, Kind: sweep.Timed}] {
				try.fail("study incomplete", "%s: %v lacks run %d", after, p, k)
			}
		}
	}
	d.tidy(try, after)
}

// captures holds the trial to the captures of a traced run being there.
func (d *diary) captures(try *trial, after string, r *sweep.Result) {
	try.t.Helper()
	for _, c := range r.Captures {
		if st, err := os.Lstat(filepath.Join(d.dir, c.Path)); err != nil || st.Size() == 0 {
			try.fail("capture lost", "%s: %s: %v", after, c.Path, err)
		}
	}
}

// tidy holds the trial to no temporary file being in the study.
func (d *diary) tidy(try *trial, after string) {
	try.t.Helper()
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), ".") && e.Name() != lockFile {
			try.fail("temporary file left", "%s: %s", after, path)
		}
		return err
	})
	if err != nil {
		try.fail("study unreadable", "%s: %v", after, err)
	}
}

// lockFile may stay in a study: who writes it holds a lock on it.
const lockFile = ".lock"
