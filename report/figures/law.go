package figures

import (
	"fmt"
	"math"
	"slices"

	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// drawnLaw is the law of c as the picture of speedups shows it: none that the data contradict.
func drawnLaw(c *view.Curve) *chart.Law {
	m := c.Law()
	if m == nil || m.Doubtful() {
		return nil
	}
	unit := c.Points[c.Base]
	for _, p := range c.Laws.Points {
		if p.N == float64(unit.N) {
			return fit.LawOf(m, p.Throughput, c.Laws.Last())
		}
	}
	return nil
}

// peak is the place of a peak that the data support, and whether there is one.
func peak(c *view.Curve) (n float64, ok bool) {
	m := c.Law()
	if m == nil || m.Doubtful() || m.Peak == nil || !m.Peak.Supported || m.Peak.N <= 1 {
		return math.NaN(), false
	}
	return m.Peak.N, true
}

// lawNotes say of the laws of w what a caption must: which are drawn.
func lawNotes(w *view.Workload) string {
	var drawn []string
	for i := range w.Curves {
		if c := &w.Curves[i]; drawnLaw(c) != nil && !slices.Contains(drawn, c.Law().Name.Title()) {
			drawn = append(drawn, c.Law().Name.Title())
		}
	}
	if len(drawn) == 0 {
		return ""
	}
	return fmt.Sprintf("Thin: the fitted law (%s) with its 95%s%% band.", words.List(drawn), words.NoBreak)
}

// peakLabel names the peak of c in its picture.
func peakLabel(c *view.Curve, n float64) string {
	return fmt.Sprintf("peak by %s near %s", c.Law().Name.Title(), words.Significant(n))
}

// ahead is what is predicted of c from the cores of the machine on, up to twice as many or the last count that was
// measured: more would press together what the picture is of. It is nil where nothing is, or it does not agree with
// what was measured.
func ahead(c *view.Curve, cpus int) *chart.Law {
	if cpus == 0 || !c.Prediction.Holds() {
		return nil
	}
	var on chart.Predicted
	most := 2 * cpus
	for _, p := range c.Points {
		most = max(most, p.N)
	}
	for _, p := range c.Prediction.Points {
		if p.Cores >= cpus && p.Cores <= most && words.Finite(p.Speedup) {
			on.Points = append(on.Points, chart.PredictedPoint{
				N: float64(p.Cores), Speedup: p.Speedup, Low: p.Low, High: p.High,
			})
		}
	}
	if len(on.Points) < 2 {
		return nil
	}
	return on.Law("predicted", 0)
}
