package comparison

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Study is what is reported of a study that compares variants: each with the first.
type Study struct {
	Variants    []sweep.Variant
	Said        []string      // what each of them is
	Comparisons []*Comparison // of each but the first
	Warnings    []string      // of the study, in words
	Reports     []page.Link   // of each variant by itself
}

// several reports whether there is more than one comparison, so that each needs a head.
func (s *Study) several() bool { return len(s.Comparisons) > 1 }

// title is what the comparisons come to.
func (s *Study) title() string {
	var out []string
	for _, c := range s.Comparisons {
		said := c.title()
		if s.several() && !strings.HasPrefix(said, c.sides().New+" ") {
			said = c.sides().New + ": " + said
		}
		out = append(out, said)
	}
	return strings.Join(out, ". ")
}

// gate is what became of the gate, over all comparisons.
func (s *Study) gate() page.Block {
	var out page.Block
	for _, c := range s.Comparisons {
		g := c.gate()
		if s.several() && g.Head != "" {
			g.Items = append([]string{g.Head}, g.Items...)
			g.Head = ""
			for i := range g.Items {
				g.Items[i] = c.sides().New + ": " + g.Items[i]
			}
		}
		if out.Head == "" {
			out.Head = g.Head
		}
		out.Items = append(out.Items, g.Items...)
	}
	return out
}

// head is a page with what stands before the comparisons. Of one alone the warnings stand among its own, which are
// returned.
func (s *Study) head(warnings []string) (p *page.Page, own []string) {
	p = &page.Page{Title: s.title(), Lead: strings.Join(s.Said, "; ") + ".", Gate: s.gate()}
	if !s.several() {
		return p, slices.Clone(warnings)
	}
	p.Blocks = []page.Block{page.Listed("Before you rely on the figures:", warnings)}
	return p, nil
}

// page is the study as it is read. Pictures are those of each comparison; nil: none.
func (s *Study) page(pictures [][]page.Block) *page.Page {
	p, own := s.head(s.Warnings)
	for i, c := range s.Comparisons {
		if s.several() {
			p.Blocks = append(p.Blocks, page.Block{Head: fmt.Sprintf("%s against %s", c.sides().New, c.sides().Base)})
		}
		var drawn []page.Block
		if pictures != nil {
			drawn = pictures[i]
		}
		p.Blocks = append(p.Blocks, c.blocks(own, drawn)...)
	}
	p.Blocks = append(p.Blocks, page.Block{Head: "Each variant by itself", Links: s.Reports})
	return p
}

// WriteText writes the comparisons for a terminal.
func (s *Study) WriteText(w io.Writer) error { return s.page(nil).WriteText(w) }

// WriteGate writes what became of the gate, for a terminal.
func (s *Study) WriteGate(w io.Writer) error {
	return (&page.Page{Title: s.title(), Gate: s.gate()}).WriteText(w)
}

// WriteMarkdown writes them for a pull request.
func (s *Study) WriteMarkdown(w io.Writer) error { return s.page(nil).WriteMarkdown(w) }

// WriteHTML writes them as one page that needs nothing but, for its links, the reports beside it.
func (s *Study) WriteHTML(w io.Writer) error {
	var all [][]page.Block
	for _, c := range s.Comparisons {
		drawn, err := c.pictures()
		if err != nil {
			return err
		}
		all = append(all, drawn)
	}
	return s.page(all).WriteHTML(w)
}

// WriteSummary writes the verdicts and the ratio of every point, for where no picture can be attached.
func (s *Study) WriteSummary(w io.Writer) error {
	p, own := s.head(some(s.Warnings))
	p.Gate.Items = some(p.Gate.Items)
	for _, c := range s.Comparisons {
		if s.several() {
			p.Blocks = append(p.Blocks, page.Block{Head: fmt.Sprintf("%s against %s", c.sides().New, c.sides().Base)})
		}
		p.Blocks = append(p.Blocks, c.brief(own)...)
	}
	return p.WriteSummary(w, "what report prints")
}

// StudySchema is the schema of the JSON document of a study that compares variants.
const StudySchema = "corecurve/variants/1"

// A StudyDocument is the comparisons of a study as JSON.
type StudyDocument struct {
	Schema      string          `json:"schema"`
	Title       string          `json:"title"`
	Variants    []sweep.Variant `json:"variants"` // the first is the base
	Warnings    []string        `json:"warnings"`
	Comparisons []Document      `json:"comparisons"` // of each of the others with it
	Reports     []string        `json:"reports"`     // of each variant by itself, relative to this document
}

// Document is s as it is written.
func (s *Study) Document() StudyDocument {
	d := StudyDocument{
		Schema: StudySchema, Title: words.Plain(s.title()), Variants: s.Variants, Warnings: append([]string{}, words.PlainAll(s.Warnings)...),
		Comparisons: []Document{}, Reports: []string{},
	}
	for _, c := range s.Comparisons {
		d.Comparisons = append(d.Comparisons, c.Document())
	}
	for _, r := range s.Reports {
		d.Reports = append(d.Reports, r.To)
	}
	return d
}

// WriteJSON writes the document.
func (s *Study) WriteJSON(w io.Writer) error {
	if err := schema.Write(w, s.Document()); err != nil {
		return fmt.Errorf("comparison: JSON: %w", err)
	}
	return nil
}

// Failed are the points that hold the gate up, in words; with several comparisons behind the name of the variant.
// Compared reports whether there is a point to hold it against.
func (s *Study) Failed() (failed []string, compared bool) {
	for _, c := range s.Comparisons {
		slow, _ := c.failed()
		for _, f := range slow {
			if s.several() {
				f = c.sides().New + ": " + f
			}
			failed = append(failed, words.Plain(f))
		}
		compared = compared || c.compared()
	}
	return failed, compared
}

// Figures are the pictures of all comparisons; with several, the name of the variant is in that of the file.
func (s *Study) Figures() []Figure {
	var out []Figure
	for _, c := range s.Comparisons {
		for _, f := range c.Figures() {
			if s.several() {
				f.Name += "-" + c.sides().New
			}
			out = append(out, f)
		}
	}
	return out
}
