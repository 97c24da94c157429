package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
)

// Names of the files of a study.
const (
	headerFile = "study.json"
	runsFile   = "runs.jsonl"
	runsDir    = "runs"
	// SpansFile holds the spans that belong to no single run.
	SpansFile = "spans.jsonl"
	// ReportDir is the folder of the report.
	ReportDir = "report"
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
	f, err := openStudy(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return readStudy(dir, f)
}

// openStudy opens the folder of a study, which has a header.
func openStudy(dir string) (*folder.Folder, error) {
	f, err := folder.Open(dir)
	kind, isKind := errors.AsType[*folder.KindError](err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: not a study: it does not exist", dir)
	case isKind:
		return nil, fmt.Errorf("%s: not a study: it is %s", dir, kind.Is)
	case err != nil:
		return nil, fmt.Errorf("not a study: %w", err)
	}
	switch _, err := f.Stat(headerFile); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.Join(fmt.Errorf("%s: not a study: it has no %s", dir, headerFile), f.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("%s: not a study: %w", dir, err), f.Close())
	}
	return f, nil
}

func readStudy(dir string, f *folder.Folder) (*Study, error) {
	s := &Study{Dir: dir}
	b, err := readAll(f, headerFile, limits.HeaderBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: not a study: %w", dir, err)
	}
	path := filepath.Join(dir, headerFile)
	if err := json.Unmarshal(b, &s.Header); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := CheckSchema(s.Header.Schema, StudySchema); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	runs, err := readAll(f, runsFile, limits.RunsBytes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return s, s.readRuns(runs)
}

func readAll(f *folder.Folder, name string, most int64) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return limits.ReadAll(name, file, most)
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
		s.checkCaptures(&r, n)
		s.Results = append(s.Results, r)
	}
	s.Results, s.Replaced = Standing(s.Results)
	return nil
}

// checkCaptures leaves out captures whose paths are not those of files of runs.
func (s *Study) checkCaptures(r *Result, line int) {
	r.Captures = slices.DeleteFunc(r.Captures, func(c Capture) bool {
		if c.named() {
			return false
		}
		s.warn("%s: line %d: a capture has the path %s, which is none below %s/: it was left out", runsFile, line,
			limits.Quote(c.Path), runsDir)
		return true
	})
}

// named reports whether the path of c can be that of a capture.
func (c *Capture) named() bool {
	return folder.Local(c.Path) && strings.HasPrefix(c.Path, runsDir+"/") &&
		!strings.ContainsFunc(c.Path, unicode.IsControl)
}

func (s *Study) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}

// OpenReport opens the folder of the study's report, to write it. It removes what killed processes left half written.
func (s *Study) OpenReport() (*folder.Folder, error) {
	f, err := openStudy(s.Dir)
	if err != nil {
		return nil, err
	}
	f.Tidy(".")
	out, err := f.Sub(ReportDir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.Dir, err), f.Close())
	}
	out.Tidy(".")
	return out, f.Close()
}

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
