package law

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
)

// tail is what an interval leaves out at either end.
const tail = (1 - curve.Level) / 2

// A fitter holds the counts that laws are fitted to. Rates are divided by scale, to be of the order of 1.
type fitter struct {
	samples []sample
	n, y    []float64
	scale   float64
	fewest  int // least number of launches of a count
	most    int
}

func newFitter(samples []sample) *fitter {
	f := &fitter{samples: samples, fewest: math.MaxInt}
	for _, s := range samples {
		f.n = append(f.n, s.N)
		f.y = append(f.y, s.median())
		f.fewest = min(f.fewest, len(s.Launches))
		f.most = max(f.most, len(s.Launches))
	}
	f.scale = slices.Max(f.y)
	for i := range f.y {
		f.y[i] /= f.scale
	}
	return f
}

// resampled reports whether every count has launches enough.
func (f *fitter) resampled() bool { return f.fewest >= curve.MinLaunches }

// model fits one law, to at least as many counts as parameters.
func (f *fitter) model(name Name) Model {
	q := &problem{form: formOf(name), n: f.n, y: f.y}
	s := q.solve()
	k, m := q.form.k(), len(f.n)
	out := Model{
		Name: name, form: q.form, Accurate: s.done, point: slices.Clone(s.p),
		RSS: s.rss * f.scale * f.scale, RSE: math.NaN(), AICc: math.NaN(),
	}
	out.point[gamma] *= f.scale
	if m > k {
		out.RSE = math.Sqrt(out.RSS / float64(m-k))
	}
	if m >= k+2 {
		out.AICc = f.aicc(s.rss, k)
	}
	for i := 1; i < m; i++ {
		out.sinks = out.sinks || f.y[i] < f.y[i-1]*(1-1e-9)
	}
	for j, n := range q.form.names {
		out.Params = append(out.Params, Param{Name: n, Value: out.point[j], Low: math.NaN(), High: math.NaN()})
	}
	switch {
	case f.resampled():
		f.bootstrap(&out, q, s)
	case m > k:
		f.wald(&out, q, s)
	}
	out.Peak, out.Limit = out.peak(slices.Max(f.n)), out.limit()
	out.Lack = f.lack(q, s)
	return out
}

// aicc returns Akaike's criterion for small samples. Data are taken to have nine digits at best: below that, residuals
// do not tell laws apart.
func (f *fitter) aicc(rss float64, k int) float64 {
	m, p := float64(len(f.n)), float64(k)
	rss = max(rss, m*1e-18) * f.scale * f.scale
	return m*math.Log(rss/m) + 2*p + 2*p*(p+1)/(m-p-1)
}

// bootstrap sets the intervals by fitting the resamples.
func (f *fitter) bootstrap(out *Model, q *problem, s solution) {
	out.Method = Bootstrap
	k := q.form.k()
	again := &problem{form: q.form, n: f.n, y: make([]float64, len(f.n))}
	columns := make([][]float64, k)
	for b := range f.samples[0].medians {
		for i := range again.y {
			again.y[i] = f.samples[i].medians[b] / f.scale
		}
		p := again.descend(s.p).p
		p[gamma] *= f.scale
		out.draws = append(out.draws, p)
		for j := range k {
			columns[j] = append(columns[j], p[j])
		}
	}
	for j := range k {
		p := &out.Params[j]
		switch {
		case j != gamma && p.Value <= 0:
			p.Low, p.High, p.OneSided = 0, stat.Quantile(columns[j], 1-2*tail), true
		case p.Value >= q.form.high[j]:
			p.Low, p.High, p.OneSided = stat.Quantile(columns[j], 2*tail), q.form.high[j], true
		default:
			p.Low, p.High = stat.Quantile(columns[j], tail), stat.Quantile(columns[j], 1-tail)
		}
	}
}

// wald sets the intervals by the curvature at the solution (Seber & Wild, "Nonlinear Regression", 1989, section 5.1),
// with the residual variance and Student's t at m−k degrees. A parameter on its bound is held there for the others; its
// own interval reaches from the bound as far as a one-sided one from an estimate there, which is wide rather than
// narrow, for the estimate without the bound lies outside.
func (f *fitter) wald(out *Model, q *problem, s solution) {
	k, m := q.form.k(), len(f.n)
	a, g := mat.NewSymDense(k, nil), make([]float64, k)
	q.normal(a, g, s.p)
	variance := s.rss / float64(m-k)
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(m - k)}
	unit := func(j int) float64 { // of the scale of parameter j
		if j == gamma {
			return f.scale
		}
		return 1
	}
	var bound []int
	for j := range k {
		if s.p[j] <= 0 || s.p[j] >= q.form.high[j] {
			bound = append(bound, j)
		} else {
			out.free = append(out.free, j)
		}
	}
	c := inverse(a, out.free)
	if c == nil {
		return
	}
	out.Method = Wald
	out.t = student.Quantile(1 - tail)
	for i, j := range out.free {
		half := out.t * math.Sqrt(variance*c.At(i, i)) * unit(j)
		out.Params[j].Low, out.Params[j].High = out.Params[j].Value-half, out.Params[j].Value+half
		for l := range i + 1 {
			c.SetSym(i, l, variance*c.At(i, l)*unit(j)*unit(out.free[l]))
		}
	}
	out.spread = c
	for _, j := range bound {
		one := inverse(a, append(slices.Clone(out.free), j))
		if one == nil {
			continue
		}
		last := len(out.free)
		half := student.Quantile(1-2*tail) * math.Sqrt(variance*one.At(last, last))
		p := &out.Params[j]
		p.OneSided = true
		p.Low, p.High = 0, half
		if p.Value > 0 {
			p.Low, p.High = p.Value-half, p.Value
		}
	}
}

// inverse inverts the given rows and columns of a, or returns nil if that has no answer. It scales the diagonal of a to
// 1, for parameters differ by orders of magnitude.
func inverse(a *mat.SymDense, which []int) *mat.SymDense {
	if len(which) == 0 {
		return nil
	}
	h := mat.NewSymDense(len(which), nil)
	root := make([]float64, len(which))
	for i, j := range which {
		root[i] = math.Sqrt(a.At(j, j))
		if root[i] == 0 {
			return nil
		}
		for l := range i + 1 {
			h.SetSym(i, l, a.At(j, which[l])/(root[i]*root[l]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return nil
	}
	out := mat.NewSymDense(len(which), nil)
	if err := chol.InverseTo(out); err != nil {
		return nil
	}
	for i := range which {
		for l := range i + 1 {
			out.SetSym(i, l, out.At(i, l)/(root[i]*root[l]))
		}
	}
	return out
}

// lack tests s against the repeats. It returns nil if there are none, if they do not differ, or if no degree of freedom
// is left.
func (f *fitter) lack(q *problem, s solution) *LackOfFit {
	k, m, runs, own := q.form.k(), len(f.n), 0, 0.0
	w := &problem{form: q.form}
	for i, c := range f.samples {
		runs += len(c.Launches)
		mean := 0.0
		for _, v := range c.Launches {
			mean += c.rate(v) / f.scale / float64(len(c.Launches))
		}
		for _, v := range c.Launches {
			d := (c.rate(v)/f.scale - mean) / f.y[i]
			own += d * d
		}
		w.n, w.y = append(w.n, c.N), append(w.y, mean)
		w.weight = append(w.weight, math.Sqrt(float64(len(c.Launches)))/f.y[i])
	}
	// Differences in the last digits come from the arithmetic.
	if m <= k || runs == m || own <= 1e-24*float64(runs) {
		return nil
	}
	// What the law leaves beyond the repeats' own is the sum of squares of the means about the law, weighted by
	// launches.
	left := w.descend(s.p).rss / float64(m-k)
	out := &LackOfFit{F: left / (own / float64(runs-m)), Law: m - k, Own: runs - m}
	out.P = distuv.F{D1: float64(out.Law), D2: float64(out.Own)}.Survival(out.F)
	return out
}

// Band returns the interval of the law's throughput at n, or false if there is none.
func (m *Model) Band(n float64) (low, high float64, ok bool) {
	switch m.Method {
	case Bootstrap:
		x := make([]float64, len(m.draws))
		for i, p := range m.draws {
			x[i] = m.form.rate(p, n)
		}
		return stat.Quantile(x, tail), stat.Quantile(x, 1-tail), true
	case Wald:
		g := make([]float64, m.form.k())
		m.form.gradient(g, m.point, n)
		sum := 0.0
		for i, j := range m.free {
			for l, o := range m.free {
				sum += g[j] * m.spread.At(i, l) * g[o]
			}
		}
		half := m.t * math.Sqrt(max(sum, 0))
		v := m.At(n)
		return max(v-half, 0), v + half, true
	default:
		return math.NaN(), math.NaN(), false
	}
}
