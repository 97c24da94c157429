package words

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
)

// Ps says how many Ps there were: "8 Ps" or, if GOMAXPROCS changed, "2 to 8 Ps (6.3 on average)".
func Ps(u *cores.Use) string {
	if u.MinPs == u.MaxPs || u.MinPs == 0 {
		return Plural(u.MaxPs, "P", "Ps")
	}
	return fmt.Sprintf("%d to %d Ps (%s on average)", u.MinPs, u.MaxPs, Amount(u.MeanPs))
}

// mostTime is the part of the time from which on the number that is busy for longest says more than the mean.
const mostTime = 1.0 / 3

// CoreUse says how many cores, or Ps, are busy for most of the time, and on average; after tells of which time, "".
func CoreUse(u *cores.Use, after string) string {
	of, longest, all := Plural(cmp.Or(u.Cores, u.MaxPs), "core", "cores"), 0, time.Duration(0)
	if u.OfPs {
		of = Ps(u)
	}
	for k, d := range u.Profile {
		all += d
		if d > u.Profile[longest] {
			longest = k
		}
	}
	on := ""
	if u.OfPs && u.Cores > 0 && u.Cores != u.MaxPs {
		on = ", on " + Plural(u.Cores, "core", "cores")
	}
	share := 0.0
	if all > 0 {
		share = u.Profile[longest].Seconds() / all.Seconds()
	}
	if share < mostTime {
		return Ratio(u.Mean) + " of " + of + " busy on average" + after + on
	}
	number := "none"
	if longest > 0 {
		number = Grouped(strconv.Itoa(longest))
	}
	return fmt.Sprintf("%s of %s busy for %s of the time%s, %s on average%s", number, of, Percent(share), after,
		Ratio(u.Mean), on)
}

// numberOfPs writes how many Ps there were on average.
func numberOfPs(mean float64) string {
	if mean == 1 {
		return "1 P"
	}
	return fmt.Sprintf("%.3g Ps", mean)
}
