package ledger

import (
	"maps"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
)

// Merge joins the ledgers of the processes of one run, which share a clock. While one process does a serial part, what
// the workers and Ps of the others wait for counts as serial and is laid on what that one runs. When a process has done
// its tasks, its workers wait for those of the others: block.join.
func Merge(ledgers ...*Ledger) *Ledger {
	out := &Ledger{Level: Ps}
	for i, l := range ledgers {
		if i == 0 {
			out.Start, out.End = l.Start, l.End
		}
		out.Start, out.End = min(out.Start, l.Start), max(out.End, l.End)
		out.Total += l.Total
		for _, r := range l.rowsBeside(ledgers) {
			for _, s := range r.Stacks {
				out.add(r.Cause, s)
			}
		}
		for _, w := range l.Workers {
			w.ByCause = maps.Clone(w.ByCause)
			out.Workers = append(out.Workers, w)
		}
		out.parts = append(out.parts, l.parts...)
		out.Warnings = append(out.Warnings, l.Warnings...)
	}
	out.Wall = out.End.Sub(out.Start)
	sortRows(out)
	sortWorkers(out.Workers)
	for i := range out.Workers {
		out.joinOthers(&out.Workers[i])
	}
	for _, p := range out.parts {
		for i := range out.Workers {
			if w := &out.Workers[i]; w.Rank != p.rank {
				w.showSerial(p.serial, out.waitsOf(w))
			}
		}
	}
	return out
}

// joinOthers turns the teardown of a worker whose process has finished into block.join while other processes have
// workers inside their regions.
func (l *Ledger) joinOthers(w *WorkerTime) {
	var own, others clock.Time
	for _, p := range l.parts {
		if p.rank == w.Rank {
			own = p.done
		} else {
			others = max(others, p.done)
		}
	}
	if own != 0 && others > own {
		w.move(cause.Teardown, cause.Join, others.Sub(own))
	}
}

// rowsBeside returns the rows of l, with waits that nobody in the process is to blame for laid on another process:
// while that does a serial part they are serial; from the end of l's tasks to the end of the other's they are
// block.join.
func (l *Ledger) rowsBeside(all []*Ledger) []Row {
	if len(l.parts) != 1 || len(l.parts[0].quiet) == 0 || l.Wall <= 0 {
		return l.Rows
	}
	rows, own := l.Rows, &l.parts[0]
	ps := float64(own.ps) / float64(l.Wall)
	common := func(with []interval) CoreTime {
		var both clock.Time
		overlap(with, own.quiet, func(_ interval, d clock.Time) { both += d })
		return CoreTime(float64(both) * ps)
	}
	var longest *Ledger
	for _, other := range all {
		if other == l || len(other.parts) != 1 {
			continue
		}
		if d := common(other.parts[0].serial); d > 0 {
			rows = attribute(rows, d, cause.Serial, own.rank, other.user())
		}
		if longest == nil || other.parts[0].done > longest.parts[0].done {
			longest = other
		}
	}
	if longest == nil || own.done == 0 {
		return rows
	}
	if d := common([]interval{{from: own.done, to: longest.parts[0].done}}); d > 0 {
		rows = attribute(rows, d, cause.Join, own.rank, longest.user())
	}
	return rows
}

// user returns the stacks of user code; in a coordinator, those are its serial part.
func (l *Ledger) user() []Stack {
	for _, r := range l.Rows {
		if r.Cause == cause.User {
			return r.Stacks
		}
	}
	return nil
}

// attribute turns up to d of the waits that nobody in process rank ended into cause c, blamed on the given stacks.
func attribute(rows []Row, d CoreTime, c cause.Cause, rank int, blamed []Stack) []Row {
	var outside []CoreTime // by stack, in the order of rows
	var sum CoreTime
	for _, r := range rows {
		for _, s := range r.Stacks {
			if isOutside(r.Cause, s) {
				outside = append(outside, s.Time)
				sum += s.Time
			}
		}
	}
	d = min(d, sum)
	taken := Apportion(d, outside, func(t CoreTime) float64 { return float64(t) })
	l := &Ledger{}
	for _, r := range rows {
		for _, s := range r.Stacks {
			if isOutside(r.Cause, s) {
				s.Time -= taken[0]
				taken = taken[1:]
			}
			l.add(r.Cause, s)
		}
	}
	if len(blamed) == 0 {
		blamed = []Stack{{}}
	}
	for i, t := range Apportion(d, blamed, func(s Stack) float64 { return float64(s.Time) }) {
		l.add(c, Stack{Time: t, Blamed: blamed[i].Waiting, Owners: []Owner{{rank, NoWorker, t}}})
	}
	return l.Rows
}

func isOutside(c cause.Cause, s Stack) bool {
	switch c {
	case cause.Net, cause.BlockSyscall, cause.IO, cause.Select, cause.ChanRecv, cause.Join, cause.Cond, cause.Idle,
		cause.Unknown:
		return len(s.Blamed) == 0
	}
	return false
}

// overlap calls f with each overlap of a first and a second interval. Both are in time order.
func overlap(first, second []interval, f func(second interval, d clock.Time)) {
	for i, k := 0, 0; i < len(first) && k < len(second); {
		s, v := first[i], second[k]
		if d := min(s.to, v.to) - max(s.from, v.from); d > 0 {
			f(v, d)
		}
		if s.to < v.to {
			i++
		} else {
			k++
		}
	}
}

func (l *Ledger) waitsOf(w *WorkerTime) []interval {
	i := slices.IndexFunc(l.parts, func(p part) bool { return p.rank == w.Rank })
	if i < 0 {
		return nil
	}
	return l.parts[i].waits[w.ID]
}

// showSerial turns waits during another process's serial parts into serial.
func (w *WorkerTime) showSerial(serial, waits []interval) {
	overlap(serial, waits, func(v interval, d clock.Time) { w.move(v.cause, cause.Serial, time.Duration(d)) })
}

// move moves up to d from one cause of a worker's time to another.
func (w *WorkerTime) move(from, to cause.Cause, d time.Duration) {
	d = min(d, w.ByCause[from])
	if d <= 0 || from == to {
		return
	}
	w.ByCause[from] -= d
	if from == cause.GCAssist {
		w.Parked = min(w.Parked, w.ByCause[from])
	}
	if w.ByCause[from] == 0 {
		delete(w.ByCause, from)
	}
	w.ByCause[to] += d
}
