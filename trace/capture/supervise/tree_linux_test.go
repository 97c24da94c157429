package supervise

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// A sample of 20 µs is 0.1 % of a core every 20 ms. One of 200 µs may come every 200 ms at a tenth of a per cent;
// none, even of thousands of threads, comes less often than once a second. Of a tree of 100 ms the next is at 120 ms.
func TestPause(t *testing.T) {
	for _, tt := range []struct{ age, took, want time.Duration }{
		{time.Minute, 0, 20 * time.Millisecond},
		{time.Minute, 20 * time.Microsecond, 20 * time.Millisecond},
		{time.Minute, 200 * time.Microsecond, 200 * time.Millisecond},
		{time.Minute, time.Second, time.Second},
		{100 * time.Millisecond, 200 * time.Microsecond, 20 * time.Millisecond},
		{time.Millisecond, 200 * time.Microsecond, 5 * time.Millisecond},
	} {
		if got := pause(tt.age, tt.took); got != tt.want {
			t.Errorf("at %v, after a sample of %v: %v, want %v", tt.age, tt.took, got, tt.want)
		}
	}
}

// A copy that ran from 100 to 1100, below a process of 8 MB, and had 1 MB at its last sample.
func TestHighWater(t *testing.T) {
	for _, tt := range []struct {
		name               string
		last, maxrss, want int64
	}{
		{"wait4 tells it", 101, 10 << 20, 10 << 20},
		{"wait4 tells the memory of the process above, counted otherwise", 1050, 8<<20 + 4096, 1 << 20},
		{"sampled near its end", 1050, 8 << 20, 1 << 20},
		{"sampled just after exec", 120, 8 << 20, 0},
		{"never sampled", 0, 8 << 20, 0},
	} {
		tree := newTree()
		if tree.floor = 8 << 20; tt.last > 0 {
			tree.seen[7], tree.high[7] = clock.Time(tt.last), 1<<20
		}
		if got := tree.highWater(7, tt.maxrss, 100, 1100); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
