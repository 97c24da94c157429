package verdict

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

// A Load is where the time of the workers went in traced runs, from their release to their end: shares by cause that
// add up to 1. A nil Load knows nothing.
type Load map[cause.Cause]float64

// LoadOf returns the load of an account; nil if its lanes are cores, which say nothing of workers.
func LoadOf(a stack.Account) Load {
	var all float64
	l := Load{}
	for _, p := range a.Parts {
		if !p.Outside && p.Cause.Group() != cause.Overhead {
			l[p.Cause] += float64(p.Time)
			all += float64(p.Time)
		}
	}
	if a.Lanes != stack.Workers || all <= 0 {
		return nil
	}
	for c := range l {
		l[c] /= all
	}
	return l
}

// MeanOf returns the mean of the loads of several runs; nil if there is none, or one knows nothing.
func MeanOf(all []Load) Load {
	if len(all) == 0 || slices.ContainsFunc(all, func(l Load) bool { return l == nil }) {
		return nil
	}
	mean := Load{}
	for _, c := range cause.All() {
		for _, l := range all {
			if share, has := l[c]; has {
				mean[c] += share / float64(len(all))
			}
		}
	}
	return mean
}

// lost returns the groups in which a worker's time is lost.
func lost() []cause.Group {
	return []cause.Group{
		cause.Lock, cause.Channel, cause.Imbalance, cause.Condition, cause.Sleeping, cause.Network, cause.Files,
		cause.SystemCalls,
		cause.Scheduling, cause.GC, cause.SerialPart, cause.Dispatching, cause.Unexplained,
	}
}

// outside returns the groups of waits for something outside the program, directly or at a channel.
func outside() []cause.Group {
	return []cause.Group{cause.Sleeping, cause.Network, cause.Files, cause.SystemCalls, cause.Channel}
}

// groupOf returns the group in which time of c is lost; empty for the work itself. Locks outside Go are locks.
func groupOf(c cause.Cause) cause.Group {
	switch g := c.Group(); {
	case g == cause.OtherLock:
		return cause.Lock
	case c.Busy() && g != cause.GC && g != cause.Dispatching:
		return ""
	default:
		return g
	}
}

// Share returns the part of worker time that is lost in the groups; 0 if not known.
func (l Load) Share(groups ...cause.Group) float64 {
	var sum float64
	for _, c := range cause.All() {
		if slices.Contains(groups, groupOf(c)) {
			sum += l[c]
		}
	}
	return sum
}

// causes returns the causes of a share, the largest first, without negligible ones.
func (l Load) causes(groups ...cause.Group) []cause.Cause {
	least := worthSaying * l.Share(groups...)
	var out []cause.Cause
	for _, c := range cause.All() {
		if slices.Contains(groups, groupOf(c)) && l[c] > 0 && l[c] >= least {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b cause.Cause) int { return cmp.Compare(l[b], l[a]) })
	return out
}

// grown returns the group whose share has grown most from base to l, and by how much; of equals the first in the list.
func (l Load) grown(base Load) (worst cause.Group, by float64) {
	for _, g := range lost() {
		if d := l.Share(g) - base.Share(g); d > by {
			worst, by = g, d
		}
	}
	return worst, by
}
