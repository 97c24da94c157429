package timeline

import (
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
)

// An Activity is what the workers of a timeline did from the first of them on until the last of them stopped running.
type Activity struct {
	Release  clock.Time // or the start of the timeline
	From, To clock.Time // From lies later where no worker is there at the release
	Workers  int
	Shares   Shares // the mean over the workers
	Each     []Own  // what that is the mean of
	Idle     []Idle // the workers that stopped running earlier, the earliest first
}

// An Own is what one of the workers did.
type Own struct {
	Worker *Lane
	Shares Shares
}

// Most returns the worker that is in a state for a larger part of the time than any other, and the mean of the others. It
// returns nil if there are no others.
func (a *Activity) Most(s State) (most *Own, others float64) {
	if len(a.Each) < 2 {
		return nil, 0
	}
	sum := 0.0
	for i := range a.Each {
		o := &a.Each[i]
		if sum += o.Shares[s]; most == nil || o.Shares[s] > most.Shares[s] {
			most = o
		}
	}
	return most, (sum - most.Shares[s]) / float64(len(a.Each)-1)
}

// An Idle is a worker that does not run any more.
type Idle struct {
	Worker *Lane
	From   clock.Time
	Joins  bool // it mainly waits for others to finish from then on
}

// fineness is the number of parts in which folded lanes are looked at.
const fineness = 1024

// Activity returns what the workers did from the time of their release on. Without workers it is empty.
func (t *Timeline) Activity(release clock.Time) Activity {
	a := Activity{Release: max(release, t.Start), From: t.End, To: max(release, t.Start)}
	var workers []*Lane
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Kind == Worker && l.ID != SerialID {
			workers = append(workers, l)
			a.Idle = append(a.Idle, Idle{Worker: l, From: max(a.Release, l.lastRun(t.Start, t.End))})
			a.From = min(a.From, max(a.Release, l.begins(t.Start, t.End)))
		}
	}
	for _, idle := range a.Idle {
		a.To = max(a.To, idle.From)
	}
	if a.Workers = len(workers); a.To <= a.From {
		return Activity{}
	}
	for _, l := range workers {
		own := Own{l, l.Shares(a.From, a.To, 1)[0]}
		for s, v := range own.Shares {
			a.Shares[s] += v / float64(a.Workers)
		}
		a.Each = append(a.Each, own)
	}
	a.Idle = slices.DeleteFunc(a.Idle, func(i Idle) bool { return i.From >= a.To })
	for k, i := range a.Idle {
		a.Idle[k].Joins = i.Worker.Shares(i.From, a.To, 1)[0][Join] > 0.5
	}
	slices.SortStableFunc(a.Idle, func(x, y Idle) int { return int(min(max(x.From-y.From, -1), 1)) })
	return a
}

// begins is when l is first anything, within from and to.
func (l *Lane) begins(from, to clock.Time) clock.Time {
	if l.bins == nil && len(l.Spans) > 0 {
		return max(from, l.Spans[0].Start)
	}
	for i, p := range l.Shares(from, to, fineness) {
		if p[Absent] < 1 {
			return from + clock.Time(float64(to-from)*float64(i)/fineness)
		}
	}
	return to
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

// BusiestGoroutine returns the part of what all goroutines of a timeline ran from a time on that one of them ran, and
// how many ran; 0 where workers tell who did the work, or nothing ran.
func (t *Timeline) BusiestGoroutine(from clock.Time) (share float64, of int) {
	most, all := 0.0, 0.0
	from = max(from, t.Start)
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.Kind == Worker {
			return 0, 0
		}
		if l.Kind != Goroutine || from >= t.End {
			continue
		}
		ran := l.Shares(from, t.End, 1)[0][Running]
		if ran > 0 {
			of++
		}
		if all += ran; ran > most && l.ID != SharedID {
			most = ran
		}
	}
	if all == 0 {
		return 0, 0
	}
	return most / all, of
}

// Busiest returns the thread of a timeline that ran the most, its part of the time that all of them ran, and how many
// there are. It returns nil where nothing ran, or where workers or goroutines tell who did the work: the threads below
// them take turns at it.
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
