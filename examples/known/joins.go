package known

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/corecurve/corecurve/examples/internal/spin"
)

// crowd is how many goroutines share the work where their number does not limit.
const crowd = 32

// spun does n steps and returns 1.
func spun(n int64) uint64 { return min(spin.Steps(1, n), 1) }

// fibs computes five neighbouring Fibonacci numbers, by recursion and in a goroutine each. The time of one is the
// golden ratio times that of the one before, so that all take 1 + 0.618 + 0.618² + 0.618³ + 0.618⁴ = 2.38 times the
// longest.
func fibs() Program {
	const why = "fib of five neighbouring numbers, a goroutine each: the longest takes 1/2.38 of all"
	return program("known-fib", why, 2.382, 36, "n of the longest", func(size int64) uint64 {
		var sum atomic.Uint64
		var wg sync.WaitGroup
		for n := size - 4; n <= size; n++ {
			wg.Go(func() { sum.Add(fib(n)) })
		}
		wg.Wait()
		return sum.Load()
	})
}

func fib(n int64) uint64 {
	if n < 2 {
		return uint64(max(n, 0))
	}
	return fib(n-1) + fib(n-2)
}

// rounds does a share of each round alone, and the rest in 64 goroutines: Amdahl's law with 64 workers.
func rounds(serial float64, name string) Program {
	const tasks, steps = 64, 30_000_000
	alone := int64(serial * steps)
	why := fmt.Sprintf("%.0f %% of each round alone, the rest in 64 goroutines: Amdahl's law", 100*serial)
	return program(name, why, 1/(serial+(1-serial)/tasks), 5, "rounds", func(size int64) uint64 {
		var done atomic.Uint64
		for range size {
			done.Add(spun(alone))
			var wg sync.WaitGroup
			for range tasks {
				wg.Go(func() { done.Add(spun((steps - alone) / tasks)) })
			}
			wg.Wait()
		}
		return done.Load()
	})
}

// forkJoin halves its elements until 256 are left, works on these, and merges halves. It has 2^14 elements, which all
// take part in six merges: a leaf costs 3 for each element and a merge 1, so that all takes 2^14·(3 + 6). The longest
// way is one leaf and the merges above it: 3·2^8 + 2^9 + … + 2^14.
func forkJoin() Program {
	const elements, leaf, each = 1 << 14, 1 << 8, 1000
	const all, longest = elements * (3 + 6), 3*leaf + 2*elements - 2*leaf
	const why = "halves in goroutines, merged alone: the last merges take most of the way"
	return program("known-forkjoin", why, float64(all)/longest, 1, "sorts", func(size int64) uint64 {
		var done uint64
		for range size {
			done += forked(elements, leaf, each)
		}
		return done
	})
}

func forked(n, leaf, each int64) uint64 {
	if n <= leaf {
		return spun(3 * n * each)
	}
	half := make(chan uint64)
	go func() { half <- forked(n/2, leaf, each) }()
	done := forked(n/2, leaf, each)
	done += <-half
	return done + spun(n*each)
}

// parallelFor has goroutines that take chunks by an atomic counter, which no trace shows and nobody waits for.
func parallelFor() Program {
	const why = "32 goroutines take chunks by an atomic counter: as fast as there are goroutines"
	return program("known-parfor", why, crowd, 4000, "chunks", func(size int64) uint64 {
		var next atomic.Int64
		var done atomic.Uint64
		var wg sync.WaitGroup
		for range crowd {
			wg.Go(func() {
				for next.Add(1) <= size {
					done.Add(spun(36_000))
				}
			})
		}
		wg.Wait()
		return done.Load()
	})
}
