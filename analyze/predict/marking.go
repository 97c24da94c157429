package predict

import (
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
)

// A marking is what the garbage collector marks for in a program where that may be what bounds it; zero: it is not.
//
// Cores share marking out where the heap branches, and cannot along a list: only who has read an entry knows where the
// next one is. A recording does not tell which it is. The collector begins a cycle at the latest when seven tenths of
// what may be allocated until the next one are (minTriggerRatioDistance in the runtime's mgcpacer.go), and grants the
// rest only as fast as it marks. So where it marks alone, a program takes seven tenths of its time without a collector
// and all that marking takes.
type marking struct {
	time time.Duration
	why  *warning.Warning
}

const (
	// target is the share of the time of all Ps for which the collector marks at most unless the program allocates
	// faster than that: then it has to help, and to wait.
	target = 0.25
	// between is the least share of the time without a collector that is outside its cycles.
	between = 0.7
	// matters is by how much longer a program takes that marks alone for it to matter.
	matters = 1.06
)

// marks notes what the collector marks for, if that is more than it may by itself, of what one P takes.
func (y *why) marks(p *program.Program, one pair) {
	share := p.Marking.Seconds() / one.real.Time.Seconds()
	if share <= target || share > 1 {
		return
	}
	w := warning.OfProcess(warning.PredictMarking, p.Rank)
	w.Figures.Ratio = share
	y.marking = marking{p.Marking, &w}
}

// unknown returns why a time on the Ps of c is not known; nil: it is, however the collector marks.
func (k marking) unknown(model *simulate.Model, c simulate.Config, took time.Duration) *warning.Warning {
	if k.why == nil || c.NoCollector || c.Ps < 2 {
		return nil
	}
	c.NoCollector = true
	alone := between*model.Run(c).Time.Seconds() + k.time.Seconds()
	if alone <= matters*took.Seconds() {
		return nil
	}
	return k.why
}
