package stack

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

func times(a *Account) map[cause.Cause]ledger.CoreTime {
	out := map[cause.Cause]ledger.CoreTime{}
	for _, p := range a.Parts {
		out[p.Cause] = p.Time
	}
	return out
}

// Ps ran for 2 s (1.6 of the program, 0.4 in system calls), the kernel counted 1.5 s: a quarter of either is taken by
// other programs.
func TestConfirm(t *testing.T) {
	parts := func() []Part {
		return []Part{
			{Cause: cause.User, Time: 1600 * ms},
			{Cause: cause.Syscall, Time: 400 * ms},
			{Cause: cause.Join, Time: 500 * ms},
		}
	}
	a := Account{Parts: parts(), CPU: 1500 * time.Millisecond}
	a.confirm()
	want := map[cause.Cause]ledger.CoreTime{
		cause.User: 1200 * ms, cause.Syscall: 300 * ms, cause.Join: 500 * ms, cause.Preempted: 500 * ms,
	}
	if d := cmp.Diff(want, times(&a)); d != "" || len(a.Warnings) != 1 {
		t.Errorf("warnings %+v\n%s", a.Warnings, d)
	}
	for _, enough := range []time.Duration{0, 50 * time.Millisecond, 1950 * time.Millisecond, 3 * time.Second} {
		a := Account{Parts: parts(), CPU: enough}
		a.confirm()
		if a.Parts[0].Time != 1600*ms || len(a.Warnings) != 0 {
			t.Errorf("at %v of CPU time the account was changed", enough)
		}
	}
}

// Workers wait 3 s in system calls, two thirds of it for programs that they started. Those had the cores for 1.5 s, and
// then for 9 s: no more is theirs than what the workers wait for.
func TestLent(t *testing.T) {
	wait := []gotrace.Frame{{Func: "internal/syscall/unix.Waitid"}, {Func: "os.(*Process).Wait"}, {Func: "main.task"}}
	for untraced, want := range map[ledger.CoreTime]map[cause.Cause]ledger.CoreTime{
		1500 * ms: {cause.BlockSyscall: 1500 * ms, cause.Untraced: 1500 * ms},
		9000 * ms: {cause.BlockSyscall: 1000 * ms, cause.Untraced: 2000 * ms},
		0:         {cause.BlockSyscall: 3000 * ms},
	} {
		a := Account{Parts: []Part{{Cause: cause.BlockSyscall, Time: 3000 * ms, Stacks: []ledger.Stack{
			{Time: 20 * ms, Waiting: wait}, {Time: 10 * ms, Waiting: []gotrace.Frame{{Func: "os.(*File).Read"}}},
		}}}}
		a.lent(untraced)
		if d := cmp.Diff(want, times(&a)); d != "" {
			t.Errorf("%d: %s", untraced, d)
		}
	}
}

// Ps ran for 2 s: 1.2 of the program, 0.8 of assists; for another 0.5 s assists waited, which is no time that the
// kernel could count. It counted 2 s.
func TestConfirmParked(t *testing.T) {
	parts := []Part{{Cause: cause.User, Time: 1200 * ms}, {Cause: cause.GCAssist, Time: 1300 * ms, Parked: 500 * ms}}
	a := Account{Parts: slices.Clone(parts), CPU: 2 * time.Second}
	a.confirm()
	if d := cmp.Diff(parts, a.Parts); d != "" || len(a.Warnings) != 0 {
		t.Errorf("warnings %+v\n%s", a.Warnings, d)
	}
	// Had it counted 1 s, half of what ran would be others': 0.6 s and 0.4 s.
	a = Account{Parts: slices.Clone(parts), CPU: time.Second}
	a.confirm()
	want := map[cause.Cause]ledger.CoreTime{cause.User: 600 * ms, cause.GCAssist: 900 * ms, cause.Preempted: 1000 * ms}
	if d := cmp.Diff(want, times(&a)); d != "" {
		t.Error(d)
	}
}

// Workers were ready for 1.0 s. For 0.2 s of that a core was free; the collector had cores for 0.5 s and the tracer for
// 0.1 s. That leaves 0.4 s, 0.2 for free cores and 0.2 because of other workers.
func TestDisplace(t *testing.T) {
	run := &ledger.Ledger{Rows: []ledger.Row{
		{Cause: cause.GCDedicated, Time: 500 * ms},
		{Cause: cause.Tracer, Time: 100 * ms},
		{Cause: cause.SchedLatency, Time: 200 * ms},
	}}
	a := Account{Parts: []Part{{Cause: cause.SchedLatency, Time: 1000 * ms}}}
	a.displace(run)
	want := map[cause.Cause]ledger.CoreTime{
		cause.SchedLatency: 400 * ms, cause.GCDedicated: 500 * ms, cause.Tracer: 100 * ms,
	}
	if d := cmp.Diff(want, times(&a)); d != "" {
		t.Error(d)
	}
	// Ready for 0.5 s only, of which 0.3 s are displaced: half of what the others had.
	a = Account{Parts: []Part{{Cause: cause.SchedLatency, Time: 500 * ms}}}
	a.displace(run)
	want = map[cause.Cause]ledger.CoreTime{
		cause.SchedLatency: 200 * ms, cause.GCDedicated: 250 * ms, cause.Tracer: 50 * ms,
	}
	if d := cmp.Diff(want, times(&a)); d != "" {
		t.Error(d)
	}
}

func TestBorrow(t *testing.T) {
	stacks := []ledger.Stack{{Time: 1, Waiting: frames("main.f")}}
	own := []ledger.Stack{{Time: 1, Waiting: frames("main.g")}}
	run := &ledger.Ledger{
		Rows: []ledger.Row{{Cause: cause.Mutex, Time: 1, Stacks: stacks}, {Cause: cause.Join, Time: 1, Stacks: stacks}},
	}
	a := Account{Parts: []Part{{Cause: cause.Mutex}, {Cause: cause.Join, Stacks: own}, {Cause: cause.Sleep}}}
	a.borrow(run)
	want := []Part{{Cause: cause.Mutex, Stacks: stacks}, {Cause: cause.Join, Stacks: own}, {Cause: cause.Sleep}}
	if d := cmp.Diff(want, a.Parts); d != "" {
		t.Error(d)
	}
}

// Two workers of a run on two cores; the ledger of the cores knows where they waited for a lock.
func TestOfWorkers(t *testing.T) {
	stacks := []ledger.Stack{{Time: 80 * ms, Waiting: frames("sync.(*Mutex).Lock", "main.f")}}
	run := &ledger.Ledger{
		Rows: []ledger.Row{{Cause: cause.User, Time: 1900 * ms}, {Cause: cause.Mutex, Time: 80 * ms, Stacks: stacks}},
		Workers: []ledger.WorkerTime{
			{ID: 0, Wall: time.Second, ByCause: map[cause.Cause]time.Duration{cause.User: time.Second}},
			{
				ID: 1, Wall: time.Second,
				ByCause: map[cause.Cause]time.Duration{
					cause.User: 900 * time.Millisecond, cause.Mutex: 100 * time.Millisecond,
				},
			},
		},
	}
	res := &sweep.Result{
		Run:   sweep.Run{Point: sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 1}},
		Total: sweep.Seconds(time.Second), Work: sweep.Seconds(time.Second),
		User: sweep.Seconds(1890 * time.Millisecond),
	}
	a, ok := OfWorkers(res, run)
	want := Account{
		Lanes: Workers, Count: 2, Total: time.Second, Work: time.Second, CPU: 1890 * time.Millisecond,
		Parts: []Part{{Cause: cause.User, Time: 1900 * ms}, {Cause: cause.Mutex, Time: 100 * ms, Stacks: stacks}},
	}
	if d := cmp.Diff(want, a); !ok || d != "" {
		t.Errorf("known: %v\n%s", ok, d)
	}
	// The ledger is of the work. Start-up and teardown, of 50 and 30 ms, are those of either worker.
	res.Startup, res.Teardown = sweep.Seconds(50*time.Millisecond), sweep.Seconds(30*time.Millisecond)
	res.Total = sweep.Seconds(1080 * time.Millisecond)
	a, _ = OfWorkers(res, run)
	outside := []Part{
		{Cause: cause.Startup, Outside: true, Time: 100 * ms}, {Cause: cause.Teardown, Outside: true, Time: 60 * ms},
	}
	if d := cmp.Diff(append(want.Parts, outside...), a.Parts); d != "" {
		t.Error(d)
	}
	// The ledger is of the whole run, and shows 70 ms of start-up for each, of which 20 ms are after the others had
	// begun.
	whole := &ledger.Ledger{}
	for range 2 {
		by := map[cause.Cause]time.Duration{
			cause.Startup: 70 * time.Millisecond, cause.User: 980 * time.Millisecond,
			cause.Teardown: 30 * time.Millisecond,
		}
		whole.Workers = append(whole.Workers, ledger.WorkerTime{Wall: 1080 * time.Millisecond, ByCause: by})
	}
	res.User = 0
	a, _ = OfWorkers(res, whole)
	parts := []Part{
		{Cause: cause.User, Time: 1960 * ms}, {Cause: cause.Startup, Time: 40 * ms}, {Cause: cause.Teardown},
	}
	if d := cmp.Diff(append(parts, outside...), a.Parts); d != "" {
		t.Error(d)
	}
	res.Point.Procs = 2 // the other process's trace is missing
	if _, ok := OfWorkers(res, run); ok {
		t.Error("four workers are told apart by the times of two")
	}
	if a := OfCores(res, run); a.Lanes != Cores || a.Count != 2 || a.Parts[1].Time != 80*ms {
		t.Errorf("the account of the cores is %+v", a)
	}
}

// The process of a run ran for 0.1 s and started two others, which ran for 0.9 s each. Where those are the workers, as
// in the records of the OS scheduler, the kernel counted all that they ran. Where the workers are its own goroutines,
// which it says ran for as long, it counted 0.1 s of them, and the rest of the time others had the core.
func TestOfWorkersStarted(t *testing.T) {
	run := &ledger.Ledger{}
	for id := range 2 {
		by := map[cause.Cause]time.Duration{cause.User: 900 * time.Millisecond, cause.Serial: 100 * time.Millisecond}
		run.Workers = append(run.Workers, ledger.WorkerTime{Rank: id, Wall: time.Second, ByCause: by})
	}
	res := &sweep.Result{
		Run:   sweep.Run{Point: sweep.Point{Workload: "w", Procs: 2, Workers: 1, Cores: 2, Size: 1}},
		Total: sweep.Seconds(time.Second), Work: sweep.Seconds(time.Second),
		User: sweep.Seconds(1900 * time.Millisecond),
		Processes: []sweep.Process{{
			Role: sweep.Worker, User: sweep.Seconds(1900 * time.Millisecond),
			Own: sweep.Seconds(100 * time.Millisecond), Children: sweep.Seconds(1800 * time.Millisecond),
		}},
	}
	for descendants, want := range map[bool]map[cause.Cause]ledger.CoreTime{
		true:  {cause.User: 1800 * ms, cause.Serial: 200 * ms},
		false: {cause.User: 100 * ms, cause.Serial: 200 * ms, cause.Preempted: 1700 * ms},
	} {
		run.Descendants = descendants
		a, ok := OfWorkers(res, run)
		if d := cmp.Diff(want, times(&a)); !ok || d != "" || (len(a.Warnings) == 0) != descendants {
			t.Errorf("descendants %v, known %v, warnings %+v\n%s", descendants, ok, a.Warnings, d)
		}
	}
}

// A process spent 90 ms waiting at pipes, by the stacks two thirds of it in the code that fetches tasks, and the rest
// in the program's own.
func TestDealt(t *testing.T) {
	own := ledger.Stack{Time: 10, Waiting: frames("net.(*conn).Read", "main.f")}
	tasks := frames("os.(*File).Read", "github.com/corecurve/corecurve/trace/workload.(*member).next", "main.main")
	stacks := []ledger.Stack{own, {Time: 20, Waiting: tasks}}
	a := Account{Parts: []Part{{Cause: cause.Net, Time: 90 * ms, Stacks: stacks}}}
	a.dealt()
	want := []Part{
		{Cause: cause.Net, Time: 30 * ms, Stacks: []ledger.Stack{own}}, {Cause: cause.Dispatch, Time: 60 * ms},
	}
	if d := cmp.Diff(want, a.Parts); d != "" {
		t.Error(d)
	}
}
