package study

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Figures are what is known of a point of a curve beside its times.
type Figures struct {
	Use          Use
	Metrics      map[string]Metric // what its timed runs printed of themselves, by unit; of benchmarks only
	CeilingShare float64           // its speedup over the ceiling; NaN: not known, or cores do not bound the work
	Traced       *Traced           // the traced run that is shown; nil: none is OK
	Explaining   []Traced          // its traced runs that have ledgers, the one that is shown among them
	Stack        *stack.Stack      // its speedup stack; nil at the base, and where the runs left no ledger
	POP          *pop.Efficiency   // nil where workers cannot be told apart
}

// A Use is what the timed runs of a point took beside time: medians, NaN where no run knows.
type Use struct {
	Voluntary   float64 // switches to another thread because there was nothing to do
	Involuntary float64 // switches because another thread got the core
	Largest     float64 // peak memory of the largest process, bytes
	Tree        float64 // peak memory of all processes, bytes
	Bound       bool    // Tree is a sum of peaks that need not fall together: an upper bound
	Coordinator float64 // part of Tree that is the peak of the process that hands out tasks; 0 without one
	Worker      float64 // peak memory of the largest process that works
	Threads     float64 // most threads at one instant; known of commands only
}

// A Metric is one figure that the runs of a point printed of themselves.
type Metric struct {
	Median, Low, High float64
	Runs              int
}

// Units returns the units of metrics, operations per second first and then in the order of go test: the time, the units
// of the benchmark itself, memory.
func Units[V any](metrics map[string]V) []string {
	place := map[string]int{"ops/s": -3, "ns/op": -2, "MB/s": -1, "B/op": 1, "allocs/op": 2}
	return slices.SortedFunc(maps.Keys(metrics), func(a, b string) int {
		return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b))
	})
}

// Ledger returns the ledger of the run that explains the point, or nil.
func (f *Figures) Ledger() *ledger.Ledger {
	if f.Traced == nil {
		return nil
	}
	return f.Traced.Ledger
}

// Shares returns the part of the core time that each cause took in each of the traced runs; none if that is not known.
func (f *Figures) Shares() []map[cause.Cause]float64 {
	var out []map[cause.Cause]float64
	for i := range f.Explaining {
		if shares := f.Explaining[i].Shares(); shares != nil {
			out = append(out, shares)
		}
	}
	return out
}

// Shares returns the part of the core time that each cause took, or nil if that is not known.
func (t *Traced) Shares() map[cause.Cause]float64 {
	l := t.Ledger
	if l == nil || l.Total <= 0 {
		return nil
	}
	out := map[cause.Cause]float64{}
	for _, r := range l.Rows {
		out[r.Cause] += float64(r.Time) / float64(l.Total)
	}
	return out
}

// runs are the runs of one point that succeeded.
type runs struct {
	timed  []*sweep.Result
	traced []*sweep.Result // by nearness
}

// group sorts the runs that succeeded by point.
func group(results []sweep.Result) map[sweep.Point]*runs {
	out := map[sweep.Point]*runs{}
	for i := range results {
		r := &results[i]
		if r.Status != sweep.OK {
			continue
		}
		of := out[r.Point]
		if of == nil {
			of = &runs{}
			out[r.Point] = of
		}
		if r.Kind == sweep.Traced {
			of.traced = append(of.traced, r)
		} else {
			of.timed = append(of.timed, r)
		}
	}
	for _, of := range out {
		byNearness(of.traced, of.timed)
	}
	return out
}

// at returns the runs of p that succeeded; it is never nil.
func (a *analysis) at(p sweep.Point) *runs {
	if of := a.runs[p]; of != nil {
		return of
	}
	return &runs{}
}

// figures reduces the runs of p to figures. Those that depend on the curve are filled in later.
func (a *analysis) figures(p sweep.Point) Figures {
	of := a.at(p)
	f := Figures{Use: use(of.timed), Metrics: metrics(of.timed), CeilingShare: math.NaN(), Traced: a.traced[p]}
	if run := a.shown(p); f.Traced == nil && run != nil {
		x, ok := a.in.Explained[run.Run]
		if !ok {
			x.Warnings = []warning.Warning{{Kind: warning.NoTrace, Subject: warning.Subject{Run: run.Run}}}
		}
		f.Traced = &Traced{run, x}
		a.traced[p] = f.Traced
		a.Traced = append(a.Traced, f.Traced)
	}
	f.Explaining = a.explained(p)
	return f
}

func use(timed []*sweep.Result) Use {
	var u Use
	var voluntary, involuntary, largest, tree, threads, coordinator, worker []float64
	for _, r := range timed {
		voluntary = append(voluntary, float64(r.VoluntarySwitches))
		involuntary = append(involuntary, float64(r.InvoluntarySwitches))
		if r.MaxRSS > 0 {
			largest = append(largest, float64(r.MaxRSS))
		}
		if sum, bound := treeRSS(r); sum > 0 {
			tree = append(tree, float64(sum))
			u.Bound = u.Bound || bound
			if !bound {
				coordinator = append(coordinator, 0)
			} else {
				coordinator = append(coordinator, float64(mostRSS(r, sweep.Coordinator)))
			}
		}
		if most := cmp.Or(mostRSS(r, sweep.Worker), r.MaxRSS); most > 0 {
			worker = append(worker, float64(most))
		}
		if r.MaxThreads > 0 {
			threads = append(threads, float64(r.MaxThreads))
		}
	}
	u.Voluntary, u.Involuntary = stat.Median(voluntary), stat.Median(involuntary)
	u.Largest, u.Tree, u.Threads = stat.Median(largest), stat.Median(tree), stat.Median(threads)
	u.Coordinator, u.Worker = stat.Median(coordinator), stat.Median(worker)
	return u
}

// mostRSS returns the largest peak memory that a process of the role reported; 0: none did.
func mostRSS(r *sweep.Result, role sweep.Role) (most int64) {
	for _, p := range r.Processes {
		if p.Role == role {
			most = max(most, p.MaxRSS)
		}
	}
	return most
}

// treeRSS returns the peak memory of all processes of a run: sampled if that was done, though no less than that of the
// largest, which may have had it between two samples; else the sum of the peaks that the processes reported, which is
// an upper bound; 0 if neither is known.
func treeRSS(r *sweep.Result) (sum int64, bound bool) {
	if r.TreeRSS > 0 {
		return max(r.TreeRSS, r.MaxRSS), false
	}
	n := 0
	for _, p := range r.Processes {
		if p.Role == sweep.Service {
			continue
		}
		if p.MaxRSS <= 0 {
			n = 0
			break
		}
		sum += p.MaxRSS
		n++
	}
	switch {
	case n == 0 && r.Point.Procs == 1:
		return r.MaxRSS, false // there is but one process
	case n == 0:
		return 0, false
	}
	return sum, n > 1
}

func metrics(timed []*sweep.Result) map[string]Metric {
	values := map[string][]float64{}
	for _, r := range timed {
		for unit, v := range r.Metrics {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				values[unit] = append(values[unit], v)
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	out := map[string]Metric{}
	for unit, v := range values {
		out[unit] = Metric{Median: stat.Median(v), Low: slices.Min(v), High: slices.Max(v), Runs: len(v)}
	}
	return out
}
