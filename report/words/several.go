package words

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/verdict"
)

// Faster says which of several workloads get faster, and which of them most, from the headline of each.
func Faster(all []verdict.Headline) string {
	rising := slices.DeleteFunc(slices.Clone(all), func(h verdict.Headline) bool {
		return h.Best == nil || h.Best.Kind != verdict.Rises
	})
	slices.SortStableFunc(rising, func(a, b verdict.Headline) int { return cmp.Compare(b.Best.Gain, a.Best.Gain) })
	if len(rising) == 0 {
		if len(all) == 2 {
			return "neither workload is shown to get faster"
		}
		return fmt.Sprintf("none of the %d workloads is shown to get faster", len(all))
	}
	most := rising[0]
	top := fmt.Sprintf("%s %s", amount(most.Best), reached(most.Best, most.Cores))
	switch {
	case len(rising) == 1:
		return fmt.Sprintf("of %d workloads only %s is shown to get faster: %s", len(all), most.Workload, top)
	case len(rising) < len(all):
		return fmt.Sprintf("%d of %d workloads get faster, most %s, %s", len(rising), len(all), most.Workload, top)
	}
	every := fmt.Sprintf("all %d", len(all))
	if len(all) == 2 {
		every = "both"
	}
	least := rising[len(rising)-1]
	return fmt.Sprintf("%s workloads get faster, most %s, %s; least %s, %s", every, most.Workload, top, least.Workload,
		amount(least.Best))
}
