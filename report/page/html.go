package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/pattern"
)

//go:embed page.html
var source string

// Funcs are what templates need to set tables: full, the whole head of a column, and class, that of a cell.
func Funcs() template.FuncMap { return template.FuncMap{"full": Head.Full, "class": class} }

// WriteHTML writes p as one page that needs nothing else.
func (p *Page) WriteHTML(w io.Writer) error {
	funcs := Funcs()
	funcs["svg"] = func(svg []byte) (template.HTML, error) { return Inline(svg, "", p.Title) }
	t, err := template.New("page").Funcs(funcs).Parse(source)
	if err != nil {
		return fmt.Errorf("HTML: %w", err)
	}
	return Execute(w, t, p)
}

// Execute writes the page that t makes of data, if all of it can be made. Control characters of foreign texts are shown as
// escapes: pages are read on terminals, too.
func Execute(w io.Writer, t *template.Template, data any) error {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("HTML: %w", err)
	}
	if _, err := io.WriteString(w, words.Visible(b.String())); err != nil {
		return fmt.Errorf("HTML: %w", err)
	}
	return nil
}

var (
	// rootRE finds the start tag of the picture, with its attributes.
	rootRE = pattern.Of(`<svg\b[^>]*>`)
	sizeRE = pattern.Of(`\s(?:width|height|role|aria-label)="[^"]*"`)
)

// Inline makes a picture fit to stand in a page: without an XML head, its identifiers made unique by prefix, its size
// left to the page. Pictures are drawn by this program: an attribute has a space before it, and what they show of others
// (names, errors) was escaped when they were drawn.
func Inline(svg []byte, prefix, alt string) (template.HTML, error) {
	loc := rootRE().FindIndex(svg)
	if loc == nil {
		return "", fmt.Errorf("no <svg> element in %d bytes", len(svg))
	}
	root := sizeRE().ReplaceAllString(string(svg[loc[0]:loc[1]]), "")
	root = strings.TrimSuffix(root, ">") + fmt.Sprintf(` role="group" aria-label="%s">`, template.HTMLEscapeString(alt))
	body := strings.TrimSpace(string(svg[loc[1]:]))
	for _, name := range []string{` id="`, `url(#`, `href="#`} {
		body = strings.ReplaceAll(body, name, name+prefix)
	}
	return template.HTML(root + body), nil // drawn by package chart
}

// class is the class of a cell in report.html.
func class(t Table, row, column int) string {
	var out []string
	if t.Head[column].Left {
		out = append(out, "left")
	}
	if g := t.Grade(row, column); g != pop.Unknown {
		out = append(out, string(g))
	}
	return strings.Join(out, " ")
}
