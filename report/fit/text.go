package fit

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// maxRows is the number of counts beyond which only the first and the last are printed.
const maxRows = 40

// WriteText writes fits for a terminal: the finding, what was measured beside what the law gives, the parameters, and
// what they mean.
func WriteText(w io.Writer, fits []*Fit) error {
	for i, f := range fits {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := f.page().WriteText(w); err != nil {
			return fmt.Errorf("%s: %w", f.Series.Title(), err)
		}
	}
	return nil
}

// page is the fit as it is read.
func (f *Fit) page() *page.Page {
	p := &page.Page{Title: f.finding(), Blocks: []page.Block{
		{Table: f.table()},
		{Text: []string{"Law: " + words.LawChoice(f.Result.Choice) + "."}},
	}}
	if len(f.Result.Models) > 0 {
		p.Blocks = append(p.Blocks, page.Block{Table: f.params()})
	}
	for i := range f.Result.Models {
		if m := &f.Result.Models[i]; m.Name == f.Result.Best || f.Result.Best == law.None {
			by := "By " + m.Name.Title()
			if f.Result.Best == law.None {
				by += ", if it held"
			}
			if m.Doubtful() {
				by += ", which the data contradict"
			}
			p.Blocks = append(p.Blocks, page.Listed(by+":", words.Law(m)))
		}
	}
	if s := f.crossCheck(); s != "" {
		p.Blocks = append(p.Blocks, page.Block{Text: []string{s}})
	}
	p.Blocks = append(p.Blocks, page.Listed("Warnings:", f.warnings()))
	return p
}

// table is what was measured.
func (f *Fit) table() *page.Table {
	t := &page.Table{Caption: f.axis(), Gap: 2, Head: []page.Head{
		{Name: "n"},
		{Name: "runs"},
		{Name: "throughput"},
		{Name: "speedup"},
		{Name: "efficiency"},
		{Name: "Karp–Flatt"},
	}}
	if u := f.unit(); u != "" {
		t.Caption += ", throughput in " + u
	}
	m, points := f.best(), f.Result.Points
	if m != nil {
		t.Head = append(t.Head, page.Head{Name: m.Name.Title()})
	}
	beyond := false
	for i, p := range points {
		if len(points) > maxRows && i >= maxRows/2 && i < len(points)-maxRows/2 {
			if i == maxRows/2 {
				t.Add("…")
			}
			continue
		}
		n, efficiency := words.Count(p.N), words.Unknown
		if !p.Fitted {
			n, beyond = "*"+n, true
		}
		if words.Finite(p.Efficiency) {
			efficiency = words.PercentNumber(p.Efficiency) + " %"
		}
		row := []string{
			n, strconv.Itoa(p.Runs), figure(p.Throughput), figure(p.Speedup), efficiency,
			figure(round(p.KarpFlatt)),
		}
		if m != nil {
			row = append(row, figure(m.At(p.N)))
		}
		t.Add(row...)
	}
	if beyond {
		t.Notes = append(t.Notes, "* beyond the cores: not fitted")
	}
	if hidden := len(points) - maxRows; hidden > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("… %d more counts are not shown here; --json has them all", hidden))
	}
	return t
}

// round keeps of a fraction what is not the noise of its own arithmetic.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// params is a table of the parameters of all laws.
func (f *Fit) params() *page.Table {
	t := &page.Table{Gap: 2, Head: []page.Head{
		{Name: "law", Left: true}, {Name: "parameter", Left: true}, {Name: "value", Left: true}, {
			Name: "95 % interval",
			Left: true,
		},
	}}
	for i := range f.Result.Models {
		m := &f.Result.Models[i]
		name := m.Name.Title()
		for _, p := range m.Params {
			interval := words.Unknown
			if words.Finite(p.Low) && words.Finite(p.High) {
				interval = figure(p.Low) + " to " + figure(p.High)
			}
			if p.OneSided {
				interval += " (one-sided)"
			}
			t.Add(name, p.Name, figure(p.Value), interval)
			name = ""
		}
		t.Add("", "residual error", strings.TrimSpace(figure(m.RSE)+" "+f.unit()), "AICc "+figure(m.AICc))
	}
	return t
}

// crossCheck sets the line through the fractions beside the USL; empty if there is none.
func (f *Fit) crossCheck() string {
	c, m := f.Result.Check, f.Result.Model(law.USL)
	if c == nil || m == nil {
		return ""
	}
	sign, slope := "+", c.Slope
	if slope < 0 {
		sign, slope = "−", -slope
	}
	return fmt.Sprintf("Cross-check: a straight line through Karp–Flatt is %s %s %s·n; by the USL it is %s + %s·n "+
		"(alpha + beta·n).",
		figure(c.Intercept), sign, figure(slope), figure(m.Param("alpha").Value), figure(m.Param("beta").Value))
}
