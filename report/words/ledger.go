package words

import "fmt"

// NothingToGain says of a ledger that next to nothing of it is lost: shares of the core time.
func NothingToGain(used, lost float64) string {
	return fmt.Sprintf("Nothing to gain from less waiting or overhead: %s of the core time was used, and %s lost.",
		Percent(used), Percent(lost))
}
