package statements_test

import "github.com/corecurve/corecurve/analyze/warning"

// otherWork: on a curve with the point, the base keeps nine tenths of its usable cores busy, and the interval of the
// speedup lies above four times what the count is over that of the base.
func otherWork(k *checker, w *warning.Warning) {
	found := false
	for _, c := range k.curvesOf(w.Subject.Workload) {
		for i, p := range c.Points {
			if p.Point != w.Subject.Point || i == 0 || p.Interval == nil {
				continue
			}
			base := c.Points[0]
			least := p.Interval.Low / (float64(p.N) / float64(base.N))
			r := k.runs(base.Point).timed
			busy := median(r, cpu) / median(r, total)
			found = found || same(least, w.Figures.Ratio) && least > 4 && same(busy, w.Figures.AgainstRatio) &&
				busy >= 0.9*float64(min(base.Point.Parallelism(), base.Point.Cores))
		}
	}
	k.hold(found, "%v: no curve has it with an efficiency of %+v", w.Subject.Point, w.Figures)
}
