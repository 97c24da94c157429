// Package comparison reports what changed between two measurements of a program: as text, Markdown, HTML, JSON and as a
// picture.
package comparison

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// A Comparison is what is reported of two sides.
type Comparison struct {
	Base, New string      // where the sides come from
	Sides     words.Sides // what they are called; empty: BASE and NEW
	Result    *compare.Result
	Measure   curve.Measure
	FailOn    float64  // 0: no gate
	Notes     []string // what the reader must know before the figures, besides what the result says
	Same      bool     // both sides run one program, whatever is compared
	Profiles  *compare.Profiles
	Files     []string // that Profiles lie in, that of the base first; none: they are not written
}

// sides are what the sides are called.
func (c *Comparison) sides() words.Sides {
	return words.Sides{Base: cmp.Or(c.Sides.Base, "BASE"), New: cmp.Or(c.Sides.New, "NEW")}
}

// lead says what the sides are.
func (c *Comparison) lead() string {
	if c.Sides != (words.Sides{}) { // what they are begins with their names
		return c.Base + "; " + c.New
	}
	s := c.sides()
	return fmt.Sprintf("%s: %s; %s: %s", s.Base, c.Base, s.New, c.New)
}

// page is the comparison as it is read: what differs besides the program first.
func (c *Comparison) page(pictures []page.Block) *page.Page {
	p := &page.Page{Title: c.title(), Lead: c.lead(), Gate: c.gate()}
	p.Blocks = c.blocks(nil, pictures)
	return p
}

// blocks are what stands below the title, warnings first and the pictures before all figures.
func (c *Comparison) blocks(warnings []string, pictures []page.Block) []page.Block {
	s := c.sides()
	out := []page.Block{
		page.Listed(c.before(), append(warnings, c.notes()...)),
		page.Listed("Not compared:", c.alone()),
	}
	out = append(out, pictures...)
	out = append(out, page.Listed("On average:", c.means()))
	for _, pair := range c.Result.Pairs {
		out = append(out, page.Block{Head: words.Key(pair.Key), Table: c.table(pair)}, c.shifts(pair), c.places(pair), c.laws(pair))
	}
	if len(c.Files) > 0 {
		out = append(out, page.Block{Text: []string{words.Profiles(c.Profiles, c.Files)}})
	}
	return append(out, page.Block{Text: []string{
		c.method() + fmt.Sprintf(" P(slower) is the chance that a launch of %s takes longer than one of %s%s.", s.New, s.Base, c.inBlock()),
	}})
}

// before is what stands before the notes.
func (c *Comparison) before() string {
	if c.Result.Options.Paired { // they were measured together
		return "Before you rely on the figures:"
	}
	return "The two sides differ in more than the program:"
}

// inBlock says which launches are set against each other, where that is not each against each.
func (c *Comparison) inBlock() string {
	if c.Result.Options.Paired {
		return " in the same block"
	}
	return ""
}

// WriteText writes the comparison for a terminal.
func (c *Comparison) WriteText(w io.Writer) error { return c.page(nil).WriteText(w) }

// WriteMarkdown writes the comparison for a pull request.
func (c *Comparison) WriteMarkdown(w io.Writer) error { return c.page(nil).WriteMarkdown(w) }

// WriteHTML writes the comparison as one page that needs nothing else.
func (c *Comparison) WriteHTML(w io.Writer) error {
	pictures, err := c.pictures()
	if err != nil {
		return err
	}
	return c.page(pictures).WriteHTML(w)
}

// pictures are those that a page shows.
func (c *Comparison) pictures() ([]page.Block, error) {
	var out []page.Block
	for _, f := range c.Figures() {
		wide, narrow, err := chart.Drawings(f.Chart)
		if err != nil {
			return nil, fmt.Errorf("comparison: %w", err)
		}
		out = append(out, page.Block{Head: f.Head, Picture: page.Drawing{Wide: wide, Narrow: narrow}, Alt: f.Alt})
	}
	return out, nil
}

// notes are what the reader must know before the figures.
func (c *Comparison) notes() []string {
	out := slices.Clone(c.Notes)
	for _, d := range c.Result.Cores {
		out = append(out, words.CoresDiffer(d))
	}
	if least, need, short := c.Result.Short(); short {
		out = append(out, words.PairsShort(least, need, c.Result.Tests))
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
				slow = append(slow, fmt.Sprintf("%s: measured in %s, and no run of %s succeeded", name, c.sides().Base, c.sides().New))
			case p.Possible(c.FailOn):
				possible = append(possible, fmt.Sprintf("%s: up to %s slower", name, words.Percent(p.Interval.High-1)))
			}
		}
	}
	return slow, possible
}

// title is the finding in a line.
func (c *Comparison) title() string { return c.titleOf(c.sides()) }

// titleOf is the title, with names of the sides.
func (c *Comparison) titleOf(s words.Sides) string {
	if c.Same {
		return words.SameProgram(s)
	}
	h := c.Result.Headline()
	return words.Compared(c.Result, &h, s)
}

// means says by how much workloads that are alike changed on average.
func (c *Comparison) means() []string {
	var out []string
	for i := range c.Result.Means {
		out = append(out, words.Upper(words.MeanChange(&c.Result.Means[i], c.sides()))+".")
	}
	return out
}

// method says how verdicts come about.
func (c *Comparison) method() string {
	s := c.sides()
	drawn, test := "launches", "rank-sum test (Mann–Whitney, exact)"
	if c.Result.Options.Paired {
		drawn, test = "blocks, each with a launch of both sides", "signed-rank test of blocks (Wilcoxon, exact)"
	}
	over := "" // of one test there is no correction
	if c.Result.Tests > 1 {
		over = fmt.Sprintf(" after Holm's correction over all %d tests of this comparison", c.Result.Tests)
	}
	return fmt.Sprintf("Speed: median time of %s over that of %s; above 1 is faster. Intervals have level 95 %% "+
		"(bootstrap of %s) and hold what the noise of the runs allows. A point is faster or slower only if its interval excludes 1, the times differ "+
		"by at least %s, and the %s has p ≤ %.2g%s.",
		s.Base, s.New, drawn, words.Percent(max(c.Result.Options.MinEffect, 0)), test, compare.Alpha, over)
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
		side := c.sides().Base
		if l.New {
			side = c.sides().New
		}
		what := "the curve"
		if l.N != nil {
			what = "n = " + words.Counts(l.N)
		}
		out = append(out, fmt.Sprintf("%s: %s of %s: %s.", words.Key(l.Key), what, side, words.Lone(l)))
	}
	return out
}

// laws are sentences on the parameters.
func (c *Comparison) laws(pair compare.Pair) page.Block {
	l, s := pair.Laws, c.sides()
	if l.Name == law.None {
		return page.Block{Text: []string{"No law is compared. " + words.Sentence(words.LawsCompared(l, s))}}
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
	return page.Listed(fmt.Sprintf("Law: %s (%s):", l.Name.Title(), words.LawsCompared(l, s)), out)
}

func param(p law.Param) string {
	s := words.Figure(p.Value, 4)
	if !math.IsNaN(p.Low) && !math.IsNaN(p.High) {
		s += " (" + words.Figure(p.Low, 4) + " to " + words.Figure(p.High, 4) + ")"
	}
	return s
}
