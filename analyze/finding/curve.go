package finding

import (
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// At returns the input for point i of a measured curve. Its findings are withheld if other programs disturbed more than
// half of the timed runs of the point or of the base, or all traced runs of either.
func At(c *curve.Curve, i int, s *stack.Stack) Input {
	p := c.Points[i]
	in := Input{
		Workload: c.Sweep.Workload, Mode: c.Sweep.Mode, Series: c.Sweep.Series, N: p.N, Stack: s, Seconds: p.Median,
	}
	if c.Base < 0 {
		in.BaseN = p.N
		return in
	}
	base := c.Points[c.Base]
	in.BaseN = base.N
	for _, q := range []curve.Point{base, p} {
		if 2*q.Noisy > q.Runs {
			in.Noisy = append(in.Noisy, warning.Item{Point: q.Point, Kind: sweep.Timed, Count: q.Noisy, Of: q.Runs})
		}
	}
	if s != nil {
		in.Noisy = append(in.Noisy, s.Noisy...)
	}
	return in
}
