package capture

import (
	"errors"
	"fmt"
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
		remedy(kind))
}

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
func (l *launch) lack(err error) bool {
	err = shortage.Mark(err)
	if shortage.In(err) == "" {
		return false
	}
	if l.short == nil {
		l.short = err
	}
	return true
}

// failFor records why there is no good result: what went wrong in what corecurve did itself, unless it lacked
// something.
func (l *launch) failFor(what string, err error) {
	if !l.lack(fmt.Errorf("%s%w", what, err)) {
		l.fail(sweep.Failed, what+err.Error())
	}
}

// noThread is how the Go runtime ends a process that gets no more threads, without cgo and with it.
func noThread() []string {
	return []string{"runtime: failed to create new OS thread", "runtime/cgo: pthread_create failed"}
}

// threadless keeps a shortage of threads in a process that is corecurve's in part: one of a Go workload, which has a
// thread for each worker, or the supervisor of a command. hasResult: it had given its result before.
func (l *launch) threadless(hasResult bool) {
	const crashed = 2 // the exit status of the runtime
	ofCommand := l.isCommand && (hasResult || l.res.ExitCode != crashed)
	if l.res.Status == sweep.OK || ofCommand || l.short != nil {
		return
	}
	for _, how := range noThread() {
		if strings.Contains(string(l.stderr.text()), how) {
			l.short = &shortage.Error{Kind: shortage.Processes, Err: errors.New(how)}
		}
	}
}

// lost warns of what could not be kept of the run, for err if it is one. A timed run stands without it. A traced one is
// made for its captures, so that a shortage there is one of the run.
func (l *launch) lost(what string, err error) {
	if err == nil {
		return
	}
	l.warn("%s%v", what, err)
	if l.run.Kind == sweep.Traced {
		l.lack(err)
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
