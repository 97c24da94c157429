package supervise

import (
	"testing"
	"time"
)

// A sample of 20 µs is 0.1 % of a core every 20 ms. One of 1 ms, which two hundred threads take, may come every 400 ms
// at a quarter of a per cent; none comes less often than once a second.
func TestPause(t *testing.T) {
	for _, tt := range []struct{ took, want time.Duration }{
		{0, 20 * time.Millisecond},
		{20 * time.Microsecond, 20 * time.Millisecond},
		{time.Millisecond, 400 * time.Millisecond},
		{time.Second, time.Second},
	} {
		if got := pause(tt.took); got != tt.want {
			t.Errorf("after a sample of %v: %v, want %v", tt.took, got, tt.want)
		}
	}
}
