package capture

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/corecurve/corecurve/trace/capture/orphans"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// trialTime bounds what a study that is not refused has to wait for a trial.
const trialTime = 3 * time.Second

// Try does a task of a workload, outside any study, and returns an error if its result cannot be encoded: no run of the
// workload could then succeed. A task that takes longer than a few seconds is ended, and what else goes wrong is left
// to the runs, which record it.
func (p Program) Try(ctx context.Context, at sweep.Point) error {
	if info, ok := p.Find(at.Workload); !ok || !info.Tries || p.Command != nil {
		return nil
	}
	if err := supervise.Adopt(); err != nil {
		return nil //nolint:nilerr // the first run meets it too
	}
	defer supervise.EndChildren() // those that the task leaves behind
	forker := proc.NewForker()
	defer forker.Close()
	cmd := exec.Command(p.Argv[0], p.Argv[1:]...)
	cmd.Env = append(orphans.Mark(os.Environ()), "GOMAXPROCS=1")
	ownGroup(cmd)
	link, err := forker.Start(cmd, wire.Spec{
		Job: wire.Trial, Workload: at.Workload, Procs: 1, Workers: 1, Size: at.Size,
	})
	if err != nil {
		return nil //nolint:nilerr // the first run meets it too
	}
	defer link.Close()
	late, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	stop := context.AfterFunc(late, func() { endGroup(cmd.Process.Pid) })
	defer stop()
	in := wire.NewMessageReader(link.Output)
	in.Until(time.Now().Add(trialTime)) // a process that it left behind may hold the pipe
	m, err := in.Next()
	if err != nil {
		endGroup(cmd.Process.Pid)
	}
	_ = cmd.Wait() // how it ended does not matter
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil && m.Failure != nil:
		return errors.New(m.Failure.Error)
	}
	return nil
}
