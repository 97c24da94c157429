package comparison

import (
	"bytes"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
)

// width is the width of the text in columns.
const width = 80

// WriteText writes the comparison for a terminal: what differs besides the program first.
func (c *Comparison) WriteText(w io.Writer) error {
	var b bytes.Buffer
	para(&b, "", c.title())
	para(&b, "", fmt.Sprintf("BASE: %s; NEW: %s", c.in.Base, c.in.New))
	c.list(&b, "The two sides differ in more than the program:", c.notes())
	c.list(&b, "Not compared:", c.alone())
	for _, pair := range c.in.Result.Pairs {
		b.WriteString("\n")
		para(&b, "", pair.Key.String())
		table(&b, pair)
		for i, s := range laws(pair) {
			mark := "  "
			if i == 0 {
				mark = "law: "
			}
			para(&b, mark, s)
		}
		for i, s := range c.causes(pair) {
			mark := "  "
			if i == 0 {
				mark = "causes: "
			}
			para(&b, mark, s)
		}
	}
	b.WriteString("\n")
	para(&b, "", c.method())
	for i, s := range c.gate() {
		if i == 0 {
			b.WriteString("\n")
			para(&b, "", s)
			continue
		}
		para(&b, "- ", s)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("comparison: text: %w", err)
	}
	return nil
}

func (c *Comparison) list(b *bytes.Buffer, head string, items []string) {
	if len(items) == 0 {
		return
	}
	b.WriteString("\n")
	para(b, "", head)
	for _, s := range items {
		para(b, "- ", s)
	}
}

// table writes a pair in at most 80 columns.
func table(b *bytes.Buffer, pair compare.Pair) {
	fmt.Fprintf(b, "%5s %7s %8s %8s %6s %12s %6s %5s %s\n", "n", "runs", "BASE", "NEW", "ratio", "95 %", "p", "P(sl)", "verdict")
	few := false
	for i, r := range rows(pair) {
		fmt.Fprintf(b, "%5s %7s %8s %8s %6s %12s %6s %5s %s\n", r.N, r.Runs, words.Plain(r.Base), words.Plain(r.New), r.Ratio, r.Interval, r.P, r.Above, short(r.Verdict))
		p := pair.Points[i]
		few = few || p.Interval != nil && p.Interval.Method == curve.MinMax
		if n := p.Base.Failed + p.New.Failed; n > 0 {
			para(b, "      ", fmt.Sprintf("%d runs of BASE and %d of NEW did not succeed", p.Base.Failed, p.New.Failed))
		}
	}
	if few {
		para(b, "", "* range seen: fewer than five launches on a side are too few for an interval, and nothing is claimed")
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

// para writes s, behind mark.
func para(b *bytes.Buffer, mark, s string) {
	for _, line := range words.Item(mark, s, width) {
		fmt.Fprintln(b, line)
	}
}
