package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/report/words"
)

// best is the model of the law that is named for c; nil if none is.
func (c *Curve) best() *law.Model {
	if c.Laws == nil || c.Laws.Best == law.None {
		return nil
	}
	return c.Laws.Model(c.Laws.Best)
}

// drawnLaw is the law of c as the picture of speedups shows it: none that the data contradict.
func (c *Curve) drawnLaw() *chart.Law {
	m := c.best()
	if m == nil || m.Doubtful() {
		return nil
	}
	unit := c.Points[c.Base]
	for _, p := range c.Laws.Points {
		if p.N == float64(unit.N) {
			return fit.LawOf(m, p.Throughput, c.Laws.Last())
		}
	}
	return nil
}

// peak is the place of a peak that the data support, and whether there is one.
func (c *Curve) peak() (n float64, ok bool) {
	m := c.best()
	if m == nil || m.Doubtful() || m.Peak == nil || !m.Peak.Supported || m.Peak.N <= 1 {
		return math.NaN(), false
	}
	return m.Peak.N, true
}

// laws says what the laws make of the curves of w, in words and as a table.
func (r *Report) laws(w *Workload) (claims []claim, tables []table) {
	t := table{
		Caption: fmt.Sprintf("Laws fitted to %s: gamma is the throughput of one worker, alpha the share that is serial or contended for, beta the cost of agreeing.",
			w.Program.Name),
		Head: []head{
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
		claims = append(claims, c.lawClaim())
		for k := range c.Laws.Models {
			t.Rows = append(t.Rows, lawRows(c.Label, &c.Laws.Models[k])...)
		}
	}
	if len(t.Rows) > 0 {
		tables = append(tables, t)
	}
	return claims, tables
}

// lawClaim is what the laws make of c.
func (c *Curve) lawClaim() claim {
	m := c.best()
	head := words.Upper(c.Label) + ": " + words.LawChoice(c.Laws.Choice)
	out := claim{Text: words.Sentence(head)}
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
	s := fmt.Sprintf("Cross-check without a fit: a straight line through the Karp–Flatt fractions is %s", lineWords(x.Intercept, x.Slope))
	if usl != nil {
		s += fmt.Sprintf("; by the USL it is %s (alpha + beta·n)", lineWords(usl.Param("alpha").Value, usl.Param("beta").Value))
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

// lawRows are the parameters of m.
func lawRows(label string, m *law.Model) [][]string {
	var out [][]string
	for k, p := range m.Params {
		row := []string{"", "", p.Name, words.Significant(p.Value), words.Unknown, "", ""}
		if k == 0 {
			row[0], row[1], row[5], row[6] = label, m.Name.Title(), words.Significant(m.RSE), words.Significant(m.AICc)
		}
		if words.Finite(p.Low) && words.Finite(p.High) {
			row[4] = words.Significant(p.Low) + "–" + words.Significant(p.High)
			if p.OneSided {
				row[4] += " (one-sided)"
			}
		}
		out = append(out, row)
	}
	return out
}

// lawDocs fills in what report.json holds of the laws of c.
func (c *Curve) lawDocs(d *CurveDoc) {
	d.Models, d.LawWarnings = []fit.ModelDoc{}, []string{}
	if c.Laws == nil {
		d.BestReason, d.LineReason = "there is no base", "there is no base"
		return
	}
	for i := range c.Laws.Models {
		d.Models = append(d.Models, fit.ModelOf(&c.Laws.Models[i]))
	}
	d.LawWarnings = words.PlainAll(words.LawNotes(c.Laws.Notes))
	d.BestReason = words.LawChoice(c.Laws.Choice)
	if m := c.best(); m != nil {
		name := m.Name
		d.Best = &name
	}
	if x := c.Laws.Check; x != nil {
		d.KarpFlattLine = &fit.LineDoc{Intercept: x.Intercept, Slope: x.Slope}
	} else {
		d.LineReason = "it takes two fractions"
	}
}

// lawNotes say of the laws of w what a caption must: which are drawn.
func lawNotes(w *Workload) string {
	var drawn []string
	for i := range w.Curves {
		if c := &w.Curves[i]; c.drawnLaw() != nil && !slices.Contains(drawn, c.best().Name.Title()) {
			drawn = append(drawn, c.best().Name.Title())
		}
	}
	if len(drawn) == 0 {
		return ""
	}
	return fmt.Sprintf(" Thin: the fitted law (%s) with its 95%s%% band.", words.List(drawn), words.NoBreak)
}

// peakLabel names the peak of c in its picture.
func (c *Curve) peakLabel(n float64) string {
	return fmt.Sprintf("peak by %s near %s", c.best().Name.Title(), words.Significant(n))
}
