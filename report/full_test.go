package report

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// full is a study with all that a page shows of one workload: pi on threads and processes, up to twice the cores, each
// traced run with an account, a critical path and phases, some runs noisy.
func full() *fake {
	f := both()
	f.in.Header.Command = []string{"corecurve", "run", "./cmd/pi", "--mode", "both"}
	work := map[string]time.Duration{}
	for _, r := range f.in.Results {
		if r.Point.Parallelism() == 1 {
			work[r.Point.Workload] = time.Duration(r.User)
		}
	}
	for i := range f.in.Results {
		r := &f.in.Results[i]
		if r.Point.Workers == 2 && r.Rep < 2 {
			r.Noise = sweep.Noise{Noisy: true, Share: 0.3, Reasons: []string{"other programs used 30 % of the CPU time"}}
		}
		x, traced := f.in.Explained[r.Run]
		if !traced {
			continue
		}
		x.Ledger = account(r.Point, time.Duration(r.Total), work[r.Point.Workload])
		x.Path = &critical.Path{
			Work: 512 * ms, Span: 250 * ms, Parallelism: 2.05,
			Steps: []critical.Step{{Cause: cause.User, Time: 200 * ms, Stack: hold()}, {Cause: cause.Mutex, Time: 50 * ms, Stack: hold()}},
		}
		x.Phases = []study.Phase{{Name: "read", Count: 3, Total: 12 * ms, Max: 5 * ms}, {Name: "sum", Count: 1, Total: 40 * ms, Max: 40 * ms}}
		f.in.Explained[r.Run] = x
	}
	return f
}

// account is where the time of a run went that did so much work in total: half of what was lost is a lock, three tenths
// are waiting for others, and the rest is ready work without a core, or tasks handed to processes.
func account(p sweep.Point, total, work time.Duration) *ledger.Ledger {
	n := p.Parallelism()
	rest := cause.Preempted
	if p.Procs > 1 {
		rest = cause.Dispatch
	}
	split := func(span time.Duration, workers int) map[cause.Cause]time.Duration {
		lost := max(0, span-work/time.Duration(workers))
		out := map[cause.Cause]time.Duration{cause.User: span - lost}
		if lost > 0 {
			out[cause.Mutex], out[cause.Join] = lost/2, 3*lost/10
			out[rest] = lost - out[cause.Mutex] - out[cause.Join]
		}
		return out
	}
	l := &ledger.Ledger{Level: ledger.Cores, Wall: total, Total: ledger.CoreTime(total) * ledger.CoreTime(p.Cores)}
	all := split(total*time.Duration(p.Cores), 1)
	for _, c := range cause.All() {
		if all[c] == 0 {
			continue
		}
		row := ledger.Row{Cause: c, Time: ledger.CoreTime(all[c])}
		if c == cause.Mutex {
			row.Stacks = []ledger.Stack{{Time: row.Time, Waiting: hold(), Blamed: hold()}}
		}
		l.Rows = append(l.Rows, row)
	}
	for k := range n {
		l.Workers = append(l.Workers, ledger.WorkerTime{Rank: k / p.Workers, ID: k % p.Workers, Wall: total, ByCause: split(total, n)})
	}
	return l
}

// manySizes is pi on threads and processes at five sizes, each ten times the one before; starting a process takes 20
// ms, so that processes pay late.
func manySizes() *fake {
	f := newFake(2)
	for _, mode := range []sweep.Mode{sweep.Threads, sweep.Procs} {
		size, work := int64(1000), ms
		for range 5 {
			start := ms
			if mode == sweep.Procs {
				start = 20 * ms
			}
			f.sized(mode, size, work+ms, work/2+start, work)
			size, work = 10*size, 10*work
		}
	}
	return f
}

// sized adds a curve of 1 and 2 workers or processes at a size.
func (f *fake) sized(mode sweep.Mode, size int64, one, two, cpu time.Duration) {
	at := len(f.in.Results)
	f.sweep(fmt.Sprintf("pi %d", size), mode, sweep.Strong, 5, spot{1, one, ms / 2, cpu}, spot{2, two, ms / 2, cpu})
	s := &f.in.Header.Sweeps[len(f.in.Header.Sweeps)-1]
	rename := func(p *sweep.Point) { p.Workload, p.Size = "pi", size }
	s.Workload, s.Size = "pi", size
	for i := range s.Points {
		rename(&s.Points[i])
	}
	for i := range f.in.Results[at:] {
		r := &f.in.Results[at+i]
		x, traced := f.in.Explained[r.Run]
		delete(f.in.Explained, r.Run)
		if rename(&r.Point); traced {
			f.in.Explained[r.Run] = x
		}
	}
	w := &f.in.Header.Workloads
	if (*w)[len(*w)-1].Name = "pi"; len(*w) > 1 {
		*w = (*w)[:1]
	}
}
