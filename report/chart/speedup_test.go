package chart

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// measured is a curve of ten runs per point, with intervals of ±2 %. A speedup of 0 stands for none.
func measured(workload string, mode sweep.Mode, speedups map[int]float64, counts ...int) *curve.Curve {
	c := &curve.Curve{Sweep: sweep.Sweep{Workload: workload, Mode: mode, Scaling: sweep.Strong}}
	for i, n := range counts {
		s := speedups[n]
		p := curve.Point{N: n, Runs: 10, Median: 0.512 / s, Speedup: s}
		if i > 0 {
			p.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.98 * s, High: 1.02 * s}
		}
		if s == 0 {
			p.Speedup, p.Median, p.Interval = math.NaN(), math.NaN(), nil
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func piPicture() Speedup {
	return Speedup{
		Words: Words{
			Title:    "pi: 1.9× on 2 cores; processes start 8 ms later",
			Subtitle: "base: 1 worker, 512 ms, median of 10; AMD EPYC, 2 cores; strong scaling",
			Footnote: "Total time, from the start of the first process to the last result.",
		},
		Lines: []Line{
			{Name: "threads", Curve: measured("pi", sweep.Threads, map[int]float64{1: 1, 2: 1.93, 4: 1.95}, 1, 2, 4)},
			{Name: "processes", Curve: measured("pi", sweep.Procs, map[int]float64{1: 1, 2: 1.85, 4: 1.83}, 1, 2, 4)},
		},
		Cores:   2,
		Ceiling: []Reading{{1, 1}, {2, 1.97}},
		Markers: []Marker{{2, "2 cores"}},
	}
}

func TestSpeedupPi(t *testing.T) {
	svg := svgOf(t, piPicture())
	wants(t, svg, "threads 1.95×", "processes 1.83×", "best 1.85× at 2", "ceiling 1.97×", "ideal 2.00×", ">2 cores<",
		"threads 49 %", "processes 46 %", "worthwhile: 75 %", "n: workers or processes",
		"Bars: 95 % interval of the speedup.",
		`aria-label="pi: 1.9× on 2 cores`, "#0072b2", "#d55e00", "median 265 ms")
	p := piPicture()
	p.Worthwhile = 0.625
	if asked := svgOf(t, p); !strings.Contains(asked, "worthwhile: 62.5 %") ||
		strings.Contains(asked, "worthwhile: 75 %") {
		t.Error("the line is not at the efficiency that was asked for")
	}
	// Three counts, in two panels.
	for _, line := range []string{"threads", "processes"} {
		if got := strings.Count(svg, "<title>"+line+", n = "); got != 6 {
			t.Errorf("%s: %d marks, want 6", line, got)
		}
	}
	if strings.Contains(svg, "Hollow") {
		t.Error("hollow marks are explained, but there are none")
	}
}

// In a page names stand below their figures, so that lines have more of the width than names.
func TestSpeedupPage(t *testing.T) {
	for width, least := range map[vg.Length]float64{Wide: 0.34, Narrow: 0.6} {
		var out bytes.Buffer
		if err := WritePage(&out, piPicture(), width); err != nil {
			t.Fatal(err)
		}
		wants(t, out.String(), ">1.95×<", ">threads<", ">processes<", ">ceiling<", ">75 %<", ">worthwhile<")
		var first, last float64
		for _, p := range texts(t, out.String()) {
			if p.txt == "1" && first == 0 {
				first = p.x0
			}
			if p.txt == "4" && last == 0 {
				last = p.x0
			}
		}
		if got := (last - first) / width.Points(); got < least {
			t.Errorf("%v wide: from the first count to the last it is %.2f of the width, want %v", width, got, least)
		}
	}
}

func TestSpeedupFour(t *testing.T) {
	s := piPicture()
	s.Title = "pi and the lock stop at the cores; fetch does not care about them, and the pipeline loses time at every hand-over of its records"
	s.Lines = append(s.Lines,
		Line{Name: "fetch, threads", Curve: measured("fetch", sweep.Threads,
			map[int]float64{1: 1, 2: 1.98, 4: 3.9, 8: 7.6}, 1, 2, 4, 8)},
		Line{Name: "lock, threads", Curve: measured("lock", sweep.Threads,
			map[int]float64{1: 1, 2: 0.61, 4: 0.52, 8: 0.5}, 1, 2, 4, 8)},
	)
	s.Lines[2].Curve.Points[2].Runs = 3
	s.Lines[2].Curve.Points[2].Interval.Method = curve.MinMax
	s.Markers = append(s.Markers, Marker{4, "4 hyperthreads"}, Marker{4, "quota 4"}, Marker{64, "64 nodes"})
	wants(t, svgOf(t, s), "4 hyperthreads, quota 4", "Outside the picture: 64 nodes.", "best 1.00× at 1",
		"where there are fewer than 5 runs, smallest to largest", "Hollow: fewer than 5 runs, or half of them noisy.")
}

// TestSpeedupNoisy: bars that noise has widened were called the smallest and the largest that was measured.
func TestSpeedupNoisy(t *testing.T) {
	s := piPicture()
	s.Lines[0].Curve.Points[1].Interval.Noise = 1.5
	wants(t, svgOf(t, s), "interval of the speedup, with what noise allows.")
	for i := range s.Lines {
		for k := range s.Lines[i].Curve.Points {
			if iv := s.Lines[i].Curve.Points[k].Interval; iv != nil {
				iv.Method = curve.MinMax
			}
		}
	}
	wants(t, svgOf(t, s), "too few for an interval, with what noise allows.")
}

// A bar that is many times as long as what the picture is about does not make its axes: it is cut, with an arrow.
func TestSpeedupCutBars(t *testing.T) {
	ticks := func(high float64) (svg string, labels []string) {
		c := &curve.Curve{Sweep: sweep.Sweep{Mode: sweep.Threads}}
		for n := 1; n <= 3; n++ {
			p := curve.Point{N: n, Speedup: float64(n), Efficiency: 1, Runs: 5, Median: 1}
			if n == 2 {
				p.Interval = &curve.Interval{Method: curve.Bootstrap, Level: curve.Level, Low: 1, High: high}
			}
			c.Points = append(c.Points, p)
		}
		var out bytes.Buffer
		if err := WriteSVG(&out, Speedup{Lines: []Line{{Name: "threads", Curve: c}}, Cores: 3}); err != nil {
			t.Fatal(err)
		}
		return out.String(), regexp.MustCompile(`>[0-9.]+<`).FindAllString(out.String(), -1)
	}
	whole, labels := ticks(3)
	if strings.Contains(whole, "Arrows") {
		t.Error("an arrow, and nothing is cut")
	}
	long, same := ticks(38.9)
	if !strings.Contains(long, cutBars) || !strings.Contains(long, "1.00 to 38.9") {
		t.Error("nothing says that the bar is cut, or its ends are not told")
	}
	if slices.Contains(same, ">10<") || len(same) > len(labels)+4 {
		t.Errorf("the axis is made for the bar: %v, without %v", same, labels)
	}
}

func TestSpeedupLaw(t *testing.T) {
	amdahl := func(alpha float64) func(float64) float64 {
		return func(n float64) float64 { return n / (1 + alpha*(n-1)) }
	}
	s := piPicture()
	s.Title = "sort: 11 % of the work is serial, so 16 cores give at most 6×"
	s.Cores, s.Ceiling = 8, nil
	s.Markers = []Marker{{8, "8 cores"}}
	s.Lines = []Line{{
		Name: "threads",
		Curve: measured("sort", sweep.Threads, map[int]float64{1: 1, 2: 1.8, 3: 2.45, 4: 3, 6: 3.87, 8: 4.5}, 1, 2, 3,
			4, 6, 8),
		Law: &Law{Name: "Amdahl", At: amdahl(0.11), Low: amdahl(0.13), High: amdahl(0.09), DataTo: 8, To: 16},
	}}
	// Amdahl at 16: 16 / (1 + 0.11·15) = 6.04; the axis is linear, as 3 and 6 are no powers of two.
	wants(t, svgOf(t, s), ">Amdahl<", "dashed beyond the data", "threads: Amdahl", "threads 4.50×")
}

// to is 1, 2 … n.
func to(n int) []int {
	counts := make([]int, n)
	for i := range counts {
		counts[i] = i + 1
	}
	return counts
}

// saturating is a curve that rises as n up to most, and no more.
func saturating(most float64, counts ...int) *curve.Curve {
	s := map[int]float64{}
	for _, n := range counts {
		s[n] = min(float64(n), most)
	}
	return measured("pi", sweep.Threads, s, counts...)
}

func TestSpeedupEdges(t *testing.T) {
	doubled := []int{1, 2, 4, 8, 16, 32, 64, 128, 256}
	one := func(c *curve.Curve) []Line { return []Line{{Name: "threads", Curve: c}} }
	baseless := measured("pi", sweep.Threads, nil, 1, 2, 4)
	baseless.Base = -1
	weak := measured("pi", sweep.Threads, map[int]float64{2: 1, 4: 1.9}, 2, 4)
	weak.Sweep.Scaling = sweep.Weak
	var eight []Line
	for i := range 8 {
		mode := []sweep.Mode{sweep.Threads, sweep.Procs}[i%2]
		eight = append(eight, Line{
			Name:  fmt.Sprintf("workload-%d-%s", i/2, mode),
			Curve: measured(fmt.Sprint(i/2), mode, map[int]float64{1: 1, 2: 1.9 + 0.01*float64(i), 4: 1.95}, 1, 2, 4),
		})
	}
	long := piPicture()
	long.Title = strings.Repeat("a finding that goes on and on, ", 8)
	long.Subtitle = strings.Repeat("a machine with a name of many words ", 8)
	long.Lines[0].Name = strings.Repeat("threads-", 12)
	long.Markers = append(long.Markers, Marker{2.1, strings.Repeat("a long name of a mark ", 9)},
		Marker{2.2, "and another"})
	nan := func(float64) float64 { return math.NaN() }
	tests := []struct {
		name string
		s    Speedup
		want []string
	}{
		{"nothing", Speedup{}, []string{"No base was measured"}},
		{"one point", Speedup{Lines: one(saturating(2, 1)), Cores: 2}, []string{"threads 1.00×"}},
		{
			"gap",
			Speedup{Lines: one(measured("pi", sweep.Threads, map[int]float64{1: 1, 4: 1.9}, 1, 2, 4)), Cores: 2},
			[]string{"Without a figure: threads at 2.", "threads 1.90×"},
		},
		{
			"no base",
			Speedup{Lines: one(baseless), Cores: 2},
			[]string{"No base was measured, so", "Without a figure: threads (no base was measured)."},
		},
		{
			"doubled to 256",
			Speedup{Lines: one(saturating(40, doubled...)), Cores: 64},
			[]string{">256<", "threads 40.0×"},
		},
		{"all to 256", Speedup{Lines: one(saturating(2, to(256)...))}, []string{">250<", "threads 2.00×"}},
		{
			"weak from 2",
			Speedup{Lines: one(weak), Cores: 2},
			[]string{
				"Speedup over n = 2, work growing with n", "Efficiency: speedup per n over the base’s n (%)",
				"threads 1.90×", "threads 95 %",
			},
		},
		{
			"eight lines",
			Speedup{Lines: eight, Cores: 2, Ceiling: []Reading{{2, 1.97}}},
			[]string{"workload-3-procs 1.95×"},
		},
		{"long", long, []string{"…", "processes 1.83×"}},
		{
			"law without figures", Speedup{Lines: []Line{{
				Name: "threads", Curve: measured("pi", sweep.Threads, map[int]float64{1: 1, 2: 2}, 1, 2),
				Law: &Law{Name: "USL", At: nan, Low: nan, High: nan, DataTo: 2, To: math.Inf(1)},
			}}}, []string{"threads 2.00×"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wants(t, svgOf(t, test.s), test.want...)
		})
	}
}

// A point whose runs are few, or noisy by half, is hollow: its mark is filled with white and has an outline.
func TestSpeedupHollow(t *testing.T) {
	tests := []struct {
		runs, noisy int
		want        bool
	}{{10, 0, false}, {5, 2, false}, {4, 0, true}, {10, 4, false}, {10, 5, true}}
	for _, test := range tests {
		c := measured("pi", sweep.Threads, map[int]float64{1: 1, 2: 2}, 1, 2)
		c.Points[1].Runs, c.Points[1].Noisy = test.runs, test.noisy
		got, _ := Line{Name: "threads", Curve: c}.spots()
		if got[1].hollow != test.want {
			t.Errorf("%d runs, %d noisy: hollow %v, want %v", test.runs, test.noisy, got[1].hollow, test.want)
		}
	}
}

func TestIdealAndCeiling(t *testing.T) {
	s := ideal{4, []Reading{{1, 1}, {2, 1.9}, {4, 3.5}}}
	for _, test := range []struct{ n, base, ideal, ceiling float64 }{
		{1, 1, 1, 1},
		{2, 1, 2, 1.9},
		{8, 1, 4, 3.5},
		{3, 1, 3, 2.7},   // half way from 1.9 to 3.5
		{8, 2, 2, 3.5},   // 4 cores are twice the base of 2
		{8, 8, 1, 3.5},   // a base beyond the cores: nothing is left to gain
		{0.5, 1, 0.5, 0}, // before the first reading there is none
	} {
		if got := s.at(test.n, test.base); got != test.ideal {
			t.Errorf("at(%v, %v) = %v, want %v", test.n, test.base, got, test.ideal)
		}
		if got := s.ceilingAt(test.n); math.Abs(got-test.ceiling) > 1e-12 {
			t.Errorf("ceilingAt(%v) = %v, want %v", test.n, got, test.ceiling)
		}
	}
	// Where the last reading has no figure, nothing is known beyond the one before: the line and its name end there.
	s.ceiling = append(s.ceiling, Reading{16, math.NaN()})
	if at := s.ceilingAt(8); !math.IsNaN(at) || s.ceilingEnd(16) != 4 || s.ceilingEnd(2) != 2 {
		t.Errorf("ceilingAt(8) = %v, it ends at %v of 16 and %v of 2", at, s.ceilingEnd(16), s.ceilingEnd(2))
	}
}

// Reference lines end at the last n; a speedup that stays at 1 from n = 1 to 4 is an efficiency of 1/n, and no straight
// line: at n = 2 it passes 50 %, where a straight line over log n would be at 62.5 %.
func TestSpeedupShape(t *testing.T) {
	flat := measured("pi", sweep.Threads, map[int]float64{1: 1, 4: 1}, 1, 4)
	s := Speedup{Lines: []Line{{Name: "threads", Curve: flat}}, Cores: 2}
	wants(t, svgOf(t, s), "n: workers (log scale)", "Speedup over n = 1 (×, log scale)", "ideal 2.00×")
	g := curves{ideal: &ideal{cores: 2}}
	g.lines, _ = s.series()
	g.stretch(s.counts())
	if g.end != 4 || g.x.Max <= g.end {
		t.Errorf("lines end at %v on an axis to %v, want 4 and beyond", g.end, g.x.Max)
	}
	for _, l := range g.labels(g.efficiency("", 0.75)) {
		if want := map[string]float64{"threads": 25, "ideal": 50, "worthwhile:": 75}[l.Name]; l.N != 4 || l.Y != want {
			t.Errorf("%s ends at n = %v, %v %%; want 4, %v %%", l.Name, l.N, l.Y, want)
		}
	}
	n, value := between(g.x, g.lines[0].spots[0], g.lines[0].spots[1], 0.5)
	if math.Abs(n-2) > 1e-9 || math.Abs(value/n-0.5) > 1e-9 {
		t.Errorf("half way: n = %v, efficiency %v; want 2 and 0.5", n, value/n)
	}
	linear := Speedup{Lines: []Line{{Name: "threads", Curve: saturating(2, 1, 2, 3)}}, Cores: 2}
	if strings.Contains(svgOf(t, linear), "log scale") {
		t.Error("an axis that is linear is called logarithmic")
	}
}

// TestSpeedupApart: a phone has the speedups with their notes, and further below the efficiencies alone.
func TestSpeedupApart(t *testing.T) {
	speedups, efficiencies := piPicture().Apart()
	for head, f := range map[string]Speedup{"Speedup over": speedups, "Efficiency (%)": efficiencies} {
		checkPage(t, f, Narrow)
		var b strings.Builder
		if err := WritePage(&b, f, Narrow); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"Speedup over", "Efficiency (%)", "Bars: "} {
			want := text == head || text == "Bars: " && head == "Speedup over"
			if got := strings.Contains(words.Plain(b.String()), ">"+text); got != want {
				t.Errorf("%s: has %q: %v", head, text, got)
			}
		}
	}
}

// TestSpeedupSizes: curves of one workload at two sizes are told apart by colour, and their long names stand whole at
// every width.
func TestSpeedupSizes(t *testing.T) {
	f := piPicture()
	f.Lines = f.Lines[:1]
	for _, size := range []int64{100_000, 1_000_000} {
		c := *f.Lines[0].Curve
		c.Sweep.Size = size
		f.Lines = append(f.Lines, Line{Name: fmt.Sprintf("threads (size %d)", size), Curve: &c})
	}
	f.Lines = f.Lines[1:]
	lines, _ := f.series()
	if lines[0].hue == lines[1].hue || lines[0].shape == lines[1].shape {
		t.Errorf("both lines are %s", lines[0].hue)
	}
	svgOf(t, f)
	for _, width := range []vg.Length{Wide, Narrow} {
		var b strings.Builder
		if err := WritePage(&b, f, width); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"threads (size 100000)", "threads (size 1000000)"} {
			if !strings.Contains(b.String(), ">"+want+"<") && !strings.Contains(b.String(), ">"+want+" ") {
				t.Errorf("no %q at %v", want, width)
			}
		}
	}
}

// What is predicted on more cores begins where the cores end, goes on beyond what was measured, and is named with the
// figure that it ends at; a line without it has none.
func TestSpeedupAhead(t *testing.T) {
	p := piPicture()
	p.Lines[0].Ahead = Predicted{Points: []PredictedPoint{{2, 1.9, 1.9, 1.95}, {4, 3.7, 3.7, 3.9}, {8, 7.1, 7.1, 7.8}}}.
		Law("predicted", 0)
	svg := svgOf(t, p)
	wants(t, svg, "predicted 7.10×", "predicted 89 %", "threads 1.95×",
		"Dashed beyond the cores: predicted by replay, for as many cores as n")
	if got := strings.Count(svg, "<title>threads: predicted</title>"); got != 2 {
		t.Errorf("%d lines, want one in each panel", got)
	}
	if strings.Contains(svg, "Thin") || strings.Contains(svg, "processes: predicted") {
		t.Error("laws and lines that are not there are spoken of")
	}
	if plain := svgOf(t, piPicture()); strings.Contains(plain, "predicted") || strings.Contains(plain, "Dashed") {
		t.Error("without a prediction one is spoken of")
	}
}
