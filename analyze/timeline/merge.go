package timeline

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/trace/clock"
)

// Merge joins the timelines of the processes of a run. It takes their lanes over and changes them.
func Merge(parts ...*Timeline) *Timeline {
	t := &Timeline{}
	empty := true
	for _, p := range parts {
		t.Warnings = append(t.Warnings, p.Warnings...)
		if p.Start == p.End && len(p.Lanes) == 0 {
			continue
		}
		if empty {
			t.Start, t.End, empty = p.Start, p.End, false
		}
		t.Start, t.End = min(t.Start, p.Start), max(t.End, p.End)
		t.Lanes = append(t.Lanes, p.Lanes...)
		t.serial = append(t.serial, p.serial...)
		t.working = append(t.working, p.working...)
	}
	t.joinOthers()
	t.showSerial(func(s serialPart, rank int) bool { return rank != s.rank }) // a part has shown its own already
	t.sort()
	return t
}

func (t *Timeline) sort() {
	slices.SortStableFunc(t.Lanes, func(a, b Lane) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
	})
}

// showSerial shows the serial parts as Serial on the workers of the ranks that are chosen for each, where they have
// nothing to do.
func (t *Timeline) showSerial(of func(s serialPart, rank int) bool) {
	const idle = 1<<Absent | 1<<Lock | 1<<Join | 1<<Channel | 1<<Waiting | 1<<Dispatch
	parts := map[int][]extent{} // by rank
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.Kind != Worker || l.ID == SerialID {
			continue
		}
		if _, made := parts[l.Rank]; !made {
			parts[l.Rank] = t.within(t.serial, func(s serialPart) bool { return of(s, l.Rank) })
		}
		l.replaceAll(parts[l.Rank], t.Start, t.End, idle, Serial)
	}
}

// within is the union of those of all that are chosen, as far as they lie within t.
func (t *Timeline) within(all []serialPart, of func(serialPart) bool) []extent {
	var out []extent
	for _, s := range all {
		if of(s) {
			out = append(out, extent{max(s.from, t.Start), min(s.to, t.End)})
		}
	}
	return union(out)
}

// Await shows the time between from and to as Serial on a worker, where it shows nothing else.
func (t *Timeline) Await(rank int, id int64, from, to clock.Time) {
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Kind == Worker && l.Rank == rank && l.ID == id {
			l.replace(max(from, t.Start), min(to, t.End), t.Start, t.End, 1<<Absent, Serial)
		}
	}
}

// Startup shows the time between from and to as Startup on the workers and Ps of a process, where they show nothing
// else. It extends the timeline to hold that time.
func (t *Timeline) Startup(rank int, from, to clock.Time) {
	if from >= to {
		return
	}
	if t.Start == t.End && len(t.Lanes) == 0 {
		t.Start, t.End = from, to
	}
	t.Start, t.End = min(t.Start, from), max(t.End, to)
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Rank == rank && (l.Kind == Worker || l.Kind == P) {
			l.replace(from, to, t.Start, t.End, 1<<Absent, Startup)
		}
	}
}

// join shows what the workers of a process do where they have no goroutine once they have left a region, by the rule of
// the ledger: they wait for those that are in theirs, or for the process to go on. The process has shown its serial
// parts.
func (t *Timeline) join() {
	working := t.within(t.working, func(serialPart) bool { return true })
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.Kind != Worker || l.left == 0 {
			continue
		}
		l.replaceAll(after(working, l.left), t.Start, t.End, 1<<Absent, Join)
		l.replace(max(l.left, t.Start), min(l.entered, t.End), t.Start, t.End, 1<<Absent, Serial)
	}
}

// joinOthers shows workers whose process has finished as waiting for those of other processes.
func (t *Timeline) joinOthers() {
	done := map[int]clock.Time{}
	for _, w := range t.working {
		done[w.rank] = max(done[w.rank], w.to)
	}
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.Kind != Worker || l.left == 0 {
			continue
		}
		last := clock.Time(0)
		for rank, at := range done {
			if rank != l.Rank {
				last = max(last, at)
			}
		}
		l.replace(max(done[l.Rank], t.Start), min(last, t.End), t.Start, t.End, 1<<Absent, Join)
	}
}

// Ends shows as Startup what the workers of a process show nothing of between its start and its end: until their
// goroutines are born they start up, and when the work is done the process ends.
func (t *Timeline) Ends(rank int, from, to clock.Time) {
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Rank == rank && l.Kind == Worker && l.entered != 0 {
			l.replace(max(from, t.Start), min(to, t.End), t.Start, t.End, 1<<Absent, Startup)
		}
	}
}
