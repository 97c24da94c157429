package comparison

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// How much of what there may be any number of a summary has.
const (
	mostPoints = 40
	mostItems  = 5 // of a list
)

// A placed point is a point and the pair that it is of.
type placed struct {
	*compare.Point
	pair *compare.Pair
}

// WriteSummary writes the verdict and the ratio of every point, for where no picture can be attached: the table has
// what the picture would show. Of many points it has those that changed, by how much, and then the others.
func (c *Comparison) WriteSummary(w io.Writer) error {
	p := &page.Page{Title: c.title(), Lead: c.lead(), Gate: c.gate(), Blocks: c.brief(nil)}
	p.Gate.Items = some(p.Gate.Items)
	return p.WriteSummary(w, "what compare prints")
}

// brief is what a summary has below its title, warnings first.
func (c *Comparison) brief(warnings []string) []page.Block {
	out := []page.Block{
		page.Listed(c.before(), some(append(warnings, c.notes()...))),
		page.Listed("Not compared:", some(c.alone())),
		page.Listed("On average:", some(c.means())),
	}
	if c.compared() {
		out = append(out, page.Block{Table: c.ratios()})
	}
	return append(out, page.Block{Text: []string{c.method()}})
}

// some is the first items of a list, and how many more there are.
func some(items []string) []string {
	more := len(items) - mostItems
	if more <= 0 {
		return items
	}
	return append(slices.Clone(items[:mostItems]), words.Plural(more, "more is", "more are")+" in what compare prints.")
}

// ratios is the table of all points, as the picture has them.
func (c *Comparison) ratios() *page.Table {
	var all []placed
	for i := range c.Result.Pairs {
		pair := &c.Result.Pairs[i]
		for k := range pair.Points {
			all = append(all, placed{&pair.Points[k], pair})
		}
	}
	shown, notes := choose(all)
	t := &page.Table{Strong: true, Notes: notes, Head: []page.Head{
		{Name: "curve", Left: true},
		{Name: "n"},
		{Name: c.sides().Base},
		{Name: c.sides().New},
		{Name: "speed"},
		{Name: "95 % interval"},
		{Name: "verdict", Left: true},
	}}
	few := false
	for _, p := range shown {
		row := cells(p.Point)
		t.Add(words.Key(p.pair.Key), row[0].Text, row[2].Text, row[3].Text, row[4].Text, row[5].Text, row[8].Text)
		grades := make([]pop.Grade, len(t.Head))
		grades[len(grades)-1] = grade(p.Verdict)
		t.Grades = append(t.Grades, grades)
		few = few || p.Interval != nil && p.Interval.Method == curve.MinMax
	}
	if few {
		t.Notes = append(t.Notes, fewLaunches)
	}
	return t
}

// choose is as many of the points as a summary has, and what it says of the others: those that changed come first, the
// greatest change before all.
func choose(all []placed) (shown []placed, notes []string) {
	more := len(all) - mostPoints
	if more <= 0 {
		return all, nil
	}
	weight := func(p placed) float64 {
		switch p.Verdict {
		case compare.NotMeasured:
			return math.Inf(1)
		case compare.Faster, compare.Slower:
			return math.Abs(math.Log(p.Ratio))
		}
		return -1
	}
	shown = slices.Clone(all)
	slices.SortStableFunc(shown, func(a, b placed) int {
		switch x, y := weight(a), weight(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	changed := 0
	for _, p := range shown[mostPoints:] {
		if weight(p) >= 0 {
			changed++
		}
	}
	return shown[:mostPoints], []string{fmt.Sprintf("%s in what compare prints, %d of them changed",
		words.Plural(more, "more point is", "more points are"), changed)}
}
