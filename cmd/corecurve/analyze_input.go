package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/analysis"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// inputs are the files of an analysis.
type inputs struct {
	procs    []recording.Process // of the files that could be opened
	index    []int               // of their entries in traces
	traces   []analysis.Trace    // one for each file
	warnings []warning.Warning
	closers  []func()
}

func (in *inputs) close() {
	for _, c := range in.closers {
		c()
	}
}

// openTraces opens files. Those that cannot be read are left out, with a warning; it fails if that leaves none.
func openTraces(files []string, stdin io.Reader, o gotrace.Options) (*inputs, error) {
	if err := sameTwice(files); err != nil {
		return nil, err
	}
	in := &inputs{}
	var errs []error
	for i, path := range files {
		var r *gotrace.Reader
		var err error
		done := func() {}
		if path == stdinName {
			path = "standard input"
			if r, err = gotrace.OpenStream(stdin, path, o); err == nil {
				done = r.Close
			}
		} else {
			r, done, err = captures.OpenTrace(path, path, o)
		}
		t := analysis.Trace{File: path}
		if err != nil {
			errs = append(errs, err)
			t.Damage = damage(err, path)
			t.Damage.Lost = sizeOf(files[i])
		} else {
			in.closers = append(in.closers, done)
			in.procs = append(in.procs, recording.Process{Rank: i, Reader: r})
			in.index = append(in.index, i)
			t.Go = r.GoVersion()
			in.warnings = append(in.warnings, study.Foreign(r)...)
		}
		in.traces = append(in.traces, t)
	}
	if len(in.procs) == 0 {
		return nil, errors.Join(errs...)
	}
	for i, p := range in.procs {
		if len(in.procs) > 1 && !p.Reader.SharedClock() {
			in.close()
			return nil, usagef("%s: a trace of %s has a clock of its own: analyse it alone", in.traces[in.index[i]].File, p.Reader.GoVersion())
		}
	}
	return in, nil
}

// sameTwice refuses a file that is given twice: it would be counted twice.
func sameTwice(files []string) error {
	infos := make([]os.FileInfo, len(files))
	for i, path := range files {
		if path != stdinName {
			infos[i], _ = os.Stat(path) // opening it tells what is wrong
		}
		for j := range i {
			if path == files[j] || infos[i] != nil && infos[j] != nil && os.SameFile(infos[i], infos[j]) {
				return usagef("%s and %s are the same file", files[j], path)
			}
		}
	}
	return nil
}

// sizeOf is the size of a file, or 0.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// judge completes the files' entries by what reading them has shown, and refuses what is no one run.
func (in *inputs) judge(rec *recording.Recording) error {
	read := false
	for i, p := range in.procs {
		t := &in.traces[in.index[i]]
		t.Events, t.Bytes, t.Duration = rec.Extents[i].Events, p.Reader.Bytes(), rec.Extents[i].Duration()
		read = read || t.Events > 0
		if err := rec.Damage[i]; err != nil {
			t.Damage = damage(err, t.File)
		}
	}
	if !read {
		errs := append([]error{errors.New("nothing could be read")}, rec.Damage...)
		return errors.Join(errs...)
	}
	order := make([]int, 0, len(in.procs))
	for i := range in.procs {
		if rec.Extents[i].Events > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(rec.Extents[a].First, rec.Extents[b].First) })
	latest := order[0]
	for _, i := range order[1:] {
		if !rec.Extents[i].Overlaps(rec.Extents[latest]) {
			return usagef("%s and %s are not of one run: the one ends %v before the other begins; analyse them one by one",
				in.traces[in.index[latest]].File, in.traces[in.index[i]].File, rec.Extents[i].First.Sub(rec.Extents[latest].Last).Round(time.Microsecond))
		}
		if rec.Extents[i].Last > rec.Extents[latest].Last {
			latest = i
		}
	}
	return nil
}

// length is how long the whole recording is.
func (in *inputs) length(rec *recording.Recording) time.Duration {
	whole := recording.Extent{}
	for _, x := range rec.Extents {
		switch {
		case x.Events == 0:
		case whole.Events == 0:
			whole = x
		default:
			whole.First, whole.Last = min(whole.First, x.First), max(whole.Last, x.Last)
		}
	}
	return whole.Duration().Round(time.Microsecond)
}

// damage is what of a trace could not be read.
func damage(err error, file string) *analysis.Damage {
	d := &analysis.Damage{Reason: strings.TrimPrefix(err.Error(), file+": ")}
	if e, ok := errors.AsType[*gotrace.DamageError](err); ok {
		d.Lost = e.Lost
		d.Reason = fmt.Sprintf("generation %d: %v", e.Generation, e.Err)
		if e.Generations > 1 {
			d.Reason += fmt.Sprintf("; %d generations are damaged", e.Generations)
		}
	}
	return d
}
