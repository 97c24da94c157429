package capture

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/capture/pulse"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/capture/terminal"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// exitGrace is how long a run may take to flush its captures and exit once it has given its result.
const exitGrace = 30 * time.Second

// A Runner makes runs, one at a time.
type Runner struct {
	journal  *sweep.Journal
	host     sweep.Host
	settings sweep.Settings
	programs map[sweep.Key]Program
	forker   *proc.Forker
	noise    *host.Sampler
	glance   glance
	pulse    *pulse.Pulse

	supervisor *conn // of commands, which waits for the next run; nil: none
	stance     stance
	terminal   *terminal.Terminal
	spans      *spanLog
	digests    map[digestKey]digest
	halts      map[sweep.Key]int // runs in a row of which a signal stopped a process
}

// New returns a runner that records into journal. The caller must Close it at the end of the study.
func New(journal *sweep.Journal, h sweep.Host, settings sweep.Settings, programs map[sweep.Key]Program) (*Runner, error) {
	if err := supervise.Adopt(); err != nil {
		return nil, err
	}
	return &Runner{
		journal: journal, host: h, settings: settings, programs: programs,
		forker: proc.NewForker(), noise: host.NewSampler(), pulse: pulse.Start(), terminal: terminal.Keep(), spans: newSpanLog(journal),
		digests: map[digestKey]digest{}, halts: map[sweep.Key]int{},
	}, nil
}

// Close ends the study's span and the forwarding of spans, and returns warnings: about spans that were lost, and
// threads of corecurve that cannot be moved back.
func (r *Runner) Close(ctx context.Context) (warnings []string) {
	r.release()
	r.pulse.Stop()
	r.terminal.Close()
	if err := r.stance.stepBack(r.forker); err != nil {
		warnings = append(warnings, err.Error())
	}
	return append(warnings, r.spans.close(ctx)...)
}

// run makes one run. It returns an error only if the run could not be made at all, because ctx ended or the machine
// lacks what every run needs, or, with a result that is to be kept, a [LostError]. A run that fails is a result, and
// one that is interrupted as well.
func (r *Runner) run(ctx context.Context, run sweep.Run) (sweep.Result, error) {
	if err := ctx.Err(); err != nil {
		return sweep.Result{}, err
	}
	late, done := Graced(ctx)
	defer done()
	l := &launch{
		r: r, run: run, dir: sweep.RunDir(run), opened: clock.Now(),
		judgement: judgement{res: sweep.Result{Schema: sweep.RunSchema, Run: run}},
	}
	err := l.open()
	if err == nil {
		err = l.make(ctx, late)
		l.finish(late)
	}
	if l.lack(err) || err == nil && ctx.Err() == nil && l.short != nil {
		_ = r.journal.Folder.RemoveAll(l.dir) // its captures are worth nothing, and may be what fills the disk
		return l.res, &ShortageError{fmt.Errorf("run %s: %w", run.Dir(), l.short)}
	}
	if err != nil {
		return l.res, fmt.Errorf("run %s: %w", run.Dir(), err)
	}
	if err = ctx.Err(); err == nil && l.gone && l.res.Status == sweep.Interrupted {
		err = &LostError{Run: run, Why: l.res.Error, Times: 1}
	}
	return l.res, err
}

// A launch is one run in the making.
type launch struct {
	r   *Runner
	run sweep.Run
	dir string // its folder in that of the study
	judgement

	stdout, stderr *output
	service        *service
	asides         []*supervise.Aside
	span           *runSpan   // of a traced run
	opened         clock.Time // before anything else
	begin          clock.Time // CLOCK_MONOTONIC before the fork
	noise          watch
	orphaned       bool          // its first process has ended, and left its children to corecurve
	begunCPU       time.Duration // CPU time of corecurve when the run's total began
	used           resources
	schedule       *schedule // of a traced run
	isBenchmark    bool
}

// resources are what a process and its children used, from wait4.
type resources struct {
	user, sys              time.Duration
	voluntary, involuntary int64
}

func (r resources) cpu() time.Duration { return r.user + r.sys }

// open sets up what the run needs before the clock starts.
func (l *launch) open() (err error) {
	// A run that was cut off by a kill leaves a directory without a result; it is made again.
	study := l.r.journal.Folder
	if err := errors.Join(l.r.journal.Present(), study.RemoveAll(l.dir)); err != nil {
		return err
	}
	if l.run.Kind == sweep.Traced {
		if err := study.MkdirAll(l.dir); err != nil {
			return err
		}
		if l.span, err = l.r.spans.begin(l.run, l.dir, l.r.programs[l.run.Point.Key()].Secrets); err != nil {
			return err
		}
	}
	if l.stdout, err = newOutput(); err != nil {
		return err
	}
	if l.stderr, err = newOutput(); err != nil {
		return errors.Join(err, l.stdout.r.Close(), l.stdout.w.Close())
	}
	return nil
}

// make runs the service and the program, until the program has exited. What an interrupted run must still do ends with
// late.
func (l *launch) make(ctx, late context.Context) error {
	program, ok := l.r.programs[l.run.Point.Key()]
	if !ok {
		return fmt.Errorf("no program has workload %q", l.run.Point.Workload)
	}
	info, _ := program.Find(l.run.Point.Workload)
	if info.Service {
		if err := l.startService(ctx, program); err != nil {
			l.failFor("its service: ", err)
			return nil
		}
	}
	if program.Command == nil {
		return l.root(ctx, program, wire.Root)
	}
	err := l.aside(ctx, "prepare", program.Dir, program.Command.Prepare)
	if err == nil {
		err = l.root(ctx, program, wire.Command)
	} else {
		if !l.loseAside(err) {
			l.failFor("", err)
		}
		if err = nil; ctx.Err() == nil {
			return nil // it has failed, and may not have prepared anything
		}
	}
	if e := l.aside(late, "cleanup", program.Dir, program.Command.Cleanup); e != nil {
		l.lost("", e)
		if ctx.Err() != nil { // nobody will read the warnings of a run that is not kept
			err = errors.Join(err, e)
		}
	}
	return err
}

// root runs the first process of the run, from fork to reaping.
func (l *launch) root(ctx context.Context, program Program, job wire.Job) error {
	spec := l.spec(job)
	if job == wire.Command {
		l.command(&spec, program.Command)
	}
	c := l.r.kept(&spec)
	if c == nil {
		var err error
		if c, err = l.connect(program, spec); err != nil {
			return err
		}
		c.cmd.Stdout, c.cmd.Stderr = l.stdout.w, l.stderr.w
	}
	defer func() { l.orphaned = !l.r.keep(c) }()
	var cpus []int
	if l.run.Point.Cores < len(l.r.host.CPUs) {
		cpus = host.CPUSet(l.r.host, l.run.Point.Cores)
	}
	l.note(l.r.stance.stepAside(l.r.forker, host.Beside(l.r.host, l.run.Point.Cores)))
	l.watch(host.CPUSet(l.r.host, l.run.Point.Cores))
	l.res.StartedAt = time.Now().UTC().Format(time.RFC3339Nano)
	l.begunCPU = ownCPU()
	if err := l.start(c, spec, cpus); err != nil {
		return nil //nolint:nilerr // the result says it
	}
	if l.isCommand {
		l.begunCPU = ownCPU() // its total begins later, with the supervisor's first copy
	}
	l.res.Start = sweep.Seconds(l.begin)
	l.res.Offset = time.Now().UnixNano() - int64(clock.Now())
	if l.schedule != nil {
		l.schedule.recording.Follow(c.cmd.Process.Pid)
	}
	l.follow(ctx, c)
	return nil
}

// start starts the process of c, confined to cpus, or hands it the run if it waits for one. An error is in the result.
func (l *launch) start(c *conn, spec wire.Spec, cpus []int) (err error) {
	if c.waits {
		if l.begin, err = c.hand(spec, l.stdout.w, l.stderr.w); err != nil {
			l.lose("was gone before: " + err.Error())
		}
		return err
	}
	if l.begin, err = c.start(l.r.forker, cpus, l.record); err != nil {
		l.failFor("starting it: ", err)
		return err
	}
	c.follow()
	return nil
}

// follow handles the messages of the root process until it has exited, or waits for its next run. It ends the process
// when its time is over or ctx ends.
func (l *launch) follow(ctx context.Context, c *conn) {
	limit := time.NewTimer(l.r.settings.Timeout.Duration())
	defer limit.Stop()
	var outcome *wire.Outcome
	var last message // that says that the process waits for its next run: it may have been ended since
	var gone bool
	messages := c.messages
	for messages != nil || !gone {
		select {
		case m, ok := <-messages:
			if !ok {
				if messages = nil; last.End != nil && !gone {
					gone = true
					c.end(last.End)
					l.ended(last.at, c.run, outcome != nil)
				}
				break
			}
			if m.End != nil && c.spec.Again {
				last = m
			}
			if l.take(m) {
				outcome = m.Done
				limit.Reset(exitGrace)
			}
			if m.err != nil {
				c.kill()
			}
		case at := <-c.ended:
			gone = true
			l.ended(at, c.ranUntilExit(), outcome != nil)
			c.gone()
			c.kill() // processes of its group that are still alive may hold the pipes
		case <-limit.C:
			l.halted = l.halted || outcome == nil && supervise.Stopped(c.cmd.Process.Pid)
			l.overdue(outcome != nil, l.r.settings.Timeout)
			c.kill()
		case <-c.stopped:
			l.interrupt("a signal stopped its first process, or the supervisor of its command")
			c.kill()
		case <-l.r.pulse.Felt():
			if l.interrupted() {
				c.kill()
			}
		case <-ctx.Done():
			l.fail(sweep.Failed, "interrupted")
			c.kill()
			ctx = context.WithoutCancel(ctx)
		}
	}
	if c.waits {
		return
	}
	if !l.isCommand { // the supervisor is not the program
		usage(c.cmd.ProcessState, &l.used)
	}
	l.exit(c.cmd.ProcessState, outcome != nil)
}

// ended notes that the root process is over with the run, in which it and all that it waited for have used so much CPU
// time.
func (l *launch) ended(at clock.Time, used time.Duration, hasOutcome bool) {
	l.noise.end(l, used)
	if hasOutcome {
		l.res.Exit = sweep.Seconds(at-l.begin) - l.res.Total
	}
}

// take puts a message into the result and reports whether it was the outcome.
func (l *launch) take(m message) bool {
	switch {
	case m.err != nil:
		l.fail(sweep.Failed, m.err.Error())
	case m.Done != nil:
		l.halted = m.Done.Stopped
		if l.isCommand {
			l.commandOutcome(m.Done)
		} else {
			l.outcome(m.Done, m.at)
		}
		return true
	case m.Failure != nil:
		l.halted = m.Failure.Stopped
		l.failFor("", m.Failure.Err())
	case m.Spans != nil:
		l.span.add(m.Spans)
	case m.End != nil:
		l.res.Warnings = append(l.res.Warnings, m.End.Errors...)
		if m.End.Short != "" {
			l.lack(&shortage.Error{Kind: m.End.Short, Err: errors.New(strings.Join(m.End.Errors, "; "))})
		}
		l.span.expect(m.End)
	}
	return false
}

// outcome puts the measured times into the result.
func (l *launch) outcome(o *wire.Outcome, at clock.Time) {
	res := &l.res
	since := func(t clock.Time) sweep.Seconds {
		if t == 0 {
			return 0
		}
		return sweep.Seconds(t - l.begin)
	}
	res.Tool = l.ownUse(o)
	res.Total = since(at)
	res.Startup = since(o.Released)
	res.Work = sweep.Seconds(o.Finished - o.Released)
	res.Teardown = res.Total - res.Startup - res.Work
	res.Digest, res.Tasks = o.Digest, o.Tasks
	for _, p := range o.Processes {
		res.Processes = append(res.Processes, sweep.Process{
			Role: sweep.Role(p.Role), Rank: p.Rank, PID: p.PID,
			Launched: since(p.Launched), Entered: since(p.Entered), Ready: since(p.Ready), Done: since(p.Done),
			User: sweep.Seconds(p.User), Sys: sweep.Seconds(p.Sys), RunQueue: sweep.Seconds(p.RunQueue),
			Own: sweep.Seconds(p.Own), Children: sweep.Seconds(p.Children), MaxRSS: p.MaxRSS, Tasks: p.Tasks,
		})
		res.MaxRSS = max(res.MaxRSS, p.MaxRSS)
	}
	switch limit := l.r.settings.Timeout; {
	case res.Total > limit:
		l.fail(sweep.TimedOut, fmt.Sprintf("its result took %s, longer than %s (--timeout)", res.Total, limit))
	case res.Error == "":
		res.Status = sweep.OK
	}
}

// finish completes the result once all processes are gone.
func (l *launch) finish(ctx context.Context) {
	res := &l.res
	if l.service != nil {
		res.Processes = append(res.Processes, l.service.end(ctx))
	}
	if n := l.endLeft(); n > 0 {
		l.warn("%d processes that it left behind were ended", n)
	}
	if l.r.terminal.Restore() {
		l.warn("it changed the settings of the terminal, or took it: that was undone")
	}
	l.endRecord()
	l.interrupted()
	l.halt(l.r.halts)
	l.starved(l.noise.killed())
	l.stdout.finish(time.Second)
	l.stderr.finish(time.Second)
	res.User, res.Sys = sweep.Seconds(l.used.user), sweep.Seconds(l.used.sys)
	res.VoluntarySwitches, res.InvoluntarySwitches = l.used.voluntary, l.used.involuntary
	var runQueue sweep.Seconds
	for _, p := range res.Processes {
		runQueue += p.RunQueue
	}
	res.Noise = l.noise.of(runQueue)
	res.Stdout, res.Stderr = l.stdout.total, l.stderr.total
	l.crashed(l.stderr.text(), res.Total > 0)
	if res.Status != sweep.OK {
		res.StderrTail = l.stderr.lastLines()
	}
	study := l.r.journal.Folder
	if err := errors.Join(l.stdout.save(study, l.dir, "stdout"), l.stderr.save(study, l.dir, "stderr")); err != nil {
		res.OutputLost = err.Error()
		l.unkept(err)
	}
	leaveOut(res, l.r.programs[l.run.Point.Key()].Secrets) // before its error becomes that of its span
	if l.span != nil {
		warnings, err := l.span.end(ctx, res)
		res.Warnings = append(res.Warnings, warnings...)
		l.lost("spans could not be kept: ", err)
		if l.isCommand {
			l.room()
		}
		if res.Status != sweep.Interrupted {
			l.captures()
		}
	}
}

// spec returns what a process of this run is told.
func (l *launch) spec(job wire.Job) wire.Spec {
	p := l.run.Point
	s := wire.Spec{
		Job: job, Workload: p.Workload, Procs: p.Procs, Workers: p.Workers, Size: p.Size,
	}
	if p.Workload != sweep.SpinWorkload { // which has one loop for each worker, however others are handed out
		s.Chunk, s.Static = l.r.settings.Chunk, l.r.settings.Static
	}
	if l.service != nil {
		s.Service = l.service.addr
	}
	if l.span != nil {
		s.Traced, s.Dir, s.Traceparent, s.RunID = true, l.r.journal.Folder.Path(l.dir), l.span.traceparent(), l.run.Dir()
	}
	return s
}
