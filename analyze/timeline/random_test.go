package timeline

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestRandomEvents gives the Builder events that contradict one another, as a damaged trace might: what it makes of
// them does not matter, but it must be a timeline.
func TestRandomEvents(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 7))
		var sym gotrace.Symbols
		names := []gotrace.StringID{
			sym.Intern("worker 0"), sym.Intern("worker 1"), sym.Intern("before"), sym.Intern("after"),
			sym.Intern("task 1"), 0, 77,
			sym.Intern("GC (dedicated)"), sym.Intern("worker 99999999999999999999"),
		}
		b := &Builder{
			Symbols: &sym, Rank: int(seed) - 1, MaxSpans: 1 + int(seed), Bins: 8, MaxMarks: 3, MaxLanes: int(seed % 5),
		}
		if seed%3 == 0 {
			b.From, b.To = 3000, 20_000
		}
		add := feed(b)
		at := int64(500)
		for range 3000 {
			at += rng.Int64N(40) - 5
			add(&gotrace.Event{
				Time: clock.Time(at), Kind: gotrace.Kind(rng.IntN(int(gotrace.Experimental) + 1)),
				G: rng.Int64N(6) - 1, P: rng.Int64N(4) - 1, M: rng.Int64N(9) - 1, Subject: rng.Int64N(6) - 1,
				From: gotrace.State(rng.IntN(7)), To: gotrace.State(rng.IntN(7)), Reason: gotrace.Reason(rng.IntN(20)),
				Range: gotrace.RangeKind(rng.IntN(6)), Name: names[rng.IntN(len(names))],
			})
		}
		tl := b.Finish()
		if err := Validate(tl); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		for i := range tl.Lanes {
			l := &tl.Lanes[i]
			var sum time.Duration
			for _, d := range l.Totals() {
				sum += d
			}
			if sum > tl.End.Sub(tl.Start) && l.ID != SharedID {
				t.Errorf("seed %d: %s holds %v of %v", seed, l.Name, sum, tl.End.Sub(tl.Start))
			}
			l.Shares(tl.Start, tl.End, 7)
		}
		tl.Startup(b.Rank, 0, 1000)
		if err := Validate(Merge(tl, &Timeline{})); err != nil {
			t.Errorf("seed %d, merged: %v", seed, err)
		}
	}
}
