// Package comparison reports what changed between two measurements of a program: as text, Markdown, HTML, JSON and as a
// picture.
package comparison

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// A Comparison is what is reported of two sides.
type Comparison struct {
	Base, New string // where the sides come from
	Result    *compare.Result
	Measure   curve.Measure
	FailOn    float64  // 0: no gate
	Notes     []string // what the reader must know before the figures, besides what the result says
}

// page is the comparison as it is read: what differs besides the program first. The picture may be empty.
func (c *Comparison) page(picture page.Drawing) *page.Page {
	p := &page.Page{
		Title: c.title(), Lead: fmt.Sprintf("BASE: %s; NEW: %s", c.Base, c.New), Gate: c.gate(),
		Blocks: []page.Block{
			page.Listed("The two sides differ in more than the program:", c.notes()),
			page.Listed("Not compared:", c.alone()),
			{Picture: picture},
		},
	}
	for _, pair := range c.Result.Pairs {
		p.Blocks = append(p.Blocks, page.Block{Head: words.Key(pair.Key), Table: table(pair)}, laws(pair), c.causes(pair))
	}
	p.Blocks = append(p.Blocks, page.Block{Text: []string{c.method() + " P(slower) is the chance that a launch of NEW takes longer than one of BASE."}})
	return p
}

// WriteText writes the comparison for a terminal.
func (c *Comparison) WriteText(w io.Writer) error { return c.page(page.Drawing{}).WriteText(w) }

// WriteMarkdown writes the comparison for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error { return c.page(page.Drawing{}).WriteMarkdown(w) }

// WriteHTML writes the comparison as one page that needs nothing else.
func (c *Comparison) WriteHTML(w io.Writer) error {
	var picture page.Drawing
	if f, err := c.Figure(); err == nil { // without points in common there is no picture
		wide, narrow, err := chart.Drawings(f)
		if err != nil {
			return fmt.Errorf("comparison: %w", err)
		}
		picture = page.Drawing{Wide: wide, Narrow: narrow}
	}
	return c.page(picture).WriteHTML(w)
}

// notes are what the reader must know before the figures.
func (c *Comparison) notes() []string {
	out := slices.Clone(c.Notes)
	for _, d := range c.Result.Cores {
		out = append(out, words.CoresDiffer(d))
	}
	return append(out, words.Warnings(c.Result.Fewer)...)
}

// failed are the points that hold the gate up, in words.
func (c *Comparison) failed() (slow, possible []string) {
	if c.FailOn <= 0 {
		return nil, nil
	}
	for _, pair := range c.Result.Pairs {
		for _, p := range pair.Points {
			name := fmt.Sprintf("%s, n = %s", words.Key(pair.Key), words.Count(p.N))
			switch {
			case p.Exceeds(c.FailOn):
				slow = append(slow, fmt.Sprintf("%s: slower by %s, at least %s", name, words.Percent(p.Ratio-1),
					words.Percent(p.Interval.Low-1)))
			case p.Verdict == compare.NotMeasured && p.Base.Runs > 0:
				slow = append(slow, name+": measured in BASE, and no run of NEW succeeded")
			case p.Possible(c.FailOn):
				possible = append(possible, fmt.Sprintf("%s: up to %s slower", name, words.Percent(p.Interval.High-1)))
			}
		}
	}
	return slow, possible
}

// title is the finding in a line.
func (c *Comparison) title() string {
	counts := map[compare.Verdict]int{}
	total := 0
	most := map[compare.Verdict]*compare.Point{} // the greatest change of each verdict
	for _, pair := range c.Result.Pairs {
		for i := range pair.Points {
			p := &pair.Points[i]
			counts[p.Verdict]++
			total++
			if q := most[p.Verdict]; q == nil || math.Abs(math.Log(p.Ratio)) > math.Abs(math.Log(q.Ratio)) {
				most[p.Verdict] = p
			}
		}
	}
	var parts []string
	for _, v := range []compare.Verdict{compare.Slower, compare.Faster} {
		if p := most[v]; p != nil {
			parts = append(parts, fmt.Sprintf("%s at %d of %d points, most at n = %s: %s", v, counts[v], total,
				words.Count(p.N), change(p.Ratio)))
		}
	}
	switch known := counts[compare.NoDifference]; {
	case total == 0:
		return "Nothing could be compared"
	case len(parts) == 0 && known == 0:
		return fmt.Sprintf("Nothing can be said of %s: too few launches", points(total))
	case len(parts) == 0:
		parts = append(parts, fmt.Sprintf("no difference is shown at %s", points(total)))
	}
	return "NEW: " + strings.Join(parts, "; ")
}

func points(n int) string {
	if n == 1 {
		return "the one point"
	}
	return fmt.Sprintf("any of %d points", n)
}

// method says how verdicts come about.
func (c *Comparison) method() string {
	return fmt.Sprintf("Ratio: median time of NEW over that of BASE; above 1 is slower. Intervals have level 95 %% "+
		"(bootstrap of launches) and hold what the noise of the runs allows. A point is faster or slower only if its interval excludes 1, the ratio differs "+
		"from 1 by at least %s, and the rank-sum test (Mann–Whitney, exact) has p ≤ %.2g after Holm's correction over "+
		"all %d tests of this comparison.",
		words.Percent(max(c.Result.Options.MinEffect, 0)), compare.Alpha, c.Result.Tests)
}

// compared reports whether there is a point to hold a gate against.
func (c *Comparison) compared() bool {
	return slices.ContainsFunc(c.Result.Pairs, func(p compare.Pair) bool { return len(p.Points) > 0 })
}

// gate says what became of the gate; empty without one.
func (c *Comparison) gate() page.Block {
	if c.FailOn <= 0 {
		return page.Block{}
	}
	if !c.compared() {
		return page.Block{Head: fmt.Sprintf("Gate --fail-on %s is not decided: the two sides have no point in common.",
			words.Percent(c.FailOn))}
	}
	slow, possible := c.failed()
	head := fmt.Sprintf("Gate --fail-on %s holds: no point is shown to be slower by that much",
		words.Percent(c.FailOn))
	if len(slow) > 0 {
		head = fmt.Sprintf("Gate --fail-on %s does not hold", words.Percent(c.FailOn))
	}
	out := page.Block{Head: head + " (held against the lower bound of the ratio's interval, which protects from " +
		"false alarms)."}
	for _, s := range slow {
		out.Items = append(out.Items, s+".")
	}
	for _, s := range possible {
		out.Items = append(out.Items, "Not shown, not excluded either: "+s+".")
	}
	return out
}

// alone says what has no partner.
func (c *Comparison) alone() []string {
	var out []string
	for _, l := range c.Result.Alone {
		side := "BASE"
		if l.New {
			side = "NEW"
		}
		what := "the curve"
		if l.N != nil {
			what = "n = " + words.Counts(l.N)
		}
		out = append(out, fmt.Sprintf("%s: %s of %s: %s.", words.Key(l.Key), what, side, words.Lone(l)))
	}
	return out
}

// table is a pair, point by point.
func table(pair compare.Pair) *page.Table {
	t := &page.Table{Title: words.Key(pair.Key), Strong: true, Head: []page.Head{
		{Name: "n"},
		{Name: "runs"},
		{Name: "BASE"},
		{Name: "NEW"},
		{Name: "ratio"},
		{
			Name:  "95 % interval",
			Short: "95 %",
		},
		{Name: "p"},
		{Name: "P(slower)", Short: "P(sl)"},
		{Name: "verdict", Left: true},
	}}
	few := false
	for i := range pair.Points {
		p := &pair.Points[i]
		grades := make([]pop.Grade, len(t.Head))
		grades[len(grades)-1] = grade(p.Verdict)
		t.Grades = append(t.Grades, grades)
		t.Put(cells(p)...)
		few = few || p.Interval != nil && p.Interval.Method == curve.MinMax
		if n := p.Base.Failed + p.New.Failed; n > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("n = %s: %s of BASE and %d of NEW did not succeed",
				words.Count(p.N), words.Plural(p.Base.Failed, "run", "runs"), p.New.Failed))
		}
	}
	if few {
		t.Notes = append(t.Notes, fewLaunches)
	}
	return t
}

// fewLaunches says what a mark at an interval means.
const fewLaunches = "* range of the launches, with what noise allows: fewer than five on a side are too few for an interval, and " +
	"nothing is claimed"

// grade is the colour of a verdict.
func grade(v compare.Verdict) pop.Grade {
	switch v {
	case compare.Faster:
		return pop.Good
	case compare.Slower:
		return pop.Poor
	}
	return pop.Unknown
}

// cells are the row of a point.
func cells(p *compare.Point) []page.Cell {
	interval, low, pvalue := words.Unknown, math.NaN(), words.Unknown
	if p.Interval != nil {
		low = p.Interval.Low
		interval = words.Fixed(low, 3) + "–" + words.Fixed(p.Interval.High, 3)
		if p.Interval.Method == curve.MinMax {
			interval = "*" + interval
		}
	}
	switch {
	case p.Holm < 0.001:
		pvalue = "<0.001"
	case !math.IsNaN(p.Holm):
		pvalue = words.Fixed(p.Holm, 3)
	}
	return []page.Cell{
		{Text: words.Count(p.N), Value: p.N},
		{Text: fmt.Sprintf("%d/%d", p.Base.Runs, p.New.Runs), Value: float64(p.Base.Runs)},
		{Text: words.Duration(p.Base.Median), Value: p.Base.Median},
		{Text: words.Duration(p.New.Median), Value: p.New.Median},
		{Text: words.Fixed(p.Ratio, 3), Value: p.Ratio},
		{Text: interval, Value: low},
		{Text: pvalue, Value: p.Holm},
		{Text: words.Fixed(p.Above, 2), Value: p.Above},
		page.Words(string(p.Verdict)),
	}
}

// laws are sentences on the parameters.
func laws(pair compare.Pair) page.Block {
	l := pair.Laws
	if l.Name == law.None {
		return page.Block{Text: []string{"No law is compared. " + words.Sentence(words.LawsCompared(l))}}
	}
	var out []string
	for _, p := range l.Params {
		verdict := "their intervals overlap: no change shown"
		if p.Changed {
			verdict = "changed: their intervals are apart"
		}
		if math.IsNaN(p.Base.Low) || math.IsNaN(p.New.Low) {
			verdict = "no interval"
		}
		out = append(out, fmt.Sprintf("%s %s → %s; %s.", p.Name, param(p.Base), param(p.New), verdict))
	}
	return page.Listed(fmt.Sprintf("Law: %s (%s):", l.Name.Title(), words.LawsCompared(l)), out)
}

func param(p law.Param) string {
	s := words.Figure(p.Value, 4)
	if !math.IsNaN(p.Low) && !math.IsNaN(p.High) {
		s += " (" + words.Figure(p.Low, 4) + " to " + words.Figure(p.High, 4) + ")"
	}
	return s
}

// leastChange is the change of a share of the core time below which a cause is not named.
const leastChange = 0.005

// causes are sentences on where the core time went.
func (c *Comparison) causes(pair compare.Pair) page.Block {
	var out []string
	for _, p := range pair.Points {
		var parts []string
		for _, x := range p.Causes {
			if math.Abs(x.New-x.Base) >= leastChange && len(parts) < 4 {
				parts = append(parts, fmt.Sprintf("%s %s → %s", x.Cause, words.Percent(x.Base), words.Percent(x.New)))
			}
		}
		if len(parts) > 0 {
			out = append(out, fmt.Sprintf("n = %s: %s.", words.Count(p.N), strings.Join(parts, ", ")))
		}
	}
	return page.Listed("Share of the core time by cause, each from one traced run and so without interval (largest "+
		"changes, from "+
		words.Percent(leastChange)+" on):", out)
}

// change writes a ratio as a change: "+12 %".
func change(ratio float64) string {
	v := 100 * (ratio - 1)
	places := 0
	if math.Abs(v) < 9.95 {
		places = 1
	}
	return strings.Replace(fmt.Sprintf("%+.*f %%", places, v), "-", "−", 1)
}
