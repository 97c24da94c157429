// Package each does a thing for each of several, on all processors.
package each

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Of calls f for every index below n, lower ones first, and returns when all calls have. As many run at a time as there
// are processors (GOMAXPROCS); on one they follow each other in the goroutine of the caller. What f writes to a place
// of its own index is so the same on any number of processors.
func Of(n int, f func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}
