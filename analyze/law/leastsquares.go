package law

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A problem is a law and the data to fit it to. Rates are of the order of 1.
type problem struct {
	form   form
	n, y   []float64
	weight []float64 // of the residuals
	open   bool      // without the bounds of alpha and beta: for intervals, which are cut to them afterwards
}

// low and high return the bounds of parameter j.
func (q *problem) low(j int) float64 {
	if q.open && j != gamma {
		return math.Inf(-1)
	}
	return 0
}

func (q *problem) high(j int) float64 {
	if q.open {
		return math.Inf(1)
	}
	return q.form.high[j]
}

// within returns v within the bounds of parameter j.
func (q *problem) within(j int, v float64) float64 { return min(max(v, q.low(j)), q.high(j)) }

// A solution is the parameters with the least sum of squares found.
type solution struct {
	p    []float64
	rss  float64
	done bool // the iteration came to rest
}

// at returns the sum of the weighted squares at p; infinite where the law gives a rate that is none.
func (q *problem) at(p []float64) float64 {
	sum := 0.0
	for i, n := range q.n {
		x := q.form.rate(p, n)
		if !(x > 0) {
			return math.Inf(1)
		}
		r := (q.y[i] - x) * q.weight[i]
		sum += r * r
	}
	return sum
}

// normal sets a to JᵀJ and g to Jᵀr, the direction of steepest descent.
func (q *problem) normal(a *mat.SymDense, g, p []float64) {
	k := q.form.k()
	a.Zero()
	clear(g)
	var row [3]float64
	for i, n := range q.n {
		q.form.gradient(row[:], p, n)
		w := q.weight[i]
		r := (q.y[i] - q.form.rate(p, n)) * w
		for j := range k {
			row[j] *= w
			g[j] += row[j] * r
			for l := range j + 1 {
				a.SetSym(j, l, a.At(j, l)+row[j]*row[l])
			}
		}
	}
}

// freeAt returns the parameters that the direction of descent does not hold on a bound.
func (q *problem) freeAt(p, g []float64) []int {
	free := make([]int, 0, 3)
	for j := range p {
		if p[j] <= q.low(j) && g[j] <= 0 || p[j] >= q.high(j) && g[j] >= 0 {
			continue
		}
		free = append(free, j)
	}
	return free
}

// holds reports whether p lies within the bounds.
func (q *problem) holds(p []float64) bool {
	for j, v := range p {
		if v != q.within(j, v) {
			return false
		}
	}
	return true
}

// opened returns the solution without the bounds, from p.
func (q *problem) opened(p []float64) []float64 {
	open := *q
	open.open = true
	return open.descend(p).p
}

// digits is the part of a rate that no measurement resolves: what moves the law by less shows nothing.
const digits = 1e-9

// settle puts on their bound those of alpha and beta whose distance from it moves the law by less than the data
// resolve, at any count: otherwise rounding is taken for contention, and for a peak at a count of millions.
func (q *problem) settle(p []float64) []float64 {
	for j := len(p) - 1; j > gamma; j-- {
		for _, bound := range []float64{0, q.form.high[j]} {
			if math.IsInf(bound, 1) {
				continue
			}
			on := slices.Clone(p)
			on[j] = bound
			if q.apart(p, on) < digits {
				p = on
			}
		}
	}
	return p
}

// apart returns by what part the laws of p and r differ at most, at the counts.
func (q *problem) apart(p, r []float64) float64 {
	most := 0.0
	for _, n := range q.n {
		most = max(most, math.Abs(q.form.rate(r, n)/q.form.rate(p, n)-1))
	}
	return most
}

// Limits of the iteration.
const (
	maxSteps  = 500
	restStep  = 1e-11 // relative
	tiny      = 1e-9  // a smaller parameter counts as this when a step is called small
	maxDamped = 1e14
)

// descend is the iteration of Levenberg and Marquardt (Marquardt, SIAM Journal 11, 1963), damped by the diagonal so
// that the scales of the parameters do not matter. Parameters on a bound that would leave it take no part in a step,
// and a step ends at the bounds (Kanzow, Yamashita & Fukushima, Journal of Computational and Applied Mathematics 172,
// 2004, show the convergence of such projections).
func (q *problem) descend(start []float64) solution {
	k := q.form.k()
	s := solution{p: slices.Clone(start)}
	for j := range s.p {
		s.p[j] = q.within(j, s.p[j])
	}
	s.rss = q.at(s.p)
	a, g := mat.NewSymDense(k, nil), make([]float64, k)
	damping := 1e-3
	stale := true
	for range maxSteps {
		if stale {
			q.normal(a, g, s.p)
			stale = false
		}
		free := q.freeAt(s.p, g)
		if len(free) == 0 {
			s.done = true
			return s
		}
		next := q.step(a, g, s.p, free, damping)
		rss := math.Inf(1)
		if next != nil {
			rss = q.at(next)
		}
		small := next != nil && restful(s.p, next)
		if rss < s.rss {
			s.p, s.rss, stale = next, rss, true
			damping = max(damping/10, 1e-15)
		} else {
			damping *= 10
		}
		if small || damping > maxDamped {
			s.done = true
			return s
		}
	}
	return s
}

// step solves (A + damping·diag A)·d = g for the free parameters and returns p + d within the bounds, or nil if that
// has no answer.
func (q *problem) step(a *mat.SymDense, g, p []float64, free []int, damping float64) []float64 {
	var h [3][3]float64
	var d [3]float64
	for i, j := range free {
		d[i] = g[j]
		for l := range i {
			h[l][i] = a.At(j, free[l])
		}
		if a.At(j, j) == 0 {
			return nil
		}
		h[i][i] = a.At(j, j) * (1 + damping)
	}
	if !solveSym(&h, d[:len(free)]) || math.IsNaN(d[0]) { // damping cures a poor condition
		return nil
	}
	next := slices.Clone(p)
	for i, j := range free {
		next[j] = q.within(j, p[j]+d[i])
	}
	return next
}

// solveSym sets b to the solution of H·x = b, by Cholesky's factors, and h to these; of h it reads the upper triangle.
// It returns false if H is not positive definite. Most of the time of a bootstrap goes to steps, and of a step of three
// parameters in package mat nearly all to its allocations and its estimate of the condition.
func solveSym(h *[3][3]float64, b []float64) bool {
	n := len(b)
	for j := range n {
		for i := range j {
			h[j][j] -= h[i][j] * h[i][j]
		}
		if !(h[j][j] > 0) {
			return false
		}
		h[j][j] = math.Sqrt(h[j][j])
		for l := j + 1; l < n; l++ {
			for i := range j {
				h[j][l] -= h[i][j] * h[i][l]
			}
			h[j][l] *= 1 / h[j][j]
		}
	}
	for k := range n {
		b[k] *= 1 / h[k][k]
		for i := k + 1; i < n; i++ {
			b[i] -= h[k][i] * b[k]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= h[i][k] * b[k]
		}
		b[i] *= 1 / h[i][i]
	}
	return true
}

func restful(p, next []float64) bool {
	for j := range p {
		if math.Abs(next[j]-p[j]) > restStep*(math.Abs(p[j])+tiny) {
			return false
		}
	}
	return true
}

// solve descends from several starts and returns the best end: the linearised law, and mild, strong and retrograde
// curves.
func (q *problem) solve() solution {
	per := 0.0
	for i, n := range q.n {
		per = max(per, q.y[i]/n)
	}
	starts := [][]float64{{per, 0.02, 1e-4}, {per, 0.3, 0}, {per, 1, 0.1}}
	if p := q.linear(); p != nil {
		starts = append(starts, p)
	}
	best := solution{rss: math.Inf(1)}
	for _, p := range starts {
		if s := q.descend(p[:q.form.k()]); s.rss < best.rss {
			best = s
		}
	}
	return best
}

// linear solves n/X = (1 + alpha·(n−1) + beta·n·(n−1)) / gamma, which is linear in 1/gamma, alpha/gamma and beta/gamma,
// with the weights X²/n that make its residuals those of X in first order. It returns nil if that has no answer.
func (q *problem) linear() []float64 {
	if q.form.name == Gustafson {
		return nil // the law itself is linear: any start does
	}
	k := q.form.k()
	a, b := mat.NewDense(len(q.n), k, nil), mat.NewVecDense(len(q.n), nil)
	for i, n := range q.n {
		w := q.y[i] * q.y[i] / n * q.weight[i]
		b.SetVec(i, w*n/q.y[i])
		for j, v := range []float64{1, n - 1, n * (n - 1)}[:k] {
			a.Set(i, j, w*v)
		}
	}
	var x mat.VecDense
	if err := x.SolveVec(a, b); err != nil || !(x.AtVec(0) > 0) {
		return nil
	}
	p := make([]float64, k)
	p[gamma] = 1 / x.AtVec(0)
	for j := 1; j < k; j++ {
		p[j] = x.AtVec(j) * p[gamma]
	}
	return p
}
