package ledger

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// BookTool gives to cause.Tracer what corecurve itself used of the cores: d, as far as threads of the run were ready
// and had no core, or nothing was to run. The total and the workers' walls stay as they are.
func (l *Ledger) BookTool(d CoreTime) {
	var taken CoreTime
	for _, c := range []cause.Cause{cause.Preempted, cause.Idle} {
		got := l.take(c, d-taken)
		if c == cause.Preempted {
			l.takeOfWorkers(got)
		}
		taken += got
	}
	if taken == 0 {
		return
	}
	own := Stack{Time: taken, Waiting: []gotrace.Frame{{Func: "program corecurve"}}}
	order := func(r Row) int { return slices.Index(cause.All(), r.Cause) }
	at := slices.IndexFunc(l.Rows, func(r Row) bool { return order(r) >= order(Row{Cause: cause.Tracer}) })
	if at < 0 {
		at = len(l.Rows)
	}
	if at == len(l.Rows) || l.Rows[at].Cause != cause.Tracer {
		l.Rows = slices.Insert(l.Rows, at, Row{Cause: cause.Tracer})
	}
	r := &l.Rows[at]
	r.Time += taken
	r.Stacks = append(slices.Clone(r.Stacks), own)
	slices.SortStableFunc(r.Stacks, func(x, y Stack) int { return cmp.Compare(y.Time, x.Time) })
}

// take takes up to d from the row of a cause, all of its stacks alike, and returns how much that was.
func (l *Ledger) take(c cause.Cause, d CoreTime) CoreTime {
	i := slices.IndexFunc(l.Rows, func(r Row) bool { return r.Cause == c })
	if i < 0 || d <= 0 {
		return 0
	}
	r := &l.Rows[i]
	d = min(d, r.Time)
	if r.Time -= d; r.Time == 0 {
		l.Rows = slices.Delete(slices.Clone(l.Rows), i, i+1)
		return d
	}
	parts := Apportion(r.Time, r.Stacks, func(s Stack) float64 { return float64(s.Time) })
	r.Stacks = slices.Clone(r.Stacks)
	for k := range r.Stacks {
		r.Stacks[k].Time = parts[k]
	}
	r.Stacks = slices.DeleteFunc(r.Stacks, func(s Stack) bool { return s.Time == 0 })
	return d
}

// takeOfWorkers moves up to d from cause.Preempted to cause.Tracer, in proportion to what each worker has of it.
func (l *Ledger) takeOfWorkers(d CoreTime) {
	var sum time.Duration
	for _, w := range l.Workers {
		sum += w.ByCause[cause.Preempted]
	}
	parts := Apportion(min(time.Duration(d), sum), l.Workers, func(w WorkerTime) float64 {
		return float64(w.ByCause[cause.Preempted])
	})
	for i, w := range l.Workers {
		part := min(w.ByCause[cause.Preempted], parts[i])
		if part == 0 {
			continue
		}
		w.ByCause[cause.Tracer] += part
		if w.ByCause[cause.Preempted] -= part; w.ByCause[cause.Preempted] == 0 {
			delete(w.ByCause, cause.Preempted)
		}
	}
}
