// Package factorial computes the factorials of 10 … 50 many thousand times, one task each: the example of tasks so tiny that handing
// them out costs as much as doing them, or more.
//
// A task takes well below a microsecond. Goroutines take their next task from a counter; processes get theirs through a pipe, which
// takes the handing process and the kernel some microseconds. The chunk, the number of tasks handed out at a time, decides whether
// processes pay at all: try --chunk 1 and --chunk 1000.
//
// Expected curve: with t seconds per task, k tasks per chunk and h seconds to hand a chunk out, one after another, n workers cannot
// do better than n·kt/(kt + h), and not better than kt/h either, when the handing out never pauses: [Bound]. (It is the asymptotic bound
// of a closed queueing network: Denning & Buzen, "The operational analysis of queueing network models", ACM Computing Surveys
// 10(3), 1978.) So goroutines come near to linear, and processes with chunks of one task are slower than a single worker.
//
// Every task allocates about a hundred bytes in five pieces, so the garbage collector's share shows as well: what goroutines of one
// process lack to linear is mostly that.
//
// The size is the number of repetitions of the list; each has 41 tasks. The default chunk is one repetition.
package factorial

import (
	"context"
	"fmt"
	"math/big"

	"github.com/corecurve/corecurve/trace/workload"
)

// The list of numbers that is repeated.
const (
	First  = 10
	Last   = 50
	Length = Last - First + 1
)

// Workload is the example "factorial".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "factorial",
		Doc:       "factorials of 10 … 50 over and over, tiny tasks: nearly linear with goroutines, with processes it depends on --chunk",
		Size:      12_000,
		PerWorker: 12_000,
		Unit:      "repetitions",
		Chunk:     Length,
		Tasks:     func(size int64) int { return int(max(0, size)) * Length },
		Task: func(_ context.Context, _ *workload.Env, i int) (any, error) {
			n := int64(First + i%Length)
			f := Factorial(n)
			if f.Sign() <= 0 {
				return nil, fmt.Errorf("factorial of %d: %v is not positive", n, f)
			}
			return digest(f), nil
		},
	}
}

// Factorial returns n! by one multiplication after another.
func Factorial(n int64) *big.Int {
	f, k := big.NewInt(1), new(big.Int)
	for i := int64(2); i <= n; i++ {
		f.Mul(f, k.SetInt64(i))
	}
	return f
}

// digest folds a number into 64 bits, so that the result of a tiny task is tiny too. The low word alone would not do: 50! ends
// in 47 zero bits.
func digest(f *big.Int) uint64 {
	const prime = 0x100000001B3 // of the 64-bit FNV hash
	var d uint64
	for _, w := range f.Bits() {
		d = d*prime ^ uint64(w)
	}
	return d
}

// Bound is the best speedup of so many workers over one that is handed nothing, where a task takes task seconds and handing out a
// chunk of tasks takes handing seconds, one chunk after another.
func Bound(task, handing float64, chunk, workers int) float64 {
	work := task * float64(chunk)
	shared := float64(workers) * work / (work + handing)
	if handing <= 0 {
		return shared
	}
	return min(shared, work/handing)
}
