package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

//go:embed page.html
var source string

// What all pages share: the parts of their templates, how they look, and what reacts in them. A page is whole without
// its script.
var (
	//go:embed parts.html
	parts string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// Template parses the template of a page. It may use the parts "head", "table", "drawing", of a [Drawn], and "script",
// and the function cut, of foreign texts.
func Template(name, source string, funcs template.FuncMap) (*template.Template, error) {
	t := template.New(name).Funcs(template.FuncMap{
		"cut": Cut, "lay": lay,
		"style":  func() template.CSS { return template.CSS(looks()) },
		"script": func() template.JS { return template.JS(script) },
		"policy": policy,
	}).Funcs(funcs)
	if _, err := t.New("parts").Parse(parts); err != nil {
		return nil, fmt.Errorf("parts of pages: %w", err)
	}
	return t.Parse(source)
}

// looks is the style of a page and of the drawings in it, which follow the dark scheme of the page.
func looks() string {
	return style + "@media screen and (prefers-color-scheme: dark) {\n" + canvas.NightCSS() + "}\n"
}

// policy allows a page its own style and script, and nothing else: no other script, no address, no form.
func policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(looks()) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

// WriteHTML writes p as one page that needs nothing else.
func (p *Page) WriteHTML(w io.Writer) error {
	drawn := 0 // so far: each has identifiers of its own
	t, err := Template("page", source, template.FuncMap{
		"drawn": func(b Block) (Drawn, error) {
			drawn++
			return b.Picture.Inline(fmt.Sprintf("d%d-", drawn), "", cmp.Or(b.Alt, p.Title))
		},
	})
	if err != nil {
		return fmt.Errorf("HTML: %w", err)
	}
	return Execute(w, t, p)
}

// Execute writes the page that t makes of data, if all of it can be made. Control characters of foreign texts are shown
// as escapes: pages are read on terminals, too.
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
