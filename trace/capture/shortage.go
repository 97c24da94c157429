package capture

import (
	"errors"
	"fmt"
	"math"
	"path"
	"strings"

	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A ShortageError says that a run could not be made because corecurve itself lacks something, or, for a traced run,
// that its captures could not be kept. It ends the study: the runs that follow would lack the same.
type ShortageError struct{ Err error }

// Error says what could not be done, what is short, and what to do.
func (e *ShortageError) Error() string {
	kind := shortage.In(e.Err)
	return fmt.Sprintf("%v: that is no failure of the program: corecurve has too little of %s (%s)", e.Err, kind,
		e.Remedy())
}

// Remedy says what to do.
func (e *ShortageError) Remedy() string { return remedy(shortage.In(e.Err)) }

// Unwrap returns what could not be done.
func (e *ShortageError) Unwrap() error { return e.Err }

func remedy(kind shortage.Kind) string {
	switch kind {
	case shortage.Files:
		return "raise " + limitOf(kind) + ", or measure fewer processes"
	case shortage.Processes:
		return "raise " + limitOf(kind) + " or pids.max of the cgroup, or measure fewer processes and workers"
	case shortage.Memory:
		return "free some, or measure smaller sizes or fewer processes"
	default:
		return "make room where the study is, or raise " + limitOf(kind) + " or the quota"
	}
}

// lack keeps the first shortage in err, which is of something that corecurve did itself, and reports whether it is one.
func (j *judgement) lack(err error) bool {
	err = shortage.Mark(err)
	if shortage.In(err) == "" {
		return false
	}
	if j.short == nil {
		j.short = err
	}
	return true
}

// failFor records why there is no good result: what went wrong in what corecurve did itself, unless it lacked
// something.
func (j *judgement) failFor(what string, err error) {
	if !j.lack(fmt.Errorf("%s%w", what, err)) {
		j.fail(sweep.Failed, what+err.Error())
	}
}

// crashes are how the Go runtime ends a process that gets no more threads, without cgo and with it, or no more memory.
func crashes() map[shortage.Kind][]string {
	return map[shortage.Kind][]string{
		shortage.Processes: {"runtime: failed to create new OS thread", "runtime/cgo: pthread_create failed"},
		shortage.Memory:    {"runtime: out of memory: cannot allocate "},
	}
}

// ownMemory is more than corecurve's part of a process takes: what goes beyond it is the workload's.
const ownMemory = 64 << 20

// crashed keeps a shortage of threads or memory in a process that is corecurve's in part: one of a Go workload, which
// has a thread for each worker, or the supervisor of a command, which wrote stderr. A workload that has taken much
// memory lacks it by its own doing. hasResult: it had given its result before.
func (j *judgement) crashed(stderr []byte, hasResult bool) {
	const status = 2 // of a process that the runtime ends
	ofCommand := j.isCommand && (hasResult || j.res.ExitCode != status)
	if j.res.Status == sweep.OK || ofCommand || j.short != nil {
		return
	}
	for line := range strings.Lines(string(stderr)) {
		for kind, all := range crashes() {
			for _, how := range all {
				if strings.HasPrefix(line, how) && (kind != shortage.Memory || inUse(line) <= ownMemory) {
					j.short = &shortage.Error{Kind: kind, Err: errors.New(strings.TrimSpace(line))}
					return
				}
			}
		}
	}
}

// inUse returns what the runtime says that a process had of memory when it got no more, and what it asked for.
func inUse(line string) int64 {
	var asked, used int64
	if _, err := fmt.Sscanf(line, "runtime: out of memory: cannot allocate %d-byte block (%d in use)", &asked, &used); err != nil {
		return math.MaxInt64
	}
	return max(asked, used) // of sizes that have no sum
}

// lost warns of what could not be kept of the run, for err if it is one.
func (j *judgement) lost(what string, err error) {
	if err != nil {
		j.warn("%s%v", what, err)
		j.unkept(err)
	}
}

// unkept judges what could not be kept of the run for err. A timed run stands without it. A traced one is made for its
// captures, so that a shortage there is one of the run.
func (j *judgement) unkept(err error) {
	if j.res.Kind == sweep.Traced {
		j.lack(err)
	}
}

// room checks, after a traced run of a command, that the disk is not full: a program that cannot write its trace need
// not say so, and Go's runtime never does.
func (l *launch) room() {
	const enough = 64 << 10
	study, name := l.r.journal.Folder, path.Join(l.dir, ".room")
	f, err := study.Create(name)
	if err == nil {
		_, err = f.Write(make([]byte, enough))
		err = errors.Join(err, f.Sync(), f.Close(), study.Remove(name))
	}
	l.lost("whether its captures are whole is not known: ", err)
}
