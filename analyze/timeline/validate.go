package timeline

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// Validate reports the first contradiction in t, if any: spans and marks must be ordered, inside t and longer than
// nothing, spans must not overlap, and bins must not hold more than their width.
func Validate(t *Timeline) error {
	if t.End < t.Start {
		return fmt.Errorf("timeline: ends at %d before its start at %d", t.End, t.Start)
	}
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if err := validateLane(t, l); err != nil {
			return fmt.Errorf("timeline: lane %d (%s, rank %d): %w", i, l.Name, l.Rank, err)
		}
	}
	return nil
}

func validateLane(t *Timeline, l *Lane) error {
	last := t.Start
	for i, s := range l.Spans {
		switch {
		case s.State == Absent || s.State >= NumStates:
			return fmt.Errorf("span %d: state %d", i, s.State)
		case s.End <= s.Start:
			return fmt.Errorf("span %d: from %d to %d", i, s.Start, s.End)
		case s.Start < last:
			return fmt.Errorf("span %d: starts at %d before %d", i, s.Start, last)
		case s.End > t.End:
			return fmt.Errorf("span %d: ends at %d after the timeline's end at %d", i, s.End, t.End)
		}
		last = s.End
	}
	start := t.Start
	for i, m := range l.Marks {
		if m.Start < start || m.End < m.Start || m.End > t.End {
			return fmt.Errorf("mark %d: from %d to %d, want them from %d on, by start, and to %d", i, m.Start, m.End,
				start, t.End)
		}
		start = m.Start
	}
	if l.bins == nil {
		return nil
	}
	if len(l.Spans) > 0 {
		return fmt.Errorf("both spans and bins")
	}
	return l.bins.validate(t)
}

func (f *fold) validate(t *Timeline) error {
	var total time.Duration
	for i := range f.n {
		var sum time.Duration
		for s, bins := range f.times {
			if bins == nil {
				continue
			}
			if bins[i] < 0 || State(s) == Absent {
				return fmt.Errorf("bin %d: %v in state %d", i, bins[i], s)
			}
			sum += bins[i]
		}
		a := f.origin + clock.Time(f.width)*clock.Time(i)
		inside := max(min(a+clock.Time(f.width), t.End)-max(a, t.Start), 0)
		if sum > 0 && inside == 0 || !f.shared && sum > time.Duration(inside) {
			return fmt.Errorf("bin %d: holds %v of the %v inside the timeline", i, sum, time.Duration(inside))
		}
		total += sum
	}
	if !f.shared && total > t.End.Sub(t.Start) {
		return fmt.Errorf("bins hold %v of %v", total, t.End.Sub(t.Start))
	}
	return nil
}
