package recording

import (
	"testing"
	"time"
)

// Of four processes, the first spans 10–50 and holds the second, 20–30; the third has no events. The fourth begins at
// 40, within the first, or at 60, which is 10 after its end.
func TestExtents(t *testing.T) {
	for _, c := range []struct {
		fourth        Extent
		before, after int
		gap           time.Duration
	}{
		{Extent{First: 40, Last: 90, Events: 1}, 0, 0, 0},
		{Extent{First: 50, Last: 90, Events: 1}, 0, 0, 0},
		{Extent{First: 60, Last: 90, Events: 1}, 0, 3, 10},
	} {
		r := &Recording{Extents: []Extent{{10, 50, 5}, {20, 30, 2}, {}, c.fourth}}
		before, after, gap := r.Apart()
		if before != c.before || after != c.after || gap != c.gap {
			t.Errorf("%+v: %d, %d, %v; want %d, %d, %v", c.fourth, before, after, gap, c.before, c.after, c.gap)
		}
		if whole := r.Whole(); whole != (Extent{10, 90, 8}) {
			t.Errorf("whole %+v, want 10 to 90 with 8 events", whole)
		}
	}
	none := &Recording{Extents: make([]Extent, 2)}
	if _, _, gap := none.Apart(); gap != 0 || none.Whole() != (Extent{}) {
		t.Errorf("without events: apart by %v, whole %+v", gap, none.Whole())
	}
}
