// Package fib computes five neighbouring Fibonacci numbers by naive recursion, one task each, the smallest first: the
// example of a task list that is too short and too unequal for many workers.
//
// Computing F(n) takes 2·F(n+1)−1 calls (one for itself and those of its two parts, which solves to that), so every
// task is longer than the one before by the golden ratio, 1.618. In units of the first task the five take 1, 1.62,
// 2.62, 4.24 and 6.85, together 16.33.
//
// Expected curve: each worker takes the next task as soon as it is free (list scheduling: Graham, "Bounds on
// multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2), 1969). Two workers then get 1 + 2.62 + 6.85 = 10.47 and
// 1.62 + 4.24 = 5.85, a speedup of 1.56. However many workers there are, none is done before the largest task, so the
// limit is 16.33 / 6.85 = 2.38. Both are independent of the size, because the ratios are.
//
// The size is the largest n: 38 computes 34 … 38, 34 computes 30 … 34. Adding 1 to it multiplies the work by 1.618, so
// weak scaling makes no sense here.
package fib

import (
	"context"

	"github.com/corecurve/corecurve/trace/workload"
)

// numbers is how many Fibonacci numbers are computed, and so the number of tasks.
const numbers = 5

// Workload is the example "fib".
func Workload() workload.Workload {
	return workload.Workload{
		Name:  "fib",
		Doc:   "naive Fibonacci of 34 … 38, one unequal task each: 1.56 on two workers, never above 2.38",
		Size:  38,
		Unit:  "largest n",
		Chunk: 1, // a larger one would tie the longest tasks together
		Tasks: tasks,
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			return fibonacci(first(env.Size) + int64(i)), nil
		},
	}
}

// tasks returns numbers, or fewer where n … n-4 would reach below 0.
func tasks(size int64) int { return int(max(0, min(numbers, size+1))) }

func first(size int64) int64 { return size - int64(tasks(size)) + 1 }

// fibonacci returns F(n) for n ≥ 0, with F(0) = 0 and F(1) = 1, the slow way.
func fibonacci(n int64) int64 {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}
