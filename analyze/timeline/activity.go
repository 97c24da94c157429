package timeline

import (
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
)

// An Activity is what the workers of a timeline did from their release until the last of them stopped running.
type Activity struct {
	From, To clock.Time
	Workers  int
	Shares   Shares // the mean over the workers
	Idle     []Idle // the workers that stopped running earlier, the earliest first
}

// An Idle is a worker that does not run any more.
type Idle struct {
	Worker *Lane
	From   clock.Time
}

// fineness is the number of parts in which folded lanes are looked at.
const fineness = 1024

// Activity returns what the workers did from the time of their release on. Without workers it is empty.
func (t *Timeline) Activity(release clock.Time) Activity {
	a := Activity{From: max(release, t.Start), To: max(release, t.Start)}
	var workers []*Lane
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Kind == Worker && l.ID != SerialID {
			workers = append(workers, l)
			a.Idle = append(a.Idle, Idle{l, max(a.From, l.lastRun(t.Start, t.End))})
		}
	}
	for _, idle := range a.Idle {
		a.To = max(a.To, idle.From)
	}
	if a.Workers = len(workers); a.To <= a.From {
		return Activity{}
	}
	for _, l := range workers {
		for s, v := range l.Shares(a.From, a.To, 1)[0] {
			a.Shares[s] += v / float64(a.Workers)
		}
	}
	a.Idle = slices.DeleteFunc(a.Idle, func(i Idle) bool { return i.From >= a.To })
	slices.SortStableFunc(a.Idle, func(x, y Idle) int { return int(min(max(x.From-y.From, -1), 1)) })
	return a
}

// lastRun is when l last ran or was ready to, within from and to; from if it never did.
func (l *Lane) lastRun(from, to clock.Time) clock.Time {
	const active = 1<<Running | 1<<Ready | 1<<GC
	if l.bins == nil {
		for _, s := range slices.Backward(l.Spans) {
			if active>>s.State&1 == 1 {
				return min(s.End, to)
			}
		}
		return from
	}
	parts := l.Shares(from, to, fineness)
	for i, p := range slices.Backward(parts) {
		// Less than a twentieth of a part is what comes after the work, such as the goroutine's end.
		if p[Running]+p[Ready]+p[GC] > 0.05 {
			return from + clock.Time(float64(to-from)*float64(i+1)/fineness)
		}
	}
	return from
}

// Busiest returns the thread of a timeline that ran the most, its part of the time that all of them ran, and how many there
// are. It returns nil where nothing ran, or where workers or goroutines tell who did the work: the threads below them take
// turns at it.
func (t *Timeline) Busiest() (thread *Lane, share float64, of int) {
	var most, all clock.Time
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.Kind == Worker || l.Kind == Goroutine {
			return nil, 0, 0
		}
		if l.Kind != Thread {
			continue
		}
		of++
		ran := clock.Time(l.Totals()[Running])
		if all += ran; ran > most {
			most, thread = ran, l
		}
	}
	if thread == nil || thread.ID == SharedID {
		return nil, 0, of
	}
	return thread, float64(most) / float64(all), of
}
