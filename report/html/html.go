// Package html writes report.html.
//
// The first screen answers: the question, the verdict, the curve, at most three findings, and what must be known before
// relying on them. Each of these is a link to the part that proves it, which is folded unless it is read by most. What
// stands in the page is made by Go: its script, that of package page, only adds.
package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
)

//go:embed report.html
var source string

// A content is what the template of report.html is given.
type content struct {
	*view.View
	Parts    []part
	Pictures []picture  // of several workloads
	Table    page.Table // of several workloads
	Rest     []picture  // of several workloads, at the end
	Contents []link
	Runs     template.JS // empty: they are too much for a page
	Cut      bool        // texts of Runs are cut
	Count    int
}

// A link is a link within the page.
type link struct {
	To, Text string
	Mark     string // how the words of the mark begin that the link is of, in a picture; empty: it is of all
}

// Opened is how many workloads are open of those that are folded away.
func (c *content) Opened() int { return min(mostOpen, len(c.Parts)) }

// Screen is what stands beside the verdict on several workloads.
func (c *content) Screen() screen {
	s := screen{Several: true, Section: 2, Lead: c.Pictures, First: c.First}
	for _, claim := range c.First.Findings {
		for i := range c.Parts {
			s.Found = append(s.Found, c.Parts[i].of(claim)...)
		}
	}
	return s
}

// Several reports whether the page is of several workloads, so that each has a heading of its own.
func (c *content) Several() bool { return len(c.Parts) > 1 }

// mostOpen is how many of the workloads that are folded away are open, and printed.
const mostOpen = 2

// Write writes report.html: one file that holds everything, the pictures and the raw timings, and asks for nothing
// else.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	t, err := page.Template("report", source, template.FuncMap{"head": head})
	if err != nil {
		return fmt.Errorf("report.html: template: %w", err)
	}
	runs, cut, err := v.Runs()
	if err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	drawn, err := inline(pictures)
	if err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	c := content{View: v, Runs: template.JS(runs), Cut: cut, Count: len(v.Study.Results)} // encoding/json escapes <, > and &
	for k, i := range v.Ordered() {
		p := partOf(&v.Workloads[i], i+1, len(v.Workloads) > 1, drawn)
		if p.Away, p.Open = v.Folded(), k < mostOpen; p.Away {
			p.Level = 3
		}
		c.Parts = append(c.Parts, p)
	}
	c.Pictures = of(drawn, "", view.Lead)
	for i := range c.Pictures {
		c.Pictures[i].Head = "" // the heading of the page says it
	}
	if v.Overview != nil {
		c.Table = v.Overview.Table
		for _, i := range v.Overview.Order {
			c.Table.To = append(c.Table.To, partID(i+1))
		}
	}
	for _, at := range []view.Place{view.Sizes, view.Causes, view.Memory, view.Below, view.Small} {
		c.Rest = append(c.Rest, of(drawn, "", at)...)
	}
	c.contents()
	if err := page.Execute(w, t, &c); err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	return nil
}

// contents makes the links to the sections of c: of one workload to each, of several to the workloads.
func (c *content) contents() {
	add := func(to, text string) { c.Contents = append(c.Contents, link{To: to, Text: text}) }
	add("verdict", "Verdict")
	switch {
	case c.Several():
		add("overview", "Overview")
		if c.Folded() {
			add("each", "Each workload")
			break
		}
		for i := range c.Parts {
			add(c.Parts[i].ID, c.Parts[i].Name)
		}
	case len(c.Parts) == 1:
		c.Contents = append(c.Contents, c.Parts[0].Sections()...)
	}
	if len(c.Warnings)+len(c.Failures) > 0 {
		add("caveats", "Caveats")
	}
	add("host", "Host and method")
	add("raw", "Raw data")
}

// longVerdict is how many bytes of a verdict take so many lines that the curve below would leave the first screen.
const longVerdict = 120

// head is a heading of that level.
func head(level int, id, text string) template.HTML {
	if id != "" {
		id = fmt.Sprintf(` id="%s"`, template.HTMLEscapeString(id))
	}
	if level == 1 && len(text) > longVerdict {
		id += ` class="long"`
	}
	return template.HTML(fmt.Sprintf("<h%d%s>%s</h%d>", level, id, template.HTMLEscapeString(page.Cut(text)), level))
}
