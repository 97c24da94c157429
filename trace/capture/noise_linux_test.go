package capture

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
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
	r.programs[sweep.Key{Workload: "short"}] = program
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
	program := r.programs[sweep.Key{Workload: "served"}]
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

// The sample at the end of a run is that of the start of the next for 2 ms, and for a twentieth of the run.
func TestGlanceServes(t *testing.T) {
	const at = clock.Time(5 * time.Second)
	for _, tt := range []struct {
		after, age time.Duration
		want       bool
	}{
		{time.Second, 0, true},
		{time.Second, 2 * time.Millisecond, true},
		{time.Second, 2*time.Millisecond + 1, false},
		{20 * time.Millisecond, time.Millisecond, true}, // 20 ms / 20
		{20 * time.Millisecond, time.Millisecond + 1, false},
	} {
		g := glance{at: at, after: tt.after}
		if got := g.serves(at + clock.Time(tt.age)); got != tt.want {
			t.Errorf("%v after a run of %v: %v", tt.age, tt.after, got)
		}
	}
	if none := (glance{}); none.serves(at) {
		t.Error("there is a sample before the first run")
	}
}

// Where a run follows another at once, the time of the CPUs between them is counted once.
func TestWatchesMeet(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "0.1")
	p := point("sleeps", 1, 1, 1, 1)
	mustRun(t, r, p, sweep.Timed)
	r.glance.at = clock.Now() + clock.Time(time.Hour) // whatever delays this process, the run is just over
	l := &launch{r: r}
	if l.watch(nil); l.noise.begun != r.glance.own {
		t.Error("each run has a sample of its own before it")
	}
	mustRun(t, r, p, sweep.Timed)
	r.glance.at -= clock.Time(time.Second)
	l = &launch{r: r}
	if l.watch(nil); l.noise.begun == r.glance.own {
		t.Error("the sample of a second ago is taken again")
	}
}
