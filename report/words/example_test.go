package words_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/report/words"
)

// Numbers keep their unit on the same line until they are made plain.
func Example() {
	fmt.Println(words.Times(1.937))
	fmt.Println(words.Plain(words.Percent(0.0473)))
	fmt.Println(words.Plural(1, "worker", "workers") + ", " + words.Plural(2, "worker", "workers"))
	fmt.Println(words.Cause(cause.Mutex))
	// Output:
	// 1.94×
	// 4.7 %
	// 1 worker, 2 workers
	// mutex (block.mutex)
}
