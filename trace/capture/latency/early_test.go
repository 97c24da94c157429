package latency

import (
	"slices"
	"testing"
	"time"
)

// An idle P that runs after 33 has found the first goroutine in the queue. Where it ran after 2 or 5, that was still
// what runs next on the other P, and had to wait for 70. A delay of 22 has no slack: to wake may take as long.
func TestEarly(t *testing.T) {
	const us = time.Microsecond
	wakes := []time.Duration{33 * us, 70 * us, 72 * us, 75 * us}
	for steal, want := range map[time.Duration][]time.Duration{
		70 * us: {33 * us, 70 * us, 2 * us, 5 * us}, 22 * us: wakes, 0: wakes,
	} {
		if got := early(wakes, steal); !slices.Equal(got, want) {
			t.Errorf("with a delay of %v: %v, want %v", steal, got, want)
		}
	}
}
