package program

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
)

// spare takes out of all Runs what waking idle Ps took, and returns how long that is: the median of what is known to be
// nothing else; 0: it is not known often enough. Of a goroutine that may have gone on with its work meanwhile it takes
// the median out, but no more than there is.
func (p *Program) spare() time.Duration {
	var seen histogram
	p.wakings(func(run *Op, alone bool) {
		if alone {
			seen.add(run.D)
		}
	})
	var took time.Duration
	if seen.count >= enough {
		took = seen.quantile(0.5)
	}
	p.wakings(func(run *Op, alone bool) {
		if run.Flags &^= waking; alone {
			run.D = 0
		} else {
			run.D -= min(run.D, int64(took))
		}
	})
	return took
}

// wakings calls f with each Run at whose beginning an idle P was woken, and whether it was for that alone.
func (p *Program) wakings(f func(run *Op, alone bool)) {
	for i := range p.Goroutines {
		ops := p.Goroutines[i].Ops
		for k := range ops {
			if ops[k].Flags&waking != 0 {
				f(&ops[k], p.hands(ops, k))
			}
		}
	}
}

// hands reports whether ops[k] is a part of the Send or Recv after it: that woke who waits at the channel, and is told
// once it has succeeded. A Close wakes, too, but is told before.
func (p *Program) hands(ops []Op, k int) bool {
	if k == 0 || k+1 == len(ops) || ops[k-1].Kind != Wake || ops[k+1].Kind != Send && ops[k+1].Kind != Recv {
		return false
	}
	switch p.Pauses[ops[k-1].Ref].Cause {
	case cause.ChanSend, cause.ChanRecv, cause.Select:
	default:
		return false
	}
	for k--; k >= 0 && (ops[k].Kind == Run || ops[k].Kind == Wake); k-- {
	}
	return k < 0 || ops[k].Kind != Close
}
