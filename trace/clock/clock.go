// Package clock holds the clock that all processes of a run, their Go execution traces and the kernel's records share.
package clock

import "time"

// A Time is nanoseconds on that clock, which is CLOCK_MONOTONIC on Linux.
type Time int64

// Sub returns the duration from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }
