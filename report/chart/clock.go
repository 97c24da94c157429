package chart

import (
	"fmt"
	"time"

	"gonum.org/v1/plot"
)

// A clock turns times into places, which all panels of a picture share.
type clock struct {
	from, to time.Duration // from the release of the workers
	unit     time.Duration
	name     string
}

// newClock chooses the unit that suits the length.
func newClock(from, to time.Duration) clock {
	c := clock{from: from, to: max(to, from+time.Microsecond), unit: time.Millisecond, name: "ms"}
	switch length := c.to - c.from; {
	case length < 2*time.Millisecond:
		c.unit, c.name = time.Microsecond, "µs"
	case length >= 20*time.Second:
		c.unit, c.name = time.Second, "s"
	}
	return c
}

func (c clock) in(d time.Duration) float64 { return float64(d) / float64(c.unit) }

func (c clock) axis() axis {
	return newAxis(c.in(c.from), c.in(c.to), plot.LinearScale{}, even{most: 10})
}

func (c clock) title() string { return c.name + " from the release of the workers" }

// between names the time from a to b to a fine fraction of the whole.
func (c clock) between(a, b time.Duration) string {
	digits := 0
	for v := c.in(c.to - c.from); v < 2000 && digits < 3; v *= 10 {
		digits++
	}
	return fmt.Sprintf("%.*f to %.*f %s", digits, c.in(a), digits, c.in(b), c.name)
}
