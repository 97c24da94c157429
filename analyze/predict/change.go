package predict

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A ChangeKind says what would be otherwise.
type ChangeKind uint8

// The kinds of changes.
const (
	WithoutLock      ChangeKind = iota // a lock is none
	FasterFunction                     // a function takes half as long, with what of the library it calls
	WithoutCollector                   // the garbage collector takes no time
	MoreWorkers                        // the pool has twice as many workers
)

// A Change is what a single change gives on a number of cores.
type Change struct {
	Kind    ChangeKind
	Stack   gotrace.StackID // where the lock was first used
	Func    string          // the function
	Caller  string          // the function of another package that calls it, if it is faster there alone
	Workers int             // that there would be
	Cores   int
	Speedup float64 // over one core of the program as it was recorded; NaN: not known, the replay comes to a stop
	// Low and High are with the costs of the scheduler and locks, and without; NaN: not known.
	Low, High float64
	Gain      float64 // of Speedup over that without the change, as a share; NaN: not known
	Forced    int     // operations that had to be forced
}

const (
	// mostLocks and mostFuncs are how many locks and functions are tried: those that are held, and take of the longest
	// chain, for longest.
	mostLocks = 3
	mostFuncs = 3
	// fasterTimes is how many times as fast a function is tried.
	fasterTimes = 2
	// leastFunc is the share of the longest chain from which on a function is tried, and leastLock of the work of each of
	// the cores that a lock is held.
	leastFunc = 0.01
	leastLock = 0.05
)

// changes returns what single changes give on the numbers of cores that r asks for, those of each number by what they
// gain. Which ones are tried the program and its longest chain decide: at most 8 for each number, beside the functions
// that r names.
func (c *Curve) changes(p *program.Program, model *simulate.Model, config simulate.Config, one pair, r Request) []Change {
	var out []Change
	for _, n := range r.Changes {
		at := slices.IndexFunc(c.Predictions, func(q Prediction) bool { return q.Cores == n })
		if at < 0 || c.Predictions[at].Unknown != nil {
			continue
		}
		var of []Change
		as := config
		as.Ps = n
		if r.WorkersAsCores {
			as.Workers = n
		}
		try := func(x Change, with simulate.Config) {
			on := replay(model, with, n)
			x.Cores, x.Forced = n, on.forced()
			x.Speedup, x.Low, x.High = on.over(&one)
			x.Gain = x.Speedup/c.Predictions[at].Speedup - 1
			of = append(of, x)
		}
		for _, stack := range contended(p, n) {
			with := as
			with.Without = func(s gotrace.StackID) bool { return s == stack || as.Without != nil && as.Without(s) }
			try(Change{Kind: WithoutLock, Stack: stack}, with)
		}
		for _, f := range c.tried(p, r.Functions) {
			with := as
			with.Faster = c.faster(f, as.Faster)
			try(Change{Kind: FasterFunction, Func: f.Name, Caller: f.Caller}, with)
		}
		if with := as; !as.NoCollector && collects(p) {
			with.NoCollector = true
			try(Change{Kind: WithoutCollector}, with)
		}
		if with := as; model.Workers() > 0 {
			with.Workers = 2 * max(as.Workers, model.Workers())
			try(Change{Kind: MoreWorkers, Workers: with.Workers}, with)
		}
		slices.SortStableFunc(of, byGain)
		out = append(out, of...)
	}
	return out
}

// byGain puts the largest gain first, and what is not known last.
func byGain(a, b Change) int {
	if math.IsNaN(a.Gain) != math.IsNaN(b.Gain) {
		if math.IsNaN(a.Gain) {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.Gain, a.Gain)
}

// contended returns where the locks were first used that are held for longest, of a program whose operations are known,
// and for so long that it matters on n cores.
func contended(p *program.Program, n int) []gotrace.StackID {
	if !p.Synced {
		return nil
	}
	sum := map[gotrace.StackID]time.Duration{}
	for object, d := range held(p) {
		if d > 0 {
			sum[p.Objects[object].Stack] += d
		}
	}
	return largest(sum, mostLocks, time.Duration(leastLock*float64(p.Work())/float64(n)))
}

// collects reports whether the garbage collector ran.
func collects(p *program.Program) bool {
	return slices.ContainsFunc(p.Cycles, func(d time.Duration) bool { return d > 0 })
}

// heaviest returns the functions of the program that have most of the longest chain.
func (c *Curve) heaviest() []string {
	sum := map[string]time.Duration{}
	for _, s := range c.Chain {
		if name := c.function(s.Stack); s.Cause == cause.User && name != "" {
			sum[name] += s.Time
		}
	}
	return largest(sum, mostFuncs, time.Duration(leastFunc*float64(c.Span)))
}

// tried are the functions that are tried: the heaviest ones, and those of named that ran, each once.
func (c *Curve) tried(p *program.Program, named []place.Function) []place.Function {
	var out []place.Function
	for _, name := range c.heaviest() {
		out = append(out, place.Function{Name: name})
	}
	for _, f := range named {
		if !slices.Contains(out, f) && share(p, c.faster(f, nil)) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// function is the innermost one of the program's own in a call stack; empty: there is none.
func (c *Curve) function(id gotrace.StackID) string {
	f, _ := place.Of(c.Symbols.Stack(id))
	return f.Func
}

// is reports whether a call stack stands for f.
func (c *Curve) is(f place.Function, id gotrace.StackID) bool {
	of := place.FunctionOf(c.Symbols.Stack(id))
	return of.Name == f.Name && (f.Caller == "" || of.Caller == f.Caller)
}

// faster returns how fast what ran at a call stack is if what the function ran is faster, beside what already is.
func (c *Curve) faster(f place.Function, as func(gotrace.StackID) float64) func(gotrace.StackID) float64 {
	known := map[gotrace.StackID]float64{}
	return func(id gotrace.StackID) float64 {
		v, ok := known[id]
		if !ok {
			if v = 1; as != nil {
				v = as(id)
			}
			if c.is(f, id) {
				v *= fasterTimes
			}
			known[id] = v
		}
		return v
	}
}

// largest returns the keys of the largest sums, at most so many and none less than least; of equal ones the lesser key
// is first.
func largest[K cmp.Ordered](sum map[K]time.Duration, most int, least time.Duration) []K {
	var keys []K
	for k, d := range sum {
		if d >= least {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Or(cmp.Compare(sum[b], sum[a]), cmp.Compare(a, b)) })
	return keys[:min(len(keys), most)]
}
