package each

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOf: every index is done once, on any number of processors, and never more at a time than there are of these.
func TestOf(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(procs)
		for _, n := range []int{0, 1, 2, 100} {
			var now, most atomic.Int64
			got, want := make([]int, n), make([]int, n)
			Of(n, func(i int) {
				if k := now.Add(1); k > most.Load() {
					most.Store(k)
				}
				runtime.Gosched()
				got[i] += i + 1
				now.Add(-1)
			})
			for i := range want {
				want[i] = i + 1
			}
			if diff := cmp.Diff(want, got); diff != "" || most.Load() > int64(procs) {
				t.Errorf("%d on %d processors: %d at a time (-want +got):\n%s", n, procs, most.Load(), diff)
			}
		}
	}
}
