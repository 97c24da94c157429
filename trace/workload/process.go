package workload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/selftrace"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Exit statuses of a process of a run.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// serviceGrace is how long a service has to end once it is asked to.
const serviceGrace = 2 * time.Second

// IsChild reports whether corecurve, or the coordinator of a run, started this process to be part of a run. It costs
// one lookup in the environment.
func IsChild() bool { return proc.Started() }

// Child does what this process was started for (see [IsChild]) and returns the status with which it must exit at once.
// Programs that do not call [Main] call Child as the first thing in main, with all workloads that they may run:
//
//	if workload.IsChild() {
//		os.Exit(workload.Child(workloads()...))
//	}
func Child(ws ...Workload) int {
	entered := clock.Now()
	self, err := proc.Enter()
	if err != nil {
		report(os.Stderr, err)
		return exitFailed
	}
	p := &process{Self: self, ws: ws, entered: entered}
	defer p.watchGoexit()
	var status int
	switch self.Spec.Job {
	case wire.Root:
		p.dieWithStarter()
		status = p.root()
	case wire.Child:
		p.dieWithStarter()
		status = p.child()
	case wire.Service:
		status = p.service()
	case wire.Trial:
		p.dieWithStarter()
		status = p.trial()
	default:
		err := fmt.Errorf("%s: unknown job %q", wire.SpecEnv, self.Spec.Job)
		status = p.fail(err)
	}
	p.returned = true
	return status
}

// A process is this process as part of a run.
type process struct {
	*proc.Self
	ws       []Workload
	entered  clock.Time
	returned bool
}

// dieWithStarter makes the process exit as soon as its starter is gone, whatever the workload is doing.
func (p *process) dieWithStarter() {
	p.Watch(func() {
		os.Exit(exitFailed) //nolint:forbidigo // nobody is left to report to, and the workload may hang
	})
}

// watchGoexit reports a workload that ended the main goroutine by [runtime.Goexit]; otherwise the process would never
// exit.
func (p *process) watchGoexit() {
	if p.returned {
		return
	}
	if v := recover(); v != nil {
		panic(v)
	}
	os.Exit(p.fail(errGoexit)) //nolint:forbidigo // the goroutine cannot be brought back to return a status
}

// fail reports err to the starter and to people, and returns the exit status.
func (p *process) fail(err error) int {
	report(os.Stderr, err)
	rank := p.Spec.Rank
	if p.Spec.Job == wire.Root && p.Spec.Procs > 1 {
		rank = -1
	}
	if in, ok := errors.AsType[*rankError](err); ok {
		rank = in.rank
	}
	failure := wire.Failed(err, rank)
	if p.Spec.Job == wire.Child {
		err = (&child{out: p.Output}).message(failure)
	} else {
		err = wire.WriteMessage(p.Output, failure)
	}
	if err != nil {
		report(os.Stderr, err)
	}
	return exitFailed
}

// root is the job of the first process of a run: its only worker process, or its coordinator.
func (p *process) root() int {
	ctx, rec := selftrace.Start(context.Background(), &p.Spec)
	w, err := find(p.ws, &p.Spec)
	if err != nil {
		return p.fail(err)
	}
	here := newPart(w, &p.Spec, rec, p.entered)
	var out wire.Outcome
	finish := func() ([]wire.Span, wire.End, error) {
		spans, end := rec.Stop()
		return spans, end, nil
	}
	if p.Spec.Procs == 1 {
		out, err = (&solo{part: here}).run(ctx)
	} else {
		program, perr := os.Executable()
		if perr != nil {
			return p.fail(perr)
		}
		c := &coordinator{part: here, program: program, environ: os.Environ()}
		if out, err = c.run(ctx); err != nil {
			c.end()
		}
		finish = c.finish
	}
	if err != nil {
		return p.fail(err)
	}
	if err := wire.WriteMessage(p.Output, &wire.Message{Done: &out}); err != nil {
		report(os.Stderr, err)
		return exitFailed
	}
	return p.leave(here, finish)
}

// leave hands over what was recorded, once the result is out, and closes the state.
func (p *process) leave(here *part, finish func() ([]wire.Span, wire.End, error)) int {
	spans, end, err := finish()
	err = errors.Join(err, wire.EachSpans(spans, func(m *wire.Message) error { return wire.WriteMessage(p.Output, m) }))
	err = errors.Join(err, wire.WriteMessage(p.Output, &wire.Message{End: &end}), here.close())
	if err != nil {
		report(os.Stderr, err)
		return exitFailed
	}
	return exitOK
}

// child is the job of a worker process of a coordinator.
func (p *process) child() int {
	ctx, rec := selftrace.Start(context.Background(), &p.Spec)
	w, err := find(p.ws, &p.Spec)
	if err != nil {
		return p.fail(err)
	}
	c := &child{part: newPart(w, &p.Spec, rec, p.entered), out: p.Output, in: wire.NewFrameReader(p.Input)}
	if err := c.run(ctx); err != nil {
		return p.fail(err)
	}
	if err := errors.Join(c.finish(), c.close()); err != nil {
		report(os.Stderr, err)
		return exitFailed
	}
	return exitOK
}

// service is the job of a process that runs a workload's Service. The end of its lifeline, or SIGTERM, asks it to end.
func (p *process) service() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ctx, hangup := context.WithCancel(ctx)
	defer hangup()
	p.Watch(hangup)
	context.AfterFunc(ctx, func() {
		time.Sleep(serviceGrace)
		os.Exit(exitFailed) //nolint:forbidigo // it was asked to end and did not
	})
	w, err := findService(p.ws, p.Spec.Workload)
	if err != nil {
		return p.fail(err)
	}
	var sent error
	err = guard("service", func() error {
		return w.Service(ctx, func(addr string) {
			sent = wire.WriteMessage(p.Output, &wire.Message{Serving: &addr})
		})
	})
	if err = errors.Join(err, sent); err != nil && ctx.Err() == nil {
		return p.fail(err)
	}
	return exitOK
}

func findService(ws []Workload, name string) (*Workload, error) {
	for i := range ws {
		if ws[i].Name == name && ws[i].Service != nil {
			return &ws[i], nil
		}
	}
	return nil, fmt.Errorf("workload %q: the program has no service for it", name)
}
