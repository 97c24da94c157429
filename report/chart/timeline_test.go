package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

func ms(v float64) clock.Time { return clock.Time(v * float64(time.Millisecond)) }

// zeroAt is when the workers of the tests are released: boot was long ago.
const zeroAt = clock.Time(9e12)

// turns is a run of n workers of which one at a time runs, for turn ms each, until each has run for work ms.
func turns(n int, turn, work float64) *timeline.Timeline {
	t := &timeline.Timeline{Start: zeroAt - ms(3), End: zeroAt + ms(float64(n)*work+4)}
	for w := range n {
		l := timeline.Lane{Kind: timeline.Worker, ID: int64(w), Name: fmt.Sprintf("worker %d", w)}
		add := func(from, to float64, s timeline.State) {
			l.Spans = append(l.Spans, timeline.Span{Start: zeroAt + ms(from), End: zeroAt + ms(to), State: s})
		}
		add(-3, 0, timeline.Startup)
		at := 0.0
		for round := 0.0; round*turn < work; round++ {
			start := (round*float64(n) + float64(w)) * turn
			if start > at {
				add(at, start, timeline.Lock)
			}
			add(start, start+turn, timeline.Running)
			at = start + turn
		}
		if end := float64(n) * work; at < end {
			add(at, end, timeline.Waiting)
		}
		for k := range 5 {
			l.Marks = append(l.Marks, timeline.Mark{
				Start: zeroAt + ms(float64(n)*work*float64(k)/5), End: zeroAt + ms(float64(n)*work*float64(k+1)/5),
				Label: fmt.Sprintf("task %d", k*n+w),
			})
		}
		t.Lanes = append(t.Lanes, l)
	}
	p := timeline.Lane{Kind: timeline.P, Name: "P 0"}
	p.Spans = []timeline.Span{{Start: zeroAt, End: zeroAt + ms(float64(n)*work), State: timeline.Running}}
	t.Lanes = append(t.Lanes, p, timeline.Lane{Kind: timeline.Goroutine, Name: "main"})
	return t
}

// apart is a run of n processes on two cores, each with one worker: they start later and run at once, two by two.
func apart(n int, work float64) *timeline.Timeline {
	end := work*float64(n)/2 + 8
	t := &timeline.Timeline{Start: zeroAt - ms(11), End: zeroAt + ms(end+6)}
	for w := range n {
		l := timeline.Lane{Kind: timeline.Worker, Rank: w, ID: 0, Name: "worker 0"}
		add := func(from, to float64, s timeline.State) {
			l.Spans = append(l.Spans, timeline.Span{Start: zeroAt + ms(from), End: zeroAt + ms(to), State: s})
		}
		add(-11, float64(w)*1.5, timeline.Startup)
		at := float64(w) * 1.5
		for slice, i := 24.0, w/2; at < end-8; i++ {
			state := timeline.Running
			if i%2 == 1 && n > 2 {
				state = timeline.Ready
			}
			add(at, min(at+slice, end-8), state)
			at += slice
		}
		add(end-8, end, timeline.Serial)
		add(end, end+6, timeline.Unknown)
		for k := range 9 {
			l.Marks = append(l.Marks, timeline.Mark{
				Start: zeroAt + ms(end*float64(k)/9), End: zeroAt + ms(end*float64(k+1)/9), Label: fmt.Sprint(k*n + w),
			})
		}
		t.Lanes = append(t.Lanes, l)
	}
	for p := range 2 {
		t.Lanes = append(t.Lanes, timeline.Lane{
			Kind: timeline.Core, ID: int64(p), Name: fmt.Sprintf("core %d", p),
			Spans: []timeline.Span{
				{Start: zeroAt, End: zeroAt + ms(end-8), State: timeline.Running},
				{Start: zeroAt + ms(end-8), End: zeroAt + ms(end), State: timeline.GC},
			},
		})
	}
	return t
}

func gilPicture() Timeline {
	return Timeline{
		Words: Words{
			Title:    "Threads take turns, processes run at once",
			Subtitle: "primes in Python 3.12, 4 workers, 20 tasks, 2 cores; one traced run each",
		},
		Groups: []Group{
			{Title: "4 threads in 1 process", Mode: sweep.Threads, Zero: zeroAt, Timeline: turns(4, 5, 125)},
			{Title: "4 processes of 1 thread", Mode: sweep.Procs, Zero: zeroAt, Timeline: apart(4, 125)},
		},
	}
}

func TestTimelineTurns(t *testing.T) {
	svg := svgOf(t, gilPicture())
	wants(t, svg, "#009e73", "#d55e00", "#f0e442", "#e69f00", "#56b4e9", ">4 threads in 1 process<", ">ends at 504 ms<",
		">ends at 264 ms<", ">worker 3<", ">process 3<", ">core 1<", "Not shown: 1 other goroutine.", ">19<",
		"<title>worker 0: waiting for a lock or a condition, ")
	if strings.Contains(svg, "waiting at channels") {
		t.Error("the legend names a state that does not occur")
	}
	// Worker 1 holds the lock in turns 1, 5, 9 … of 5 ms: 25 turns.
	if got := strings.Count(svg, "<title>worker 1: running, "); got != 25 {
		t.Errorf("worker 1 runs %d times, want 25", got)
	}
}

// The axis says what its 0 is: never that workers were released where nobody knows.
func TestSince(t *testing.T) {
	lane := []timeline.Lane{{Kind: timeline.P, Spans: []timeline.Span{{
		Start: zeroAt, End: zeroAt + ms(5),
		State: timeline.Running,
	}}}}
	of := func(zero clock.Time) Group {
		return Group{Zero: zero, Timeline: &timeline.Timeline{Start: zeroAt, End: zeroAt + ms(5), Lanes: lane}}
	}
	for _, c := range []struct {
		groups []Group
		start  string
		want   string
	}{
		{[]Group{of(zeroAt + 1), of(zeroAt + 2)}, "", "ms from the release of the workers"},
		{[]Group{of(0)}, "", "ms from the start of the trace"},
		{[]Group{of(0)}, "the start of the window", "ms from the start of the window"},
		{[]Group{of(zeroAt + 1), of(0)}, "", "ms from the release of the workers, or the start of the trace"},
	} {
		wants(t, svgOf(t, Timeline{Groups: c.groups, Start: c.start}), ">"+c.want+"<")
	}
	use := &cores.Use{Start: zeroAt, End: zeroAt + ms(5), Profile: []time.Duration{5 * time.Millisecond}}
	command := Timeline{Groups: []Group{of(zeroAt)}, Release: "the start of the command"}
	if got, want := command.Since(), "the start of the command"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	wants(t, svgOf(t, Cores{Use: use}), ">ms from the start of the trace<")
	wants(t, svgOf(t, Cores{Use: use, Start: "the start of the window"}), ">ms from the start of the window<")
	wants(t, svgOf(t, Cores{Use: use, Zero: zeroAt + 1}), ">ms from the release of the workers<")
}

func TestTimelineMany(t *testing.T) {
	p := gilPicture()
	p.Title = "128 workers: only one at a time"
	p.Groups[0].Timeline = turns(128, 0.05, 4)
	p.Groups[1].Timeline = apart(24, 20)
	svg := svgOf(t, p)
	// Two groups share at most 32 rows; what has no row of its own is in the mean.
	all := texts(t, svg)
	rows, own := 0, 0
	for _, txt := range all {
		more := 0
		switch {
		case strings.HasPrefix(txt.txt, "worker "):
			rows, own = rows+1, own+1
		case strings.HasPrefix(txt.txt, "process ") && txt.x0 < 200, strings.HasPrefix(txt.txt, "core "), txt.txt == "P 0":
			rows++
		case strings.HasPrefix(txt.txt, "mean of "):
			rows++
			if _, err := fmt.Sscanf(txt.txt, "mean of %d more", &more); err == nil && txt.y0 < Height/2 && own+more != 128 {
				t.Errorf("%d rows and %d more are not 128", own, more)
			}
		}
	}
	if rows > mostRows || rows < 20 {
		t.Errorf("%d rows", rows)
	}
}

func TestTimelineFew(t *testing.T) {
	p := gilPicture()
	p.Groups = p.Groups[:1]
	p.Groups[0].Timeline = turns(2, 0.1, 0.4)
	svgOf(t, p)
}

func TestTimelineEdges(t *testing.T) {
	empty := &timeline.Timeline{Start: 7, End: 7, Lanes: []timeline.Lane{{Name: "worker 0"}}}
	short := &timeline.Timeline{Start: zeroAt, End: zeroAt + 900, Lanes: []timeline.Lane{{
		Name: "worker 0", Spans: []timeline.Span{{Start: zeroAt, End: zeroAt + 900, State: timeline.Running}},
	}}}
	threads := &timeline.Timeline{Start: zeroAt, End: zeroAt + ms(1), Lanes: []timeline.Lane{
		{Kind: timeline.Thread, ID: 812, Spans: []timeline.Span{{
			Start: zeroAt, End: zeroAt + ms(1),
			State: timeline.Channel,
		}}},
	}}
	of := func(t *timeline.Timeline) Group {
		return Group{Title: strings.Repeat("a long title ", 20), Timeline: t}
	}
	tests := []struct {
		name string
		t    Timeline
		want []string
	}{
		{"nothing", Timeline{}, []string{"There are no lanes to show."}},
		{"no lanes", Timeline{Groups: []Group{of(&timeline.Timeline{}), {}}}, []string{"There are no lanes to show."}},
		{"no time", Timeline{Groups: []Group{of(empty)}}, []string{"worker 0", "ends at 0.00 µs"}},
		{"nanoseconds", Timeline{Groups: []Group{of(short)}}, []string{"ends at 0.90 µs", "worker 0: running"}},
		{
			"threads alone",
			Timeline{Groups: []Group{of(threads)}},
			[]string{"thread 812", "waiting at channels", "#cc79a7"},
		},
		{
			"seven groups",
			Timeline{Groups: slices.Repeat([]Group{of(turns(8, 1, 4))}, 7)},
			[]string{"mean of 7 more workers", "P 0"},
		},
		{
			"thirty groups",
			Timeline{Groups: slices.Repeat([]Group{of(turns(2, 1, 4))}, 30)},
			[]string{"more runs, for which there is no room"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wants(t, svgOf(t, test.t), test.want...)
		})
	}
}

func TestColumnOf(t *testing.T) {
	shares := func(running, lock, gc float64) (s timeline.Shares) {
		s[timeline.Running], s[timeline.Lock], s[timeline.GC] = running, lock, gc
		return s
	}
	grains := func(running, lock, gc uint8) (c column) {
		c[timeline.Running], c[timeline.Lock], c[timeline.GC] = running, lock, gc
		return c
	}
	tests := []struct {
		shares timeline.Shares
		want   column
	}{
		{shares(1, 0, 0), grains(64, 0, 0)},
		{shares(0.25, 0.75, 0), grains(16, 48, 0)},
		{shares(0.999, 0, 0.001), grains(63, 0, 1)},        // what occurs is never dropped
		{shares(1-1e-15, 1e-15, 0), grains(64, 0, 0)},      // but rounding does not occur
		{shares(1./3, 1./3, 1./3), grains(22, 21, 21)},     // 21.33 each; the first of the largest takes the rest
		{shares(0.0078, 0.9844, 0.0078), grains(1, 62, 1)}, // 0.5, 63.0, 0.5: 1 + 63 + 1, less one
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, columnOf(test.shares)); diff != "" {
			t.Errorf("columnOf(%v) (-want +got):\n%s", test.shares, diff)
		}
	}
}

func TestShareOut(t *testing.T) {
	tests := []struct {
		budget     int
		need, want []int
	}{
		{32, []int{5, 6}, []int{5, 6}},
		{32, []int{4, 100}, []int{4, 28}},
		{32, []int{100, 100, 4}, []int{14, 14, 4}},
		{3, []int{9, 9}, []int{2, 1}},
		{0, []int{1}, []int{0}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, shareOut(test.budget, test.need)); diff != "" {
			t.Errorf("shareOut(%d, %v) (-want +got):\n%s", test.budget, test.need, diff)
		}
	}
}

// A lane is named by its process where there are several alike; the coordinator has no rank.
func TestLaneNames(t *testing.T) {
	lanes := []*timeline.Lane{
		{Rank: -1, ID: timeline.SerialID, Name: "serial part"},
		{Rank: 0, ID: timeline.SerialID, Name: "serial part"},
		{Rank: 1, Name: "worker 0"},
	}
	var got []string
	for _, l := range lanes {
		got = append(got, laneName(l, lanes))
	}
	if diff := cmp.Diff([]string{"coordinator, serial part", "process 0, serial part", "worker 0"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestRowsOfProcesses: a process of one worker needs no row for its only P, and of many workers each process has one
// row; the coordinator's P stays, for no worker shows what it does.
func TestRowsOfProcesses(t *testing.T) {
	for _, c := range []struct {
		workers int
		want    []string
	}{
		{1, []string{"process 0", "process 1", "coordinator, P 0"}},
		{2, []string{
			"process 0, worker 0", "process 0, worker 1", "process 1, worker 0", "process 1, worker 1",
			"coordinator, P 0", "process 0, P 0", "process 1, P 0",
		}},
		{8, []string{"process 0, mean of 8 workers", "process 1, mean of 8 workers", "coordinator, P 0"}},
	} {
		tl := &timeline.Timeline{Start: zeroAt, End: zeroAt + ms(100)}
		add := func(k timeline.LaneKind, rank, id int, name string) {
			tl.Lanes = append(tl.Lanes, timeline.Lane{Kind: k, Rank: rank, ID: int64(id), Name: name, Spans: []timeline.Span{
				{Start: zeroAt, End: zeroAt + ms(90), State: timeline.Running},
			}})
		}
		for rank := range 2 {
			for id := range c.workers {
				add(timeline.Worker, rank, id, fmt.Sprintf("worker %d", id))
			}
		}
		for rank := -1; rank < 2; rank++ {
			add(timeline.P, rank, 0, "P 0")
		}
		var got []string
		for _, r := range rowsOf([]Group{{Timeline: tl}}, 600)[0].rows {
			got = append(got, r.name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%d workers: %s", c.workers, diff)
		}
	}
}

// TestTimelineRaster: a row of a thousand turns is a bitmap within its lane's place and has a title for all of it; its
// PNG has no such limit.
func TestTimelineRaster(t *testing.T) {
	const turns = 1000
	l := timeline.Lane{Kind: timeline.Worker, Name: "worker 0"}
	for i := range turns {
		at := clock.Time(i * 2e6)
		l.Spans = append(l.Spans, timeline.Span{Start: at, End: at + 1e6, State: timeline.Running},
			timeline.Span{Start: at + 1e6, End: at + 2e6, State: timeline.Lock})
	}
	svg := svgOf(t, Timeline{Groups: []Group{{
		Title:    "threads",
		Timeline: &timeline.Timeline{End: turns * 2e6, Lanes: []timeline.Lane{l}},
	}}})
	if n := strings.Count(svg, "<image "); n != 1 {
		t.Errorf("%d bitmaps", n)
	}
	if !strings.Contains(svg, "<title>worker 0 in all: running 5") {
		t.Error("no title for the row")
	}
	if len(svg) > 40_000 {
		t.Errorf("%d bytes", len(svg))
	}
}

// A picture of few rows is as high as they need; one of many has all the height.
func TestTimelineHeight(t *testing.T) {
	p := gilPicture()
	p.Groups = p.Groups[:1]
	p.Groups[0].Timeline = turns(1, 5, 125)
	if got := height(p); got > 700 || got < 300 {
		t.Errorf("one worker and one P are %v pixels high", got)
	}
	svgOf(t, p)
	p.Groups[0].Timeline = turns(40, 5, 125)
	if got := height(p); got != Height {
		t.Errorf("40 workers are %v pixels high, want %v", got, Height)
	}
}

// Of the goroutines of a benchmark those that worked have rows; the runtime's are one row, and what hardly ran is
// counted.
func TestTimelineGoroutines(t *testing.T) {
	at := func(from, to float64, s timeline.State) timeline.Span {
		return timeline.Span{Start: zeroAt + ms(from), End: zeroAt + ms(to), State: s}
	}
	lane := func(id int64, name string, spans ...timeline.Span) timeline.Lane {
		return timeline.Lane{Kind: timeline.Goroutine, ID: id, Name: name, Spans: spans}
	}
	tl := &timeline.Timeline{Start: zeroAt, End: zeroAt + ms(100), Lanes: []timeline.Lane{
		lane(1, "", at(0, 0.2, timeline.Running), at(0.2, 100, timeline.Channel)),
		lane(2, "runtime.forcegchelper", at(0, 100, timeline.Waiting)),
		lane(3, "", at(0, 50, timeline.Waiting), at(50, 60, timeline.GC)),
		lane(4, "runtime/trace.(*traceMultiplexer).start", at(0, 30, timeline.Running)),
		lane(5, "testing.(*B).launch", at(1, 90, timeline.Running)),
		lane(6, "sort_test.worker", at(1, 3, timeline.Running)),
		lane(7, "goroutine 7", at(1, 11, timeline.Running), at(11, 100, timeline.Waiting)),
	}}
	var got []string
	for _, r := range rowsOf([]Group{{Timeline: tl}}, 600)[0].rows {
		got = append(got, r.name)
	}
	want := []string{"testing.(*B).launch", "sort_test.worker", "runtime, unnamed: mean of 4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wants(t, svgOf(t, Timeline{Groups: []Group{{Timeline: tl}}}), "Not shown: 1 other goroutine.")
}

// What is not known looks like nothing else even where it is a pixel wide: white, with what falls upon it of the
// hatching.
func TestTimelineThinUnknown(t *testing.T) {
	l := timeline.Lane{Kind: timeline.Worker, Name: "worker 0"}
	for i := range 20 {
		from := zeroAt + ms(float64(i*50))
		l.Spans = append(l.Spans, timeline.Span{Start: from, End: from + ms(49), State: timeline.Running},
			timeline.Span{Start: from + ms(49), End: from + ms(50), State: timeline.Unknown})
	}
	p := Timeline{Groups: []Group{{Timeline: &timeline.Timeline{Start: zeroAt, End: zeroAt + ms(1000), Lanes: []timeline.Lane{l}}}}}
	svg := svgOf(t, p)
	if _, legend, _ := strings.Cut(svg, "ends at"); strings.Contains(legend, `fill="#949494"`) {
		t.Error("what is not known and thin is filled with the grey of start-up")
	}
}

func TestTimeAxisUnits(t *testing.T) {
	for _, test := range []struct {
		length time.Duration
		want   string
	}{{time.Millisecond, "µs"}, {900 * time.Millisecond, "ms"}, {1100 * time.Millisecond, "s"}} {
		if got := newTimeAxis(0, test.length, "").name; got != test.want {
			t.Errorf("%v is in %s, want %s", test.length, got, test.want)
		}
	}
}

// A run whose workers start 800 ms before they are released and then run for 200 ms, drawn from 10 ms before: the
// states and the end of the task that lie before are left out, and what is drawn stands where the axis says.
func TestTimelineFrom(t *testing.T) {
	run := &timeline.Timeline{Start: zeroAt - ms(800), End: zeroAt + ms(200), Lanes: []timeline.Lane{{
		Kind: timeline.Worker, Name: "worker 0",
		Spans: []timeline.Span{
			{Start: zeroAt - ms(800), End: zeroAt - ms(300), State: timeline.GC},
			{Start: zeroAt - ms(300), End: zeroAt, State: timeline.Startup},
			{Start: zeroAt, End: zeroAt + ms(200), State: timeline.Running},
		},
		Marks: []timeline.Mark{{Start: zeroAt - ms(700), End: zeroAt - ms(400), Label: "task 1"}},
	}}}
	f := Timeline{Groups: []Group{{Title: "threads", Zero: zeroAt, From: zeroAt - ms(10), Timeline: run}}}
	svg := svgOf(t, f)
	wants(t, svg, "worker 0: start-up and end, 9.9 ms, from -10.0 to -0.1", "worker 0: running, 200.0 ms, from 0.0 to 200.0")
	if strings.Contains(svg, "garbage collection") || strings.Contains(svg, "task 1") {
		t.Error("what was before is drawn")
	}
}
