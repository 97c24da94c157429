package supervise

import (
	"testing"
	"time"
)

// A sample of 20 µs is 0.1 % of a core every 20 ms. One of 200 µs may come every 200 ms at a tenth of a per cent;
// none, even of thousands of threads, comes less often than once a second.
func TestPause(t *testing.T) {
	for _, tt := range []struct{ took, want time.Duration }{
		{0, 20 * time.Millisecond},
		{20 * time.Microsecond, 20 * time.Millisecond},
		{200 * time.Microsecond, 200 * time.Millisecond},
		{time.Second, time.Second},
	} {
		if got := pause(tt.took); got != tt.want {
			t.Errorf("after a sample of %v: %v, want %v", tt.took, got, tt.want)
		}
	}
}
