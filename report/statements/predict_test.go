package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// predictRules: what must be so where something is warned of a prediction.
func predictRules() map[warning.Kind]func(*checker, *warning.Warning) {
	counted := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0, "%s: %+v", w.Kind, w.Figures)
	}
	replayed := func(k *checker, w *warning.Warning) {
		stuck := w.Kind == warning.PredictStuck
		k.hold(w.Figures.Of > 0 && (w.Figures.Count > 0 || stuck), "%s: %+v", w.Kind, w.Figures)
	}
	part := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Time.Seconds() > 0.05*w.Figures.Against.Seconds() && w.Figures.Time <= w.Figures.Against, "%s: %+v",
			w.Kind, w.Figures)
	}
	alone := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Ratio >= 0.99 && w.Figures.Ratio <= 1, "%s: %+v", w.Kind, w.Figures)
	}
	nothing := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures == warning.Figures{}, "%s: %+v", w.Kind, w.Figures)
	}
	fewer := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0 && w.Figures.Count < w.Figures.Of, "%s: %+v", w.Kind, w.Figures)
	}
	some := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0 && w.Figures.Count <= w.Figures.Of, "%s: %+v", w.Kind, w.Figures)
	}
	busy := func(k *checker, w *warning.Warning) {
		on, ran := w.Figures.Time.Seconds(), w.Figures.Against.Seconds()
		k.hold(on >= 0 && on <= 0.85*ran && ran-on >= 0.29*math.Sqrt(ran), "%s: %+v", w.Kind, w.Figures)
	}
	marking := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Ratio > 0.25 && w.Figures.Ratio <= 1, "%s: %+v", w.Kind, w.Figures)
	}
	partly := func(least float64) func(*checker, *warning.Warning) {
		return func(k *checker, w *warning.Warning) {
			k.hold(w.Figures.Count > 0 && w.Figures.Ratio > least && w.Figures.Ratio <= 1, "%s: %+v", w.Kind, w.Figures)
		}
	}
	calls := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0 && w.Figures.Time.Seconds() > 0.05*w.Figures.Against.Seconds(), "%s: %+v", w.Kind, w.Figures)
	}
	return map[warning.Kind]func(*checker, *warning.Warning){
		warning.PredictCalls: calls, warning.PredictSpins: partly(0.05), warning.PredictSized: partly(0.8),
		warning.PredictTries: partly(0.05), warning.PredictAdrift: partly(0.05),
		warning.PredictBrief:   partly(0.1),
		warning.PredictMarking: marking,
		warning.PredictStock:   counted, warning.PredictCond: counted, warning.PredictLost: counted,
		warning.PredictShared: counted,
		warning.PredictLate:   part, warning.PredictForced: replayed, warning.PredictStuck: replayed, warning.PredictAlone: alone,
		warning.PredictOneP: nothing, warning.PredictNothing: nothing, warning.PredictNoPool: nothing, warning.PredictNoTasks: nothing,
		warning.PredictTasksWait: some, warning.PredictUnseen: nothing,
		warning.PredictMemory: nothing, warning.PredictBusy: busy, warning.PredictWorkers: fewer,
	}
}

// predictFigures are what the words for a warning of a prediction must state; false: it is none.
func predictFigures(w *warning.Warning) (f figures, ok bool) {
	g := &w.Figures
	switch w.Kind {
	case warning.PredictStock, warning.PredictCond, warning.PredictLost, warning.PredictShared:
		return figures{must: []float64{float64(g.Count)}}, true
	case warning.PredictLate, warning.PredictBusy:
		return figures{must: []float64{g.Time.Seconds(), g.Against.Seconds()}}, true
	case warning.PredictForced, warning.PredictStuck, warning.PredictWorkers,
		warning.PredictTasksWait:
		return figures{must: []float64{float64(g.Of), float64(g.Count)}}, true
	case warning.PredictTries, warning.PredictSized:
		return figures{must: []float64{g.Ratio, float64(g.Count)}}, true
	case warning.PredictAdrift, warning.PredictSpins:
		return figures{must: []float64{float64(g.Count), g.Ratio}}, true
	case warning.PredictBrief:
		return figures{must: []float64{g.Ratio, g.Time.Seconds(), float64(g.Count)}}, true
	case warning.PredictCalls:
		return figures{must: []float64{float64(g.Count), g.Time.Seconds(), g.Against.Seconds()}}, true
	case warning.PredictAlone, warning.PredictMarking:
		return figures{must: []float64{g.Ratio}}, true
	case warning.PredictLarge:
		return figures{must: []float64{float64(g.Count), float64(g.Of)}}, true
	case warning.PredictWaits:
		must := []float64{float64(g.Count), g.Ratio}
		if g.AgainstRatio > 0 {
			must = append(must, float64(g.Of), g.AgainstRatio)
		}
		return figures{must: append(must, float64(g.Of))}, true
	case warning.PredictProcs:
		return figures{must: []float64{float64(g.Count)}, may: []float64{1}}, true
	}
	return figures{}, false
}

// predicted checks what is predicted, and returns what is warned of it.
func predicted(k *checker, c *predict.Curve) []warning.Warning {
	all := c.Warnings
	for i := range c.Predictions {
		p := &c.Predictions[i]
		known := !math.IsNaN(p.Speedup)
		k.hold(known == (p.Unknown == nil), "%d cores: %v, unknown for %v", p.Cores, p.Speedup, p.Unknown)
		k.hold(math.IsNaN(p.Low) == (p.NoLow != nil) && math.IsNaN(p.High) == (p.NoHigh != nil), "%d cores: %+v", p.Cores, p)
		k.hold(!known || p.Low <= p.Speedup && p.Speedup <= p.High, "%d cores: %+v", p.Cores, p)
		k.hold(!known || p.Cores > 1 || p.Speedup == 1 && p.High == 1, "%d cores: %+v", p.Cores, p)
		k.hold(math.IsNaN(p.High) || p.High <= 1.001*float64(p.Cores), "%d cores: %+v", p.Cores, p)
		if p.Unknown != nil {
			all = append(all, *p.Unknown)
		}
	}
	k.hold(c.Work >= 0 && c.Span >= 0 && (c.Work == 0 || c.OneCore >= c.Span), "%v of work takes %v on one core, chain %v",
		c.Work, c.OneCore, c.Span)
	for i := range c.Changes {
		k.changed(c, i)
	}
	for _, l := range c.Limits {
		k.hold(l.AtMost >= 1 && l.Time > 0 && l.Time <= c.Work, "%+v of %v", l, c.Work)
	}
	return all
}

// changed checks what a single change is said to give, and its words.
func (k *checker) changed(c *predict.Curve, i int) {
	x := &c.Changes[i]
	at := slices.IndexFunc(c.Predictions, func(p predict.Prediction) bool { return p.Cores == x.Cores })
	k.hold(at >= 0 && c.Predictions[at].Unknown == nil, "%+v has nothing that it changes", x)
	without := c.Predictions[at].Speedup
	k.hold(math.IsNaN(x.Speedup) && math.IsNaN(x.Gain) || same(x.Gain, (x.Speedup-without)/without), "%+v over %v", x, without)
	k.hold(i == 0 || c.Changes[i-1].Cores != x.Cores || !(x.Gain > c.Changes[i-1].Gain), "%+v is not in its place", x)
	text := words.Change(x, "")
	switch x.Kind {
	case predict.WithoutLock:
		k.hold(c.Synced, "a stock trace tells of %+v", x)
	case predict.FasterFunction:
		k.places(text, []gotrace.Frame{{Func: x.Func}})
		return
	case predict.MoreWorkers:
		k.said(text, figures{must: []float64{float64(x.Workers)}})
		return
	}
	k.said(text, figures{})
}
