package finding

import (
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
)

// At returns the input for point i of a measured curve.
func At(c *curve.Curve, i int, s *stack.Stack) Input {
	p := c.Points[i]
	in := Input{
		Workload: c.Sweep.Workload, Mode: c.Sweep.Mode, Scaling: c.Sweep.Scaling, Size: c.Sweep.Size, Series: c.Sweep.Series,
		N: p.N, Stack: s, Seconds: p.Median, Interval: p.Interval,
	}
	if c.Base < 0 {
		in.BaseN = p.N
		return in
	}
	in.BaseN = c.Points[c.Base].N
	return in
}
