package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Share is the weight of a cause, or of one place of it, in a group.
type Share struct {
	Cause  cause.Cause
	Weight float64
	Stack  Stack // its Time is ignored
}

// A Group is core time to be shared out in proportion to weights. Without any weight it is unknown.
type Group struct {
	Total  CoreTime
	Shares []Share
}

// Compose returns the ledger of cores over a window: the sum of the groups.
func Compose(start, end clock.Time, groups ...Group) *Ledger {
	l := &Ledger{Level: Cores, Start: start, End: end, Wall: end.Sub(start)}
	for _, g := range groups {
		l.Total += g.Total
		var sum float64
		weights := make([]float64, len(g.Shares))
		for i, s := range g.Shares {
			weights[i] = max(s.Weight, 0)
			sum += weights[i]
		}
		if sum <= 0 {
			if g.Total > 0 {
				l.add(cause.Unknown, Stack{Time: g.Total})
			}
			continue
		}
		for i, d := range apportion(int64(g.Total), weights) {
			if d > 0 {
				s := g.Shares[i].Stack
				s.Time = CoreTime(d)
				l.add(g.Shares[i].Cause, s)
			}
		}
	}
	sortRows(l)
	return l
}

// Apportion splits total in proportion to weights, exactly: the parts add up to it.
func Apportion(total time.Duration, weights []float64) []time.Duration {
	out := make([]time.Duration, len(weights))
	for i, d := range apportion(int64(total), weights) {
		out[i] = time.Duration(d)
	}
	return out
}

// OnCores is what the cores did during the work of a run, by the records of the OS scheduler. The sum is cores × time.
type OnCores struct {
	Busy      CoreTime // a thread of the run was on a core
	Preempted CoreTime // none was, but one was ready
	Idle      CoreTime // all threads were blocked
	Unknown   CoreTime // records were lost
}

// fillOn shares the room of the window among the rows as the OS scheduler's records say.
func (w *window) fillOn(on *OnCores) {
	if w.ps > w.room+w.room/100 {
		w.run.Warnings = append(w.run.Warnings, warning.Warning{Kind: warning.PsByRecords, Figures: warning.Figures{
			Ratio: float64(w.ps) / float64(max(w.wall, 1)), Count: w.res.Point.Cores,
		}})
	}
	rest := w.room
	take := func(d CoreTime) CoreTime {
		d = min(d, rest)
		rest -= d
		return d
	}
	busy, preempted, idle := take(on.Busy), take(on.Preempted), take(on.Idle)
	// The program never asked for cores beyond its Ps.
	if serial := min(idle, max(w.room-w.ps, 0)); serial > 0 && w.ps > 0 {
		w.run.add(cause.Serial, Stack{Time: serial})
		idle -= serial
	}
	for _, p := range []struct {
		rows       []Row
		sum, total CoreTime
	}{{w.busy, w.sumBusy, busy}, {w.idle, w.sumIdle, idle}} {
		if p.sum > 0 {
			w.put(p.rows, p.sum, p.total)
		} else {
			rest += p.total
		}
	}
	if preempted > 0 {
		w.run.add(cause.Preempted, Stack{Time: preempted})
	}
	if rest > 0 {
		w.run.add(cause.Unknown, Stack{Time: rest})
	}
}
