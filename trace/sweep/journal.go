package sweep

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/limits"
)

// A Journal writes a study: its header, and a line for every finished run, so that finished runs are never lost.
//
// It has runs.jsonl locked as long as it is open. The lock is on the very file that two writers would spoil for each
// other, and before each write the journal makes sure that it is still the one of the study.
type Journal struct {
	Dir    string // absolute
	Folder *folder.Folder
	runs   *os.File
	size   int64 // bytes of runs.jsonl up to the end of its last whole line

	unsynced bool    // lines of runs.jsonl are not on the disk for certain
	since    Seconds // start of the first of their runs, on the clock of [Result.Start]
}

// syncEvery is the time of a study that is not on the disk for certain at most. To sync takes about half a millisecond,
// and a run may take as little: a line of its own would not be worth it.
const syncEvery = Seconds(time.Second)

// CreateStudy makes the directory of a new study. It refuses a directory that is not empty, except for what another
// call has left there that did not come to its end. If it fails, it takes away what it has made.
func CreateStudy(dir string, h Header) (*Journal, error) {
	f, err := folder.Make(dir)
	if err != nil {
		return nil, fmt.Errorf("study directory: %w", err)
	}
	if err := vacant(dir, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	j, err := lockStudy(dir, f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := f.Stat(headerFile); !errors.Is(err, fs.ErrNotExist) { // another was faster, and has ended
		return nil, errors.Join(notEmpty(dir), j.runs.Close(), f.Close())
	}
	if err = f.MkdirAll(runsDir); err == nil {
		err = j.hold(h.Command)
	}
	if err != nil {
		err = fmt.Errorf("study directory %s: %w", dir, err)
	} else {
		err = j.WriteHeader(h)
	}
	if err != nil {
		return nil, errors.Join(err, j.Discard(), j.Close())
	}
	return j, nil
}

// vacant returns an error if there is anything in a folder that does not come from a study that was never made: its
// header is what is made last.
func vacant(dir string, f *folder.Folder) error {
	entries, err := f.ReadDir(".")
	if err != nil {
		return fmt.Errorf("study directory: %w", err)
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == holderFile || folder.Temporary(name):
			continue
		case name == runsDir:
			if runs, err := f.ReadDir(name); err == nil && len(runs) == 0 {
				continue
			}
		case name == runsFile:
			if info, err := f.Stat(name); err == nil && info.Size() == 0 {
				continue
			}
		}
		return notEmpty(dir)
	}
	return nil
}

func notEmpty(dir string) error {
	return fmt.Errorf("study directory %s is not empty: give another --out, or continue a study with --resume", dir)
}

// ContinueStudy opens the study in dir to continue it: it locks the study, then reads it. It changes nothing of it
// before the journal is written to. command is the command line that continues it, for those whom the lock keeps out.
func ContinueStudy(dir string, command []string) (*Study, *Journal, error) {
	f, err := openStudy(dir)
	if err != nil {
		return nil, nil, err
	}
	j, err := lockStudy(dir, f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	if err := j.hold(command); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("study %s: %w", dir, err), j.Close())
	}
	s, err := readStudy(dir, f)
	if err != nil {
		return nil, nil, errors.Join(err, j.Close())
	}
	j.size = s.size
	return s, j, nil
}

// lockStudy locks the study in f, and removes what killed processes left half written.
func lockStudy(dir string, f *folder.Folder) (*Journal, error) {
	runs, err := f.Lock(runsFile)
	switch {
	case errors.Is(err, folder.ErrLocked):
		return nil, fmt.Errorf("study %s is being written by another corecurve%s", dir, holderOf(f))
	case err != nil:
		return nil, fmt.Errorf("study %s: %w", dir, err)
	}
	f.Tidy(".")
	return &Journal{Dir: f.Dir(), Folder: f, runs: runs}, nil
}

// Present returns a [folder.GoneError] if what is written would reach nobody: the directory of the study is gone, or
// the runs.jsonl that is open and locked.
func (j *Journal) Present() error {
	err := j.Folder.Present()
	if err == nil && !j.Folder.Same(runsFile, j.runs) {
		err = &folder.GoneError{Path: j.Folder.Path(runsFile)}
	}
	if err != nil {
		return fmt.Errorf("the study ends: %w", err)
	}
	return nil
}

// cut cuts runs.jsonl back to its whole lines. A tool that was killed while it wrote a line leaves a part of it.
func (j *Journal) cut() error {
	info, err := j.runs.Stat()
	if err != nil || info.Size() == j.size {
		return err
	}
	return j.runs.Truncate(j.size)
}

// WriteHeader writes study.json anew, by a temporary file and a rename.
func (j *Journal) WriteHeader(h Header) error {
	if err := h.check(); err != nil {
		return fmt.Errorf("%s: %w", headerFile, err)
	}
	b, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", headerFile, err)
	}
	if err := cmp.Or(
		limits.Count(headerFile, "bytes", int64(len(b)+1), limits.HeaderBytes),
		limits.JSON(headerFile, b, limits.HeaderValues),
	); err != nil {
		return err
	}
	if err := j.Present(); err != nil {
		return err
	}
	if err := errors.Join(j.cut(), j.sync(), j.Folder.WriteFile(headerFile, append(b, '\n'))); err != nil {
		return fmt.Errorf("study %s: %w", j.Dir, err)
	}
	return nil
}

// Append records a finished run in one line: whatever ends this process does not take it away again. It is synced, with
// those before it, once they are the runs of a second, so that a power cut costs no more than that; so is a run that
// failed, which may have taken any time. After an error the file holds what it held before. A result that no reader
// would take becomes that of a failed run, which says why.
func (j *Journal) Append(r *Result) error {
	b, err := encode(r)
	if err != nil {
		r.refuse(err)
		b, err = encode(r)
	}
	if err != nil {
		return fmt.Errorf("recording %s: %w", r.Dir(), err)
	}
	if err = j.Present(); err == nil {
		err = j.cut()
	}
	if err != nil {
		return fmt.Errorf("recording %s: %w", r.Dir(), err)
	}
	if _, err = j.runs.WriteAt(b, j.size); err == nil && j.due(r) {
		err = j.sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("recording %s: %w", r.Dir(), err), j.cut())
	}
	j.size += int64(len(b))
	return nil
}

// due reports whether the lines up to that of r, which has just been written, are to be synced.
func (j *Journal) due(r *Result) bool {
	if !j.unsynced {
		j.unsynced, j.since = true, r.Start
	}
	return r.Status != OK || r.Start+r.Total-j.since >= syncEvery
}

// sync brings all lines to the disk that are not there yet.
func (j *Journal) sync() error {
	if !j.unsynced {
		return nil
	}
	err := j.runs.Sync()
	j.unsynced = err != nil
	return err
}

// encode returns the line of r, if a reader would take it.
func encode(r *Result) ([]byte, error) {
	r.fit()
	if _, err := r.check(); err != nil {
		return nil, err
	}
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	b = append(b, '\n')
	return b, cmp.Or(
		limits.Count("", "bytes", int64(len(b)), limits.ResultBytes), limits.JSON("", b, limits.ResultValues))
}

// RunDir returns the name of the directory for the captures of r in the folder of the study.
func RunDir(r Run) string { return path.Join(runsDir, r.Dir()) }

// Close ends the journal.
func (j *Journal) Close() error {
	return errors.Join(j.sync(), j.release(), j.runs.Close(), j.Folder.Close())
}

// Discard removes the directory if no run is recorded in it. What it did not make itself stays. The journal must still
// be closed.
func (j *Journal) Discard() error {
	if j.size > 0 {
		return nil
	}
	if err := j.Present(); err != nil {
		return err
	}
	for _, name := range []string{headerFile, SpansFile, runsDir, holderFile, runsFile} {
		if err := j.Folder.RemoveAll(name); err != nil {
			return fmt.Errorf("study directory: %w", err)
		}
	}
	_ = os.Remove(j.Dir) // it may hold files of others
	return nil
}
