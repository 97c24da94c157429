// Package predict tells the speedup that a recorded program would have on other numbers of cores, from one recording.
//
// It is that of replays of the program by package simulate: the time on one P over that on N, with the costs of the
// machine as far as the recording shows them. The band reaches from there to what a scheduler and locks that cost
// nothing and lose no time would give: what lies between them is overhead.
//
// A stock trace leaves out what was done with locks, channels and WaitGroups without waiting, and which goroutine took
// which piece of the work is a matter of its one schedule. Where the bounds of package critical are not known for such
// a reason, neither is a prediction: it is null, with the reason, and beside it the bound that is known. A trace with
// the operations has a prediction there, too.
package predict

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Request is what to predict.
type Request struct {
	Cores []int
	// WorkersAsCores says that on N cores there are N workers, as in a sweep over threads, instead of as many as were
	// recorded or as Workers says; the base is one worker on one core.
	WorkersAsCores bool
	// Even says that tasks of a workload are dealt evenly beforehand. A recording of one worker does not tell.
	Even bool
	// What would be otherwise: see [simulate.Config].
	NoCollector bool
	Workers     int
	Without     func(gotrace.StackID) bool
	Faster      func(gotrace.StackID) float64
	// Changes are the numbers of cores, of Cores, for which it is tried what single changes give; none: for none.
	Changes []int
	// Functions are tried to be faster among the changes, beside those that take most of the longest chain.
	Functions []place.Function
	// Unseen is what other recordings of the program show and this one does not, if it is a stock trace: it has no
	// prediction then but a bound; nil: nothing is known of that.
	Unseen *warning.Warning
	// Costs are those of the machine, if they were measured; nil: as the recording shows them.
	Costs *simulate.Costs
}

// A Prediction is the speedup on a number of cores.
type Prediction struct {
	Cores     int
	Speedup   float64 // over one core; NaN: not known
	Low, High float64 // with the costs of the scheduler and locks, and without; NaN: not known
	Forced    int     // operations that had to be forced
	// Unknown says why Speedup is not known, and NoLow and NoHigh why these are not; nil if they are.
	Unknown, NoLow, NoHigh *warning.Warning
}

// A Curve is what is predicted of a program.
type Curve struct {
	Rank        int // of the process
	Predictions []Prediction
	Work        time.Duration // of the program's goroutines
	OneCore     time.Duration // that one core takes
	Span        time.Duration // the longest chain: what unlimited cores take at no cost
	// Most is the speedup on unlimited cores at no cost, over one core; NaN: not known, as where a replay takes less than
	// the longest chain: then it is a matter of the order in which goroutines take turns, and bounds nothing.
	Most   float64
	Chain  []simulate.Step // what the longest chain consists of, largest first
	Limits []Limit         // the lowest first
	// Changes are single changes, by number of cores and then by what they gain.
	Changes []Change
	Costs   simulate.Costs
	// Calibrated says that Costs were measured on the machine, and not taken from the recording.
	Calibrated bool

	Synced bool // the trace tells the operations on locks and channels
	// Faster is the share of the work that the request makes faster or slower, and Freed how many locks and waits for
	// locks it takes away.
	Faster float64
	Freed  int

	Recorded time.Duration
	Ps       int // that the recording had
	Objects  []program.Object
	Symbols  *gotrace.Symbols
	Warnings []warning.Warning
}

// Of predicts the speedups of a program whose critical path is known.
func Of(p *program.Program, path *critical.Path, r Request) *Curve {
	c := &Curve{
		Rank: p.Rank, Work: p.Work(), Most: math.NaN(), Costs: seen(p.Latency), Synced: p.Synced, Recorded: p.Recorded,
		Ps: p.Ps, Objects: p.Objects, Symbols: p.Symbols,
	}
	if r.Costs != nil {
		c.Costs, c.Calibrated = *r.Costs, true
	}
	model := simulate.New(p)
	config := simulate.Config{
		Costs: c.Costs, NoCollector: r.NoCollector, Workers: r.Workers, Even: r.Even, Without: r.Without,
		Faster: r.Faster,
	}
	if c.Work <= 0 {
		w := warning.OfProcess(warning.PredictNothing, p.Rank)
		for _, n := range r.Cores {
			c.Predictions = append(c.Predictions, unknown(n, &w))
		}
		c.Warnings = append(c.Warnings, w)
		return c
	}
	c.Faster, c.Freed = share(p, r.Faster), freed(p, r.Without)
	unlimited := config
	if r.WorkersAsCores {
		unlimited.Workers = model.Items()
	}
	span := model.Span(unlimited)
	c.Span, c.Chain = span.Time, span.Path
	one := replay(model, base(config, r), 1)
	c.OneCore = one.real.Time
	why := reasons(p, model, path, span.Time)
	if why.bound = called(p); why.bound == nil && !p.Synced {
		why.bound = r.Unseen
	}
	why.marks(p, one)
	for _, n := range r.Cores {
		on := config
		if r.WorkersAsCores {
			on.Workers = n
		}
		c.Predictions = append(c.Predictions, why.predict(model, on, one, path, n))
	}
	if why.unknown() == nil && span.Time > 0 && !span.Stuck && !one.stuck() {
		c.bound(max(one.real.Time, one.ideal.Time))
	}
	c.Limits = limits(p, model)
	c.Changes = c.changes(p, model, config, one, r)
	c.Warnings = c.warnings(p, model, r)
	return c
}

// bound says what the longest chain bounds speedups to, over the time that one core takes.
func (c *Curve) bound(one time.Duration) {
	most := one.Seconds() / c.Span.Seconds()
	if !slices.ContainsFunc(c.Predictions, func(q Prediction) bool { return q.Speedup > most || q.High > most }) {
		c.Most = most
	}
}

// A pair is two replays on one number of Ps: with the scheduler and the locks of Go, and with ideal ones at no cost.
type pair struct{ real, ideal simulate.Result }

// replay replays a program on n Ps.
func replay(model *simulate.Model, c simulate.Config, n int) pair {
	c.Ps = n
	var out pair
	out.real = model.Run(c)
	c.Locks, c.Greedy, c.Costs = simulate.IdealLocks, true, simulate.Costs{Quantum: c.Costs.Quantum}
	out.ideal = model.Run(c)
	return out
}

func (p *pair) stuck() bool { return p.real.Stuck || p.ideal.Stuck }

func (p *pair) forced() int { return max(p.real.Forced, p.ideal.Forced) }

// over returns the speedup of p over one, and its band; NaN: one of the replays comes to a stop.
func (p *pair) over(one *pair) (speedup, low, high float64) {
	if p.stuck() || one.stuck() || p.real.Time <= 0 || p.ideal.Time <= 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	speedup = one.real.Time.Seconds() / p.real.Time.Seconds()
	ideal := one.ideal.Time.Seconds() / p.ideal.Time.Seconds()
	return speedup, min(speedup, ideal), max(speedup, ideal)
}

// base is the configuration that speedups are over: the program as it was recorded, or with one worker.
func base(c simulate.Config, r Request) simulate.Config {
	out := simulate.Config{Costs: c.Costs, Even: c.Even}
	if r.WorkersAsCores {
		out.Workers = 1
	}
	return out
}

// A why is what keeps predictions from being known.
type why struct {
	high *warning.Warning // nothing is known
	low  *warning.Warning // only a bound from above is, that of the path
	// bound is as low, and the bound is what a replay without what the recording does not show gives.
	bound   *warning.Warning
	marking marking
	rank    int
}

func (y *why) unknown() *warning.Warning {
	if y.high != nil {
		return y.high
	}
	return y.low
}

// predict returns the prediction for n cores.
func (y *why) predict(
	model *simulate.Model, c simulate.Config, one pair, path *critical.Path, n int,
) Prediction {
	if y.high != nil {
		return unknown(n, y.high)
	}
	if y.low != nil {
		out := unknown(n, y.low)
		_, out.High = path.Bounds(n)
		out.NoHigh = nil
		return out
	}
	on := replay(model, c, n)
	if one.stuck() {
		return y.stuck(one, n, 1)
	}
	speedup, low, high := on.over(&one)
	if math.IsNaN(speedup) {
		return y.stuck(on, n, n)
	}
	forced := on.forced()
	c.Ps = n
	if w := cmp.Or(y.bound, y.marking.unknown(model, c, on.real.Time)); w != nil {
		out := unknown(n, w)
		out.High, out.NoHigh, out.Forced = high, nil, forced
		return out
	}
	return Prediction{Cores: n, Speedup: speedup, Low: low, High: high, Forced: forced}
}

// stuck returns the prediction for n cores whose replay on so many Ps came to a stop.
func (y *why) stuck(p pair, n, ps int) Prediction {
	w := warning.OfProcess(warning.PredictStuck, y.rank)
	w.Figures.Count, w.Figures.Of = max(p.forced()-1, 0), ps
	return unknown(n, &w)
}

// unknown returns a prediction of which nothing is known.
func unknown(n int, w *warning.Warning) Prediction {
	return Prediction{
		Cores: n, Speedup: math.NaN(), Low: math.NaN(), High: math.NaN(), Unknown: w, NoLow: w, NoHigh: w,
	}
}

// share returns the share of the work whose speed f changes.
func share(p *program.Program, f func(gotrace.StackID) float64) float64 {
	if f == nil {
		return 0
	}
	var changed, all int64
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			if op.Kind != program.Run {
				continue
			}
			if all += op.D; f(gotrace.StackID(op.Ref)) != 1 {
				changed += op.D
			}
		}
	}
	return float64(changed) / float64(max(all, 1))
}

// freed returns how many locks, and recorded waits for locks, are those that f reports.
func freed(p *program.Program, f func(gotrace.StackID) bool) int {
	if f == nil {
		return 0
	}
	n := 0
	locks := make(map[int32]bool)
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			if (op.Kind == program.Lock || op.Kind == program.RLock) && !locks[op.Ref] {
				locks[op.Ref] = true
				if f(p.Objects[op.Ref].Stack) {
					n++
				}
			}
		}
	}
	for i := range p.Pauses {
		if w := &p.Pauses[i]; (w.Cause == cause.Mutex || w.Cause == cause.RWMutex) && f(w.Stack) {
			n++
		}
	}
	return n
}

// alone is the share of the work from which on one goroutine does it all.
const alone = 0.99

// warnings are what a reader must know of c beside the reasons for what is not known.
func (c *Curve) warnings(p *program.Program, model *simulate.Model, r Request) []warning.Warning {
	var out []warning.Warning
	add := func(k warning.Kind, f warning.Figures) {
		w := warning.OfProcess(k, p.Rank)
		w.Figures = f
		out = append(out, w)
	}
	for _, kind := range []warning.Kind{warning.PredictStock, warning.PredictCond} {
		if n := waits(p, kind); n > 0 && (kind == warning.PredictStock) != p.Synced {
			add(kind, warning.Figures{Count: n})
		}
	}
	var most Prediction
	for _, q := range c.Predictions {
		if q.Forced > most.Forced {
			most = q
		}
	}
	if most.Forced > 0 && most.Unknown == nil {
		add(warning.PredictForced, warning.Figures{Count: most.Forced, Of: most.Cores})
	}
	if late := c.timers(); p.Late > 0 && float64(late) > leastShare*float64(c.Span) {
		add(warning.PredictLate, warning.Figures{Time: late, Against: c.Span})
	}
	out = append(out, doubts(p)...)
	if w := sized(p, r); w != nil {
		out = append(out, *w)
	}
	if p.Lost > 0 {
		add(warning.PredictLost, warning.Figures{Count: p.Lost})
	}
	share := float64(longest(p, model)) / float64(c.Work)
	if share >= alone {
		add(warning.PredictAlone, warning.Figures{Ratio: share})
	}
	if on, ran, busy := disturbed(p.Samples); busy {
		add(warning.PredictBusy, warning.Figures{Time: on, Against: ran})
	}
	if share < alone && !p.Synced && p.Ps == 1 && waits(p, warning.PredictStock) == 0 && model.Workers() == 0 {
		add(warning.PredictOneP, warning.Figures{})
	}
	return append(out, ofWorkers(p, model, r)...)
}

// timers returns how long timers take of the longest chain.
func (c *Curve) timers() time.Duration {
	var sum time.Duration
	for _, s := range c.Chain {
		if s.Cause == cause.Sleep {
			sum += s.Time
		}
	}
	return sum
}

// waits counts the waits that a kind of warning is about.
func waits(p *program.Program, k warning.Kind) int {
	n := 0
	for i := range p.Pauses {
		switch p.Pauses[i].Cause {
		case cause.Mutex, cause.RWMutex, cause.ChanSend, cause.ChanRecv, cause.Select:
			if k == warning.PredictStock {
				n++
			}
		case cause.Cond:
			n++
		}
	}
	return n
}
