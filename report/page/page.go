// Package page sets what a command has to say: a page of paragraphs, tables and lists, written as text for a terminal,
// as Markdown and as HTML.
//
// A [Page] is written whole. The documents of a report, which differ in more than their form, are set by hand from the
// same parts: [words.Text], [Markdown], [Table] and the functions of HTML templates.
package page

import (
	"fmt"
	"io"
	"slices"

	"github.com/corecurve/corecurve/report/words"
)

// A Page is what is said, from top to bottom.
type Page struct {
	Title  string // the finding
	Lead   string // what was measured; may be empty
	Gate   Block  // what became of a gate; on a terminal it stands last, where one looks first
	Blocks []Block
}

// A Block is paragraphs, a picture, a table and a list, any of which may be missing.
type Block struct {
	Head    string
	Text    []string
	Picture Drawing // for HTML only
	Alt     string  // what Picture says to those who do not see it; empty: the title of the page
	Table   *Table
	Items   []string
	Links   []Link // files beside the page
}

// A Link leads to a file beside the page.
type Link struct {
	Text string
	To   string // relative, with slashes
}

// Listed is the items under a line of text; nothing for no items.
func Listed(text string, items []string) Block {
	if len(items) == 0 {
		return Block{}
	}
	return Block{Text: []string{text}, Items: items}
}

// Width is that of pages as text, in columns.
const Width = 80

// WriteText writes p for a terminal of [Width] columns.
func (p *Page) WriteText(w io.Writer) error {
	t := &words.Text{}
	t.Para(p.Title)
	t.Para(p.Lead)
	for _, b := range append(slices.Clip(p.Blocks), p.Gate) {
		if b.Head != "" || len(b.Text) > 0 || b.Table != nil || len(b.Items)+len(b.Links) > 0 {
			t.Blank()
		}
		t.Para(b.Head)
		for _, s := range b.Text {
			t.Para(s)
		}
		if b.Table != nil {
			t.Lines = append(t.Lines, b.Table.Text(Width)...)
		}
		t.Items("", b.Items)
		for _, l := range b.Links {
			t.Items("", []string{l.Text + ": " + l.To})
		}
	}
	if err := t.Write(w); err != nil {
		return fmt.Errorf("text: %w", err)
	}
	return nil
}

// WriteMarkdown writes p for a comment on a change.
func (p *Page) WriteMarkdown(w io.Writer) error {
	if _, err := io.WriteString(w, p.markdown().String()); err != nil {
		return fmt.Errorf("markdown: %w", err)
	}
	return nil
}

// WriteSummary writes p as [Page.WriteMarkdown] does, but no more than a comment holds: what is left out stands in
// rest.
func (p *Page) WriteSummary(w io.Writer, rest string) error {
	return p.markdown().WriteComment(w, rest)
}

// markdown is p as Markdown.
func (p *Page) markdown() *Markdown {
	m := &Markdown{}
	m.Line("### %s", words.Markdown(p.Title))
	m.Para(p.Lead)
	for _, b := range append([]Block{p.Gate}, p.Blocks...) {
		if b.Head != "" {
			m.Line("\n#### %s", words.Markdown(b.Head))
		}
		for _, s := range b.Text {
			m.Para(s)
		}
		if b.Table != nil {
			m.Table(*b.Table)
		}
		m.List("", b.Items)
		if len(b.Links) > 0 {
			m.Line("")
		}
		for _, l := range b.Links {
			m.Line("- [%s](%s)", words.Markdown(l.Text), l.To)
		}
	}
	return m
}
