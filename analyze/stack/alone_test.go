package stack

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Of a run of 1 s on two cores, others had a core for 0.3 s. One lane may have waited so long for the other, unless that
// is the one that has anything to run.
func TestBuildAlone(t *testing.T) {
	one, two := point(1, 0, 1, 0), point(2, 0, 1, 0)
	at := account(two, Part{Cause: cause.User, Time: 1000 * ms}, Part{Cause: cause.Serial, Time: 1000 * ms})
	at.Taken = 0.3
	for alone, waits := range map[bool]time.Duration{false: 300 * time.Millisecond, true: 0} {
		s := Build(Input{
			Curve: threads(sweep.Strong, one, two), At: 1, Alone: alone,
			BaseRuns: []Account{account(one, Part{Cause: cause.User, Time: 1000 * ms})}, AtRuns: []Account{at},
		})
		if d := s.Waits - waits.Seconds(); d*d > 1e-18 || !(s.Noise > 0.29) {
			t.Errorf("alone %v: noise explains %g of waits and %g of what runs, want %v of waits and 0.3", alone, s.Waits,
				s.Noise, waits)
		}
	}
}
