package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

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
	// Interrupted are the runs that do not count; see the status of that name. Results may have others of the same runs.
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
	if err := readHeader(f, &s.Header); err != nil {
		return nil, fmt.Errorf("%s: not a study that can be read: %w", dir, err)
	}
	return s, s.readRuns(f)
}

// readHeader reads study.json. What could be too much to decode is not decoded.
func readHeader(f *folder.Folder, h *Header) error {
	file, err := f.Open(headerFile)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	b, err := limits.ReadAll(headerFile, file, limits.HeaderBytes)
	if err != nil {
		return err
	}
	if err := limits.JSON(headerFile, b, limits.HeaderValues); err != nil {
		return err
	}
	if err := json.Unmarshal(b, h); err != nil {
		return fmt.Errorf("%s: %s", headerFile, limits.Brief(err))
	}
	if err := CheckSchema(h.Schema, StudySchema); err != nil {
		return fmt.Errorf("%s: %w", headerFile, err)
	}
	if err := h.check(); err != nil {
		return fmt.Errorf("%s: %w", headerFile, err)
	}
	return nil
}

// Report returns the folder of the report of s in that of the study. The part of a study that compares has one of its
// own, by the name of its variant.
func (s *Study) Report() string {
	if len(s.Header.Variants) == 1 {
		return path.Join(ReportDir, s.Header.Variants[0].Name)
	}
	return ReportDir
}

// OpenReport opens the folder of the study's report, to write it. It removes what killed processes left half written.
func (s *Study) OpenReport() (*folder.Folder, error) {
	f, err := openStudy(s.Dir)
	if err != nil {
		return nil, err
	}
	f.Tidy(".")
	out, err := f.Sub(s.Report())
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
		return fmt.Errorf("schema is %s, want %q", limits.Quote(schema), want)
	}
	if known, _ := strconv.Atoi(number); n > known {
		return fmt.Errorf("schema %s was written by a newer corecurve; this one knows %q", limits.Quote(schema), want)
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
