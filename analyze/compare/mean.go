package compare

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Mean is the geometric mean of the ratios of times, new over base, of workloads that are alike, at one count. It
// says nothing of the time of all of them together, and is no test: a workload that became much slower may hide behind
// others.
type Mean struct {
	Kind
	Workloads int
	Ratio     float64          // NaN: see Absence
	Interval  *curve.Interval  // nil: see Absence
	Absence   overview.Absence // of noise alone
	Noisy     int              // workloads whose intervals noise makes too wide
}

// A Kind is what workloads have in common of which there is a mean.
type Kind struct {
	Mode    sweep.Mode
	Scaling sweep.Scaling
	Series  string
	N       float64
	Point   sweep.Point // without workload, size and cores; zero for files
}

// A member is one workload of a mean.
type member struct {
	pair  *Pair
	point *Point
	b, f  Count // what the point is of
}

// means returns the mean of each kind of which there are at least [overview.MinAlike] workloads, in the order of the
// comparison. Of several sizes of a workload the largest takes part. What could not be tested does not.
func (r *Result) means() []Mean {
	var kinds []Kind
	members := map[Kind][]member{}
	for i := range r.Pairs {
		p := &r.Pairs[i]
		if !r.largest(p) {
			continue
		}
		for k := range p.Points {
			pt := &p.Points[k]
			if math.IsNaN(pt.P) {
				continue
			}
			kind := Kind{p.Key.Mode, p.Key.Scaling, p.Key.Series, pt.N, pt.Point}
			kind.Point.Workload, kind.Point.Size, kind.Point.Cores = "", 0, 0
			if _, is := members[kind]; !is {
				kinds = append(kinds, kind)
			}
			m := member{pair: p, point: pt, b: p.Base.at(pt.N), f: p.New.at(pt.N)}
			if r.Options.Paired {
				m.b, m.f = new(Point).partners(m.b, m.f)
			}
			members[kind] = append(members[kind], m)
		}
	}
	var out []Mean
	for _, k := range kinds {
		if len(members[k]) >= overview.MinAlike {
			out = append(out, r.mean(k, members[k]))
		}
	}
	return out
}

// at returns the count n of c.
func (c *Curve) at(n float64) Count {
	i := slices.IndexFunc(c.Counts, func(d Count) bool { return d.N == n })
	if i < 0 {
		return Count{N: n}
	}
	return c.Counts[i]
}

// largest reports whether no pair that differs from p in its size alone has a larger one.
func (r *Result) largest(p *Pair) bool {
	return !slices.ContainsFunc(r.Pairs, func(o Pair) bool {
		k := o.Key
		k.Size = p.Key.Size
		return k == p.Key && o.Key.Size > p.Key.Size
	})
}

// mean returns the mean of members, as package curve makes that of speedups: launches, or blocks, of each are resampled
// by themselves, and the means of the resamples are centred on that of the launches. Noise widens the interval by the
// mean of what it can explain of each.
func (r *Result) mean(k Kind, all []member) Mean {
	m := Mean{Kind: k, Workloads: len(all), Ratio: math.NaN()}
	for _, x := range all {
		if overview.Hides(x.point.Interval) {
			m.Noisy++
		}
	}
	if m.Noisy > 0 {
		m.Absence = overview.WideIntervals
		return m
	}
	n, sum := float64(len(all)), 0.0
	logs := make([]float64, r.effort.Curves)
	base, fresh := curve.Quiet{Share: 1, Least: 1, Most: 1}, curve.Quiet{Share: 1, Least: 1, Most: 1}
	for _, x := range all {
		sum += math.Log(x.point.Ratio)
		for i, v := range r.ratios(x.pair.Key, x.b, x.f) {
			logs[i] += math.Log(v)
		}
		base, fresh = base.Times(x.b.quiet(), 1, 1/n), fresh.Times(x.f.quiet(), 1, 1/n)
	}
	m.Ratio = math.Exp(sum / n)
	curve.Centre(logs, len(all), m.Ratio)
	m.Interval = curve.Percentile(logs)
	m.Interval.Widen(fresh, base, 1)
	return m
}
