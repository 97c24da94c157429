package capture

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// printed returns what a run of p printed, and fails t unless its status is want.
func printed(t *testing.T, r *Runner, p sweep.Point, kind sweep.Kind, want sweep.Status) string {
	t.Helper()
	res := mustRun(t, r, p, kind)
	if res.Status != want {
		t.Fatalf("%s: %s: %s", p, res.Status, res.Error)
	}
	text, err := os.ReadFile(r.journal.Folder.Path(sweep.RunDir(res.Run) + "/stdout"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The supervisor of a command is kept from one timed run to the next: each has its counts, its CPUs and its output. A
// traced run has one of its own.
func TestKept(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "says", `echo $CORECURVE_WORKERS on $(env -u OMP_NUM_THREADS nproc) by $PPID`)
	all := len(r.host.CPUs)
	says := func(workers, cores int, kind sweep.Kind) (pid string) {
		t.Helper()
		p := point("says", 1, workers, cores, 1)
		p.Size = int64(100*workers + cores) // of a folder of its own
		text := printed(t, r, p, kind, sweep.OK)
		f := strings.Fields(text)
		if len(f) != 5 || f[0] != string(rune('0'+workers)) || f[2] != string(rune('0'+cores)) {
			t.Fatalf("%s: it printed %q", p, text)
		}
		return f[4]
	}
	first := says(1, 1, sweep.Timed)
	if again := says(2, min(all, 2), sweep.Timed); again != first {
		t.Errorf("supervisors %s and %s of runs without a failure", first, again)
	}
	if traced := says(3, 1, sweep.Traced); traced == first {
		t.Error("a traced run has the supervisor of the timed ones")
	}
	if again := says(4, 1, sweep.Timed); again != first {
		t.Errorf("supervisors %s and, behind a traced run, %s", first, again)
	}
	if n := len(supervise.Children(os.Getpid())); n != 1 {
		t.Errorf("%d children between runs", n)
	}
	// Somebody ends it between two runs.
	if err := unix.Kill(r.supervisor.cmd.Process.Pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for len(r.supervisor.ended) == 0 {
		time.Sleep(time.Millisecond)
	}
	if again := says(5, 1, sweep.Timed); again == first {
		t.Error("the supervisor that was ended has made a run")
	}
	r.release()
	if left := supervise.Children(os.Getpid()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

// A run that fails takes its supervisor with it, and what a run leaves behind ends with the run.
func TestKeptIsClean(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "fails once", `test {workers} = 1 || exit 3; echo by $PPID`)
	scripted(t, r, "leaves", `setsid sleep 100 & echo by $PPID`)
	first := printed(t, r, point("leaves", 1, 1, 1, 1), sweep.Timed, sweep.OK)
	for _, pid := range supervise.Children(r.supervisor.cmd.Process.Pid) {
		t.Errorf("process %d is left", pid)
	}
	if again := printed(t, r, point("fails once", 1, 1, 1, 1), sweep.Timed, sweep.OK); again != first {
		t.Errorf("supervisors %q and %q of runs without a failure", first, again)
	}
	if res := mustRun(t, r, point("fails once", 1, 2, 1, 1), sweep.Timed); res.Status != sweep.Failed {
		t.Fatalf("%s: %s", res.Status, res.Error)
	}
	if r.supervisor != nil {
		t.Error("the supervisor of a run that failed is kept")
	}
	if again := printed(t, r, point("leaves", 1, 1, 1, 2), sweep.Timed, sweep.OK); again == first {
		t.Error("the supervisor of a run that failed makes the next")
	}
}

// What a kept supervisor has used is laid on the runs in which it used it, once.
func TestKeptAccounts(t *testing.T) {
	r := newRunner(t)
	scripted(t, r, "burns", `i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done`)
	before := time.Duration(0)
	for range 4 {
		res := mustRun(t, r, point("burns", 1, 1, 1, 1), sweep.Timed)
		if res.Status != sweep.OK {
			t.Fatal(res.Error)
		}
		c := r.supervisor
		if c.run < res.CPU().Duration() || c.used != before+c.run {
			t.Errorf("in a run of %v it used %v, and in all %v", res.CPU(), c.run, c.used)
		}
		before = c.used
	}
}
