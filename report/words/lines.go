package words

import "fmt"

// Drawn is a line of a chart: what it is, what it reaches, and its colour.
func Drawn(name string, speedup float64, colour string) string {
	return fmt.Sprintf("%s %s (%s)", name, Times(speedup), colour)
}

// FromTheTop says of the lines of a chart which is which, where all of them end.
func FromTheTop(drawn []string) string { return "At the right end, from the top: " + List(drawn) + "." }
