package capture

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// What is run before and after a command is no noise: its CPUs are watched from its start to its end.
func TestNoiseIsOfTheRun(t *testing.T) {
	const aside = 3 * time.Second
	r := newRunner(t)
	nap := []string{"sleep", "3"}
	program, err := External("short", sweep.Command{Argv: []string{"true"}, Prepare: nap, Cleanup: nap})
	if err != nil {
		t.Fatal(err)
	}
	r.programs["short"] = program
	var res sweep.Result
	for range 3 { // what else runs on the machine may delay the run itself
		res = mustRun(t, r, point("short", 1, 1, 1, 1), sweep.Timed)
		if got := res.Noise.CPUs; got == nil || got.Had.Duration() < res.Total.Duration()+aside {
			break
		}
	}
	got := res.Noise.CPUs
	if res.Status != sweep.OK || got == nil {
		t.Fatalf("%s: %s, noise %+v", res.Status, res.Error, res.Noise)
	}
	if had := got.Had.Duration(); had < res.Total.Duration() || had >= res.Total.Duration()+aside {
		t.Errorf("one CPU had %v during a run of %v, with %v before and after it", had, res.Total, aside)
	}
	if got.Others < 0 || got.Sum() > got.Had+got.Resolution || got.Resolution <= 0 {
		t.Errorf("noise %+v", got)
	}
}

// The clock of another process is read as the kernel keeps it.
func TestProcessCPU(t *testing.T) {
	r := newRunner(t)
	res := mustRun(t, r, point("served", 1, 1, 1, 4), sweep.Timed)
	for _, p := range res.Processes {
		if p.Role == sweep.Service {
			if got := processCPU(p.PID); got != 0 {
				t.Errorf("process %d has ended and its clock says %v", p.PID, got)
			}
		}
	}
	l := &launch{r: r, run: res.Run}
	program := r.programs["served"]
	l.stdout, l.stderr = &output{}, &output{}
	if err := l.startService(t.Context(), program); err != nil {
		t.Fatal(err)
	}
	defer l.service.end(t.Context())
	// It uses 30 ms before it says that it is ready.
	if got := processCPU(l.service.conn.cmd.Process.Pid); got < 30*time.Millisecond || got > 10*time.Second {
		t.Errorf("the service used 30 ms and its clock says %v", got)
	}
}
