package words

import (
	"fmt"
	"slices"
)

// A Fastest is the largest speedup of a workload, and where it is.
type Fastest struct {
	Workload string
	Speedup  float64
	At       string
	Shown    bool // that it is faster than its base, with all of its interval
}

// Faster says which of several workloads get faster, and which of them most.
func Faster(all []Fastest) string {
	shown := slices.DeleteFunc(slices.Clone(all), func(f Fastest) bool { return !f.Shown })
	slices.SortStableFunc(shown, func(a, b Fastest) int {
		switch {
		case a.Speedup > b.Speedup:
			return -1
		case a.Speedup < b.Speedup:
			return 1
		}
		return 0
	})
	if len(shown) == 0 {
		return fmt.Sprintf("none of the %d workloads is shown to get faster", len(all))
	}
	best := shown[0]
	top := fmt.Sprintf("%s, %s with %s", best.Workload, TimesTitle(best.Speedup), best.At)
	if len(shown) == len(all) {
		said := fmt.Sprintf("all %d workloads get faster, most %s", len(all), top)
		if last := shown[len(shown)-1]; len(shown) > 1 {
			said += fmt.Sprintf("; least %s, %s", last.Workload, TimesTitle(last.Speedup))
		}
		return said
	}
	if len(shown) == 1 {
		return fmt.Sprintf("of %d workloads only %s is shown to get faster: %s with %s", len(all), best.Workload,
			TimesTitle(best.Speedup), best.At)
	}
	return fmt.Sprintf("%d of %d workloads get faster, most %s", len(shown), len(all), top)
}
