package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// stackOf is a stack whose speedup is what its rows leave of n.
func stackOf(n, usable float64, rows ...stack.Row) *stack.Stack {
	s := &stack.Stack{N: n, Usable: usable, Speedup: n, Rows: rows}
	for _, r := range rows {
		s.Speedup -= r.Speedup
	}
	return s
}

func loses(c cause.Cause, v float64) stack.Row { return stack.Row{Cause: c, Speedup: v} }

// at is a row whose largest part has a place.
func at(c cause.Cause, v, share float64, fn string, line int) stack.Row {
	return stack.Row{Cause: c, Speedup: v, Share: share, Top: []gotrace.Frame{
		{Func: "sync.(*Mutex).Lock", File: "mutex.go", Line: 46},
		{Func: "example.org/shop/" + fn, File: "/src/shop/cart.go", Line: line},
	}}
}

func mutexStacks() Stack {
	return Stack{
		Words: Words{
			Title:    "cart: on 4 workers half of the missing speedup is waiting for one mutex, cart.(*Cart).Add (cart.go:31)",
			Subtitle: "base: 1 worker, 512 ms, median of 10 runs; AMD EPYC, 4 cores; strong scaling",
		},
		Bars: []Bar{
			{
				N: 2, Name: "threads", Mode: sweep.Threads,
				Stack: stackOf(2, 2, loses(cause.GCAssist, 0.05), at(cause.Mutex, 0.31, 0.9, "cart.(*Cart).Add", 31),
					loses(cause.Startup, 0.02), loses(cause.NotExplained, -0.06)),
			},
			{
				N: 4, Name: "threads", Mode: sweep.Threads,
				Stack: stackOf(4, 4, loses(cause.GCDedicated, 0.12), loses(cause.GCAssist, 0.08),
					loses(cause.SchedLatency, 0.10), at(cause.Mutex, 1.02, 0.9, "cart.(*Cart).Add", 31),
					loses(cause.Join, 0.2), loses(cause.Serial, 0.25),
					loses(cause.Startup, 0.04), loses(cause.WorkInflation, 0.16), loses(cause.NotExplained, 0.06)),
			},
			{N: 2, Name: "processes", Mode: sweep.Procs, Stack: stackOf(2, 2, loses(cause.Startup, 0.11),
				loses(cause.Dispatch, 0.07), loses(cause.Teardown, 0.01))},
			{N: 4, Name: "processes", Mode: sweep.Procs, Stack: stackOf(4, 4, loses(cause.Startup, 0.44),
				loses(cause.Dispatch, 0.21), loses(cause.Teardown, 0.03),
				loses(cause.Join, 0.17), loses(cause.WorkInflation, -0.12), loses(cause.NotExplained, -0.02))},
			{
				N: 8, Name: "threads", Mode: sweep.Threads,
				Stack: stackOf(8, 4, loses(cause.GCDedicated, 0.2), loses(cause.SchedLatency, 3.9),
					at(cause.Mutex, 1.5, 0.9, "cart.(*Cart).Add", 31), loses(cause.Serial, 0.3),
					loses(cause.NotExplained, 0.02)),
			},
			{N: 8, Name: "processes", Mode: sweep.Procs, Stack: stackOf(8, 4, loses(cause.Preempted, 4.1),
				loses(cause.Startup, 0.6), loses(cause.Dispatch, 0.5),
				loses(cause.Join, 0.2))},
		},
	}
}

// TestStackBeyondIdeal: the line of the ideal struck the figure of a bar out that reaches about twice as much.
func TestStackBeyondIdeal(t *testing.T) {
	for _, speedup := range []float64{0.5, 1.9, 2.2, 3.9, 4.3, 12} {
		f := Stack{Bars: []Bar{{N: 2, Name: "threads", Mode: sweep.Threads, Stack: &stack.Stack{N: 2, Usable: 1, Speedup: speedup}}}}
		s := f.layout(draw.New(vgimg.New(800, 600)))[0]
		p := s.pillars[0]
		low, high := s.clear(p, 0, p.reached())
		if high <= low || low < s.Py(0) || high > s.Py(p.reached()) {
			t.Errorf("%v: the figure has %v to %v of a bar of %v to %v", speedup, low, high, s.Py(0), s.Py(p.reached()))
		}
		for _, line := range []float64{100, 100 * p.allowed() / 2} {
			if y := s.Py(line); y > low && y < high {
				t.Errorf("%v: a line at %v %% crosses the figure's room of %v to %v", speedup, line, low, high)
			}
		}
	}
}

func TestStack(t *testing.T) {
	svg := svgOf(t, mutexStacks())
	wants(
		t, svg,
		"threads, n = 4: mutex (block.mutex) takes 1.02× of the speedup, 50 % of what is lost, 90 % of block.mutex in cart.(*Cart).Add (cart.go:31)",
		"threads, n = 4: speedup 1.97× of an ideal 4×", // 4 − 2.03
		">mutex 50 %<", ">2.03× lost:<", ">n = 4<", ">ideal 4×<", ">ideal 8×; cores 4×<",
		"Lower dashed line: the number of cores. What there is less of than at the",
		"−0.06× (threads, n = 2);", "−0.12× and smaller ones −0.02×",
	)
	// Bars stand in the order of n.
	if strings.Index(svg, "processes, n = 2") > strings.Index(svg, "threads, n = 4") {
		t.Error("n = 2 is drawn after n = 4")
	}
}

// What is named of a bar adds up to what its causes take beyond what is lost: 0.12 and 0.03, or 0.05 of rows that are
// too small to be named. Of the last bar, 0.16 above an ideal of 8, it is not worth naming.
func TestStackAddsUp(t *testing.T) {
	bar := func(n int, rows ...stack.Row) Bar {
		return Bar{N: n, Name: "threads", Mode: sweep.Threads, Stack: stackOf(float64(n), float64(n), rows...)}
	}
	two := bar(2, loses(cause.Startup, 0.5), loses(cause.Join, -0.02), loses(cause.NotExplained, -0.12), loses(cause.GCAssist, -0.01))
	small := bar(2, loses(cause.Startup, 0.5), loses(cause.Join, -0.03), loses(cause.GCAssist, -0.02))
	eight := bar(8, loses(cause.Startup, 0.5), loses(cause.Join, -0.15))
	const less = " What there is less of than at the base gives speedup back, so that causes take more than is lost: "
	for _, tt := range []struct {
		bars []Bar
		want string
	}{
		{[]Bar{two}, less + "not explained −0.12× and smaller ones −0.03× (threads, n = 2)."},
		{[]Bar{small, eight}, less + "small ones −0.05× (threads, n = 2)."},
		{[]Bar{eight}, ""},
		{slices.Repeat([]Bar{two}, 6), less + strings.Repeat("not explained −0.12× and smaller ones −0.03× (threads, n = 2); ", 4) +
			"and 2 more bars."},
	} {
		if _, got, _ := strings.Cut(Stack{Bars: tt.bars}.key(), "takes of it."); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

func TestStackTwoBars(t *testing.T) {
	p := mutexStacks()
	p.Bars = slices.DeleteFunc(p.Bars, func(b Bar) bool { return b.N != 2 })
	svg := svgOf(t, p)
	// Of threads 0.32 is lost and 0.38 taken, of which the mutex has 0.31: the share is that of findings. Of processes
	// 0.19 is lost, of which start and end have 0.12.
	wants(t, svg, ">0.32× lost:<", ">mutex 82 %<", ">0.19× lost:<", ">start-up and teardown 63 %<", "threads, n = 2: mutex (block.mutex) takes 0.31× of the speedup, 82 % of what is lost, 90 % of block.mutex in")
}

// Sixteen bars, of which those of small n are low.
func TestStackMany(t *testing.T) {
	p := Stack{Words: Words{Title: "Many counts"}}
	for n := 2; n <= 256; n *= 2 {
		for _, m := range []sweep.Mode{sweep.Threads, sweep.Procs} {
			v := float64(n)
			p.Bars = append(p.Bars, Bar{N: n, Name: map[sweep.Mode]string{
				sweep.Threads: "threads",
				sweep.Procs:   "processes",
			}[m], Mode: m, Stack: stackOf(
				v, min(v, 64), loses(cause.SchedLatency, 0.1*v), loses(cause.Join, 0.2*v),
				loses(cause.Startup, 0.05*v), loses(cause.ChanRecv, 0.1*v),
				loses(cause.NotExplained, -0.01*v))})
		}
	}
	svgOf(t, p)
}

// Every cause at once, as a table of their looks.
func TestStackAllCauses(t *testing.T) {
	all := append(cause.All(), cause.WorkInflation, cause.NotExplained)
	var rows []stack.Row
	for _, c := range all {
		rows = append(rows, loses(c, 1))
	}
	svg := svgOf(t, Stack{Words: Words{Title: "Every cause"}, Bars: []Bar{
		{N: 64, Name: "threads", Mode: sweep.Threads, Stack: stackOf(64, 64, rows...)},
		{N: 64, Name: "processes", Mode: sweep.Procs, Stack: stackOf(64, 64, rows...)},
		{N: 64, Name: "cores", Mode: sweep.Cores, Stack: stackOf(64, 64, rows...)},
	}})
	for _, c := range all {
		wants(t, svg, c.Entry().Name)
	}
}

func TestStackEdges(t *testing.T) {
	base := mutexStacks().Bars[0]
	for name, s := range map[string]*stack.Stack{
		"superlinear": {N: 2, Usable: 2, Speedup: 2.4, Rows: []stack.Row{loses(cause.WorkInflation, -0.4)}},
		"perfect":     {N: 2, Usable: 2, Speedup: 2},
		"slower":      stackOf(4, 4, loses(cause.Dispatch, 3.98)),
		"tiny causes": stackOf(64, 64, loses(cause.Mutex, 0.01), loses(cause.Sleep, 0.02), loses(cause.Net, -0.01),
			loses(cause.Select, 10)),
		"none":       nil,
		"not finite": {N: 2, Speedup: math.NaN()},
		"no number":  {N: 2, Speedup: 1, Rows: []stack.Row{loses(cause.Mutex, math.NaN())}},
	} {
		t.Run(name, func(t *testing.T) {
			base.Stack = s
			svg := svgOf(t, Stack{Words: Words{Title: name}, Bars: []Bar{base}})
			if empty := strings.Contains(svg, "There are no stacks to show"); empty != (name == "none" ||
				strings.HasPrefix(name, "no")) {
				t.Errorf("empty: %v", empty)
			}
		})
	}
	svgOf(t, Stack{})
}

// The segments of a bar leave no gap from the speedup up to the ideal, whatever other rows give back, and are as high
// as the shares of what all causes take.
func TestStackDivide(t *testing.T) {
	p := pillar{Bar: Bar{N: 4, Name: "threads", Stack: stackOf(
		4, 4, loses(cause.Mutex, 1), loses(cause.Join, 0.01), loses(cause.Sleep, 0.02), loses(cause.Serial, 0.2),
		loses(cause.Startup, -0.2), loses(cause.Net, -0.03),
	), Told: []cause.Cause{cause.Serial}}}
	p.divide(nil)
	// The speedup is 4 − (1.23 − 0.23) = 3, 75 %. Of the 25 % that are lost the mutex has 1/1.23, 20.33 %, the serial part
	// 0.2/1.23, 4.07 %, and the two others, each less than 3 % of it, 0.03/1.23, 0.61 %.
	var got []string
	for _, s := range p.segments {
		got = append(got, words.Plain(fmt.Sprintf("%s %.2f…%.2f %s %v", s.Name, s.low, s.high, s.figure, s.told)))
	}
	want := []string{"mutex 75.00…95.33 81 % false", "serial part 95.33…99.39 16 % true", "smaller causes 99.39…100.00 2.4 % false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// A cause that is small is drawn by itself where it is the only one; where nothing is lost there is none.
	for _, tt := range []struct {
		stack *stack.Stack
		want  []string
	}{
		// One that the title speaks of is drawn by itself from 0.5 % of the loss on.
		{
			stackOf(4, 4, loses(cause.Mutex, 1), loses(cause.Join, 0.02), loses(cause.Sleep, 0.02), loses(cause.Serial, 0.01)),
			[]string{"mutex", "serial part", "smaller causes"},
		},
		{stackOf(4, 4, loses(cause.Mutex, 1), loses(cause.Serial, 0.01)), []string{"mutex", "serial part"}},
		{stackOf(4, 4, loses(cause.Mutex, 0.1), loses(cause.Startup, -0.1)), nil},
		{stackOf(4, 4, loses(cause.Mutex, 0.1), loses(cause.Startup, -0.5)), nil},
	} {
		p := pillar{Bar: Bar{N: 4, Stack: tt.stack, Told: []cause.Cause{cause.Serial}}}
		p.divide(nil)
		var got []string
		for _, s := range p.segments {
			got = append(got, s.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// Where names have room beside each bar all segments are named there, those of the title in bold, and there is no
// legend; where one has none there, no bar has.
func TestStackBeside(t *testing.T) {
	p := mutexStacks()
	p.Bars = p.Bars[:2]
	p.Bars[1].Told = []cause.Cause{cause.Mutex}
	c := canvas.Blank(Width, 700)
	if looks := p.legend(c); len(looks) > 0 {
		t.Errorf("the legend is %+v", looks)
	}
	for _, s := range p.layout(c) {
		for _, l := range s.pillars {
			labels := s.labelsOf(l)
			if len(labels) != len(l.segments)+1 {
				t.Errorf("%s: %d labels of %d segments", l.words(), len(labels), len(l.segments))
			}
			for _, label := range labels {
				bold := label.script == canvas.Bold(canvas.SmallSize, canvas.Dark)
				if want := l.Told != nil && label.series == "mutex"; bold != want {
					t.Errorf("%s: %q is bold: %v", l.words(), label.lines, bold)
				}
			}
		}
	}
	// In a page, names in three lines and more make another row.
	page := Stack{Bars: mutexStacks().Bars[2:]}
	if rows := page.besideIn(Wide, 0); len(rows) != 2 {
		t.Errorf("four bars stand in %d rows of a page", len(rows))
	}
	if rows := page.besideIn(Width, 700); len(rows) != 1 {
		t.Errorf("four bars stand in %d rows of a file", len(rows))
	}
	if looks := p.legend(canvas.Blank(Width, 200)); len(looks) == 0 {
		t.Error("a picture too low for the names has no legend")
	}
}

// The legend names causes in the order in which the bars have them, whichever bar has them first.
func TestStackLegendOrder(t *testing.T) {
	bar := func(n int, rows ...stack.Row) Bar {
		return Bar{N: n, Name: "threads", Mode: sweep.Threads, Stack: stackOf(float64(n), float64(n), rows...)}
	}
	f := Stack{Bars: []Bar{
		bar(2, loses(cause.Startup, 0.2), loses(cause.NotExplained, 0.2), loses(cause.Sleep, 0.001), loses(cause.Net, 0.001)),
		bar(4, loses(cause.Mutex, 0.2), loses(cause.Join, 0.2), loses(cause.Teardown, 0.2)),
	}}
	var got []string
	for _, l := range looksOf(f.placed(draw.New(vgimg.New(Width, Height)), [][]Bar{f.Bars}, false)) {
		got = append(got, l.Name)
	}
	want := []string{"mutex", "waiting for others to finish", "start-up", "teardown", "not explained", "smaller causes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Where bars beside each other are too narrow for their speedups they stand in rows, those of one count together.
func TestStackRows(t *testing.T) {
	var f Stack
	for n := 2; n <= 19; n++ {
		for _, mode := range []sweep.Mode{sweep.Threads, sweep.Procs} {
			f.Bars = append(f.Bars, Bar{N: n, Name: string(mode), Mode: mode, Stack: stackOf(float64(n), float64(n), loses(cause.Join, 0.5))})
		}
	}
	for width, want := range map[vg.Length][]int{Width: {18, 18}, Wide: {12, 12, 12}} {
		var got []int
		for _, row := range f.rows(width) {
			got = append(got, len(row))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v wide: %s", width, diff)
		}
	}
	svg := svgOf(t, f)
	for n := 2; n <= 19; n++ {
		if want := ">" + speedupOf(Bar{Stack: stackOf(float64(n), float64(n), loses(cause.Join, 0.5))}) + "<"; strings.Count(svg, want) != 2 {
			t.Errorf("no %q in two bars of n = %d", want, n)
		}
	}
	// Six stand in as many rows as let each have the names of what it loses beside it.
	few := Stack{Bars: f.Bars[:6]}
	for width, want := range map[vg.Length]int{Width: 1, Wide: 2, Narrow: 3} {
		if rows := few.besideIn(width, 700); len(rows) != want {
			t.Errorf("%v wide: six bars stand in %d rows", width, len(rows))
		}
	}
}

// Whatever is drawn is named: beside its bar, or else in the legend, in which nothing else stands.
func TestStackLegendWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	causes := []cause.Cause{
		cause.Startup, cause.Teardown, cause.Dispatch, cause.Mutex, cause.Join, cause.Sleep, cause.Syscall, cause.Preempted,
	}
	for range 200 {
		var f Stack
		for n := 1 + random.IntN(6); n > 0; n-- {
			var rows []stack.Row
			left := 4.0
			for _, c := range causes {
				v := left * random.Float64() * random.Float64()
				rows, left = append(rows, loses(c, v)), left-v
			}
			f.Bars = append(f.Bars, Bar{N: n, Name: "threads", Mode: sweep.Threads, Stack: stackOf(8, 8, rows...)})
		}
		c := canvas.Blank(vg.Length(500+random.IntN(1000)), vg.Length(400+random.IntN(600)))
		looks := f.legend(c)
		plans := f.layout(underLegend(canvas.Detached(c), looks))
		drawn := append(modes(plans), looksOf(plans)...)
		if diff := cmp.Diff(drawn, looks); diff != "" {
			t.Error(diff)
		}
	}
}

// Bars of 64 workers on two cores leave those of two workers as much room as they have themselves.
func TestStackBeyondCores(t *testing.T) {
	f := Stack{Bars: []Bar{
		{N: 2, Name: "threads", Mode: sweep.Threads, Stack: stackOf(2, 2, loses(cause.Join, 0.5))},
		{N: 64, Name: "threads", Mode: sweep.Threads, Stack: stackOf(64, 2, loses(cause.Preempted, 62.2))},
	}}
	svg := svgOf(t, f)
	wants(t, svg, ">0.50× lost:<", ">waiting for others to finish 100 %<", ">ideal 64×; cores 2×<", ">ideal 2×<")
	for _, p := range f.layout(draw.New(vgimg.New(Width, Height)))[0].pillars {
		if math.Abs(p.top-100) > 1e-9 {
			t.Errorf("n = %d is %.1f %% high, want 100 %%", p.N, p.top)
		}
	}
}

// Every cause has a name of its own and looks like no other.
func TestCauseLooks(t *testing.T) {
	type seen struct {
		fill    canvas.Hue
		pattern cause.Pattern
	}
	looks, names := map[seen]cause.Cause{}, map[string]cause.Cause{}
	for _, c := range append(cause.All(), cause.WorkInflation, cause.NotExplained) {
		l := causeLook(c)
		k := seen{l.Fill, l.Pattern}
		if other, ok := looks[k]; ok {
			t.Errorf("%s and %s look alike", c, other)
		}
		if other, ok := names[l.Name]; ok || l.Name == "" {
			t.Errorf("%s is called %q, as is %q", c, l.Name, other)
		}
		if a, b := l.Fill.Luminance(), l.Fill.Hatching().Luminance(); l.Pattern != cause.Plain &&
			(max(a, b)+0.05)/(min(a, b)+0.05) < 2 {
			t.Errorf("the pattern of %s cannot be seen on its ground", c)
		}
		looks[k], names[l.Name] = c, c
	}
}

// The curves of a grid are of one mode: each has a colour of its own, in the legend too, where bars have no room for
// names.
func TestStackOfGrid(t *testing.T) {
	p := mutexStacks()
	for i := range p.Bars {
		if p.Bars[i].Mode == sweep.Procs {
			p.Bars[i].Mode, p.Bars[i].Name = sweep.Threads, "threads in each of 2 processes"
		}
	}
	plans := p.layout(canvas.Blank(400, 500))
	looks := modes(plans)
	if len(looks) != 2 || looks[0].Name == looks[1].Name || looks[0].Fill == looks[1].Fill {
		t.Errorf("the legend is %+v", looks)
	}
}

// Of seven causes beside a bar the smallest are one, and what takes next to nothing has no label. Every bar has its count.
func TestStackFewLabels(t *testing.T) {
	bar := func(name string, m sweep.Mode) Bar {
		return Bar{N: 2, Name: name, Mode: m, Stack: stackOf(2, 2, loses(cause.Serial, 0.5), loses(cause.WorkInflation, 0.14),
			loses(cause.Preempted, 0.1), loses(cause.Teardown, 0.08), loses(cause.IO, 0.07), loses(cause.Cond, 0.06))}
	}
	f := Stack{Bars: []Bar{bar("threads", sweep.Threads), bar("processes", sweep.Procs)}}
	svg := svgOf(t, f)
	if n := strings.Count(svg, ">n = 2<"); n != 2 {
		t.Errorf("two bars have %d counts", n)
	}
	wants(t, svg, ">smaller causes 14 %<")
	for _, gone := range []string{">input and output", ">condition variable"} {
		if strings.Contains(svg, gone) {
			t.Errorf("there is a label %s", gone)
		}
	}
	f.Bars[1].Stack = stackOf(2, 2, loses(cause.Serial, 0.5), loses(cause.Join, 0.0001))
	if svg := svgOf(t, f); strings.Contains(svg, ">waiting for others") {
		t.Error("a cause that takes next to nothing has a label")
	}
}
