package capture

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/sweep"
)

// scripted has r run a command of the shell as the workload name.
func scripted(t *testing.T, r *Runner, name, script string) {
	t.Helper()
	p, err := External(name, sweep.Command{Argv: []string{"sh", "-c", script}})
	if err != nil {
		t.Fatal(err)
	}
	r.programs[sweep.Key{Workload: name}] = p
}

// once returns a task that makes one run of a point.
func once(p sweep.Point) Task {
	return Task{
		Sweeps: []sweep.Sweep{{Workload: p.Workload, Points: []sweep.Point{p}}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
	}
}

// A run does not count if a signal stopped a process of the program for a while, and nothing else.
func TestStoppedProgram(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "1.2")
	scripted(t, r, "breaks", "sleep 1.2; exit 3")
	for _, p := range []sweep.Point{
		point("sleeps", 1, 1, 1, 1), point("sleeps", 2, 1, 1, 1), point("breaks", 1, 1, 1, 1), point("naps", 2, 1, 1, 100),
	} {
		var res sweep.Result
		for range 5 { // a busy machine may let a run be over before it is stopped
			end := whenAtWork(p.Procs, func(_ int, programs []int) {
				for _, pid := range programs {
					_ = unix.Kill(pid, unix.SIGSTOP) // what does not stop fails the test
					time.Sleep(50 * time.Millisecond)
					_ = unix.Kill(pid, unix.SIGCONT)
				}
			})
			res = mustRun(t, r, p, sweep.Timed)
			if end(); res.Status == sweep.Interrupted {
				break
			}
			t.Logf("%s: not stopped in time: %s", p, res.Status)
		}
		if res.Status != sweep.Interrupted || !strings.Contains(res.Error, "a signal stopped a process of the program") {
			t.Errorf("%s: %s: %q", p, res.Status, res.Error)
		}
	}
	if res := mustRun(t, r, point("sleeps", 1, 1, 1, 1), sweep.Timed); res.Status != sweep.OK {
		t.Errorf("not stopped: %s: %q", res.Status, res.Error)
	}
}

// One that is still stopped when its time is over has not been too slow, unless it stops itself in every run.
func TestStoppedForGood(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "stops", "kill -STOP $$")
	var res sweep.Result
	for _, limit := range []time.Duration{300 * time.Millisecond, 2 * time.Second, 8 * time.Second} {
		r.settings.Timeout = sweep.Seconds(limit)
		res = mustRun(t, r, point("stops", 1, 1, 1, 1), sweep.Timed)
		if res.Status != sweep.TimedOut { // a busy machine may not let it come to its stop
			break
		}
	}
	if res.Status != sweep.Interrupted {
		t.Errorf("%s: %q", res.Status, res.Error)
	}
	r.halts[sweep.Key{Workload: "stops"}] = mostInterrupted - 1
	res = mustRun(t, r, point("stops", 1, 1, 1, 1), sweep.Timed)
	if res.Status != sweep.TimedOut {
		t.Errorf("in every run: %s: %q", res.Status, res.Error)
	}
}

// A program that stops itself in every run is measured as it is.
func TestStopsItself(t *testing.T) {
	r := newRunner(t)
	// It goes on when it is stopped, and not soon after: of a stop before its end the kernel tells only who asks before.
	scripted(t, r, "pauses", `(until grep -q '^State:.T' /proc/$$/status; do sleep 0.01; done; sleep 0.2; kill -CONT $$) &
		kill -STOP $$; wait; sleep 0.2`)
	for n := range 2 {
		end, err := r.Measure(t.Context(), once(point("pauses", 1, 1, 1, 1)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(end.Results) != 1 || end.Results[0].Status != sweep.OK || len(end.Results[0].Warnings) != 1 ||
			!strings.Contains(end.Results[0].Warnings[0], "own doing") {
			t.Errorf("study %d: %+v, want one run with a warning", n, end.Results)
		}
	}
	s, err := sweep.ReadStudy(r.journal.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Interrupted) != mostInterrupted-1 {
		t.Errorf("%d runs do not count, want %d", len(s.Interrupted), mostInterrupted-1)
	}
}

// What a program does to the processes that it starts is its own doing, and is told.
func TestStopsItsChildren(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "holds", "sleep 0.2 & kill -STOP $!; sleep 2; kill -CONT $!; wait")
	res := mustRun(t, r, point("holds", 1, 1, 1, 1), sweep.Timed)
	if res.Status != sweep.OK || !slices.ContainsFunc(res.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "a signal stopped a process that it started, for about ")
	}) {
		t.Errorf("%s: %q, warnings %q", res.Status, res.Error, res.Warnings)
	}
}

// What a command does to its process group it does neither to corecurve nor to another copy.
func TestProcessGroup(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "ends", "sleep 0.05; kill -KILL 0; sleep 10")
	res := mustRun(t, r, point("ends", 1, 1, 1, 1), sweep.Timed)
	if res.Status != sweep.Failed || res.Error != "killed by SIGKILL" {
		t.Errorf("%s: %q, want the failure of the command", res.Status, res.Error)
	}
}

// A point whose runs are interrupted each time is left out, and the study says so.
func TestMeasureMissed(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "rebels", "kill -STOP $PPID; sleep 10")
	sleeps(t, r, "0")
	task := Task{
		Sweeps: []sweep.Sweep{{Workload: "rebels", Points: []sweep.Point{point("rebels", 1, 1, 1, 1)}}},
		Rule:   sweep.Rule{MinRuns: 3, MaxRuns: 3},
	}
	end, err := r.Measure(t.Context(), task, nil)
	if err != nil || !end.Failed || len(end.Missed) != 1 || len(end.Results) > 0 {
		t.Errorf("%d results, %d missed, failed %v, error %v", len(end.Results), len(end.Missed), end.Failed, err)
	}
	task.Sweeps = append(task.Sweeps, sweep.Sweep{Workload: "sleeps", Points: []sweep.Point{point("sleeps", 1, 1, 1, 1)}})
	end, err = r.Measure(t.Context(), task, nil)
	if want := "; 1 run was interrupted 5 times in a row and not made"; err != nil || end.Failed ||
		len(planned(end.Results)) != 3 || !strings.Contains(end.Why, want) {
		t.Errorf("%d results, why %q, failed %v, error %v", len(end.Results), end.Why, end.Failed, err)
	}
}

// A program that asks the terminal for input, which stops its group, has failed by that: nobody would answer.
func TestAsksTerminal(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "asks", "sleep 0.05; kill -TTIN 0; sleep 600")
	res := mustRun(t, r, point("asks", 1, 1, 1, 1), sweep.Timed)
	if res.Status != sweep.Failed || !strings.Contains(res.Error, "it asked the terminal") {
		t.Errorf("%s: %q", res.Status, res.Error)
	}
}
