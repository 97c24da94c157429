package workload_test

import (
	"context"
	"fmt"

	"github.com/corecurve/corecurve/trace/workload"
)

// primes counts the primes below its size. Each task tests one thousand numbers.
func primes() workload.Workload {
	return workload.Workload{
		Name: "primes", Doc: "counts primes by trial division", Size: 20_000, Unit: "numbers",
		Tasks: func(size int64) int { return int((size + 999) / 1000) },
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			count := 0
			for n := max(2, 1000*i); n < min(1000*(i+1), int(env.Size)); n++ {
				d := 2
				for d*d <= n && n%d != 0 {
					d++
				}
				if d*d > n {
					count++
				}
			}
			return count, nil
		},
	}
}

// The same workload runs on goroutines or on processes without a change. In a program whose main function is
// workload.Main(primes()) the flags -workers 4 and -procs 4 choose between them, and "corecurve run" measures both.
func Example() {
	goroutines, err := workload.Do(context.Background(), primes(), workload.Shape{Workers: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	processes, err := workload.Do(context.Background(), primes(), workload.Shape{Procs: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(goroutines.Tasks, processes.Tasks, goroutines.Digest == processes.Digest)
	// Output: 20 20 true
}
