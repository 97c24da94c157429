package sweep

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// A Plan is a list of runs, in the order to make them.
type Plan []Run

// Block returns one repetition of every point, in the order given.
func Block(points []Point, rep int, kind Kind) Plan {
	p := make(Plan, len(points))
	for i, pt := range points {
		p[i] = Run{Point: pt, Rep: rep, Kind: kind}
	}
	return p
}

// Interleave returns the plan in complete blocks, one after the other by repetition, the timed block before the traced
// one. The order within a block is drawn from (seed, kind, repetition), so that a drift of the machine affects all
// points alike. It depends on nothing else, so a resumed study repeats it.
func (p Plan) Interleave(seed uint64) Plan {
	out := slices.Clone(p)
	slices.SortStableFunc(out, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Rep, b.Rep), cmp.Compare(a.Kind, b.Kind))
	})
	for lo := 0; lo < len(out); {
		hi := lo
		for hi < len(out) && out[hi].Rep == out[lo].Rep && out[hi].Kind == out[lo].Kind {
			hi++
		}
		block := out[lo:hi]
		h := fnv.New64a()
		_, _ = h.Write([]byte(out[lo].Kind)) // a hash never fails
		rng := rand.New(rand.NewPCG(seed, h.Sum64()^uint64(out[lo].Rep)))
		rng.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
		lo = hi
	}
	return out
}

// Without returns the plan minus the runs that are done.
func (p Plan) Without(done map[Run]bool) Plan {
	return slices.DeleteFunc(slices.Clone(p), func(r Run) bool { return done[r] })
}

// Points returns the distinct points of sweeps, in order of appearance.
func Points(sweeps []Sweep) []Point {
	var out []Point
	seen := map[Point]bool{}
	for _, s := range sweeps {
		for _, p := range s.Points {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}
