package statements_test

import (
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/warning"
)

// pathRules: what must be so where bounds of a speedup are not known, or a path is shorter than its recording.
func pathRules() map[warning.Kind]func(*checker, *warning.Warning) {
	type f = func(*checker, *warning.Warning)
	turns := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0 && w.Figures.Time > 0, "%s: %+v", w.Kind, w.Figures)
	}
	part := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Time.Seconds() > 0.05*w.Figures.Against.Seconds(), "%s: %v of %v", w.Kind, w.Figures.Time,
			w.Figures.Against)
	}
	share := func(k *checker, w *warning.Warning) {
		part(k, w)
		k.hold(same(w.Figures.Ratio, w.Figures.Time.Seconds()/w.Figures.Against.Seconds()), "%s: %+v", w.Kind, w.Figures)
	}
	brief := func(k *checker, w *warning.Warning) {
		k.hold(w.Figures.Count > 0 && w.Figures.Time.Microseconds() < 100, "%s: %+v", w.Kind, w.Figures)
	}
	short := func(k *checker, w *warning.Warning) {
		g := &w.Figures
		k.hold(g.Time < g.Against && g.Ratio >= 0 && g.Ratio <= 1 && g.AgainstRatio >= 0 && g.AgainstRatio <= 1, "%s: %+v",
			w.Kind, *g)
		k.hold(k.w == nil || g.Against <= k.w.to.Sub(k.w.from), "%s: %v recorded from %v to %v", w.Kind, g.Against,
			k.w.from, k.w.to)
		k.hold(g.Ratio+g.AgainstRatio <= 1.0001, "%s: nothing runs while goroutines are ready: %+v", w.Kind, *g)
	}
	return map[warning.Kind]f{
		warning.PathTurns: turns, warning.PathUnequal: turns, warning.PathProcesses: turns,
		warning.PathLocks: part, warning.PathChans: part, warning.PathLoosely: part,
		warning.PathCalls: share, warning.PathCollector: share, warning.PathBrief: brief, warning.PathShort: short,
	}
}

// pathFacts are what is stated of a path beside its warnings.
func pathFacts(p *critical.Path) []warning.Warning {
	out := append([]warning.Warning(nil), p.Unknown...)
	if w := p.Shorter(); w != nil {
		out = append(out, *w)
	}
	return out
}

// pathFigures are what the words for a fact of a path must state; false: it is none.
func pathFigures(w *warning.Warning) (f figures, ok bool) {
	g := &w.Figures
	took, against, count := g.Time.Seconds(), g.Against.Seconds(), float64(g.Count)
	switch w.Kind {
	case warning.PathTurns:
		return figures{must: []float64{count, took, against}}, true
	case warning.PathUnequal:
		return figures{must: []float64{took, count, against}}, true
	case warning.PathProcesses, warning.PathBrief:
		return figures{must: []float64{count, took}}, true
	case warning.PathLocks, warning.PathChans, warning.PathLoosely:
		return figures{must: []float64{took, against}}, true
	case warning.PathCalls, warning.PathCollector:
		return figures{must: []float64{g.Ratio}}, true
	case warning.PathShort:
		return figures{must: []float64{took, against}, may: []float64{g.Ratio, g.AgainstRatio}}, true
	}
	return figures{}, false
}
