package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
)

// A runsReader reads the lines of runs.jsonl into a study.
type runsReader struct {
	*limits.Lines
	study   *Study
	seen    map[Run]bool
	files   map[string]int // lines of captures, by path
	sum     int64          // of all times, in nanoseconds
	skipped int            // lines
	left    int            // captures
}

// usualLine is the length of a line, in bytes, by which room is made for results: it takes no more than the file is
// long.
const usualLine = 1 << 10

// readRuns reads runs.jsonl. It skips lines that are damaged or beyond the limits, with a warning. All are too many if
// what is left is: that is an error.
func (s *Study) readRuns(f *folder.Folder) error {
	file, err := f.Open(runsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	if err := limits.Count(runsFile, "bytes", info.Size(), limits.RunsBytes); err != nil {
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	in := runsReader{
		Lines: limits.NewLines(file, limits.ResultBytes), study: s, seen: map[Run]bool{}, files: map[string]int{},
	}
	s.Results = slices.Grow(s.Results, int(info.Size()/usualLine))
	if err := in.all(); err != nil {
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	s.Results, s.Replaced = Standing(s.Results)
	return nil
}

func (in *runsReader) all() error {
	for {
		line, err := in.Next()
		long := in.Skipped()
		if err != nil && !long && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: line %d: %w", runsFile, in.Number(), err)
		}
		if !in.Whole() {
			if n := in.Read() - in.study.size; n > 0 {
				in.study.warn("%s: line %d is cut off (%d bytes): that run counts as not made", runsFile, in.Number(), n)
			}
			break
		}
		in.study.size = in.Read()
		if long {
			in.skip("is damaged and was skipped: %v", err)
			continue
		}
		if err := in.line(line); err != nil {
			return fmt.Errorf("%s: line %d: %w", runsFile, in.Number(), err)
		}
		if err := limits.Count(runsFile, "runs", int64(len(in.seen)+len(in.study.Interrupted)), limits.Results); err != nil {
			return err
		}
	}
	if n := in.skipped - limits.Damages; n > 0 {
		in.study.warn("%s: %d more lines were skipped", runsFile, n)
	}
	if n := in.left - limits.Damages; n > 0 {
		in.study.warn("%s: %d more captures were left out", runsFile, n)
	}
	return nil
}

// skip warns that the last line was skipped. Of many lines it names the first.
func (in *runsReader) skip(format string, args ...any) {
	if in.skipped++; in.skipped <= limits.Damages {
		in.study.warn("%s: line %d %s", runsFile, in.Number(), fmt.Sprintf(format, args...))
	}
}

// line takes a line. It returns an error if the study is of another version.
func (in *runsReader) line(line []byte) error {
	var r Result
	if err := limits.JSON("", line, limits.ResultValues); err != nil {
		in.skip("is damaged and was skipped: %v", err)
		return nil
	}
	if err := json.Unmarshal(line, &r); err != nil {
		in.skip("is damaged and was skipped: %s", limits.Brief(err))
		return nil
	}
	if err := CheckSchema(r.Schema, RunSchema); err != nil {
		return err
	}
	sum, err := r.check()
	if err == nil {
		err = in.study.Header.variant(r.Point.Workload, r.Point.Variant)
	}
	if sum += in.sum; err == nil && sum > limits.Sum {
		err = fmt.Errorf("the times of the study add up to more than %v", Seconds(limits.Sum))
	}
	switch {
	case err != nil:
		in.skip("was skipped: %v", err)
		return nil
	case r.Status == Interrupted:
		in.captures(&r, false)
		in.study.Interrupted = append(in.study.Interrupted, r)
		return nil
	case r.Status == OK && r.Error != "":
		in.skip("was skipped: %s is %q and has an error (%s)", r.Dir(), r.Status, r.Error)
		return nil
	case in.seen[r.Run]:
		in.skip("repeats %s and was skipped", r.Dir())
		return nil
	}
	in.sum = sum
	in.seen[r.Run] = true
	in.captures(&r, true)
	in.study.Results = append(in.study.Results, r)
	return nil
}

// captures leaves out captures whose paths are not those of files of runs, and, if they are to be analysed, those of
// files that were named before: they would be counted twice.
func (in *runsReader) captures(r *Result, analysed bool) {
	r.Captures = slices.DeleteFunc(r.Captures, func(c Capture) bool {
		at, twice := in.files[c.Path]
		switch {
		case !c.named():
			in.leave("has the path %s, which is none below %s/", limits.Quote(c.Path), runsDir)
		case analysed && twice:
			in.leave("is %s, which line %d has named already", limits.Quote(c.Path), at)
		case analysed && len(in.files) == limits.StudyCaptures:
			in.leave("is one more than %d", limits.StudyCaptures)
		default:
			if analysed {
				in.files[c.Path] = in.Number()
			}
			return false
		}
		return true
	})
}

// leave warns that a capture of the last line was left out. Of many it names the first.
func (in *runsReader) leave(format string, args ...any) {
	if in.left++; in.left <= limits.Damages {
		in.study.warn("%s: line %d: a capture %s: it was left out", runsFile, in.Number(), fmt.Sprintf(format, args...))
	}
}

// named reports whether the path of c can be that of a capture.
func (c *Capture) named() bool {
	return folder.Local(c.Path) && strings.HasPrefix(c.Path, runsDir+"/") &&
		!strings.ContainsFunc(c.Path, unicode.IsControl)
}

func (s *Study) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}
