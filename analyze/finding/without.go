package finding

import (
	"math"

	"github.com/corecurve/corecurve/analyze/cause"
)

// A NoFigure says why it is not said what the speedup would be without a cause.
type NoFigure string

// The reasons.
const (
	HasFigure   NoFigure = ""             // it is said
	NotKnown    NoFigure = "not-known"    // the stack does not tell
	Unsure      NoFigure = "unexplained"  // what is not explained takes as much as the cause
	BusyWaiting NoFigure = "busy-waiting" // who no longer waits on a core waits otherwise
	Waits       NoFigure = "waits"        // the base waits most of its time, too: for whatever that is, others would wait
)

// MinSpins is the least part of work inflation in functions that hardly run at the base for busy waiting to be
// suspected.
const MinSpins = 0.5

// Spinning reports whether f is busy waiting, as far as can be told.
func (f *Finding) Spinning() bool { return f.Spins >= MinSpins }

// mostlyWaits is the part of its time that the base takes a core for, below which it mostly waits.
const mostlyWaits = 0.25

// waits reports whether what is lost to g is waiting that something outside the workers may end: it is then one wait
// with that of the base, under another name.
func waits(g cause.Group) bool {
	switch g {
	case cause.Channel, cause.Condition, cause.Imbalance, cause.Sleeping, cause.Network, cause.Files, cause.SystemCalls:
		return true
	default:
		return false
	}
}

// without returns what the speedup would be about without g, or why that is not known.
func (in *Input) without(g *group, spins float64) (float64, NoFigure) {
	s := in.Stack
	if spins >= MinSpins {
		return math.NaN(), BusyWaiting
	}
	if s.BaseNeed < mostlyWaits && waits(g.Group.Group) {
		return math.NaN(), Waits
	}
	if math.Abs(s.Of(cause.NotExplained)+s.Of(cause.Unknown)) >= g.Takes {
		return math.NaN(), Unsure
	}
	about := s.Without(in.Ceiling, func(c cause.Cause) bool { return c.Group() == g.Group.Group })
	if math.IsNaN(about) {
		return about, NotKnown
	}
	return about, HasFigure
}
