//go:build !linux

package clock

import "time"

// Now returns wall-clock nanoseconds: outside Linux the standard library offers no other clock that all processes
// share.
func Now() Time { return Time(time.Now().UnixNano()) }
