package fit

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/words"
)

// width is the width of the text in columns.
const width = 80

// maxRows is the number of counts beyond which only the first and the last are printed.
const maxRows = 40

// WriteText writes fits for a terminal: the finding, what was measured beside what the law gives, the parameters, and what they mean.
func WriteText(w io.Writer, fits []*Fit) error {
	for i, f := range fits {
		var b bytes.Buffer
		if i > 0 {
			b.WriteString("\n")
		}
		if err := f.text(&b); err != nil {
			return fmt.Errorf("%s: text: %w", f.Series.Title(), err)
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return fmt.Errorf("%s: text: %w", f.Series.Title(), err)
		}
	}
	return nil
}

func (f *Fit) text(b *bytes.Buffer) error {
	para(b, "", f.finding())
	b.WriteString("\n")
	if err := f.table(b); err != nil {
		return err
	}
	b.WriteString("\n")
	para(b, "", "Law: "+words.LawChoice(f.Result.Choice)+".")
	if len(f.Result.Models) > 0 {
		b.WriteString("\n")
		if err := f.params(b); err != nil {
			return err
		}
	}
	for i := range f.Result.Models {
		m := &f.Result.Models[i]
		if m.Name != f.Result.Best && f.Result.Best != law.None {
			continue
		}
		fmt.Fprintf(b, "\nBy %s:\n", m.Name.Title())
		for _, s := range words.Law(m) {
			item(b, s)
		}
	}
	f.crossCheck(b)
	if list := f.warnings(); len(list) > 0 {
		b.WriteString("\nWarnings:\n")
		for _, s := range list {
			item(b, s)
		}
	}
	return nil
}

// table is what was measured.
func (f *Fit) table(b *bytes.Buffer) error {
	unit := ""
	if u := f.unit(); u != "" {
		unit = ", throughput in " + u
	}
	mark, points := "", f.Result.Points
	para(b, "", f.axis()+unit)
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	m := f.best()
	head := "n\truns\tthroughput\tspeedup\tefficiency\tKarp–Flatt\t"
	if m != nil {
		head += m.Name.Title() + "\t"
	}
	fmt.Fprintln(tw, head)
	for i, p := range points {
		if len(points) > maxRows && i >= maxRows/2 && i < len(points)-maxRows/2 {
			if i == maxRows/2 {
				fmt.Fprintln(tw, strings.Repeat("…\t", strings.Count(head, "\t")))
			}
			continue
		}
		n := words.Count(p.N)
		if !p.Fitted {
			n, mark = "*"+n, "*"
		}
		efficiency := words.Unknown
		if words.Finite(p.Efficiency) {
			efficiency = fmt.Sprintf("%.0f %%", 100*p.Efficiency)
		}
		row := fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s\t", n, p.Runs, figure(p.Throughput), figure(p.Speedup), efficiency, figure(round(p.KarpFlatt)))
		if m != nil {
			row += figure(m.At(p.N)) + "\t"
		}
		fmt.Fprintln(tw, row)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if mark != "" {
		para(b, "", "* beyond the cores: not fitted")
	}
	if hidden := len(points) - maxRows; hidden > 0 {
		para(b, "", fmt.Sprintf("… %d more counts are not shown here; --json has them all", hidden))
	}
	return nil
}

// round keeps of a fraction what is not the noise of its own arithmetic.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// params is a table of the parameters of all laws.
func (f *Fit) params(b *bytes.Buffer) error {
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "law\tparameter\tvalue\t95 % interval")
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
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", name, p.Name, figure(p.Value), interval)
			name = ""
		}
		fmt.Fprintf(tw, "\tresidual error\t%s\tAICc %s\n", figure(m.RSE), figure(m.AICc))
	}
	return tw.Flush()
}

// crossCheck sets the line through the fractions beside the USL.
func (f *Fit) crossCheck(b *bytes.Buffer) {
	c, m := f.Result.Check, f.Result.Model(law.USL)
	if c == nil || m == nil {
		return
	}
	sign, slope := "+", c.Slope
	if slope < 0 {
		sign, slope = "−", -slope
	}
	b.WriteString("\n")
	para(b, "", fmt.Sprintf("Cross-check: a straight line through Karp–Flatt is %s %s %s·n; by the USL it is %s + %s·n (alpha + beta·n).",
		figure(c.Intercept), sign, figure(slope), figure(m.Param("alpha").Value), figure(m.Param("beta").Value)))
}

func item(b *bytes.Buffer, s string) { para(b, "- ", s) }

// para writes s, behind mark.
func para(b *bytes.Buffer, mark, s string) {
	for _, line := range words.Item(mark, s, width) {
		fmt.Fprintln(b, line)
	}
}
