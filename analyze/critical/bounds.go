package critical

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
)

// Bounds returns the least and greatest speedup over one core of a greedy schedule of the recorded work on that many
// cores, as the package's documentation derives them. What is not known by NoLow or NoHigh must not be used.
func (p *Path) Bounds(cores int) (low, high float64) {
	n := float64(cores)
	least, most := p.OneCore()
	low = n * least.Seconds() / (most.Seconds() + (n-1)*p.Span.Seconds())
	return max(low, 1), max(min(n, p.most()), 1)
}

// most returns the upper bound on unlimited cores: the greater of those by both readings of system calls without a P.
func (p *Path) most() float64 {
	_, one := p.OneCore()
	most := one.Seconds() / p.Least.Seconds()
	if one > p.Unclear && matters(p.Unclear, p.Work+p.Unclear) {
		most = max(most, (one-p.Unclear).Seconds()/p.LeastHeld.Seconds())
	}
	if math.IsNaN(most) {
		return 1
	}
	return most
}

// OneCore returns how long one core takes at least and at most.
func (p *Path) OneCore() (least, most time.Duration) {
	return max(p.Work, p.Least), p.Work + p.Unclear + p.Collector + p.Delay
}

// NoHigh returns why the upper bound is not known, or nil.
func (p *Path) NoHigh() *warning.Warning {
	for i := range p.Unknown {
		switch p.Unknown[i].Kind {
		case warning.PathTurns, warning.PathUnequal, warning.PathProcesses:
			return &p.Unknown[i]
		}
	}
	return nil
}

// NoLow returns why the lower bound is not known, or nil. Without an upper bound there is no lower one.
func (p *Path) NoLow() *warning.Warning {
	if w := p.NoHigh(); w != nil || len(p.Unknown) == 0 {
		return w
	}
	return &p.Unknown[0]
}

const (
	// leastShare is the share of a figure from which on something else makes it doubtful.
	leastShare = 0.05
	// leastStint is how long goroutines run at a time if to hand them to other cores, which takes some microseconds
	// each, costs little.
	leastStint = 100 * time.Microsecond
)

// matters reports whether part is so much of all that a bound does not hold without it.
func matters(part, all time.Duration) bool { return float64(part) > leastShare*float64(all) }

// unknown returns why bounds of p are not known: first what leaves none.
func (b *Builder) unknown(p *Path) []warning.Warning {
	if b.Rank < 0 {
		return nil // others do the coordinator's tasks
	}
	var out []warning.Warning
	add := func(k warning.Kind, f warning.Figures) {
		w := warning.OfProcess(k, b.Rank)
		w.Figures = f
		out = append(out, w)
	}
	if run := time.Duration(b.turns.run); matters(run, p.Least) {
		add(warning.PathTurns, warning.Figures{Count: b.turns.count, Time: run, Against: p.Span})
	}
	if long := time.Duration(b.turns.unequal); matters(long, p.Least) {
		add(warning.PathUnequal, warning.Figures{Count: muchLess, Time: long, Against: p.Span})
	}
	if took := time.Duration(b.loose.locks + b.loose.channels); matters(took, p.Span) {
		kind := warning.PathLoosely
		switch {
		case b.loose.channels == 0:
			kind = warning.PathLocks
		case b.loose.locks == 0:
			kind = warning.PathChans
		}
		add(kind, warning.Figures{Time: took, Against: p.Span})
	}
	all := p.Work + p.Unclear + p.Collector
	if calls := time.Duration(b.work.calls) + p.Unclear; matters(calls, all) {
		add(warning.PathCalls, warning.Figures{Time: calls, Against: all, Ratio: calls.Seconds() / all.Seconds()})
	}
	if matters(p.Collector, all) {
		add(warning.PathCollector, warning.Figures{
			Time: p.Collector, Against: all,
			Ratio: p.Collector.Seconds() / all.Seconds(),
		})
	}
	if stint := p.Work / time.Duration(max(b.work.stints, 1)); b.work.stints > 0 && stint < leastStint {
		add(warning.PathBrief, warning.Figures{Count: b.work.stints, Time: stint})
	}
	return out
}

// shorter is the share of the recording that its path lacks if that is worth an explanation.
const shorter = 0.1

// Shorter returns why the path is shorter than the recording, or nil if it is not, or by little.
func (p *Path) Shorter() *warning.Warning {
	if p.Recorded <= 0 || float64(p.Recorded-p.Span) < shorter*float64(p.Recorded) {
		return nil
	}
	w := warning.OfProcess(warning.PathShort, p.Rank)
	w.Figures.Time, w.Figures.Against = p.Span, p.Recorded
	w.Figures.Ratio = p.Quiet.Seconds() / p.Recorded.Seconds()
	w.Figures.AgainstRatio = p.Crowded.Seconds() / p.Recorded.Seconds()
	return &w
}
