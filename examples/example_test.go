package examples_test

import (
	"context"
	"fmt"

	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/trace/workload"
)

// One of the workloads, run once on two goroutines.
func Example() {
	for _, w := range examples.All() {
		if w.Name != "fib" {
			continue
		}
		got, err := workload.Do(context.Background(), w, workload.Shape{Workers: 2, Size: 20})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(w.Doc)
		fmt.Println(got.Tasks, "tasks")
	}
	// Output:
	// naive Fibonacci of 34 … 38, one unequal task each: 1.56 on two workers, never above 2.38
	// 5 tasks
}
