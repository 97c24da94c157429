package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
)

// A part is a workload, where it stands in the page, and its pictures and tables by section.
type part struct {
	*view.Workload
	ID    string
	Level int  // of the heading of the workload
	Away  bool // folded away, as there are many
	Open  bool

	Lead      []picture
	Sizes     []picture // what the size does
	Causes    []picture // where the cores go
	Memory    []picture
	Timelines []picture
	Small     []picture

	Found    []finding // of the points that the curves are judged by
	Other    []finding
	Main     []figures // read by most
	Folded   []figures
	Accounts []page.Table
	Fitted   []page.Table // the parameters of the laws
}

// A finding is a claim and where that which it is of stands in the page.
type finding struct {
	view.Claim
	ID    string
	No    int
	Links []link
}

// Figures are a table and the findings of the points in its rows.
type figures struct {
	page.Table
	Of []link
}

// A picture is fit to stand in the page.
type picture struct {
	view.Picture
	ID     string
	First  page.Drawn
	Second page.Drawn // on other axes; may be empty
	Open   bool       // one that most readers look at
	Of     []link     // the findings of the points that it shows
}

// inline makes pictures fit to stand in the page. Their identifiers are numbers: names are those of somebody else.
func inline(pictures []view.Picture) ([]picture, error) {
	out := make([]picture, len(pictures))
	for i, pic := range pictures {
		p := picture{Picture: pic, ID: fmt.Sprintf("p%d", i)}
		first, err := pic.Page.Inline(p.ID+"-", pic.PageLabel, pic.Alt)
		other, failed := pic.Other.Inline(p.ID+"-o", pic.OtherLabel, pic.Alt)
		if err := cmp.Or(err, failed); err != nil {
			return nil, fmt.Errorf("picture %s: %w", pic.Name, err)
		}
		p.First, p.Second = first, other
		out[i] = p
	}
	return out, nil
}

// of are the pictures of a workload that stand at a place.
func of(all []picture, workload string, at view.Place) []picture {
	var out []picture
	for _, p := range all {
		if p.Workload == workload && p.Place == at {
			out = append(out, p)
		}
	}
	return out
}

// partID names the place of workload number no.
func partID(no int) string { return fmt.Sprintf("w%d", no) }

// partOf arranges workload number no of the page.
func partOf(w *view.Workload, no int, several bool, drawn []picture) part {
	p := part{
		Workload: w, ID: partID(no), Level: 1, Lead: of(drawn, w.Name, view.Lead),
		Sizes: of(drawn, w.Name, view.Sizes), Causes: of(drawn, w.Name, view.Causes), Memory: of(drawn, w.Name, view.Memory),
		Timelines: of(drawn, w.Name, view.Below), Small: of(drawn, w.Name, view.Small),
	}
	if several {
		p.Level = 2
	}
	for i, t := range p.tables(w.Tables...) {
		to := &p.Folded
		if i == 0 {
			to = &p.Main
		}
		*to = append(*to, figures{Table: t})
	}
	p.open()
	for i := range p.Lead {
		if pic := &p.Lead[i]; len(p.Lead) == 1 || pic.Head == p.Headline {
			pic.Head = "" // the heading of the workload says it
		}
	}
	for _, claims := range []struct {
		from []view.Claim
		to   *[]finding
	}{{w.Findings, &p.Found}, {w.Others, &p.Other}} {
		for i := range claims.from {
			*claims.to = append(*claims.to, p.finding(&claims.from[i]))
		}
	}
	p.Accounts, p.Fitted = p.tables(w.Accounts...), p.tables(w.LawTables...)
	return p
}

// tables gives the identifiers of tables the name of p before them.
func (p *part) tables(all ...page.Table) []page.Table {
	out := slices.Clone(all)
	for i := range out {
		if out[i].ID != "" {
			out[i].ID = p.ID + "-" + out[i].ID
		}
	}
	return out
}

// open marks the timeline of the first curve that has one of the point that it is judged by; else the first.
func (p *part) open() {
	if len(p.Timelines) == 0 {
		return
	}
	at := 0
	for i := range p.Curves {
		c := &p.Curves[i]
		if c.Judged < 0 {
			continue
		}
		if k := slices.IndexFunc(p.Timelines, func(x picture) bool { return x.Shows(c.Points[c.Judged].Point) }); k >= 0 {
			at = k
			break
		}
	}
	p.Timelines[at].Open = true
}

// finding links a finding to the places where its point stands, and these back to it if it stands on the first screen.
func (p *part) finding(c *view.Claim) finding {
	f := finding{Claim: *c, No: len(p.Found) + len(p.Other) + 1}
	f.ID = fmt.Sprintf("%s-f%d", p.ID, f.No)
	var back []link
	if slices.ContainsFunc(p.First.Findings, func(first *view.Claim) bool { return first.Found == c.Found }) {
		back = []link{{To: f.ID, Text: fmt.Sprintf("finding %d", f.No)}}
	}
	for _, place := range []struct {
		name, mark string
		in         []picture
	}{{"stack", c.Found.Bar, p.Causes}, {"timeline", "", p.Timelines}} {
		if k := slices.IndexFunc(place.in, func(x picture) bool { return x.Shows(c.Found.Point) }); k >= 0 {
			f.Links = append(f.Links, link{place.in[k].ID, place.name, place.mark})
			place.in[k].Of = append(place.in[k].Of, back...)
		}
	}
	table := fmt.Sprintf("%s-c%d", p.ID, c.Found.Curve+1)
	f.Links = append(f.Links, link{To: fmt.Sprintf("%s-r%d", table, c.Found.At), Text: "table"})
	for _, in := range [][]figures{p.Main, p.Folded} {
		if k := slices.IndexFunc(in, func(t figures) bool { return t.ID == table }); k >= 0 {
			in[k].Of = append(in[k].Of, back...)
		}
	}
	return f
}

// A screen is what stands beside question and verdict at the top of the page, or of a workload.
type screen struct {
	ID      string // of the part whose it is; empty: of the page
	Several bool   // it is of several workloads
	Section int    // its level of headings
	Lead    []picture
	Found   []finding
	First   view.First
	More    string // where the findings stand that are not on it
}

// Screen is what of p stands beside its verdict.
func (p *part) Screen() screen {
	s := screen{
		ID: p.ID, Section: p.Section(), Lead: p.Lead, First: p.First, More: p.ID + "-findings",
	}
	for _, claim := range p.First.Findings {
		s.Found = append(s.Found, p.of(claim)...)
	}
	if len(p.Found)+len(p.Other) == 0 { // all are of sizes that are folded away
		s.More = p.ID + "-sizes"
	}
	return s
}

// of is the finding of p that claim is; none if it is of another workload.
func (p *part) of(claim *view.Claim) []finding {
	k := slices.IndexFunc(p.Found, func(f finding) bool { return f.Found == claim.Found })
	if k < 0 {
		return nil
	}
	return p.Found[k : k+1]
}

// Sections are the links to the sections that p has.
func (p *part) Sections() []link {
	var out []link
	for _, s := range []struct {
		has      bool
		id, text string
	}{
		{len(p.BySize) > 0, "-sizes", "Size of the work"},
		{len(p.Causes)+len(p.Accounts)+len(p.Evidence)+len(p.Advice) > 0, "-where", "Where the cores go"},
		{len(p.Found)+len(p.Other) > 0, "-findings", "Findings"},
		{true, "-figures", "Figures"},
		{len(p.Timelines)+len(p.Small) > 0, "-time", "Timelines"},
		{len(p.Laws) > 0, "-laws", "Laws"},
		{len(p.Predicted) > 0, "-more", "On more cores"},
	} {
		if s.has {
			out = append(out, link{To: p.ID + s.id, Text: s.text})
		}
	}
	return out
}

// Section is the heading below that of p.
func (p *part) Section() int { return p.Level + 1 }
