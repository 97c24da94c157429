package predict_test

import (
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

const ms = int64(time.Millisecond)

func run(d int64) program.Op { return program.Op{Kind: program.Run, D: d} }

// fork is main, which creates goroutines that run for so many milliseconds each, and waits for them.
func fork(each ...int64) *program.Program {
	p := &program.Program{Symbols: &gotrace.Symbols{}, Objects: []program.Object{{}}, Synced: true, Ps: 1}
	main := program.Goroutine{ID: 1, Creator: program.None, Over: true}
	main.Ops = append(main.Ops, program.Op{Kind: program.Add, D: int64(len(each))})
	p.Goroutines = append(p.Goroutines, main)
	for i, d := range each {
		main.Ops = append(main.Ops, program.Op{Kind: program.Create, Ref: int32(i + 1)})
		p.Goroutines = append(p.Goroutines, program.Goroutine{
			ID: int64(i + 2), Site: 1, Over: true, Ops: []program.Op{run(d * ms), {Kind: program.Add, D: -1}},
		})
	}
	main.Ops = append(main.Ops, program.Op{Kind: program.Wait, D: 1})
	p.Goroutines[0] = main
	return p
}

func near(t *testing.T, what string, got, want, off float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > off*want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Four goroutines of 100, 100, 100 and 200 ms: 500 ms of work with a chain of 200. On two cores 300 ms or, as the first
// two are the first to run, 300; on four 200. The longest goroutine and its limit are named.
func TestFork(t *testing.T) {
	c := predict.Of(fork(100, 100, 100, 200), &critical.Path{}, predict.Request{Cores: []int{1, 2, 4, 64}})
	near(t, "1 core", c.Predictions[0].Speedup, 1, 0)
	near(t, "4 cores", c.Predictions[2].Speedup, 2.5, 0.01)
	near(t, "64 cores", c.Predictions[3].High, 2.5, 1e-9)
	near(t, "most", c.Most, c.OneCore.Seconds()/0.2, 1e-9)
	if c.Span != 200*time.Millisecond || c.Work != 500*time.Millisecond {
		t.Errorf("chain %v, work %v", c.Span, c.Work)
	}
	if len(c.Limits) != 1 || c.Limits[0].Kind != predict.ByGoroutine || c.Limits[0].AtMost != 2.5 {
		t.Errorf("limits %+v", c.Limits)
	}
	if c.Warnings != nil {
		t.Errorf("warnings %+v", c.Warnings)
	}
}

// A lock that is held for 10 of 100 ms of each of ten goroutines: at most 10.
func TestLockLimits(t *testing.T) {
	p := fork(90, 90, 90, 90, 90, 90, 90, 90, 90, 90)
	p.Objects = append(p.Objects, program.Object{Stack: 7})
	for i := range p.Goroutines[1:] {
		g := &p.Goroutines[i+1]
		g.Ops = append([]program.Op{
			{Kind: program.Lock, Ref: 1, D: int64(i)}, run(10 * ms), {Kind: program.Unlock, Ref: 1},
		}, g.Ops...)
	}
	c := predict.Of(p, &critical.Path{}, predict.Request{Cores: []int{64}})
	if l := c.Limits[0]; l.Kind != predict.ByLock || l.AtMost != 10 || l.Stack != 7 {
		t.Errorf("%+v", l)
	}
	near(t, "with the lock", c.Predictions[0].High, 1000./190, 0.01)
	c = predict.Of(p, &critical.Path{}, predict.Request{
		Cores: []int{64}, Without: func(s gotrace.StackID) bool { return s == 7 },
	})
	near(t, "without it", c.Predictions[0].High, 10, 0.01)
	if c.Freed != 1 {
		t.Errorf("%d locks are none", c.Freed)
	}
}

// What keeps a prediction of a stock trace from being known gives no number but the reason, and the bound that is
// known; with operations there is a number.
func TestUnknown(t *testing.T) {
	path := func(k warning.Kind) *critical.Path {
		return &critical.Path{
			Work: time.Second, Span: 100 * time.Millisecond, Least: 100 * time.Millisecond,
			Unknown: []warning.Warning{{Kind: k, Figures: warning.Figures{Time: 100 * time.Millisecond}}},
		}
	}
	for _, tt := range []struct {
		kind   warning.Kind
		synced bool
		known  bool
		high   float64
	}{
		{warning.PathTurns, false, false, math.NaN()},
		{warning.PathTurns, true, true, 4},
		{warning.PathUnequal, false, true, 4},
		{warning.PathLocks, false, false, 8},
		{warning.PathChans, false, false, 8},
		{warning.PathLoosely, true, true, 4},
		{warning.PathCalls, true, false, 8},
		{warning.PathProcesses, true, false, math.NaN()},
		{warning.PathCollector, false, true, 4},
		{warning.PathBrief, false, true, 4},
	} {
		p := fork(250, 250, 250, 250)
		p.Synced = tt.synced
		got := predict.Of(p, path(tt.kind), predict.Request{Cores: []int{8}}).Predictions[0]
		if known := !math.IsNaN(got.Speedup); known != tt.known || known == (got.Unknown != nil) {
			t.Errorf("%s, synced %v: %+v", tt.kind, tt.synced, got)
		}
		if math.IsNaN(tt.high) != math.IsNaN(got.High) || math.Abs(got.High-tt.high) > 0.01 {
			t.Errorf("%s, synced %v: at most %v, want %v", tt.kind, tt.synced, got.High, tt.high)
		}
		if !tt.known && got.Unknown.Kind != tt.kind {
			t.Errorf("%s: because of %s", tt.kind, got.Unknown.Kind)
		}
	}
}

// System calls that take little beside the longest chain do not matter.
func TestFewCalls(t *testing.T) {
	path := &critical.Path{Unknown: []warning.Warning{{
		Kind: warning.PathCalls, Figures: warning.Figures{Time: 5 * time.Millisecond},
	}}}
	near(t, "calls", predict.Of(fork(100, 100), path, predict.Request{Cores: []int{2}}).Predictions[0].Speedup, 2, 0.01)
}

// Where goroutines share out work in a way that the trace does not tell, one finds all of it done, and all end
// together: no number. Shares of their own end at different times.
func TestUnequal(t *testing.T) {
	c := predict.Of(fork(500, 500, 1, 1), &critical.Path{Span: 500 * time.Millisecond}, predict.Request{Cores: []int{4}})
	if w := c.Predictions[0].Unknown; w == nil || w.Kind != warning.PathUnequal || w.Figures.Time != 500*time.Millisecond {
		t.Errorf("%+v", c.Predictions[0])
	}
	p := fork(500, 500, 1, 1)
	p.Goroutines[1].Died, p.Goroutines[2].Died = 900*ms, 1000*ms
	c = predict.Of(p, &critical.Path{Span: 500 * time.Millisecond}, predict.Request{Cores: []int{4}})
	near(t, "shares of their own", c.Predictions[0].Speedup, 1002./500, 0.01)
}

func TestWarnings(t *testing.T) {
	kinds := func(c *predict.Curve) map[warning.Kind]warning.Figures {
		out := make(map[warning.Kind]warning.Figures)
		for _, w := range c.Warnings {
			out[w.Kind] = w.Figures
		}
		return out
	}
	request := predict.Request{Cores: []int{1, 2}}

	none := predict.Of(&program.Program{}, &critical.Path{}, request)
	if _, ok := kinds(none)[warning.PredictNothing]; !ok || none.Predictions[1].Unknown == nil {
		t.Errorf("nothing ran: %+v", none)
	}

	if got := kinds(predict.Of(fork(500), &critical.Path{}, request)); got[warning.PredictAlone].Ratio != 1 {
		t.Errorf("one goroutine: %+v", got)
	}

	// On one P nobody waits, whatever goroutines share; but one that works alone shares with none.
	p := fork(100, 100)
	p.Synced = false
	if _, ok := kinds(predict.Of(p, &critical.Path{}, request))[warning.PredictOneP]; !ok {
		t.Error("stock, on one P: no warning")
	}
	p.Ps = 2
	if got := kinds(predict.Of(p, &critical.Path{}, request)); len(got) > 0 {
		t.Errorf("stock, on two Ps: %+v", got)
	}
	p = fork(100)
	p.Synced = false
	if _, ok := kinds(predict.Of(p, &critical.Path{}, request))[warning.PredictOneP]; ok {
		t.Error("one goroutine: a warning of what it shares")
	}

	p = fork(100, 100)
	p.Lost, p.Synced = 3, false
	p.Pauses = []program.Pause{{Cause: cause.Mutex}, {Cause: cause.Cond}}
	if got := kinds(predict.Of(p, &critical.Path{}, request)); got[warning.PredictLost].Count != 3 ||
		got[warning.PredictStock].Count != 2 {
		t.Errorf("stock: %+v", got)
	}
	p.Crews = []program.Crew{{Workers: []int32{1, 2}, Guessed: true}}
	if got := kinds(predict.Of(p, &critical.Path{}, request)); got[warning.PredictShared].Count != 2 {
		t.Errorf("shared: %+v", got)
	}
	p.Synced, p.Crews = true, nil
	if got := kinds(predict.Of(p, &critical.Path{}, request)); got[warning.PredictCond].Count != 1 {
		t.Errorf("with operations: %+v", got)
	}

	// 50 samples are expected of 500 ms. 28 are fewer by more than three times the root of that, 30 are not.
	p = fork(100, 100)
	p.Samples = program.Samples{Count: 28, Ran: 500 * time.Millisecond}
	if got := kinds(predict.Of(p, &critical.Path{}, request)); got[warning.PredictBusy].Time != 280*time.Millisecond {
		t.Errorf("busy: %+v", got)
	}
	p.Samples.Count = 30
	if got := kinds(predict.Of(p, &critical.Path{}, request)); len(got) != 0 {
		t.Errorf("not surely busy: %+v", got)
	}

	// A sleep that ended while no P was idle.
	p = fork(100, 100)
	p.Late = time.Millisecond
	p.Goroutines[1].Ops = append([]program.Op{{Kind: program.Outside, Ref: int32(cause.Sleep), D: 50 * ms}},
		p.Goroutines[1].Ops...)
	if got := kinds(predict.Of(p, &critical.Path{}, request))[warning.PredictLate]; got.Time != 50*time.Millisecond ||
		got.Against != 150*time.Millisecond {
		t.Errorf("late: %+v", got)
	}

	// Each waits for what the other does afterwards.
	p = fork(100, 100)
	p.Objects = append(p.Objects, program.Object{}, program.Object{})
	for i := range int32(2) {
		g := &p.Goroutines[i+1]
		g.Ops = append([]program.Op{
			{Kind: program.Recv, Ref: 1 + i, D: int64(i)}, {Kind: program.Send, Ref: 2 - i, D: 9},
		}, g.Ops...)
	}
	if got := kinds(predict.Of(p, &critical.Path{}, request)); got[warning.PredictForced].Count == 0 {
		t.Errorf("forced: %+v", got)
	}
}

// A function that is twice as fast, which has all the work, gives twice the speedup, over the recorded program.
func TestFaster(t *testing.T) {
	c := predict.Of(fork(100, 100), &critical.Path{}, predict.Request{
		Cores: []int{1, 2}, Faster: func(gotrace.StackID) float64 { return 2 },
	})
	near(t, "1 core", c.Predictions[0].Speedup, 2, 0.01)
	near(t, "2 cores", c.Predictions[1].Speedup, 4, 0.01)
	if c.Faster != 1 {
		t.Errorf("%v of the work is faster", c.Faster)
	}
}

// Latencies that others may have made are not taken for those of the scheduler.
func TestCosts(t *testing.T) {
	p := fork(100)
	p.Latency = program.Latency{Switch: time.Millisecond, Wake: time.Second, Waker: time.Second}
	if got := predict.Of(p, &critical.Path{}, predict.Request{}).Costs; got.Switch != 2*time.Microsecond ||
		got.Wake != simulate.Usual().Wake || got.Waker != simulate.Usual().Waker {
		t.Errorf("%+v", got)
	}
	p.Latency = program.Latency{Switch: 500, Wake: 7000, Waker: 3000}
	if got := predict.Of(p, &critical.Path{}, predict.Request{}).Costs; got.Switch != 500 || got.Wake != 7000 ||
		got.Waker != 3000 {
		t.Errorf("%+v", got)
	}
}

// A pool that takes its items from a channel has as many workers as cores: 8 items of 10 ms, which one worker did.
func TestWorkersAsCores(t *testing.T) {
	p := &program.Program{Symbols: &gotrace.Symbols{}, Objects: []program.Object{{Capacity: 8, Items: 8}}, Synced: true}
	p.Goroutines = append(p.Goroutines, program.Goroutine{ID: 1, Creator: program.None, Over: true, Ops: []program.Op{
		{Kind: program.Create, Ref: 1}, {Kind: program.Create, Ref: 2}, {Kind: program.Close},
	}})
	for i := range 2 {
		g := program.Goroutine{ID: int64(i) + 2, Site: 1, Start: 1, Over: true}
		for range 8 * (1 - i) {
			g.Ops = append(g.Ops, program.Op{Kind: program.Recv}, run(10*ms))
		}
		g.Ops = append(g.Ops, program.Op{Kind: program.Recv, Flags: program.Ended, D: 9})
		p.Goroutines = append(p.Goroutines, g)
	}
	r := predict.Request{Cores: []int{2, 4, 8}}
	near(t, "two workers", predict.Of(p, &critical.Path{}, r).Predictions[2].Speedup, 2, 0.01)
	r.WorkersAsCores = true
	for i, q := range predict.Of(p, &critical.Path{}, r).Predictions {
		near(t, "as many as cores", q.Speedup, float64(r.Cores[i]), 0.02)
	}
}

// crew is main, which runs for 100 ms and then waits for a worker that does 8 tasks of 50 ms each.
func crew() *program.Program {
	p := &program.Program{Symbols: &gotrace.Symbols{}, Ps: 1, Pauses: []program.Pause{{By: 1, Cause: cause.Join}}}
	work := []program.Op{run(0)}
	for i := range 8 {
		p.Chunks = append(p.Chunks, program.Chunk{Lo: i, Hi: i + 1})
		work = append(work, program.Op{Kind: program.Take, Ref: int32(i)}, run(50*ms))
	}
	p.Crews = []program.Crew{{Workers: []int32{1}}}
	p.Goroutines = []program.Goroutine{
		{ID: 1, Creator: program.None, Ops: []program.Op{
			run(100 * ms), {Kind: program.Create, Ref: 1}, {Kind: program.Block},
		}},
		{ID: 2, Over: true, Ops: append(work, program.Op{Kind: program.Leave}, program.Op{Kind: program.Wake})},
	}
	return p
}

// 500 ms, of which 400 are tasks: on n cores with as many workers 100 + 400/n, and no less than 150. The one who did
// all is no reason for not knowing, nor is there a warning that it did; but what other workers would do to it is not
// known. A wait that nothing is known of leaves no bound: that of the path is of one worker.
func TestCrew(t *testing.T) {
	path := &critical.Path{Span: 500 * time.Millisecond, Unknown: []warning.Warning{{Kind: warning.PathUnequal}}}
	request := predict.Request{Cores: []int{1, 2, 4, 64}, WorkersAsCores: true}
	c := predict.Of(crew(), path, request)
	for i, want := range []float64{1, 500. / 300, 2.5, 500. / 150} {
		near(t, "as many workers as cores", c.Predictions[i].Speedup, want, 0.01)
	}
	near(t, "most", c.Most, c.OneCore.Seconds()/0.15, 1e-9)
	if len(c.Warnings) != 1 || c.Warnings[0].Kind != warning.PredictUnseen {
		t.Errorf("%+v", c.Warnings)
	}
	request.WorkersAsCores, request.Workers = false, 4
	c = predict.Of(crew(), path, request)
	near(t, "four workers", c.Predictions[3].Speedup, 2.5, 0.01)
	if w := c.Warnings; len(w) != 2 || w[0].Kind != warning.PredictWorkers ||
		w[0].Figures != (warning.Figures{Count: 4, Of: 64}) {
		t.Errorf("%+v", w)
	}
	waits := &warning.Warning{Kind: warning.PredictWaits}
	request.WorkersAsCores, request.Workers, request.Unseen = true, 0, waits
	c = predict.Of(crew(), path, request)
	for i, want := range []float64{1, 500. / 300, 2.5, 500. / 150} {
		q := c.Predictions[i]
		near(t, "bound", q.High, want, 0.01)
		if q.Unknown != waits || q.NoLow != waits || q.NoHigh != nil || !math.IsNaN(q.Speedup) || !math.IsNaN(q.Low) {
			t.Errorf("a figure of what is not seen: %+v", q)
		}
	}
	near(t, "most", c.Most, c.OneCore.Seconds()/0.15, 1e-9)
	if len(c.Warnings) > 0 {
		t.Errorf("what is the reason is no warning: %+v", c.Warnings)
	}
	synced := crew()
	synced.Synced = true
	near(t, "with sync events", predict.Of(synced, path, request).Predictions[1].Speedup, 500./300, 0.01)
	request.WorkersAsCores, request.Workers, request.Unseen = false, 4, nil
	path.Unknown = []warning.Warning{{Kind: warning.PathLocks}}
	if q := predict.Of(crew(), path, request).Predictions[3]; q.Unknown == nil || !math.IsNaN(q.High) {
		t.Errorf("with locks: %+v", q)
	}
	c = predict.Of(fork(100), &critical.Path{}, predict.Request{Cores: []int{2}, WorkersAsCores: true})
	if w := c.Warnings; w[len(w)-1].Kind != warning.PredictNoPool {
		t.Errorf("without a pool: %+v", w)
	}
}
