package capture

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// whenAtWork calls do as soon as the run that is being made has a first process with so many programs below it. stop
// returns when do has returned, or will not be called.
func whenAtWork(below int, do func(first int, programs []int)) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	// Of a process that is being started, up to its exec, the environment is still that of its parent.
	environ := func(pid int) string {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)) // empty: it has ended
		return string(b)
	}
	go func() {
		defer close(done)
		for {
			for _, first := range supervise.Children(os.Getpid()) {
				own := environ(first)
				if !strings.Contains(own, wire.SpecEnv+"=") {
					continue
				}
				programs := slices.DeleteFunc(supervise.Children(first), func(pid int) bool {
					its := environ(pid)
					return its == "" || its == own
				})
				if len(programs) >= below {
					do(first, programs)
					return
				}
			}
			select {
			case <-quit:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

// stopTool has this process, which is the tool here, stopped for a while when the run that is made next is at work. The
// process that does it is there before, so that it is as quick as the run is short.
func stopTool(t *testing.T, below int, length time.Duration) (end func()) {
	t.Helper()
	pid := os.Getpid()
	script := fmt.Sprintf("read go; kill -STOP %d; sleep %f; kill -CONT %d", pid, length.Seconds(), pid)
	c := exec.Command("sh", "-c", script)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil { // the end of the run reaps it
		t.Fatal(err)
	}
	stop := whenAtWork(below, func(int, []int) { _, _ = io.WriteString(in, "go\n") })
	return func() {
		stop()
		_ = in.Close()
	}
}

// sleeps has r run a command that sleeps, as the workload "sleeps".
func sleeps(t testing.TB, r *Runner, seconds string) {
	t.Helper()
	p, err := External("sleeps", sweep.Command{Argv: []string{"sleep", seconds}})
	if err != nil {
		t.Fatal(err)
	}
	r.programs[sweep.Key{Workload: "sleeps"}] = p
}

// A run in which the tool was stopped does not count, however it would have turned out: not as a good one, although
// the program has ended well meanwhile, nor as one that exceeded its time limit.
func TestStoppedTool(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "0.8")
	tests := []struct {
		p       sweep.Point
		kind    sweep.Kind
		below   int // programs below the first process
		timeout time.Duration
		length  time.Duration
	}{
		{point("naps", 1, 1, 1, 40), sweep.Timed, 0, patience, 1200 * time.Millisecond},
		{point("naps", 1, 1, 1, 40), sweep.Timed, 0, 2 * time.Second, 2500 * time.Millisecond},
		{point("naps", 2, 1, 1, 60), sweep.Traced, 2, patience, 50 * time.Millisecond},
		{point("sleeps", 1, 1, 1, 1), sweep.Timed, 1, patience, 1200 * time.Millisecond},
		{point("sleeps", 2, 1, 1, 1), sweep.Timed, 2, 2 * time.Second, 2500 * time.Millisecond},
	}
	for _, tt := range tests {
		r.settings.Timeout = sweep.Seconds(tt.timeout)
		end := stopTool(t, tt.below, tt.length)
		res := mustRun(t, r, tt.p, tt.kind)
		end()
		if res.Status != sweep.Interrupted || !strings.Contains(res.Error, "a signal stopped corecurve") {
			t.Errorf("%s, stopped for %v: %s: %q", tt.p, tt.length, res.Status, res.Error)
		}
		if len(res.Captures) > 0 {
			t.Errorf("%s: it has captures, which the run that follows replaces", tt.p)
		}
		r.settings.Timeout = sweep.Seconds(patience)
		if res := mustRun(t, r, tt.p, tt.kind); res.Status != sweep.OK || res.Error != "" {
			t.Errorf("%s, after the stop: %s: %q", tt.p, res.Status, res.Error)
		}
	}
}

// So it is where the first process of a run was stopped and the tool was not.
func TestStoppedSupervisor(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "20") // which it need not wait for
	for _, p := range []sweep.Point{point("sleeps", 1, 1, 1, 1), point("naps", 2, 1, 1, 2000)} {
		end := whenAtWork(p.Procs, func(first int, _ []int) {
			_ = unix.Kill(first, unix.SIGSTOP) // what is left then fails the test
		})
		res := mustRun(t, r, p, sweep.Timed)
		end()
		if res.Status != sweep.Interrupted || !strings.Contains(res.Error, "its first process") {
			t.Errorf("%s: %s: %q", p, res.Status, res.Error)
		}
	}
}

func outcomeOf(total time.Duration) *wire.Outcome {
	return &wire.Outcome{Released: 1, Finished: clock.Time(total)}
}

// A result that arrives after the time limit is none, although it is one.
func TestLateResult(t *testing.T) {
	r := newRunner(t)
	p := point("naps", 1, 1, 1, 10)
	l := &launch{r: r, run: sweep.Run{Point: p}, begin: 1}
	r.settings.Timeout = sweep.Seconds(time.Second)
	l.overdue(false, r.settings.Timeout)
	l.outcome(outcomeOf(900*time.Millisecond), 900_000_000)
	if l.res.Status != sweep.TimedOut || l.res.Error == "" {
		t.Errorf("a result after the end of the run: %s: %q", l.res.Status, l.res.Error)
	}
	l = &launch{r: r, run: sweep.Run{Point: p}, begin: 1}
	l.outcome(outcomeOf(1100*time.Millisecond), 1_100_000_001)
	if l.res.Status != sweep.TimedOut || !strings.Contains(l.res.Error, "1.1 s") {
		t.Errorf("a result that took too long: %s: %q", l.res.Status, l.res.Error)
	}
}

// A study makes an interrupted run again at once, and keeps both.
func TestMeasureInterrupted(t *testing.T) {
	r := newRunner(t)
	task := Task{Sweeps: []sweep.Sweep{{
		Workload: "fifty", Scaling: sweep.Strong, Points: []sweep.Point{point("fifty", 1, 1, 1, 8)},
	}}, Rule: sweep.Rule{MinRuns: 3, MaxRuns: 3}}
	over := stopTool(t, 0, 300*time.Millisecond)
	end, err := r.Measure(t.Context(), task, nil)
	over()
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range end.Results {
		if res.Status != sweep.OK {
			t.Errorf("%s: %s", res.Dir(), res.Status)
		}
	}
	s, err := sweep.ReadStudy(r.journal.Dir)
	if err != nil {
		t.Fatal(err)
	}
	// The machine may make a run of the three count as noise, and have it made again.
	if len(planned(slices.Concat(s.Results, s.Replaced))) != 3 || len(s.Interrupted) != 1 || len(s.Warnings) > 0 {
		t.Errorf("%d runs and %d interrupted, want 3 and 1 (%q)", len(s.Results), len(s.Interrupted), s.Warnings)
	}
}
