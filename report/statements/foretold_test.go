package statements_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	recorded "github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestPredictedCurves checks what is predicted of the curves of random studies, and why nothing is.
func TestPredictedCurves(t *testing.T) {
	met, complaints := map[string]int{}, map[string]int{}
	known, within, beyond := 0, 0, 0
	for i := range 150 {
		m := &maker{rng: rand.New(rand.NewPCG(uint64(i), 43))}
		in := random(uint64(i))
		in.Predict = &study.Predicting{Cores: []int{1, 2, 3, 64}, Bytes: int64(pick(m, 0, 0, 1500, 2500)), Changes: true}
		tasks := m.replayable(&in)
		k := &checker{t: t, number: i, in: in, met: met, complaints: complaints}
		k.s = study.Analyze(in)
		k.replays(tasks)
		for c := range k.s.Curves() {
			p := c.Prediction
			k.hold((p.Unknown == nil) == (len(p.Points) > 0), "%+v", p)
			if p.Unknown != nil {
				if p.Unknown.Kind != warning.PredictNoPool {
					rule(k, unpredictedRules(), p.Unknown.Kind, of{p.Unknown, c})
				}
				continue
			}
			known++
			k.foretold(c, tasks)
			if words.Several(p.Points) && words.Unforetold(p.Points) == nil {
				k.foretoldSaid(c)
			}
			for j := range p.Checks {
				if k.checked(c, &p.Checks[j]) {
					within++
				} else {
					beyond++
				}
			}
		}
	}
	for kind := range unpredictedRules() {
		if met["warning.Kind "+string(kind)] == 0 {
			t.Errorf("%s: no study states it", kind)
		}
	}
	for why := range noReplayRules() {
		if met["finding.NoReplay "+string(why)] == 0 && why != finding.NotAsked {
			t.Errorf("%q: no finding states it", why)
		}
	}
	if known == 0 || within == 0 || beyond == 0 {
		t.Errorf("%d curves are predicted, %d points within what was measured, %d not", known, within, beyond)
	}
}

// replayable lets traced runs of one process have a trace of 1000 bytes, in which one worker does so many tasks alike.
func (m *maker) replayable(in *study.Input) int {
	tasks := 4 + m.rng.IntN(9)
	for i := range in.Results {
		r := &in.Results[i]
		if r.Kind != sweep.Traced || r.Status != sweep.OK || m.chance(0.1) {
			continue
		}
		r.Captures = slices.Repeat([]sweep.Capture{{Kind: sweep.GoTrace}}, r.Point.Procs)
		p := &recorded.Program{Symbols: &gotrace.Symbols{}, Ps: 1, Crews: []recorded.Crew{{Workers: []int32{1}}}}
		p.Pauses = []recorded.Pause{{G: 0, By: 1}}
		if m.chance(0.2) {
			p.Cycles = []time.Duration{time.Millisecond}
		}
		if m.chance(0.1) {
			p.Lost = 1
		}
		at := functions(p.Symbols, tasks)
		var work []recorded.Op
		for k := range tasks {
			p.Chunks = append(p.Chunks, recorded.Chunk{Lo: k, Hi: k + 1})
			work = append(work, recorded.Op{Kind: recorded.Take, Ref: int32(k)},
				recorded.Op{Kind: recorded.Run, D: int64(10 * time.Millisecond), Ref: at[k]})
		}
		p.Goroutines = []recorded.Goroutine{
			{ID: 1, Creator: recorded.None, Ops: []recorded.Op{{Kind: recorded.Create, Ref: 1}, {Kind: recorded.Block}}},
			{ID: 2, Over: true, Ops: append(work, recorded.Op{Kind: recorded.Leave}, recorded.Op{Kind: recorded.Wake})},
		}
		x := in.Explained[r.Run]
		x.Program, x.Path, x.TraceBytes = p, &critical.Path{}, 1000
		in.Explained[r.Run] = x
	}
	return tasks
}

// foretold checks a prediction of so many tasks alike: n workers on n cores need as long as the busiest one of them.
func (k *checker) foretold(c *study.Curve, tasks int) {
	p := c.Prediction
	base, workers := 1., 1.
	if c.Base >= 0 {
		base = float64(position(c.Sweep, c.Points[c.Base].Point))
	}
	k.hold(p.Run.Kind == sweep.Traced && p.Run.Point.Procs == 1, "%+v is replayed", p.Run)
	takes := func(n float64) float64 {
		if workers = n; c.Sweep.Mode == sweep.Cores || k.program(c).Command != nil {
			workers = 1
		}
		return math.Ceil(float64(tasks) / workers)
	}
	stays := 0.
	if c.Base >= 0 && c.Measure == curve.Total {
		r := k.runs(c.Points[c.Base].Point).timed
		stays = max(0, 1-median(r, work)/median(r, total))
	}
	waits := words.Unforetold(p.Points)
	if waits == nil {
		k.waits(c, nil)
	} else {
		rule(k, unpredictedRules(), waits.Kind, of{waits, c})
	}
	for _, q := range p.Points {
		want := 1 / (stays + (1-stays)*takes(float64(q.Cores))/takes(base))
		if waits != nil {
			k.hold(math.IsNaN(q.Speedup) && math.IsNaN(q.Low) && q.High > 0.98*want, "%+v: want at most %v", q, want)
			continue
		}
		k.hold(math.Abs(q.Speedup-want) < 0.02*want, "%v on %d cores over %v: want %v", q.Speedup, q.Cores, base, want)
		k.hold(q.Low <= q.Speedup && q.Speedup <= q.High && !(q.High > p.Most*(1+1e-12)), "%+v, at most %v", q, p.Most)
	}
}

// waits checks whether workers at a larger count than the recorded one wait for each other for more of their time, and
// what is said of it: w, or nothing.
func (k *checker) waits(c *study.Curve, w *warning.Warning) {
	run := c.Prediction.Run
	from := position(c.Sweep, run.Point)
	share := func(of map[cause.Cause]float64, group string) (sum float64) {
		for _, one := range map[string][]cause.Cause{
			"lock": {cause.Mutex, cause.RWMutex, cause.Futex}, "condition": {cause.Cond},
			"channel": {cause.ChanSend, cause.ChanRecv, cause.Select},
		}[group] {
			sum += of[one]
		}
		return sum
	}
	at := slices.IndexFunc(k.in.Results, func(r sweep.Result) bool { return r.Run == run })
	base, worst, told := k.loadOf(&k.in.Results[at]), 0., -1.
	for _, p := range c.Sweep.Points {
		at := position(c.Sweep, p)
		_, causes := k.load(p)
		if at <= from || base == nil || causes == nil {
			continue
		}
		for _, group := range []string{"lock", "condition", "channel"} {
			more := share(causes, group) - share(base, group)
			worst = max(worst, more)
			if w != nil && w.Figures.Count == at && w.Items[0].Name == group {
				told = more
				k.hold(same(w.Figures.Ratio, share(causes, group)) && same(w.Figures.AgainstRatio, share(base, group)),
					"%+v at %v", w.Figures, p)
			}
		}
	}
	if w == nil {
		k.hold(worst < 0.01, "workers wait for %v more of their time than in %s", worst, run.Dir())
		return
	}
	k.hold(w.Kind == warning.PredictWaits && told >= 0.01 && same(told, worst) && w.Figures.Of == from, "%+v: %v, %v",
		w, told, worst)
	f, _ := predictFigures(w)
	k.said(words.Statement(w), f)
}

// program is that of a curve.
func (k *checker) program(c *study.Curve) *sweep.Program {
	for i := range k.in.Header.Workloads {
		if p := &k.in.Header.Workloads[i]; p.Name == c.Sweep.Workload {
			return p
		}
	}
	return nil
}

// checked checks what a prediction is held against, and its words. It reports whether it is within what was measured.
func (k *checker) checked(c *study.Curve, x *study.Check) bool {
	m := &c.Points[x.At]
	n := position(c.Sweep, m.Point)
	k.hold(n == x.Cores && n <= m.Point.Cores, "%d cores are held against %+v", x.Cores, m.Point)
	k.hold(same(x.Error, (x.Predicted-m.Speedup)/m.Speedup), "%v for %v is off by %v", x.Predicted, m.Speedup, x.Error)
	f := figures{must: []float64{m.Speedup}, may: []float64{float64(m.Point.Workers), float64(m.Point.Procs), float64(n)}}
	told := m.Interval != nil && m.Interval.High <= 10*m.Interval.Low
	k.hold(told == x.Known, "%+v is known: %v", m.Interval, x.Known)
	within := told && x.Predicted >= m.Interval.Low && x.Predicted <= m.Interval.High
	k.hold(within == x.Within, "%v in %+v: %v", x.Predicted, m.Interval, x.Within)
	f.must = append(f.must, known(m.Interval)...)
	f.must = append(f.must, x.Predicted)
	text := words.Checked(c.Sweep, m, x)
	if told && !within {
		f.must = append(f.must, math.Abs(x.Error))
		k.hold(strings.Contains(text, "more than") == (x.Predicted > m.Speedup), "%q", text)
	}
	k.said(text, f)
	return within
}

// of is a reason for no prediction, and the curve that has none.
type of struct {
	w *warning.Warning
	c *study.Curve
}

// unpredictedRules: what must be so of a curve that is not predicted.
func unpredictedRules() map[warning.Kind]func(*checker, of) {
	return map[warning.Kind]func(*checker, of){
		warning.PredictNoTrace: func(k *checker, o of) {
			for _, p := range o.c.Sweep.Points {
				for _, r := range k.runs(p).traced {
					k.hold(len(r.Captures) != 1, "%s has a trace", r.Dir())
				}
			}
		},
		warning.PredictWaits: func(k *checker, o of) { k.waits(o.c, o.w) },
		warning.PredictGrows: func(k *checker, o of) {
			sizes := map[int64]bool{}
			for _, p := range o.c.Sweep.Points {
				sizes[p.Size] = true
			}
			k.hold(len(sizes) > 1, "%v are of one size", o.c.Sweep.Points)
		},
		warning.PredictProcs: func(k *checker, o of) {
			most := slices.MaxFunc(o.c.Sweep.Points, func(p, q sweep.Point) int { return p.Procs - q.Procs }).Procs
			k.hold(o.w.Figures.Count == most && most > 1, "%+v of %v", o.w.Figures, o.c.Sweep.Points)
		},
		warning.PredictLarge: func(k *checker, o of) {
			replayed := 0
			for c := range k.s.Curves() {
				if c.Prediction.Unknown == nil || c.Prediction.Unknown.Kind == warning.PredictNoPool {
					replayed += 1000
				}
			}
			k.hold(o.w.Figures.Count == 1000 && int64(o.w.Figures.Of) == k.in.Predict.Bytes &&
				replayed+1000 > o.w.Figures.Of, "%+v after %d", o.w.Figures, replayed)
		},
	}
}
