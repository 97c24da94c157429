package cores_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/cores"
)

// Two cores are busy from 0 to 60, one until 100.
func Example() {
	b := cores.Builder{Cores: 2}
	b.Set(0, 2)
	b.Set(60, 1)
	b.Set(100, 0)
	use := b.Finish()
	fmt.Println("mean:", use.Mean)
	for k, d := range use.Profile {
		fmt.Println(k, "busy for", d)
	}
	for _, bin := range use.Bins(2) {
		fmt.Printf("mean %.1f, from %d to %d\n", bin.Mean, bin.Min, bin.Max)
	}
	// Output:
	// mean: 1.6
	// 0 busy for 0s
	// 1 busy for 40ns
	// 2 busy for 60ns
	// mean 2.0, from 2 to 2
	// mean 1.2, from 1 to 2
}
