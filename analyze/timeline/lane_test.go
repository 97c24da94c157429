package timeline

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/trace/clock"
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

// TestReplaceAll: many parts at once are what one part after the other is, whatever lies in the lane: 3000 lanes of
// random spans and parts of which some meet, lie over each other or are empty.
func TestReplaceAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	states := []State{Absent, Running, Lock, Channel, Waiting}
	for range 3000 {
		var one Lane
		for at := clock.Time(rng.IntN(5)); at < 40; {
			to := at + 1 + clock.Time(rng.IntN(6))
			if s := states[rng.IntN(len(states))]; s != Absent {
				one.Spans = append(one.Spans, Span{at, to, s})
			}
			at = to
		}
		all := Lane{Spans: slices.Clone(one.Spans)}
		var parts []extent
		for range rng.IntN(6) {
			from := clock.Time(rng.IntN(45))
			parts = append(parts, extent{from, from + clock.Time(rng.IntN(9))})
		}
		const old = 1<<Absent | 1<<Lock | 1<<Waiting
		for _, p := range parts {
			one.replace(p.from, p.to, 0, 60, old, Serial)
		}
		all.replaceAll(union(slices.Clone(parts)), 0, 60, old, Serial)
		if d := cmp.Diff(merged(one.Spans), merged(all.Spans)); d != "" {
			t.Fatalf("%v: %s", parts, d)
		}
		from := clock.Time(rng.IntN(45))
		for _, p := range after(union(parts), from) {
			if p.from < from || p.from >= p.to {
				t.Fatalf("%v after %d", p, from)
			}
		}
	}
}

// merged are spans of which those of one state that meet are one.
func merged(spans []Span) (out []Span) {
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].End == s.Start && out[n-1].State == s.State {
			out[n-1].End = s.End
		} else {
			out = append(out, s)
		}
	}
	return out
}
