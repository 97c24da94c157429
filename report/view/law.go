package view

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// laws says what the laws make of the curves of w, in words and as a table.
func (w *Workload) laws() {
	t := page.Table{
		Title:   "Parameters of the laws",
		Caption: "Gamma is the throughput of one worker, alpha the share that is serial or contended for, beta the cost of agreeing.",
		Head: []page.Head{
			{Name: "curve", Left: true},
			{Name: "law", Left: true},
			{Name: "parameter", Left: true},
			{Name: "value"},
			{Name: "95 % interval"},
			{Name: "residual error"},
			{Name: "AICc"},
		},
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		if c.Laws == nil {
			continue
		}
		w.Laws = append(w.Laws, c.lawClaim())
		if c.Laws.Choice.Kind == law.Unnamed {
			continue // of too few counts: parameters that nothing is concluded from
		}
		for k := range c.Laws.Models {
			putLaw(&t, c.Label, &c.Laws.Models[k])
		}
	}
	if len(t.Rows) > 0 {
		w.LawTables = append(w.LawTables, t)
	}
}

// lawClaim is what the laws make of c.
func (c *Curve) lawClaim() Claim {
	m := c.Law()
	head := words.Upper(c.Label) + ": " + words.LawChoice(c.Laws.Choice)
	out := Claim{Text: words.Sentence(head)}
	if m != nil {
		if m.Doubtful() {
			out.Text += " The data contradict it, so it is not drawn and nothing is concluded from it."
		} else {
			out.Evidence = append(out.Evidence, words.Law(m)...)
		}
	}
	if x := c.Laws.Check; x != nil {
		out.Evidence = append(out.Evidence, crossCheck(x, c.Laws.Model(law.USL)))
	}
	for _, s := range words.LawNotes(c.Laws.Notes) {
		out.Evidence = append(out.Evidence, words.Upper(words.Sentence(s)))
	}
	return out
}

// crossCheck sets the line through the fractions of Karp and Flatt beside the law that it should agree with.
func crossCheck(x *law.CrossCheck, usl *law.Model) string {
	s := fmt.Sprintf("Cross-check without a fit: a straight line through the Karp–Flatt fractions is %s",
		lineWords(x.Intercept, x.Slope))
	if usl != nil {
		s += fmt.Sprintf("; by the USL it is %s (alpha + beta·n)", lineWords(usl.Param("alpha").Value,
			usl.Param("beta").Value))
	}
	return s + "."
}

// lineWords writes a + b·n.
func lineWords(a, b float64) string {
	sign := "+"
	if b < 0 {
		sign, b = "−", -b
	}
	return fmt.Sprintf("%s %s %s·n", words.Significant(a), sign, words.Significant(b))
}

// putLaw adds the parameters of m to t. The curve, the law and what is known of it as a whole stand in the first row.
func putLaw(t *page.Table, label string, m *law.Model) {
	number := func(v float64) page.Cell { return page.Cell{Text: words.Significant(v), Value: v} }
	for k, p := range m.Params {
		curve, name, rse, aicc := page.Words(""), page.Words(""), page.Words(""), page.Words("")
		if k == 0 {
			curve, name, rse, aicc = page.Words(label), page.Words(m.Name.Title()), number(m.RSE), number(m.AICc)
		}
		interval := page.Words(words.Unknown)
		if words.Finite(p.Low) && words.Finite(p.High) {
			interval = page.Cell{Text: words.Significant(p.Low) + "–" + words.Significant(p.High), Value: p.Low}
			if p.OneSided {
				interval.Text += " (one-sided)"
			}
		}
		t.Put(curve, name, page.Words(p.Name), number(p.Value), interval, rse, aicc)
	}
}
