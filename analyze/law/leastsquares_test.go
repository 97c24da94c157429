package law

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// solveSym gives what package mat does, for one to three unknowns, and refuses what is not positive definite.
func TestSolveSym(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + rng.IntN(3)
		root, b := mat.NewDense(n, n, nil), make([]float64, n)
		for i := range n {
			b[i] = rng.NormFloat64()
			for j := range n {
				root.Set(i, j, rng.NormFloat64())
			}
		}
		var full mat.Dense
		full.Mul(root, root.T())
		var h [3][3]float64
		for i := range n {
			for j := i; j < n; j++ {
				h[i][j] = full.At(i, j)
			}
		}
		var want mat.VecDense
		if want.SolveVec(&full, mat.NewVecDense(n, append([]float64(nil), b...))) != nil {
			continue
		}
		if !solveSym(&h, b) {
			t.Fatalf("%v: no solution", mat.Formatted(&full))
		}
		for i := range n {
			if d := math.Abs(b[i] - want.AtVec(i)); d > 1e-6*(1+math.Abs(want.AtVec(i))) {
				t.Errorf("%v: x[%d] is %v, want %v", mat.Formatted(&full), i, b[i], want.AtVec(i))
			}
		}
	}
	for _, h := range [][3][3]float64{{}, {{1, 2}, {0, 1}}, {{math.NaN(), 0}, {0, 1}}, {{-1, 0}, {0, 1}}} {
		if solveSym(&h, make([]float64, 2)) {
			t.Errorf("%v is solved", h)
		}
	}
}

// A bootstrap takes steps by the million where data know no law: a step allocates where it goes, and nothing else.
func TestStepAllocates(t *testing.T) {
	q := &problem{form: formOf(USL), n: []float64{1, 2, 4, 8}, y: []float64{1, 2, 3, 4}, weight: []float64{1, 1, 1, 1}}
	p, a, g := []float64{1, 0.1, 0.01}, mat.NewSymDense(3, nil), make([]float64, 3)
	q.normal(a, g, p)
	free := []int{0, 1, 2}
	if n := testing.AllocsPerRun(100, func() { q.step(a, g, p, free, 1e-3) }); n > 1 {
		t.Errorf("a step makes %v allocations", n)
	}
}
