package statements_test

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// taskFunction is the function that runs task i of the random programs.
func taskFunction(i int) string {
	return []string{"main.", "example.com/other."}[i/6%2] + string(rune('a'+i%6))
}

// takes is how long n workers need for so many tasks of 10 ms, each taken by the first that is free; those of a
// function take half as long.
func takes(n, tasks int, faster string) float64 {
	free := make([]float64, n)
	for i := range tasks {
		d := 10 * time.Millisecond.Seconds()
		if taskFunction(i) == faster {
			d /= 2
		}
		slices.Sort(free)
		free[0] += d
	}
	return slices.Max(free)
}

// replays checks what is said of a replay with a change against the cause of each finding of curves with so many tasks.
func (k *checker) replays(tasks int) {
	for i := range k.s.Workloads {
		for j := range k.s.Workloads[i].Findings {
			f := &k.s.Workloads[i].Findings[j]
			rule(k, noReplayRules(), f.NoReplay, f)
			k.hold((f.Replay != nil) == (f.NoReplay == finding.HasReplay), "%+v and %q", f.Replay, f.NoReplay)
			k.findingSaid(&f.Finding)
			if f.Replay != nil {
				k.replay(f, tasks)
			}
		}
	}
}

// replay checks the figures of a replay with a change against the cause of f.
func (k *checker) replay(f *study.Finding, tasks int) {
	r, c := f.Replay, f.Curve
	base := float64(position(c.Sweep, c.Points[c.Base].Point))
	workers := func(n float64) int {
		if c.Sweep.Mode == "cores" || k.program(c).Command != nil {
			return 1
		}
		return int(n)
	}
	faster := ""
	switch r.Kind {
	case predict.FasterFunction:
		faster = function(f.Stack)
		k.hold(slices.Contains([]string{"serial", "join", "channel", "condition"}, string(one(f.Cause))) && r.Func == faster &&
			r.Caller == "", "%s is laid on %q: %+v", f.Cause, faster, r)
	case predict.WithoutCollector: // which took no time of the random programs
		k.hold(one(f.Cause) == "gc", "%s: %+v", f.Cause, r)
	default:
		k.hold(false, "%s: %+v is against no cause of a stock trace", f.Cause, r)
	}
	stays := c.Prediction.Fixed // which is checked with the prediction
	of := func(faster string) float64 {
		return 1 / (stays + (1-stays)*takes(workers(float64(r.Cores)), tasks, faster)/takes(workers(base), tasks, ""))
	}
	k.hold(math.Abs(r.Speedup-of(faster)) < 0.02*r.Speedup && math.Abs(r.Unchanged-of("")) < 0.02*r.Unchanged,
		"%+v; want %v instead of %v", r, of(faster), of(""))
	k.hold(r.Low <= r.Speedup && r.Speedup <= r.High && same(r.Gain, (r.Speedup-r.Unchanged)/r.Unchanged), "%+v", r)
	k.hold(r.Cores == position(c.Sweep, c.Points[f.At].Point) && r.Cores <= c.Points[f.At].Point.Cores, "%d cores at %+v",
		r.Cores, c.Points[f.At].Point)
	k.agrees(c, true)
}

// agrees checks whether all points of c that have a core for each of their count are predicted within their interval,
// or by less than a tenth off.
func (k *checker) agrees(c *study.Curve, want bool) {
	is, some := true, false
	for i, p := range c.Points {
		n := position(c.Sweep, p.Point)
		at := slices.IndexFunc(c.Prediction.Points, func(q predict.Prediction) bool { return q.Cores == n })
		if i == c.Base || n > p.Point.Cores || at < 0 || math.IsNaN(p.Speedup) {
			continue
		}
		some = true
		s, v := c.Prediction.Points[at].Speedup, p.Interval
		inside := v != nil && v.High <= 10*v.Low && v.Low <= s && s <= v.High
		is = is && (inside || math.Abs(s-p.Speedup) <= 0.1*p.Speedup)
	}
	k.hold((is && some) == want, "%s agrees with what was measured: %v", c.Sweep.Workload, is && some)
}

// replaySaid checks what is said of f's replay, and returns the figures that the evidence must have for it.
func (k *checker) replaySaid(f *finding.Finding) []float64 {
	won := words.Won(f)
	k.hold((f.Replay != nil) == strings.Contains(won, "by replay"), "%q: %+v", won, f.Replay)
	r := f.Replay
	if r == nil {
		k.hold(won == "" || strings.Contains(won, "up to "), "%q is said to be no bound", won)
		return nil
	}
	said := []float64{r.Speedup}
	if words.Times(r.Low) != words.Times(r.High) {
		said = append(said, r.Low, r.High)
	}
	if text := words.Times(r.Speedup); r.Speedup > r.Unchanged && text != words.Times(r.Unchanged) {
		k.said(won, figures{must: said})
	} else {
		k.hold(strings.Contains(won, "no faster"), "%q: %v instead of %v", won, r.Speedup, r.Unchanged)
		k.said(won, figures{})
	}
	return append(said, float64(r.Cores), math.Abs(r.Gain), r.Unchanged)
}

// noReplayRules: what must be so of a finding for there to be a replay with a change against its cause, and for the
// reason why there is none.
func noReplayRules() map[finding.NoReplay]func(*checker, *study.Finding) {
	unknown := func(f *study.Finding) bool {
		return f.Curve.Prediction.Unknown != nil || words.Unforetold(f.Curve.Prediction.Points) != nil
	}
	judged := func(k *checker, f *study.Finding) bool {
		p := f.Curve.Points[f.At].Point
		return k.scene(f.Curve).at == p && position(f.Curve.Sweep, p) <= p.Cores
	}
	doubtful := func(f *study.Finding) bool {
		return slices.ContainsFunc(f.Curve.Prediction.Curve.Warnings, func(w warning.Warning) bool {
			return w.Kind == warning.PredictLost || w.Kind == warning.PredictForced
		})
	}
	against := func(f *study.Finding) bool {
		return slices.ContainsFunc(f.Curve.Prediction.Changes, func(x predict.Change) bool {
			switch one(f.Cause) {
			case "gc":
				return x.Kind == predict.WithoutCollector
			case "serial", "join", "channel", "condition":
				return x.Kind == predict.FasterFunction && x.Func == function(f.Stack)
			}
			return false
		})
	}
	return map[finding.NoReplay]func(*checker, *study.Finding){
		finding.NotAsked: func(k *checker, f *study.Finding) {
			k.hold(k.in.Predict == nil, "%s: a prediction was asked for", f.Cause)
		},
		finding.NotPredicted: func(k *checker, f *study.Finding) {
			k.hold(unknown(f), "%s: the curve is predicted", f.Cause)
		},
		finding.OtherCount: func(k *checker, f *study.Finding) {
			k.hold(!judged(k, f) && f.Curve.Prediction.Unknown == nil, "%s: changes are tried for %d", f.Cause, f.N)
		},
		finding.Misses: func(k *checker, f *study.Finding) {
			k.hold(judged(k, f) && !unknown(f), "%s: no prediction for %d", f.Cause, f.N)
			k.agrees(f.Curve, false)
		},
		finding.Doubtful: func(k *checker, f *study.Finding) {
			k.hold(judged(k, f) && !unknown(f) && doubtful(f), "%s: %+v", f.Cause, f.Curve.Prediction.Curve.Warnings)
			k.agrees(f.Curve, true)
		},
		finding.NoChange: func(k *checker, f *study.Finding) {
			k.hold(judged(k, f) && !unknown(f) && !doubtful(f) && !against(f), "%s: %+v", f.Cause, f.Curve.Prediction.Changes)
			k.agrees(f.Curve, true)
		},
		finding.HasReplay: func(k *checker, f *study.Finding) {
			k.hold(judged(k, f) && !unknown(f) && !doubtful(f) && against(f), "%s: %+v", f.Cause, f.Replay)
		},
	}
}

// functions gives a program with so many tasks the call stacks that its tasks run at.
func functions(symbols *gotrace.Symbols, tasks int) []int32 {
	var out []int32
	for i := range tasks {
		out = append(out, int32(symbols.InternStack([]gotrace.Frame{{Func: taskFunction(i), File: "/src/x.go", Line: 10 + i}})))
	}
	return out
}

// foretoldSaid checks what is said of a curve that is predicted: nothing where it does not agree with what was
// measured, else first what is predicted beyond that.
func (k *checker) foretoldSaid(c *study.Curve) {
	p := c.Prediction
	text := words.Foretold(c)
	var measured []float64
	f := figures{may: []float64{p.Most}}
	most := 0
	for _, x := range p.Checks {
		measured = append(measured, float64(x.Cores), x.Predicted, c.Points[x.At].Speedup, x.Error)
		most = max(most, x.Cores)
	}
	if strings.HasPrefix(text, "not predicted") {
		k.agrees(c, false)
		k.said(text, figures{may: measured})
		return
	}
	if len(p.Checks) > 0 {
		k.agrees(c, true)
	}
	for _, q := range p.Points {
		f.may = append(f.may, q.Speedup, q.Low, q.High, float64(q.Cores))
		if q.Cores > max(most, 1) && len(f.must) == 0 && !strings.Contains(text, ", from ") {
			f.must = []float64{q.Speedup}
		}
	}
	f.may = append(f.may, measured...)
	k.said(text, f)
}
