// Package sort sorts arrays of pseudo-random integers: the example of unpredictable branches on data that fit into a
// core's own caches.
//
// Each task fills an array from a generator seeded with the task's number, sorts it, and folds it into a checksum that
// depends on the order.
//
// Expected curve: linear up to the cores. The tasks are equal in length and share nothing. Two SMT siblings lose less
// here than with "cpu", since one computes while the other waits after a mispredicted branch. What a task allocates,
// one array, keeps the garbage collector a little busy.
//
// The size is the number of integers in all arrays together, of which there are 64 unless the integers are fewer. Time
// grows as n·log n of an array's length n, slightly more than in proportion.
package sort

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// maxArrays is how many arrays the integers are split into; fewer integers than that make an array each.
const maxArrays = 64

// Workload is the example "sort".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "sort",
		Doc:       "sorts equal arrays of random integers, nothing shared: linear up to the cores",
		Size:      6_400_000,
		PerWorker: 6_400_000,
		Unit:      "integers",
		Tasks:     tasks,
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			a := randomArray(split.Part(env.Size, tasks(env.Size), i), uint64(i))
			slices.Sort(a)
			return checksum(a), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, maxArrays) }

// randomArray returns n pseudo-random integers that depend on n and the seed alone.
func randomArray(n int64, seed uint64) []int64 {
	var source rand.PCG
	source.Seed(seed, uint64(n))
	a := make([]int64, n)
	for i := range a {
		a[i] = int64(source.Uint64())
	}
	return a
}

// checksum folds integers into one that depends on their order: a polynomial modulo 2^64, by Horner's rule.
func checksum(a []int64) uint64 {
	const prime = 0x100000001B3 // of the 64-bit FNV hash
	var sum uint64
	for _, v := range a {
		sum = sum*prime + uint64(v)
	}
	return sum
}
