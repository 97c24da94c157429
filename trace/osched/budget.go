package osched

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	// samplePeriod is the mean time between looks at threads, and slowest what it may become where the budget does not
	// reach.
	samplePeriod = 10 * time.Millisecond
	slowest      = 50 * time.Millisecond
	// lookShare is the share of one core that this process may take, all that it does included, for threads to be looked
	// at so often.
	lookShare = 0.005
	// lookSaved is how much of it can be saved up, and what there is at the start, since the first look at a program
	// costs more than later ones. No more than that is owed either: what else this process did must not end the looks.
	lookSaved = 10 * time.Millisecond
)

// A budget is the CPU time that looking at threads may take: a share of one core's time. It never runs dry: where a
// pass costs more, passes come less often.
type budget struct {
	have   time.Duration // to spend; below 0: it is owed
	at     clock.Time    // up to which time it is earned
	spent  time.Duration // CPU time of this process at that time
	passes int
}

func newBudget(now clock.Time, spent time.Duration) budget {
	return budget{have: lookSaved, at: now, spent: spent}
}

// settle earns what the time since the last call is worth and pays for what this process has used since.
func (b *budget) settle(now clock.Time, spent time.Duration) {
	if now < b.at {
		return
	}
	b.have += time.Duration(lookShare*float64(now.Sub(b.at))) - (spent - b.spent)
	b.have = min(max(b.have, -lookSaved), lookSaved)
	b.at, b.spent = now, spent
}

// next returns the time until the next pass: 0.5 to 1.5 periods, so that programs with a rhythm of their own are not
// always seen at the same beat, or as long as it takes to earn what is owed. Multiples of the golden ratio fill the
// range evenly.
func (b *budget) next() time.Duration {
	b.passes++
	_, part := math.Modf(float64(b.passes) * math.Phi)
	owed := time.Duration(float64(max(-b.have, 0)) / lookShare)
	return time.Duration((0.5 + part) * float64(min(max(samplePeriod, owed), slowest)))
}
