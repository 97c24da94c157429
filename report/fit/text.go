package fit

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/words"
)

// maxRows is the number of counts beyond which only the first and the last are printed.
const maxRows = 40

// WriteText writes fits for a terminal: the finding, what was measured beside what the law gives, the parameters, and what they mean.
func WriteText(w io.Writer, fits []*Fit) error {
	p := &words.Page{}
	for _, f := range fits {
		p.Blank()
		f.text(p)
	}
	if err := p.Write(w); err != nil {
		return fmt.Errorf("fit: text: %w", err)
	}
	return nil
}

func (f *Fit) text(p *words.Page) {
	p.Para(f.finding())
	p.Blank()
	f.table(p)
	p.Head("Law: " + words.LawChoice(f.Result.Choice) + ".")
	if len(f.Result.Models) > 0 {
		p.Blank()
		f.params(p)
	}
	for i := range f.Result.Models {
		if m := &f.Result.Models[i]; m.Name == f.Result.Best || f.Result.Best == law.None {
			p.Items("By "+m.Name.Title()+":", words.Law(m))
		}
	}
	f.crossCheck(p)
	p.Items("Warnings:", f.warnings())
}

// aligned adds the rows of a table, whose cells end in tabs.
func aligned(p *words.Page, flags uint, rows []string) {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', flags)
	fmt.Fprintln(tw, strings.Join(rows, "\n")) // a builder takes all that is written to it
	_ = tw.Flush()
	p.Lines = append(p.Lines, strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")...)
}

// table is what was measured.
func (f *Fit) table(p *words.Page) {
	unit := ""
	if u := f.unit(); u != "" {
		unit = ", throughput in " + u
	}
	mark, points := "", f.Result.Points
	p.Para(f.axis() + unit)
	m := f.best()
	head := "n\truns\tthroughput\tspeedup\tefficiency\tKarp–Flatt\t"
	if m != nil {
		head += m.Name.Title() + "\t"
	}
	rows := []string{head}
	for i, pt := range points {
		if len(points) > maxRows && i >= maxRows/2 && i < len(points)-maxRows/2 {
			if i == maxRows/2 {
				rows = append(rows, strings.Repeat("…\t", strings.Count(head, "\t")))
			}
			continue
		}
		n := words.Count(pt.N)
		if !pt.Fitted {
			n, mark = "*"+n, "*"
		}
		efficiency := words.Unknown
		if words.Finite(pt.Efficiency) {
			efficiency = fmt.Sprintf("%.0f %%", 100*pt.Efficiency)
		}
		row := fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s\t", n, pt.Runs, figure(pt.Throughput), figure(pt.Speedup), efficiency, figure(round(pt.KarpFlatt)))
		if m != nil {
			row += figure(m.At(pt.N)) + "\t"
		}
		rows = append(rows, row)
	}
	aligned(p, tabwriter.AlignRight, rows)
	if mark != "" {
		p.Para("* beyond the cores: not fitted")
	}
	if hidden := len(points) - maxRows; hidden > 0 {
		p.Para(fmt.Sprintf("… %d more counts are not shown here; --json has them all", hidden))
	}
}

// round keeps of a fraction what is not the noise of its own arithmetic.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// params is a table of the parameters of all laws.
func (f *Fit) params(page *words.Page) {
	rows := []string{"law\tparameter\tvalue\t95 % interval"}
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
			rows = append(rows, strings.Join([]string{name, p.Name, figure(p.Value), interval}, "\t"))
			name = ""
		}
		rows = append(rows, fmt.Sprintf("\tresidual error\t%s\tAICc %s", figure(m.RSE), figure(m.AICc)))
	}
	aligned(page, 0, rows)
}

// crossCheck sets the line through the fractions beside the USL.
func (f *Fit) crossCheck(p *words.Page) {
	c, m := f.Result.Check, f.Result.Model(law.USL)
	if c == nil || m == nil {
		return
	}
	sign, slope := "+", c.Slope
	if slope < 0 {
		sign, slope = "−", -slope
	}
	p.Head(fmt.Sprintf("Cross-check: a straight line through Karp–Flatt is %s %s %s·n; by the USL it is %s + %s·n (alpha + beta·n).",
		figure(c.Intercept), sign, figure(slope), figure(m.Param("alpha").Value), figure(m.Param("beta").Value)))
}
