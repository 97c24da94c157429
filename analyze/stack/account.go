package stack

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Lanes says what an account divides the time of.
type Lanes string

// The kinds of lanes.
const (
	Workers Lanes = "workers"
	Cores   Lanes = "cores"
)

// An Account is where the time of all lanes of one traced run went. The parts should add up to Count × Total.
type Account struct {
	Lanes Lanes
	Count int // of lanes

	// Of the traced run, as in sweep.Result.
	Total, Startup, Work, Teardown time.Duration
	CPU                            time.Duration // of its processes, and of corecurve on its cores; 0: not known

	Taken float64 // core-seconds that others and the hypervisor took of the run's cores (package noise)

	Parts    []Part
	Warnings []warning.Warning
}

// A Part is the time of one cause.
type Part struct {
	Cause   cause.Cause
	Outside bool // part of Startup or Teardown rather than of Work
	Time    ledger.CoreTime
	Parked  ledger.CoreTime // part of Time on no core, as in ledger.WorkerTime
	Stacks  []ledger.Stack  // tell how Time divides, but need not add up to it
}

func (a *Account) of(c cause.Cause) *Part {
	for i := range a.Parts {
		if a.Parts[i].Cause == c && !a.Parts[i].Outside {
			return &a.Parts[i]
		}
	}
	return nil
}

// move moves d from one cause to another. Stacks stay where they are: they divide, they do not count.
func (a *Account) move(from, to cause.Cause, d ledger.CoreTime) {
	if d <= 0 {
		return
	}
	a.of(from).Time -= d
	if p := a.of(to); p != nil {
		p.Time += d
		return
	}
	a.Parts = append(a.Parts, Part{Cause: to, Time: d})
}

// Limits for differences between the Ps and the kernel.
const (
	// disagreement is the share by which running time may exceed the kernel's CPU time.
	disagreement = 0.05
	// minCPU is the least CPU time at which the two are compared.
	minCPU = 100 * time.Millisecond
)

// running returns the causes whose time is spent on a core, by Go's scheduler.
func running() []cause.Cause {
	return slices.DeleteFunc(cause.All(), func(c cause.Cause) bool {
		return !c.Busy() || c == cause.Dispatch || c == cause.Untraced
	})
}

// ran returns the part of a cause's time that was spent on a core.
func (a *Account) ran(c cause.Cause) ledger.CoreTime {
	p := a.of(c)
	if p == nil {
		return 0
	}
	return p.Time - p.Parked
}

// confirm compares running time with the kernel's CPU time. A P is not a core: where the operating system gives the
// core to another program, the trace counts the time as running, and it would show as work inflation. The excess
// becomes cause.Preempted, in proportion, with a warning.
func (a *Account) confirm() {
	var sum ledger.CoreTime
	for _, c := range running() {
		sum += a.ran(c)
	}
	excess := sum - ledger.CoreTime(a.CPU)
	if a.CPU < minCPU || float64(excess) <= disagreement*float64(a.CPU) {
		return
	}
	ratio := float64(excess) / float64(sum)
	for _, c := range running() {
		a.move(c, cause.Preempted, ledger.CoreTime(ratio*float64(a.ran(c))))
	}
	a.Warnings = append(a.Warnings, warning.Warning{
		Kind: warning.LessCPU, Figures: warning.Figures{Time: time.Duration(sum), Against: a.CPU},
	})
}

// displace says what kept ready workers from running. In a worker's time, ready is one state, whatever the reason. The
// ledger of the cores tells more: its cause.SchedLatency is time in which a core was free as well. During the rest of
// the workers' ready time cores were busy otherwise; as far as that was the garbage collector, the runtime, the tracer
// or processes without a trace, the time is theirs. What remains is ready time in which other workers had the cores.
func (a *Account) displace(run *ledger.Ledger) {
	ready := a.of(cause.SchedLatency)
	if ready == nil {
		return
	}
	displaced := ready.Time - run.Of(cause.SchedLatency)
	others := []cause.Cause{cause.GCDedicated, cause.GCIdle, cause.Runtime, cause.Tracer, cause.Untraced}
	var busy ledger.CoreTime
	for _, c := range others {
		busy += run.Of(c)
	}
	if displaced <= 0 || busy <= 0 {
		return
	}
	part := min(1, float64(displaced)/float64(busy))
	for _, c := range others {
		a.move(cause.SchedLatency, c, ledger.CoreTime(part*float64(run.Of(c))))
	}
}

// lent moves to processes without a trace, which had the cores for so long, what workers wait for the end of programs
// that they started: the program works in the worker's place.
func (a *Account) lent(untraced ledger.CoreTime) {
	p := a.of(cause.BlockSyscall)
	if p == nil || untraced <= 0 {
		return
	}
	var sum, waits ledger.CoreTime
	for _, s := range p.Stacks {
		sum += s.Time
		if slices.ContainsFunc(s.Waiting, func(f gotrace.Frame) bool { return f.Func == "os.(*Process).Wait" }) {
			waits += s.Time
		}
	}
	if waits > 0 {
		d := ledger.CoreTime(float64(p.Time) * (float64(waits) / float64(sum)))
		a.move(cause.BlockSyscall, cause.Untraced, min(untraced, d))
	}
}

// dealt moves to dispatch what processes wait for their coordinator and spend on talking to it. For a process that is
// reading and writing pipes; only the stacks tell that it is about tasks, since they are in no code of the user's.
func (a *Account) dealt() {
	for _, c := range []cause.Cause{cause.Net, cause.IO, cause.Syscall, cause.BlockSyscall} {
		p := a.of(c)
		if p == nil {
			continue
		}
		var sum, dealt ledger.CoreTime
		var rest []ledger.Stack
		for _, s := range p.Stacks {
			sum += s.Time
			if place.Starts(s.Waiting) {
				dealt += s.Time
			} else {
				rest = append(rest, s)
			}
		}
		if dealt == 0 {
			continue
		}
		p.Stacks = rest
		a.move(c, cause.Dispatch, ledger.CoreTime(float64(p.Time)*(float64(dealt)/float64(sum))))
	}
}

// borrow takes the stacks of causes that have none from a ledger.
func (a *Account) borrow(run *ledger.Ledger) {
	for i := range a.Parts {
		p := &a.Parts[i]
		if len(p.Stacks) > 0 {
			continue
		}
		k := slices.IndexFunc(run.Rows, func(r ledger.Row) bool { return r.Cause == p.Cause })
		if k >= 0 {
			p.Stacks = run.Rows[k].Stacks
		}
	}
}

// OfCores returns the account of the cores of a traced run from the ledger of its cores.
func OfCores(res *sweep.Result, run *ledger.Ledger) Account {
	a := newAccount(res, run, Cores, res.Point.Cores)
	a.Warnings = slices.Clone(run.Warnings)
	for _, r := range run.Rows {
		outside := r.Cause == cause.Startup || r.Cause == cause.Teardown
		a.Parts = append(a.Parts, Part{Cause: r.Cause, Outside: outside, Time: r.Time, Stacks: r.Stacks})
	}
	if res.Point.Procs > 1 {
		a.dealt()
	}
	return a
}

// OfWorkers returns the account of the workers of a traced run. It returns false if the ledger does not have the time
// of each: if the program starts its own goroutines, or the trace of a process is missing.
func OfWorkers(res *sweep.Result, run *ledger.Ledger) (Account, bool) {
	a := newAccount(res, run, Workers, res.Point.Parallelism())
	if len(run.Workers) != a.Count {
		return Account{}, false
	}
	a.Warnings = slices.Clone(run.Warnings)
	for _, c := range cause.All() {
		p := Part{Cause: c}
		for _, w := range run.Workers {
			p.Time += ledger.CoreTime(w.ByCause[c])
			if c == cause.GCAssist {
				p.Parked += ledger.CoreTime(w.Parked)
			}
		}
		if p.Time != 0 {
			a.Parts = append(a.Parts, p)
		}
	}
	a.addOutside(run.Workers[0].Wall)
	a.confirm()
	a.displace(run)
	a.borrow(run)
	a.lent(run.Of(cause.Untraced))
	if res.Point.Procs > 1 {
		a.dealt()
	}
	return a, true
}

// addOutside adds the time before and after the work. If wall shows that the ledger covers the whole run rather than
// the work, it has that time already, and addOutside only moves it.
func (a *Account) addOutside(wall time.Duration) {
	whole := wall > a.Work+(a.Total-a.Work)/2
	for _, p := range []struct {
		cause cause.Cause
		each  time.Duration
	}{{cause.Startup, a.Startup}, {cause.Teardown, a.Teardown}} {
		d := ledger.CoreTime(a.Count) * ledger.CoreTime(p.each)
		if has := a.of(p.cause); whole {
			if has == nil {
				continue
			}
			d = min(d, has.Time)
			has.Time -= d
		}
		if d > 0 {
			a.Parts = append(a.Parts, Part{Cause: p.cause, Outside: true, Time: d})
		}
	}
}

func newAccount(res *sweep.Result, run *ledger.Ledger, lanes Lanes, count int) Account {
	cpu := res.CPU() + res.Tool
	if !run.Descendants {
		cpu -= started(res)
	}
	return Account{
		Lanes: lanes, Count: count, Taken: noise.Taken(res),
		Total: time.Duration(res.Total), Startup: time.Duration(res.Startup), Work: time.Duration(res.Work),
		Teardown: time.Duration(res.Teardown),
		CPU:      time.Duration(cpu),
	}
}

// started returns the CPU time of programs that processes of the run started, which leave no trace and so are none of
// its workers. Those of a coordinator are processes of the run.
func started(res *sweep.Result) (sum sweep.Seconds) {
	for i := range res.Processes {
		if p := &res.Processes[i]; p.Role == sweep.Worker {
			_, children := p.CPU()
			sum += children
		}
	}
	return sum
}
