package osched

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// A pass of 20 µs every 10 ms, 0.2 % of a core, leaves the period as it is. One of 150 µs is worth 30 ms at 0.5 %:
// passes come so often, once what was saved is spent. One of 10 ms would be worth 2 s, but no pass is later than 75 ms,
// one and a half of the slowest period: looks never end. The cheap pass after dear ones is soon as fast as ever.
func TestBudget(t *testing.T) {
	const settled = 2000
	for _, tt := range []struct {
		pass     time.Duration
		from, to time.Duration // mean period
	}{
		{20 * time.Microsecond, 9900 * time.Microsecond, 10100 * time.Microsecond},
		{150 * time.Microsecond, 29 * time.Millisecond, 31 * time.Millisecond},
		{10 * time.Millisecond, 49 * time.Millisecond, 51 * time.Millisecond},
	} {
		now, spent := clock.Time(0), time.Duration(0)
		b := newBudget(now, spent)
		var sum, most time.Duration
		for i := range 2 * settled {
			spent += tt.pass
			b.settle(now, spent)
			d := b.next()
			if i >= settled {
				sum, most = sum+d, max(most, d)
			}
			now += clock.Time(d)
		}
		if mean := sum / settled; mean < tt.from || mean > tt.to || most > 3*slowest/2 {
			t.Errorf("passes of %v: every %v, at most %v, want %v to %v", tt.pass, mean, most, tt.from, tt.to)
		}
		for range 100 {
			spent += 20 * time.Microsecond
			b.settle(now, spent)
			now += clock.Time(b.next())
		}
		if b.have < 0 {
			t.Errorf("after passes of %v: still owes %v", tt.pass, -b.have)
		}
	}
}
