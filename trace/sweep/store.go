package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Names of the files of a study.
const (
	headerFile = "study.json"
	runsFile   = "runs.jsonl"
	runsDir    = "runs"
	reportDir  = "report"
	spansFile  = "spans.jsonl"
)

// A Study is the directory of one experiment, as it was read.
type Study struct {
	Dir      string
	Header   Header
	Results  []Result // those that count
	Replaced []Result // those that were disturbed, and for which others count
	// Interrupted are the runs that do not count because corecurve stood still meanwhile. Results may have others of the
	// same names.
	Interrupted []Result
	Warnings    []string // damage that was met and skipped

	size int64 // bytes of runs.jsonl up to the end of its last whole line
}

// ReadStudy reads the study in dir. It skips damaged lines of runs.jsonl with a warning; a study.json that cannot be
// read is an error.
func ReadStudy(dir string) (*Study, error) {
	s := &Study{Dir: dir}
	path := filepath.Join(dir, headerFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: not a study: it has no %s", dir, headerFile)
	case err != nil:
		return nil, fmt.Errorf("%s: not a study: %w", dir, err)
	}
	if err := json.Unmarshal(b, &s.Header); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := CheckSchema(s.Header.Schema, StudySchema); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	runs, err := os.ReadFile(filepath.Join(dir, runsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return s, s.readRuns(runs)
}

// readRuns reads the lines of runs.jsonl.
func (s *Study) readRuns(b []byte) error {
	seen := map[Run]bool{}
	for n := 1; len(b) > 0; n++ {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		if !whole {
			s.warn("%s: line %d is cut off (%d bytes): that run counts as not made", runsFile, n, len(line))
			break
		}
		s.size += int64(len(line)) + 1
		b = rest
		var r Result
		if err := json.Unmarshal(line, &r); err != nil {
			s.warn("%s: line %d is damaged and was skipped: %v", runsFile, n, err)
			continue
		}
		if err := CheckSchema(r.Schema, RunSchema); err != nil {
			return fmt.Errorf("%s: line %d: %w", filepath.Join(s.Dir, runsFile), n, err)
		}
		if err := r.Point.check(); err != nil {
			s.warn("%s: line %d was skipped: %v", runsFile, n, err)
			continue
		}
		if r.Status == Interrupted {
			s.Interrupted = append(s.Interrupted, r)
			continue
		}
		if r.Status == OK && r.Error != "" {
			s.warn("%s: line %d was skipped: %s is %q and has an error (%s)", runsFile, n, r.Dir(), r.Status, r.Error)
			continue
		}
		if seen[r.Run] {
			s.warn("%s: line %d repeats %s and was skipped", runsFile, n, r.Dir())
			continue
		}
		seen[r.Run] = true
		s.Results = append(s.Results, r)
	}
	s.Results, s.Replaced = Standing(s.Results)
	return nil
}

func (s *Study) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}

// ReportDir returns the path of the study's report directory.
func (s *Study) ReportDir() string { return filepath.Join(s.Dir, reportDir) }

// CheckSchema returns an error unless schema is want, or an older number of it.
func CheckSchema(schema, want string) error {
	name, number, _ := cutLast(want, "/")
	gotName, gotNumber, ok := cutLast(schema, "/")
	n, err := strconv.Atoi(gotNumber)
	if !ok || gotName != name || err != nil || n < 1 {
		return fmt.Errorf("schema is %q, want %q", schema, want)
	}
	if known, _ := strconv.Atoi(number); n > known {
		return fmt.Errorf("schema %q was written by a newer corecurve; this one knows %q", schema, want)
	}
	return nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// A Journal writes a study: its header once, and a line for every finished run, so that finished runs are never lost.
type Journal struct {
	Dir  string // absolute
	runs *os.File
	size int64
}

// CreateStudy makes the directory of a new study. It refuses a directory that is not empty.
func CreateStudy(dir string, h Header) (*Journal, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("study directory: %w", err)
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("study directory %s is not empty: "+
			"give another --out, or continue a study with --resume", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, runsDir), 0o755); err != nil {
		return nil, fmt.Errorf("study directory: %w", err)
	}
	j, err := openJournal(dir, 0)
	if err != nil {
		return nil, err
	}
	if err := j.WriteHeader(h); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Resume opens a study that was read, to continue it. It cuts off a partial last line.
func (s *Study) Resume() (*Journal, error) { return openJournal(s.Dir, s.size) }

func openJournal(dir string, size int64) (*Journal, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("study directory %s: %w", dir, err)
	}
	f, err := os.OpenFile(filepath.Join(abs, runsFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	j := &Journal{Dir: abs, runs: f, size: size}
	if err := lock(f); err != nil {
		return nil, errors.Join(fmt.Errorf("study %s is being written by another corecurve: %w", dir, err), f.Close())
	}
	if err := j.rewind(); err != nil {
		return nil, errors.Join(fmt.Errorf("study: %w", err), f.Close())
	}
	return j, nil
}

// rewind cuts runs.jsonl back to its whole lines.
func (j *Journal) rewind() error {
	if err := j.runs.Truncate(j.size); err != nil {
		return err
	}
	_, err := j.runs.Seek(j.size, io.SeekStart)
	return err
}

// WriteHeader writes study.json anew, by a temporary file and a rename.
func (j *Journal) WriteHeader(h Header) error {
	b, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", headerFile, err)
	}
	return WriteFile(filepath.Join(j.Dir, headerFile), append(b, '\n'))
}

// Append records a finished run: one line, synced. After an error the file holds what it held before.
func (j *Journal) Append(r *Result) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("recording %s: %w", r.Dir(), err)
	}
	b = append(b, '\n')
	if _, err = j.runs.Write(b); err == nil {
		err = j.runs.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("recording %s: %w", r.Dir(), err), j.rewind())
	}
	j.size += int64(len(b))
	return nil
}

// RunDir returns the absolute path of the directory for the captures of r.
func (j *Journal) RunDir(r Run) string { return filepath.Join(j.Dir, runsDir, r.Dir()) }

// SpansFile returns the absolute path of the file of spans that belong to no single run.
func (j *Journal) SpansFile() string { return filepath.Join(j.Dir, spansFile) }

// Rel returns path relative to the study directory.
func (j *Journal) Rel(path string) string {
	rel, err := filepath.Rel(j.Dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// Close closes runs.jsonl, which ends the journal.
func (j *Journal) Close() error { return j.runs.Close() }

// Discard removes the directory if no run is recorded in it. What it did not make itself stays.
func (j *Journal) Discard() error {
	if j.size > 0 {
		return nil
	}
	for _, name := range []string{headerFile, runsFile, spansFile} {
		if err := os.Remove(filepath.Join(j.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("study directory: %w", err)
		}
	}
	if err := os.RemoveAll(filepath.Join(j.Dir, runsDir)); err != nil {
		return fmt.Errorf("study directory: %w", err)
	}
	_ = os.Remove(j.Dir) // it may hold files of others
	return nil
}

// WriteFile writes a file by a temporary file and a rename, so that path never holds half of it.
func WriteFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
