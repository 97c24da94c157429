package law

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/each"
)

// tail is what an interval leaves out at either end.
const tail = (1 - curve.Level) / 2

// A fitter holds the counts that laws are fitted to. Rates are divided by scale, to be of the order of 1.
type fitter struct {
	samples      []sample
	n, y, weight []float64
	scale        float64
	fewest       int // least number of launches of a count
	most         int
}

func newFitter(samples []sample, equal bool) *fitter {
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
	f.weight = weights(samples, f.y, equal)
	return f
}

// resampled reports whether every count has launches enough.
func (f *fitter) resampled() bool { return f.fewest >= curve.MinLaunches }

// model fits one law, to at least as many counts as parameters.
func (f *fitter) model(name Name) Model {
	q := &problem{form: formOf(name), n: f.n, y: f.y, weight: f.weight}
	s := q.solve()
	s.p = q.settle(s.p)
	k, m := q.form.k(), len(f.n)
	out := Model{
		Name: name, form: q.form, Accurate: s.done, point: slices.Clone(s.p),
		RSE: math.NaN(), AICc: math.NaN(),
	}
	for i, n := range f.n {
		d := (f.y[i] - q.form.rate(s.p, n)) * f.scale
		out.RSS += d * d
	}
	out.point[gamma] *= f.scale
	if m > k {
		out.RSE = math.Sqrt(out.RSS / float64(m-k))
	}
	if m >= k+2 {
		out.AICc = f.aicc(s.rss, k)
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
	out.sinks = out.point[alpha] >= 1 && f.sinks()
	out.Peak, out.Limit = out.peak(slices.Max(f.n)), out.limit()
	out.Lack = f.lack(q, s)
	return out
}

// aicc returns Akaike's criterion for small samples, of normal residuals whose spread is what the weights say. Data are
// taken to have nine digits at best: below that, residuals do not tell laws apart.
func (f *fitter) aicc(rss float64, k int) float64 {
	m, p := float64(len(f.n)), float64(k)
	least, spread := 0.0, 0.0 // the sum of squares of nine digits, and of the logarithms of the rates' variances
	for i, w := range f.weight {
		least += w * w * f.y[i] * f.y[i] * 1e-18
		spread += 2 * math.Log(f.scale/w)
	}
	return m*math.Log(max(rss, least)/m) + spread + 2*p + 2*p*(p+1)/(m-p-1)
}

// spreadOf is by what the variance of resampled medians of so many launches exceeds that of a median, about: 1.4 times
// at 5 launches, 1.3 at 10 and 1.1 at 20 for a normal noise, simulated; more for one with long tails. In the interval
// of one median it makes up for the few values that it can take; in a sum over many counts it only adds up.
func spreadOf(launches int) float64 { return 1 + 2/float64(launches) }

// bootstrap sets the intervals by fitting the resamples, without the bounds.
func (f *fitter) bootstrap(out *Model, q *problem, s solution) {
	out.Method = Bootstrap
	k := q.form.k()
	draws := len(f.samples[0].medians)
	out.draws = make([][]float64, draws)
	columns := make([][]float64, k)
	for j := range columns {
		columns[j] = make([]float64, draws)
	}
	start := q.opened(s.p)
	each.Of(draws, func(b int) {
		again := &problem{form: q.form, n: f.n, y: make([]float64, len(f.n)), weight: f.weight}
		for i := range again.y {
			off := f.samples[i].medians[b] / f.scale / f.y[i]
			again.y[i] = f.y[i] * math.Pow(off, 1/math.Sqrt(spreadOf(len(f.samples[i].Launches))))
		}
		open := again.opened(start)
		draw := open
		if !again.holds(open) {
			draw = again.descend(s.p).p
		}
		out.draws[b] = slices.Clone(draw)
		out.draws[b][gamma] *= f.scale
		open[gamma] *= f.scale
		for j := range k {
			columns[j][b] = open[j]
		}
	})
	for j := range k {
		out.between(j, stat.Quantile(columns[j], tail), stat.Quantile(columns[j], 1-tail))
	}
}

// wald sets the intervals by the curvature at the solution without the bounds (Seber & Wild, "Nonlinear Regression",
// 1989, section 5.1), with the residual variance there and Student's t at m−k degrees.
func (f *fitter) wald(out *Model, q *problem, s solution) {
	k, m := q.form.k(), len(f.n)
	open := *q
	open.open = true
	p := open.descend(s.p)
	a, g := mat.NewSymDense(k, nil), make([]float64, k)
	open.normal(a, g, p.p)
	c := inverse(a)
	if c == nil {
		return
	}
	out.Method = Wald
	out.t = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(m - k)}.Quantile(1 - tail)
	variance := p.rss / float64(m-k)
	unit := func(j int) float64 { // of the scale of parameter j
		if j == gamma {
			return f.scale
		}
		return 1
	}
	for j := range k {
		half := out.t * math.Sqrt(variance*c.At(j, j))
		out.between(j, (p.p[j]-half)*unit(j), (p.p[j]+half)*unit(j))
		for l := range j + 1 {
			c.SetSym(j, l, variance*c.At(j, l)*unit(j)*unit(l))
		}
	}
	out.spread = c
}

// between sets the interval of parameter j from one that knows no bounds: what of it lies within them, and the value.
// An interval that ends at a bound where the value is has one side. If all of it lies beyond a bound, the data
// contradict the law; it is then as long as it was, from the bound inwards.
func (m *Model) between(j int, low, high float64) {
	p, least, most := &m.Params[j], 0.0, m.form.high[j]
	if j != gamma {
		switch length := high - low; {
		case high < least:
			low, high = least, least+length
		case low > most:
			low, high = most-length, most
		}
		p.OneSided = p.Value <= least || p.Value >= most
	}
	p.Low, p.High = min(max(low, least), p.Value), max(min(high, most), p.Value)
}

// inverse inverts a, or returns nil if that has no answer. It scales the diagonal to 1, for parameters differ by orders
// of magnitude.
func inverse(a *mat.SymDense) *mat.SymDense {
	k := a.SymmetricDim()
	h, root := mat.NewSymDense(k, nil), make([]float64, k)
	for i := range k {
		root[i] = math.Sqrt(a.At(i, i))
		if root[i] == 0 {
			return nil
		}
		for l := range i + 1 {
			h.SetSym(i, l, a.At(i, l)/(root[i]*root[l]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return nil
	}
	out := mat.NewSymDense(k, nil)
	if err := chol.InverseTo(out); err != nil {
		return nil
	}
	for i := range k {
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

// sinks reports whether the throughput surely falls with n: whether the slope of a straight line through the rates over
// the logarithm of n is below 0, in 97.5 % of the resamples or, without them, by Student's t.
func (f *fitter) sinks() bool {
	x := make([]float64, len(f.n))
	for i, n := range f.n {
		x[i] = math.Log(n)
	}
	weight := make([]float64, len(f.weight))
	for i, w := range f.weight {
		weight[i] = w * w
	}
	if f.resampled() {
		y, below := make([]float64, len(x)), 0
		for b := range f.samples[0].medians {
			for i := range y {
				y[i] = f.samples[i].medians[b]
			}
			if _, slope := gonum.LinearRegression(x, y, weight, false); slope < 0 {
				below++
			}
		}
		return float64(below) >= (1-tail)*float64(len(f.samples[0].medians))
	}
	free := len(x) - 2
	if free < 1 {
		return false
	}
	at, slope := gonum.LinearRegression(x, f.y, weight, false)
	mean, left, spread := gonum.Mean(x, weight), 0.0, 0.0
	for i := range x {
		d := f.y[i] - at - slope*x[i]
		left += weight[i] * d * d
		spread += weight[i] * (x[i] - mean) * (x[i] - mean)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(free)}.Quantile(1 - tail)
	return slope+t*math.Sqrt(left/float64(free)/spread) < 0
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
		v := mat.NewVecDense(len(g), g)
		half := m.t * math.Sqrt(max(mat.Inner(v, m.spread, v), 0))
		x := m.At(n)
		return max(x-half, 0), x + half, true
	default:
		return math.NaN(), math.NaN(), false
	}
}
