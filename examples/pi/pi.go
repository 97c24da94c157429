// Package pi throws darts at a square and counts those that hit the quarter circle inscribed in it: a share of π/4. It
// is the example of work that divides without a remainder, and asks from which number of darts on dividing it pays.
//
// Each task throws a block of darts from a generator of its own, seeded with the task's number, and returns its hits.
// The loop allocates nothing and reads no memory. It adds the comparison's sign bit instead of branching on it, since a
// branch taken at random in 21 % of the cases would measure the branch predictor.
//
// Expected curve: linear up to the cores, as far as the machine itself allows (a spin loop shows how far), as long as
// the darts outweigh the start of the workers. Throwing N darts of d seconds on P processes that cost s seconds to
// start takes s + N·d/P instead of N·d, which is less from N = s / (d·(1 − 1/P)) on. With s = 10 ms and d = 3.3 ns two
// processes pay from 6 million darts on; goroutines, which start in microseconds, from some thousands.
//
// The size is the number of darts; time grows in proportion. The estimate's standard error is sqrt(π·(4−π)/N): six
// digits need 10^12 darts, so this is an exercise in scaling and no way to compute π.
package pi

import (
	"context"
	"math/rand/v2"

	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// The darts are cut into at least minBlocks blocks, so that a few workers have something to share even of a few darts,
// and at most maxBlocks; in between a block has blockDarts.
const (
	minBlocks  = 8
	maxBlocks  = 64
	blockDarts = 10_000
)

// Workload is the example "pi".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "pi",
		Doc:       "π by darts, equal blocks and nothing shared: linear up to the cores, once the darts outweigh the start",
		Size:      150_000_000, // about 0.5 s on one core of 3 to 4 GHz
		PerWorker: 150_000_000,
		Unit:      "darts",
		Tasks:     tasks,
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			return throw(split.Part(env.Size, tasks(env.Size), i), uint64(i)), nil
		},
	}
}

func tasks(size int64) int {
	return split.Parts(size, int(max(minBlocks, min(size/blockDarts, maxBlocks))))
}

// throw throws darts, whose places depend on the seed alone, and returns how many hit.
func throw(darts int64, seed uint64) int64 {
	// One 64-bit number gives both coordinates as integers below 2^31, and the circle has radius 2^31. The sum of
	// squares stays below 2^63; minus 2^62 it is negative exactly for a hit.
	const coordinate = 31
	var source rand.PCG
	source.Seed(seed, seed)
	var hits int64
	for range darts {
		r := source.Uint64()
		x, y := r>>(64-coordinate), r&(1<<coordinate-1)
		hits += int64((x*x + y*y - 1<<(2*coordinate)) >> 63)
	}
	return hits
}
