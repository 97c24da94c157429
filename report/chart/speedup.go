package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Speedup shows how much faster a workload gets with n, and beside it how much of each n was put to use.
type Speedup struct {
	Words
	Lines []Line
	// Cores is where the ideal stops rising. 0: nowhere, as for work that waits rather than computes.
	Cores int
	// Ceiling is the speedup of a loop that shares nothing, measured on the same machine: what could be had at all. It
	// goes on level after its last reading, unless that is NaN. Nil: not measured.
	Ceiling []Reading
	Markers []Marker
	Axis    string // what n counts; "": follows from the modes of the lines
	Over    string // what speedups are over; "": each line's base
	// Spacing is that of the counts, and of the speedups with them.
	Spacing canvas.Spacing
	// Worthwhile is the least efficiency that makes a count worth its cores. 0: [recommend.DefaultEfficiency].
	Worthwhile float64

	only int // of the two panels the one that is drawn, from 1; 0: both
}

// Apart is s as a phone shows it: the speedups, and what may stand further below, the efficiencies.
func (s Speedup) Apart() (speedups, efficiencies Speedup) {
	speedups, efficiencies = s, s
	speedups.only, efficiencies.only = 1, 2
	efficiencies.Words = Words{} // which the other has
	return speedups, efficiencies
}

// A Line is one measured curve.
type Line struct {
	Name  string // stands at the end of the line: "threads"
	Curve *curve.Curve
	Law   *Law // nil: none is drawn
	Ahead *Law // predicted on more cores than there are; nil: nothing is
	Side  Side // of a comparison
	// Missed are the counts where what is predicted lies outside the interval of what was measured.
	Missed []float64
	Cores  int // that there are: the line to larger counts, whose points take turns on these, is dashed; 0: none is
}

// A Side is which side of a comparison a line is of: the base, or what is compared with it. Sides have colours and
// marks of their own.
type Side uint8

// The sides.
const (
	NoSide Side = iota
	BaseSide
	NewSide
)

// curves are the lines, and what of them has no figure.
func (s Speedup) curves() (g curves, missing []string) {
	g = curves{
		title: s.axisTitle(), markers: s.Markers, ideal: &ideal{s.Cores, s.Ceiling}, spacing: s.Spacing,
		empty: "No base was measured, so there is nothing to compare with.",
	}
	g.lines, missing = s.series()
	g.stretch(s.counts())
	return g, missing
}

// leastOther is how many counts make another spacing tell anything.
const leastOther = 3

// Other is s with the other spacing of its axes, if that tells anything, and whether it is s that is logarithmic.
func (s Speedup) Other() (other Speedup, has, doubling bool) {
	counts := s.counts()
	slices.Sort(counts)
	if counts = slices.Compact(counts); len(counts) < leastOther {
		return s, false, false
	}
	other = s
	if g, _ := s.curves(); g.x.Doubling() {
		other.Spacing = canvas.Equal
		return other, true, true
	}
	other.Spacing = canvas.Double
	return other, true, false
}

func (s Speedup) tall(width vg.Length) vg.Length {
	g, missing := s.curves()
	switch s.only {
	case 1:
		return tallPanels(width, 1, g.key(missing), s.Footnote)
	case 2:
		return tallPanels(width, 1)
	}
	return tallPanels(width, 2, g.key(missing), s.Footnote)
}

// Draw draws the picture.
func (s Speedup) Draw(c draw.Canvas) {
	g, missing := s.curves()
	per := ": speedup per n"
	if slices.ContainsFunc(g.lines, func(l series) bool { return l.base != 1 }) {
		per = ": speedup per n over the base’s n"
	}
	if c.Size().X < amplePanels {
		per = ""
	}
	speedups := g.speedups(s.head(g.lines))
	efficiencies := g.efficiency("Efficiency"+per+" (%)", cmp.Or(s.Worthwhile, recommend.DefaultEfficiency))
	switch s.only {
	case 1:
		g.panel(canvas.PanelHead(notes(c, g.key(missing), s.Footnote), speedups.head), speedups)
	case 2:
		g.panel(canvas.PanelHead(c, efficiencies.head), efficiencies)
	default:
		g.draw(c, s.Words, missing, speedups, efficiencies)
	}
}

// head says what speedups are over.
func (s Speedup) head(lines []series) string {
	head := "Speedup"
	if s.Over != "" {
		return head + " over " + s.Over
	}
	if len(lines) > 0 {
		head = fmt.Sprintf("Speedup over n = %s", canvas.PlainNumber(lines[0].base))
	}
	for _, l := range lines {
		if l.base != lines[0].base {
			head = "Speedup over each base"
		}
	}
	for _, l := range s.Lines {
		if l.Curve.Sweep.Scaling == sweep.Weak {
			with := "n"
			if l.Curve.Sweep.Basis == sweep.Copies {
				with = "the processes"
			}
			return head + ", work growing with " + with
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

// counts are those of the lines, measured or not.
func (s Speedup) counts() (out []float64) {
	for _, l := range s.Lines {
		for _, p := range l.Curve.Points {
			if p.N > 0 {
				out = append(out, float64(p.N))
			}
		}
	}
	return out
}

// series prepares the lines, and lists what they have no figure for.
func (s Speedup) series() (lines []series, missing []string) {
	type identity struct {
		workload, series string
		size             int64
	}
	var seen []identity
	for i, l := range s.Lines {
		id := identity{l.Curve.Sweep.Workload, l.Curve.Sweep.Series, l.Curve.Sweep.Size}
		k := slices.Index(seen, id)
		if k < 0 {
			k = len(seen)
			seen = append(seen, id)
		}
		out := series{name: l.Name, base: 1, law: l.Law, ahead: l.Ahead, dodge: dodge(i, len(s.Lines))}
		out.hue, out.shape = modeStyle(l.Curve.Sweep.Mode, k)
		if l.Side != NoSide {
			out.hue, out.shape = sideStyle(l.Side)
		}
		if b := l.Curve.Base; b >= 0 && b < len(l.Curve.Points) && l.Curve.Points[b].N > 0 {
			out.base = float64(l.Curve.Points[b].N)
		}
		var lacking []string
		out.spots, lacking = l.spots()
		switch {
		case len(out.spots) == 0:
			missing = append(missing, l.Name+" (no base was measured)")
		case len(lacking) > 0:
			missing = append(missing, l.Name+" at "+strings.Join(lacking, ", "))
		}
		lines = append(lines, out)
	}
	return lines, missing
}

// spots are the points of l that have a speedup, and the counts that have none.
func (l Line) spots() (out []spot, lacking []string) {
	joined := false
	for _, p := range l.Curve.Points {
		if p.N < 1 || !canvas.Drawable(p.Speedup) {
			lacking = append(lacking, fmt.Sprint(p.N))
			joined = false
			continue
		}
		s := spot{n: float64(p.N), value: p.Speedup, low: p.Speedup, high: p.Speedup, joined: joined}
		s.hollow, s.missed = hollow(p), slices.Contains(l.Missed, s.n)
		s.title = fmt.Sprintf("%s, n = %d: %s", l.Name, p.N, words.Times(p.Speedup))
		if i := p.Interval; i != nil && i.Low > 0 && i.High >= i.Low && !math.IsInf(i.High, 0) {
			s.low, s.high, s.method, s.level = min(i.Low, p.Speedup), max(i.High, p.Speedup), i.Method, i.Level
			s.noisy = i.Noisy()
			s.title += fmt.Sprintf(" (%s %s to %s)", intervalName(i), words.Ratio(i.Low), words.Ratio(i.High))
		}
		if words.Finite(p.Efficiency) {
			s.title += ", efficiency " + words.Plain(words.Percent(p.Efficiency))
		}
		s.title += runsTitle(p)
		out = append(out, s)
		joined = true
		out[len(out)-1].dashed = l.Cores > 0 && p.N > l.Cores
	}
	return out, lacking
}

// intervalName says what i is.
func intervalName(i *curve.Interval) string {
	if i.Method == curve.MinMax {
		return "smallest to largest"
	}
	return canvas.PlainNumber(100*i.Level) + " % interval"
}

func runsTitle(p curve.Point) string {
	t := ""
	if canvas.Drawable(p.Median) {
		t += fmt.Sprintf(", median %s ms", words.Ratio(1000*p.Median))
	}
	t += fmt.Sprintf(" of %s", words.Plural(p.Runs, "run", "runs"))
	if p.Noisy > 0 {
		t += fmt.Sprintf(", %d noisy", p.Noisy)
	}
	if p.Failed > 0 {
		t += fmt.Sprintf(", %d failed", p.Failed)
	}
	return t
}
