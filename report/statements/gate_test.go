package statements_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/study"
)

// An outcome is a gate at a point, and the point.
type outcome struct {
	o  *gate.Outcome
	c  *study.Curve
	at int
}

// gates holds c against gates of every kind.
func (k *checker) gates(m *maker, c *study.Curve) {
	n := c.Points[m.rng.IntN(len(c.Points))].N
	asked := map[gate.Kind]string{
		gate.MinSpeedup:    fmt.Sprintf("%.2f@%d", m.between(0.5, float64(n)), n),
		gate.MinEfficiency: fmt.Sprintf("%.0f%%@%d", m.between(20, 110), n),
		gate.MaxShare: pick(m, "gc=1%", "block=10%", "user=50%", "block.mutex=0.1") + pick(m, "",
			fmt.Sprintf("@%d", n)),
	}
	s := gate.Subject{Label: "curve", Curve: &c.Curve}
	for i := range c.Points {
		s.Shares = append(s.Shares, c.Figures[i].Shares())
	}
	for _, kind := range []gate.Kind{gate.MinSpeedup, gate.MinEfficiency, gate.MaxShare} {
		g, err := gate.Parse(kind, asked[kind])
		if err != nil {
			k.hold(false, "gate %s: %v", asked[kind], err)
			return
		}
		points := map[int]bool{}
		for _, o := range gate.Check([]gate.Gate{g}, []gate.Subject{s}) {
			at := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == o.N && !points[p.N] })
			points[o.N] = true
			x := &outcome{&o, c, at}
			rule(k, gateRules(), o.Gate.Kind, x)
			rule(k, gateReasonRules(), o.Reason, x)
			k.gateSaid(x)
			k.hold(!o.Holds || !math.IsNaN(o.Bound), "%v holds by nothing", o.Gate)
		}
		k.hold(g.N == 0 || points[g.N], "%v was asked for, and has no outcome", g)
	}
}

// gateRules: what must be so for a gate to hold.
func gateRules() map[gate.Kind]func(*checker, *outcome) {
	ratio := func(k *checker, x *outcome, value func(c *curve.Curve, i int) (v, low float64)) {
		v, low := value(&x.c.Curve, x.at)
		k.hold(same(x.o.Value, v), "%v: %v, not %v", x.o.Gate, v, x.o.Value)
		k.hold(x.o.Holds == (low >= x.o.Gate.Limit) || math.Abs(low-x.o.Gate.Limit) < 1e-12, "%v: holds is %v with %v",
			x.o.Gate, x.o.Holds, low)
	}
	return map[gate.Kind]func(*checker, *outcome){
		gate.MinSpeedup: func(k *checker, x *outcome) {
			ratio(k, x, func(c *curve.Curve, i int) (v, low float64) {
				low, _ = k.interval(c, c.Points[i].Point)
				if c.Base < 0 {
					low = math.NaN()
				}
				return c.Points[i].Speedup, low
			})
		},
		gate.MinEfficiency: func(k *checker, x *outcome) {
			ratio(k, x, func(c *curve.Curve, i int) (v, low float64) {
				low = efficiency(x.c, i)
				if i == c.Base {
					low = 1
				}
				return c.Points[i].Speedup * float64(c.Points[0].N) / float64(c.Points[i].N), low
			})
		},
		gate.MaxShare: func(k *checker, x *outcome) {
			all := k.shares(x)
			if len(all) == 0 {
				k.hold(!x.o.Holds, "%v holds, and no run was traced", x.o.Gate)
				return
			}
			k.hold(math.Abs(quantile(all, 0.5)-x.o.Value) < 1e-9 && x.o.Holds == (x.o.Value <= x.o.Gate.Limit),
				"%v: %v, not %v: holds is %v", x.o.Gate, all, x.o.Value, x.o.Holds)
			k.hold(x.o.Traced == len(all) && math.Abs(slices.Min(all)-x.o.Low) < 1e-9 &&
				math.Abs(slices.Max(all)-x.o.High) < 1e-9, "%v: %+v of %v", x.o.Gate, x.o, all)
		},
	}
}

// shares are the shares that a gate asks for, of each traced run.
func (k *checker) shares(x *outcome) []float64 {
	var all []float64
	for _, r := range k.runs(x.c.Points[x.at].Point).traced {
		l := k.in.Explained[r.Run].Ledger
		if l == nil {
			continue
		}
		var sum float64
		for _, r := range l.Rows {
			if id := r.Cause.String(); id == x.o.Gate.Cause || strings.HasPrefix(id, x.o.Gate.Cause+".") {
				sum += float64(r.Time) / float64(l.Total)
			}
		}
		all = append(all, sum)
	}
	return all
}

// gateReasonRules: what stands in place of a bound.
func gateReasonRules() map[gate.Reason]func(*checker, *outcome) {
	runs := func(k *checker, x *outcome) int { return len(k.runs(x.c.Points[x.at].Point).timed) }
	unknown := func(k *checker, x *outcome, is bool) {
		k.hold(is && math.IsNaN(x.o.Bound) && !x.o.Holds, "%v: %s", x.o.Gate, x.o.Reason)
	}
	return map[gate.Reason]func(*checker, *outcome){
		"": func(k *checker, x *outcome) {
			k.hold(x.o.Method == curve.Bootstrap && runs(k, x) >= 5, "%v: by %q", x.o.Gate, x.o.Method)
		},
		gate.NoRun:     func(k *checker, x *outcome) { unknown(k, x, runs(k, x) == 0) },
		gate.NoBase:    func(k *checker, x *outcome) { unknown(k, x, len(k.runs(x.c.Points[0].Point).timed) == 0) },
		gate.NotTraced: func(k *checker, x *outcome) { unknown(k, x, x.c.Figures[x.at].Ledger() == nil) },
		gate.NoInterval: func(k *checker, x *outcome) {
			unknown(k, x, x.c.Points[x.at].Interval == nil)
		},
		gate.IsBase: func(k *checker, x *outcome) {
			k.hold(x.at == 0 && x.o.Value == 1, "%v: the base is %v", x.o.Gate, x.o.Value)
		},
		gate.LowestSeen: func(k *checker, x *outcome) {
			base := len(k.runs(x.c.Points[0].Point).timed)
			k.hold(min(base, runs(k, x)) < 5 && x.o.Method == curve.MinMax, "%v: lowest seen of %d and %d runs",
				x.o.Gate, base, runs(k, x))
		},
		gate.OneRun: func(k *checker, x *outcome) {
			k.hold(x.o.Gate.Kind == gate.MaxShare && len(k.shares(x)) == 1, "%v: of one traced run", x.o.Gate)
		},
		gate.MedianRun: func(k *checker, x *outcome) {
			k.hold(x.o.Gate.Kind == gate.MaxShare && len(k.shares(x)) == x.o.Traced && x.o.Traced > 1,
				"%v: median of %d traced runs", x.o.Gate, x.o.Traced)
		},
	}
}
