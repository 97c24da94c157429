package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Speedup shows how much faster a workload gets with n, and beside it how much of each n was put to use.
type Speedup struct {
	Words
	Lines []Line
	// Cores is where the ideal stops rising. 0: nowhere, as for work that waits rather than computes.
	Cores int
	// Ceiling is the speedup of a loop that shares nothing, measured on the same machine: what could be had at all. It goes
	// on level after its last reading. Nil: not measured.
	Ceiling []Reading
	Markers []Marker
	Axis    string // what n counts; "": follows from the modes of the lines
	// Worthwhile is the least efficiency that makes a count worth its cores. 0: [recommend.DefaultEfficiency].
	Worthwhile float64
}

// A Line is one measured curve.
type Line struct {
	Name  string // stands at the end of the line: "threads"
	Curve *curve.Curve
	Law   *Law // nil: none is drawn
	// Muted is what the others are held against: grey and dashed.
	Muted bool
}

// A Law is a fitted curve.
type Law struct {
	Name      string
	At        func(n float64) float64 // speedup
	Low, High func(n float64) float64 // its band; nil: none is known
	DataTo    float64                 // the largest n that was measured; beyond it the curve is dashed
	To        float64                 // where the curve ends; below DataTo: at DataTo
}

// A Reading is a speedup at n.
type Reading struct {
	N, Speedup float64
}

// A view is one of the two ways to look at speedups.
type view struct {
	head   string
	y      axis
	of     func(n, base, speedup float64) float64
	format func(float64) string
	least  float64 // a line across the panel that marks the least worthwhile value in percent; NaN: none
	peaks  bool    // say in a label where the best was
}

// Draw draws the picture.
func (s Speedup) Draw(c draw.Canvas) {
	lines, missing := s.series()
	x, outside := s.xAxis()
	c = s.heading(c)
	c = notes(c, s.key(lines, missing, outside), s.Footnote)
	left, right := c, c
	left.Max.X = c.Min.X + 0.56*c.Size().X
	right.Min.X = left.Max.X + 44
	s.panel(left, lines, x, view{
		head:   s.speedupHead(lines),
		y:      s.yAxis(lines, x),
		of:     func(_, _, speedup float64) float64 { return speedup },
		format: func(v float64) string { return words.Ratio(v) + "×" },
		least:  math.NaN(),
		peaks:  true,
	})
	most := 100.0
	for _, l := range lines {
		for _, p := range l.spots {
			most = max(most, 100*p.high/(p.n/l.base))
		}
	}
	s.panel(right, lines, x, view{
		head:   "Efficiency: speedup per " + per(lines),
		y:      newAxis(0, most*1.06, plot.LinearScale{}, percents(most)),
		of:     func(n, base, speedup float64) float64 { return 100 * speedup / (n / base) },
		format: func(v float64) string { return fmt.Sprintf("%.0f %%", v) },
		least:  100 * cmp.Or(s.Worthwhile, recommend.DefaultEfficiency),
	})
}

// percents ticks quarters of 100 %, or more coarsely if the data go far beyond.
func percents(most float64) plot.Ticker {
	if most > 260 {
		return even{most: 6}
	}
	var at places
	for v := 0.0; v <= most*1.06; v += 25 {
		at = append(at, v)
	}
	return at
}

func per(lines []series) string {
	for _, l := range lines {
		if l.base != 1 {
			return "n over the base’s n (%)"
		}
	}
	return "n (%)"
}

// xAxis holds every count of the lines, measured or not. It doubles at equal distances if the counts are powers of two.
// It also names the markers that lie outside.
func (s Speedup) xAxis() (x axis, outside []string) {
	counts := []float64{}
	for _, l := range s.Lines {
		for _, p := range l.Curve.Points {
			if p.N > 0 {
				counts = append(counts, float64(p.N))
			}
		}
	}
	high := 0.0
	for _, l := range s.Lines {
		if l.Law != nil && !math.IsInf(l.Law.To, 0) {
			high = max(high, l.Law.To)
		}
	}
	x = countAxis(counts, high)
	for _, m := range s.Markers {
		if !x.holds(m.N) {
			outside = append(outside, m.Label)
		}
	}
	return x, outside
}

// countAxis holds the counts, and goes on to high. It doubles at equal distances if the counts are powers of two.
func countAxis(counts []float64, high float64) axis {
	if len(counts) == 0 {
		counts = append(counts, 1)
	}
	slices.Sort(counts)
	counts = slices.Compact(counts)
	low := counts[0]
	high = max(high, counts[len(counts)-1])
	notPower := func(v float64) bool { f, _ := math.Frexp(v); return f != 0.5 }
	if !slices.ContainsFunc(counts, notPower) {
		pad := math.Exp2(0.1 + 0.05*math.Log2(high/low))
		return newAxis(low/pad, high*pad, plot.LogScale{}, powers{most: 10})
	}
	pad := max(0.06*(high-low), 0.5)
	if high > counts[len(counts)-1] {
		counts = append(counts, high)
	}
	var ticker plot.Ticker = places(counts)
	if len(counts) > 16 || slices.ContainsFunc(counts, func(v float64) bool { return v != math.Trunc(v) }) {
		ticker = even{most: 7, whole: high-low > 7}
	}
	return newAxis(max(0, low-pad), high+pad, plot.LinearScale{}, ticker)
}

// doubling reports whether x doubles at equal distances.
func (a axis) doubling() bool { _, is := a.scale.(plot.LogScale); return is }

// yAxis is the axis of speedups: doubling if that of n is, so that the ideal is straight.
func (s Speedup) yAxis(lines []series, x axis) axis {
	low, high := 1.0, 1.0
	add := func(v float64) {
		if v > 0 && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	for _, l := range lines {
		for _, p := range l.spots {
			add(p.low)
			add(p.high)
		}
		if l.law != nil {
			for n := range l.law.samples(l.base, x) {
				add(l.law.At(n))
			}
		}
	}
	for _, r := range s.Ceiling {
		add(r.Speedup)
	}
	// The ideal is shown as far as it leaves room to tell the measured lines apart.
	add(min(s.ideal(x.max, s.base(lines)), 4*high))
	if x.doubling() {
		pad := math.Exp2(0.06 + 0.04*math.Log2(high/low))
		return newAxis(low/pad, high*pad, plot.LogScale{}, powers{most: 9, fill: true})
	}
	return newAxis(0, high*1.06, plot.LinearScale{}, even{most: 8})
}

// base is the least base of the lines.
func (s Speedup) base(lines []series) float64 {
	base := math.Inf(1)
	for _, l := range lines {
		base = min(base, l.base)
	}
	if math.IsInf(base, 1) {
		return 1
	}
	return base
}

// ideal is n over the base's n, and level beyond the cores.
func (s Speedup) ideal(n, base float64) float64 {
	if s.Cores > 0 {
		n = min(n, max(float64(s.Cores), base))
	}
	return n / base
}

func (s Speedup) speedupHead(lines []series) string {
	head := "Speedup (×)"
	if len(lines) > 0 {
		head = fmt.Sprintf("Speedup over n = %s (×)", plainNumber(lines[0].base))
	}
	for _, l := range lines {
		if l.base != lines[0].base {
			head = "Speedup over each base (×)"
		}
	}
	for _, l := range s.Lines {
		if l.Curve.Sweep.Scaling == sweep.Weak {
			return strings.TrimSuffix(head, " (×)") + ", work growing with n (×)"
		}
	}
	return head
}

// axisTitle says what n counts.
func (s Speedup) axisTitle() string {
	if s.Axis != "" {
		return s.Axis
	}
	names := map[sweep.Mode]string{
		sweep.Threads: "workers", sweep.Procs: "processes", sweep.Cores: "cores", sweep.Grid: "processes × workers",
	}
	var all []string
	for _, l := range s.Lines {
		if name := names[l.Curve.Sweep.Mode]; name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return strings.Trim("n: "+strings.Join(all, " or "), ": ")
}

// key says what the marks mean, as far as they occur, and what is not in the picture.
func (s Speedup) key(lines []series, missing, outside []string) string {
	var key []string
	methods := map[string]bool{}
	level := 0.0
	hollow, laws := false, false
	for _, l := range lines {
		laws = laws || l.law != nil && l.law.At(l.law.DataTo) > 0
		for _, p := range l.spots {
			hollow = hollow || p.hollow
			if p.method != "" {
				methods[p.method] = true
				level = max(level, p.level)
			}
		}
	}
	bars := fmt.Sprintf("Bars: %s\u00A0%% interval of the speedup", plainNumber(100*level))
	switch {
	case methods[curve.Bootstrap] && methods[curve.MinMax]:
		key = append(key, bars+"; where there are fewer than 5 runs, smallest to largest.")
	case methods[curve.Bootstrap]:
		key = append(key, bars+".")
	case methods[curve.MinMax]:
		key = append(key, "Bars: smallest to largest, as fewer than 5 runs are too few for an interval.")
	}
	if hollow {
		key = append(key, "Hollow: fewer than 5 runs, or half of them noisy.")
	}
	if laws {
		key = append(key, "Thin curves are fitted, and dashed beyond the data.")
	}
	if len(missing) > 0 {
		key = append(key, "Without a figure: "+strings.Join(missing, "; ")+".")
	}
	if len(outside) > 0 {
		key = append(key, "Outside the picture: "+strings.Join(outside, ", ")+".")
	}
	return strings.Join(key, " ")
}
