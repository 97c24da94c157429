package chart

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/trace/clock"
)

// A timeAxis turns times into places, which all panels of a picture share.
type timeAxis struct {
	from, to time.Duration // since its 0
	since    string        // what its 0 is
	unit     time.Duration
	name     string
	before   time.Duration // up to where times are folded; from: none are
	after    time.Duration // from where on times are folded; to: none are
}

// newTimeAxis chooses the unit that suits the length.
func newTimeAxis(from, to time.Duration, since string) timeAxis {
	c := timeAxis{from: from, to: max(to, from+time.Microsecond), since: since}
	return c.unfolded(c.from, c.to)
}

// unfolded is c with what is before one time and after another folded, in the unit that suits the time in between.
func (c timeAxis) unfolded(before, after time.Duration) timeAxis {
	c.before, c.after = before, after
	c.unit, c.name = time.Millisecond, "ms"
	switch length := after - before; {
	case length < 2*time.Millisecond:
		c.unit, c.name = time.Microsecond, "µs"
	case length >= time.Second:
		c.unit, c.name = time.Second, "s"
	}
	return c
}

func (c timeAxis) in(d time.Duration) float64 { return float64(d) / float64(c.unit) }

// axis is that of a figure of the width, with at most ten ticks, and fewer where there is no room for their labels.
func (c timeAxis) axis(width vg.Length) canvas.Axis {
	if folds := c.stretches(width); len(folds.all) > 1 {
		return canvas.NewAxis(c.in(c.from), c.in(c.to), folds, folds)
	}
	return canvas.NewAxis(c.in(c.from), c.in(c.to), canvas.LinearScale{}, canvas.Even{Most: mostTicks(width)})
}

// mostTicks is how many labels of times have room in a width.
func mostTicks(width vg.Length) int { return min(10, max(3, int(width/tickRoom))) }

// tickRoom is the room for the label of a time.
const tickRoom = 110.0

func (c timeAxis) title() string { return c.name + " from " + c.since }

// sinceWords say what the 0 of an axis is: the release of the workers where that is known, if it has no other name, and
// else the start of what is shown, which is that of the trace if it has none.
func sinceWords(release, start string, zeros ...clock.Time) string {
	release, start = cmp.Or(release, "the release of the workers"), cmp.Or(start, "the start of the trace")
	switch {
	case !slices.Contains(zeros, 0):
		return release
	case !slices.ContainsFunc(zeros, func(z clock.Time) bool { return z != 0 }):
		return start
	default:
		return release + ", or " + start
	}
}

// between names the time from a to b to a fine fraction of the whole.
func (c timeAxis) between(a, b time.Duration) string {
	digits := c.digits()
	return fmt.Sprintf("%.*f to %.*f %s", digits, c.in(a), digits, c.in(b), c.name)
}

// lasting names the length of the time from a to b, and when it was.
func (c timeAxis) lasting(a, b time.Duration) string {
	digits := c.digits()
	return fmt.Sprintf("%.*f %s, from %.*f to %.*f", digits, c.in(b)-c.in(a), c.name, digits, c.in(a), digits, c.in(b))
}

// digits are those behind the point that tell about a two thousandth of what is not folded apart.
func (c timeAxis) digits() (n int) {
	for v := c.in(c.after - c.before); v < 2000 && n < 3; v *= 10 {
		n++
	}
	return n
}
