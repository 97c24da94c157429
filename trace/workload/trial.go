package workload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// trialTime is how long a trial goes on to further tasks.
const trialTime = 300 * time.Millisecond

// errTried ends the Run of a trial.
var errTried = errors.New("the trial is over")

// trial is the job of a process that finds out, before a study, whether results can be encoded: the type of a result is
// not known before there is one. It does the first task, and others if they are short, and reports a result that cannot
// be encoded, or a task list of impossible length. It reports nothing else: what goes wrong here goes wrong in the runs
// too, and they record it.
func (p *process) trial() int {
	w, err := find(p.ws, &p.Spec)
	if err != nil {
		return exitFailed
	}
	over := make(chan struct{})
	go func() { // which the workload may end by runtime.Goexit
		defer close(over)
		_ = guard("trial", func() error { return p.try(context.Background(), w) })
	}()
	<-over
	return exitOK
}

func (p *process) try(ctx context.Context, w *Workload) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, err := serve(ctx, w, &p.Spec)
	if err != nil {
		return err
	}
	here := newPart(w, &p.Spec, nil, p.entered)
	if w.Run != nil {
		here.env.emit = func(i int, v any) error {
			cancel()
			return errors.Join(p.judge(i, v), errTried)
		}
	}
	if err = here.open(ctx); err == nil {
		if err = here.serial(ctx, "before", w.Before); err == nil {
			err = p.tryTasks(ctx, here)
		}
		err = errors.Join(err, here.close())
	}
	return errors.Join(err, stop())
}

// tryTasks does the first task, and the last and the middle one if there is time.
func (p *process) tryTasks(ctx context.Context, here *part) error {
	if here.w.Run != nil {
		return here.runFree(ctx)
	}
	n, err := here.w.tasks(here.spec.Size)
	if err != nil {
		return p.refuse(err)
	}
	if n == 0 {
		return nil
	}
	begin := time.Now() //nolint:forbidigo // the trial has a time limit
	for _, i := range []int{0, n - 1, n / 2} {
		v, err := here.w.Task(ctx, here.env, i)
		if err == nil {
			err = p.judge(i, v)
		}
		if err != nil || time.Since(begin) > trialTime {
			return err
		}
	}
	return nil
}

// judge reports result i to the starter if it cannot be encoded.
func (p *process) judge(i int, v any) error {
	_, err := digest.Append(nil, v)
	if err == nil {
		return nil
	}
	return p.refuse(fmt.Errorf("workload %s: %w", p.Spec.Workload, &TaskError{Task: i, Err: err}))
}

// refuse tells the starter why no run can succeed.
func (p *process) refuse(err error) error {
	return errors.Join(err, wire.WriteMessage(p.Output, wire.Failed(err, p.Spec.Rank)))
}
