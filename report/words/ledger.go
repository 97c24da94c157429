package words

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// NothingToGain says of a ledger that next to nothing of it is lost: shares of the core time.
func NothingToGain(used, lost float64) string {
	return fmt.Sprintf("nothing to gain from less waiting or overhead: %s of the core time was used, and %s lost",
		Percent(used), Percent(lost))
}

// CoreTimeOf writes core-seconds that are part of a whole in the unit of the whole, so that its parts can be compared:
// "0.48 core-s", "5.70 core-ms".
func CoreTimeOf(part, whole float64) string {
	unit := TimeUnit{1, "s"}
	for _, u := range []TimeUnit{{1e-6, "µs"}, {1e-3, "ms"}} {
		if whole < 100*u.Size {
			unit = u
			break
		}
	}
	return Amount(part/unit.Size) + NoBreak + "core-" + unit.Name
}

// Object is what o is, and where it is from: "a channel of 8 made at main.go:31".
func Object(o *ledger.Object) string {
	from, ok := place.Of(o.Origin)
	if !ok {
		from, _ = place.Nearest(o.Origin)
	}
	how := " first used"
	if o.Made {
		how = " made"
	}
	if from.File == "" {
		return thing(o) + how + " in " + place.Name(from)
	}
	return thing(o) + how + " at " + place.Line(from)
}

// thing is the kind of o, in the plural if there are several.
func thing(o *ledger.Object) string {
	one, more, of := "a lock", "locks", ""
	switch o.Thing {
	case gotrace.Channel:
		one, more = "a channel", "channels"
		switch {
		case o.Capacity == 0:
			one, more = "an unbuffered channel", "unbuffered channels"
		case o.Capacity > 0:
			of = " of " + Whole(int64(o.Capacity))
		}
	case gotrace.Group:
		one, more = "a WaitGroup", "WaitGroups"
	case gotrace.Cond:
		one, more = "a sync.Cond", "several sync.Cond"
	case gotrace.Once:
		one, more = "a sync.Once", "several sync.Once"
	}
	if o.Number == ledger.Several {
		return more + of
	}
	return one + of
}
