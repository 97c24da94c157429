package comparison

import (
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
)

// WriteText writes the comparison for a terminal: what differs besides the program first.
func (c *Comparison) WriteText(w io.Writer) error {
	p := &words.Page{}
	p.Para(c.title())
	p.Para(fmt.Sprintf("BASE: %s; NEW: %s", c.in.Base, c.in.New))
	p.Items("The two sides differ in more than the program:", c.notes())
	p.Items("Not compared:", c.alone())
	for _, pair := range c.in.Result.Pairs {
		p.Head(pair.Key.String())
		table(p, pair)
		marked(p, "law: ", laws(pair))
		marked(p, "causes: ", c.causes(pair))
	}
	p.Head(c.method())
	if g := c.gate(); len(g) > 0 {
		p.Head(g[0])
		for _, s := range g[1:] {
			p.Item("- ", s)
		}
	}
	if err := p.Write(w); err != nil {
		return fmt.Errorf("comparison: text: %w", err)
	}
	return nil
}

// marked adds sentences, the first behind mark.
func marked(p *words.Page, mark string, sentences []string) {
	for _, s := range sentences {
		p.Item(mark, s)
		mark = "  "
	}
}

// table writes a pair in at most 80 columns.
func table(page *words.Page, pair compare.Pair) {
	const line = "%5s %7s %8s %8s %6s %12s %6s %5s %s"
	page.Lines = append(page.Lines, fmt.Sprintf(line, "n", "runs", "BASE", "NEW", "ratio", "95 %", "p", "P(sl)", "verdict"))
	few := false
	for i, r := range rows(pair) {
		page.Lines = append(page.Lines, fmt.Sprintf(line, r.N, r.Runs, words.Plain(r.Base), words.Plain(r.New), r.Ratio, r.Interval, r.P, r.Above, short(r.Verdict)))
		p := pair.Points[i]
		few = few || p.Interval != nil && p.Interval.Method == curve.MinMax
		if n := p.Base.Failed + p.New.Failed; n > 0 {
			page.Item("      ", fmt.Sprintf("%d runs of BASE and %d of NEW did not succeed", p.Base.Failed, p.New.Failed))
		}
	}
	if few {
		page.Para("* range seen: fewer than five launches on a side are too few for an interval, and nothing is claimed")
	}
}

// short is a verdict for a narrow column.
func short(v compare.Verdict) string {
	switch v {
	case compare.NoDifference:
		return "not shown"
	case compare.TooFew:
		return "too few"
	default:
		return string(v)
	}
}
