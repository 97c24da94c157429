package document

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Grid is the points of a grid beside each other, whatever curves they stand in.
type Grid struct {
	Workload string        `json:"workload"`
	Scaling  sweep.Scaling `json:"scaling"`
	Size     int64         `json:"size"`
	First    sweep.Point   `json:"first"` // the smallest point, of which speedups are
	// Best is the smallest point that is shown to be faster than First and that none is shown to exceed.
	Best       *sweep.Point `json:"best"`
	BestReason string       `json:"best_reason,omitempty"`
	Cells      []GridCell   `json:"cells"`

	Recommended       *GridAdvice `json:"recommended"` // the one over all cells
	RecommendedReason string      `json:"recommended_reason,omitempty"`
}

// A GridCell is a point of a grid that was measured.
type GridCell struct {
	Procs   int           `json:"procs"`
	Workers int           `json:"workers"`
	Cores   int           `json:"cores"`
	Speedup schema.Number `json:"speedup"`
	// Over is the interval of its speedup over Best, or over First without, launch against launch.
	Over       *curve.Interval `json:"over"`
	OverReason string          `json:"over_reason,omitempty"`
	Beside     bool            `json:"may_be_as_fast"` // it is not shown to be slower than Best
}

// A GridAdvice is the point of a grid that is recommended.
type GridAdvice struct {
	Procs   int     `json:"procs"`
	Workers int     `json:"workers"`
	Cores   int     `json:"cores"`
	Low     float64 `json:"efficiency_low"`
	Why     string  `json:"why"`
	Beyond  string  `json:"beyond,omitempty"`
}

// gridDocs are the grids of w.
func gridDocs(w *study.Workload) []Grid {
	var out []Grid
	for i := range w.Families {
		f := &w.Families[i]
		g := f.Headline.Grid
		if g == nil || f.Grid == nil {
			continue
		}
		d := Grid{Workload: w.Program.Name, Scaling: f.Scaling, Size: f.Size, First: g.First, Cells: []GridCell{}}
		d.BestReason = "no point is shown to be faster than the smallest"
		if f.Headline.Best.Kind == verdict.Rises {
			d.Best, d.BestReason = &f.Headline.Best.Point, ""
		}
		beside := f.Headline.Beside()
		for k := range g.Cells {
			p := &g.Cells[k]
			c := GridCell{Procs: p.Point.Point.Procs, Workers: p.Point.Point.Workers, Cores: p.Point.Point.Cores}
			c.Speedup, _ = schema.NumberOf(p.Speedup, noRuns)
			c.Over, c.OverReason = interval(p.Over, "this is the point that the others are set against")
			c.Beside = slices.ContainsFunc(beside, func(q curve.Point) bool { return q.Point == p.Point.Point })
			d.Cells = append(d.Cells, c)
		}
		why := words.Plain(words.Advice(&f.Grid.Recommendation))
		if r := &f.Grid.Recommendation; r.At >= 0 {
			p := f.Grid.Points[r.At].Point
			d.Recommended = &GridAdvice{p.Procs, p.Workers, p.Cores, r.Low, why, words.Plain(words.Beyond(r))}
		} else {
			d.RecommendedReason = why
		}
		out = append(out, d)
	}
	return out
}
