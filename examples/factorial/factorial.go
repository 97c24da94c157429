// Package factorial computes the factorials of 10 … 50 many thousand times, one task each: the example of tasks so
// small that handing them out costs as much as doing them, or more.
//
// A task takes well below a microsecond. Goroutines take their next task from a counter. Processes get theirs through a
// pipe, which costs the coordinator and the kernel some microseconds. The chunk, the number of tasks handed out at a
// time, decides whether processes pay at all: try --chunk 1 and --chunk 1000.
//
// Expected curve: with t seconds per task, k tasks per chunk and h seconds to hand out a chunk, one chunk after
// another, the speedup on n workers is at most n·kt/(kt + h), and at most kt/h, which is reached when the handing out
// never pauses. (It is the asymptotic bound of a closed queueing network: Denning & Buzen, "The operational analysis of
// queueing network models", ACM Computing Surveys 10(3), 1978.) So goroutines come close to linear, and processes with
// chunks of one task are slower than a single worker.
//
// Every task allocates about a hundred bytes in five pieces, so the garbage collector's share shows as well: it is most
// of what goroutines of one process lack to linear.
//
// The size is the number of repetitions of the list, which has 41 tasks. The default chunk is one repetition.
package factorial

import (
	"context"
	"fmt"
	"math/big"

	"github.com/corecurve/corecurve/trace/workload"
)

// The numbers of the list that is repeated, and how many they are.
const (
	lowest  = 10
	highest = 50
	numbers = highest - lowest + 1
)

// Workload is the example "factorial".
func Workload() workload.Workload {
	return workload.Workload{
		Name: "factorial",
		Doc: "factorials of 10 … 50 over and over, tiny tasks: nearly linear with goroutines, " +
			"with processes it depends on --chunk",
		Size:      12_000,
		PerWorker: 12_000,
		Unit:      "repetitions",
		Chunk:     numbers,
		Tasks:     func(size int64) int { return int(max(0, size)) * numbers },
		Task: func(_ context.Context, _ *workload.Env, i int) (any, error) {
			n := int64(lowest + i%numbers)
			f := factorial(n)
			if f.Sign() <= 0 {
				return nil, fmt.Errorf("factorial of %d: %v is not positive", n, f)
			}
			return digest(f), nil
		},
	}
}

// factorial returns n!, by one multiplication after another.
func factorial(n int64) *big.Int {
	f, k := big.NewInt(1), new(big.Int)
	for i := int64(2); i <= n; i++ {
		f.Mul(f, k.SetInt64(i))
	}
	return f
}

// digest folds a number into 64 bits, so that the result of a tiny task is tiny too. The low word alone would not do:
// 50! ends in 47 zero bits.
func digest(f *big.Int) uint64 {
	const prime = 0x100000001B3 // of the 64-bit FNV hash
	var d uint64
	for _, w := range f.Bits() {
		d = d*prime ^ uint64(w)
	}
	return d
}
