package chart

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/sweep"
)

// started is a group whose workers start for so many ms each, work from the release on, one after the other, and end.
func started(title string, work, end float64, starts ...float64) Group {
	run := &timeline.Timeline{Start: zeroAt - ms(starts[0]), End: zeroAt + ms(work+end)}
	g := Group{Title: title, Mode: sweep.Threads, Zero: zeroAt, Timeline: run}
	for w, start := range starts {
		l := timeline.Lane{Kind: timeline.Worker, Rank: w, Name: "worker 0"}
		add := func(from, to float64, s timeline.State) {
			if from < to {
				l.Spans = append(l.Spans, timeline.Span{Start: zeroAt + ms(from), End: zeroAt + ms(to), State: s})
			}
		}
		add(-start, 0, timeline.Startup)
		share := work / float64(len(starts))
		add(share*float64(w), share*float64(w+1), timeline.Running)
		add(work, work+end, timeline.Startup)
		l.Marks = []timeline.Mark{{
			Start: zeroAt + ms(share*float64(w)), End: zeroAt + ms(share*float64(w+1)), Label: "task 7",
		}}
		run.Lanes = append(run.Lanes, l)
	}
	return g
}

// A start-up of 30 ms before 10 ms of work has a fifth of the width in the place of three quarters, in which what
// begins later still stands more to the right; the marks say true times.
func TestTimelineFold(t *testing.T) {
	f := Timeline{Groups: []Group{started("threads", 10, 0.5, 8, 8), started("processes", 10, 0.5, 30, 20)}}
	svg := svgOf(t, f)
	// 30 ms on 0.2 of the width, and 10.5 ms on 0.79 of it.
	wants(t, svg, "Left of the break, time is drawn 11 times narrower.", ">30 ms<", ">20 ms<", ">8 ms<", ">7<", ">empty: idle or not there<",
		"<title>process 0: start-up and end, 30.000 ms, from -30.000 to 0.000",
		"<title>process 1: running, 4.9", "task 7: 5.000 ms, from 0.000 to 5.000",
		">ms from the release of the workers<")
	ended := Timeline{Groups: []Group{started("threads", 10, 40, 1, 1)}}
	wants(t, svgOf(t, ended), "Right of the break", ">40 ms<")
	all := f.times().stretches(Width)
	places := []float64{-30, -20, -8, -0.001, 0, 5, 10, 10.5}
	for i, v := range places[1:] {
		if a, b := all.Normalize(0, 0, places[i]), all.Normalize(0, 0, v); !(a < b) {
			t.Errorf("%v ms stands at %v, and %v ms at %v", places[i], a, v, b)
		}
	}
	if at := all.Normalize(0, 0, 0) - all.Normalize(0, 0, -1e-9); !(at > 0.009 && at < 0.011) {
		t.Errorf("the break is %v of the width, want 16 of 1600 pixels", at)
	}
}

func TestFold(t *testing.T) {
	at := func(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
	for _, c := range []struct {
		name              string
		from, a, b, to    float64
		before, after     float64
		unit, left, right string
	}{
		{"short start-up", -6, 0, 10, 10.5, -6, 10.5, "ms", "", ""},
		{"work that has room", -20, 0, 10, 12, -20, 12, "ms", "", ""},
		{"long start-up", -28, 0, 10, 10.5, 0, 10.5, "ms", "Left of the break, time is drawn 11 times narrower.", ""},
		{"long end", -1, 0, 10, 40, -1, 10, "ms", "", "Right of the break, time is drawn 11 times narrower."},
		{"both", -30, 0, 10, 30, 0, 10, "ms", "Left of", "Right of the break"},
		{"no work", -30, 0, 0, 1, -30, 1, "ms", "", ""},
		{"work of microseconds", -3000, 0, 0.5, 0.6, 0, 0.6, "µs", "Left of", ""},
	} {
		got := newTimeAxis(at(c.from), at(c.to), "").fold(at(c.a), at(c.b))
		if got.before != at(c.before) || got.after != at(c.after) || got.name != c.unit {
			t.Errorf("%s: unfolded from %v to %v in %s", c.name, got.before, got.after, got.name)
		}
		key := got.stretches(Width).key()
		if !strings.Contains(key, c.left) || !strings.Contains(key, c.right) || (key == "") != (c.left+c.right == "") {
			t.Errorf("%s: %q", c.name, key)
		}
	}
}

// Whether a picture leaves its start-up narrow, its title must know.
func TestFolds(t *testing.T) {
	for start, want := range map[float64]bool{30: true, 1: false} {
		if got := (Timeline{Groups: []Group{started("threads", 10, 0.5, start)}}).Folds(); got != want {
			t.Errorf("a start-up of %v ms before 10 ms of work: folded %v, want %v", start, got, want)
		}
	}
}

// Of 10 ms a worker waits 5 µs at a channel, which nobody sees, and another for the half of one.
func TestLegendOfWhatIsSeen(t *testing.T) {
	for waits, want := range map[float64]bool{0.005: false, 0.5: true} {
		g := started("threads", 10, 0.5, 1)
		l := &g.Timeline.Lanes[0]
		l.Spans[1].End -= ms(waits)
		l.Spans = slices.Insert(l.Spans, 2, timeline.Span{
			Start: l.Spans[1].End, End: l.Spans[1].End + ms(waits), State: timeline.Channel,
		})
		if got := slices.Contains(Timeline{Groups: []Group{g}}.looks(), lookOf(timeline.Channel)); got != want {
			t.Errorf("a wait of %v ms: in the legend %v, want %v", waits, got, want)
		}
	}
}
