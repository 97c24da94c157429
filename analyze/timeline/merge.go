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
	}
	for _, s := range t.serial {
		t.showSerial(s, func(rank int) bool { return rank != s.rank }) // a part has shown its own already
	}
	t.sort()
	return t
}

func (t *Timeline) sort() {
	slices.SortStableFunc(t.Lanes, func(a, b Lane) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
	})
}

// showSerial shows s as Serial on the workers of the chosen ranks, where they have nothing to do.
func (t *Timeline) showSerial(s serialPart, of func(rank int) bool) {
	const idle = 1<<Absent | 1<<Lock | 1<<Channel | 1<<Waiting
	from, to := max(s.from, t.Start), min(s.to, t.End)
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Kind == Worker && l.ID != SerialID && of(l.Rank) {
			l.replace(from, to, t.Start, t.End, idle, Serial)
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
