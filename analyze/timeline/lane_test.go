package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestShares: 100..160 running, 160..200 lock. Parts of 40 from 80: 80..120 is half absent and half running; 120..160
// all running; 160..200 all lock.
func TestShares(t *testing.T) {
	l := Lane{Spans: []Span{{100, 160, Running}, {160, 200, Lock}}}
	got := l.Shares(80, 200, 3)
	want := []Shares{{Absent: 0.5, Running: 0.5}, {Running: 1}, {Lock: 1}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	if l.Shares(80, 80, 3) != nil || l.Shares(80, 200, 0) != nil {
		t.Error("shares of nothing")
	}
}

func TestValidate(t *testing.T) {
	for _, tc := range []struct {
		name string
		tl   Timeline
		ok   bool
	}{
		{
			"good", Timeline{
				Start: 0, End: 9, Lanes: []Lane{
					{Spans: []Span{{0, 3, Running}, {3, 9, Lock}}, Marks: []Mark{{1, 2, "a"}}},
				},
			}, true,
		},
		{"overlap", Timeline{Start: 0, End: 9, Lanes: []Lane{{Spans: []Span{{0, 3, Running}, {2, 9, Lock}}}}}, false},
		{"outside", Timeline{Start: 0, End: 9, Lanes: []Lane{{Spans: []Span{{0, 10, Running}}}}}, false},
		{"before", Timeline{Start: 5, End: 9, Lanes: []Lane{{Spans: []Span{{4, 6, Running}}}}}, false},
		{"empty span", Timeline{Start: 0, End: 9, Lanes: []Lane{{Spans: []Span{{4, 4, Running}}}}}, false},
		{"absent span", Timeline{Start: 0, End: 9, Lanes: []Lane{{Spans: []Span{{4, 5, Absent}}}}}, false},
		{"mark", Timeline{Start: 0, End: 9, Lanes: []Lane{{Marks: []Mark{{4, 12, "x"}}}}}, false},
		{"order of marks", Timeline{Start: 0, End: 9, Lanes: []Lane{{Marks: []Mark{{4, 5, "x"}, {3, 5, "y"}}}}}, false},
		{"ends", Timeline{Start: 9, End: 0}, false},
	} {
		if err := Validate(&tc.tl); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
