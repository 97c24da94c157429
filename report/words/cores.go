package words

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/cores"
)

// Ps says how many Ps there were: "8 Ps" or, if GOMAXPROCS changed, "2 to 8 Ps (6.3 on average)".
func Ps(u *cores.Use) string {
	if u.MinPs == u.MaxPs || u.MinPs == 0 {
		return Plural(u.MaxPs, "P", "Ps")
	}
	return fmt.Sprintf("%d to %d Ps (%s on average)", u.MinPs, u.MaxPs, Amount(u.MeanPs))
}

// numberOfPs writes how many Ps there were on average.
func numberOfPs(mean float64) string {
	if mean == 1 {
		return "1 P"
	}
	return fmt.Sprintf("%.3g Ps", mean)
}
