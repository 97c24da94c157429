package page

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// A Drawing is a picture as a page shows it, as SVG without title: one of two, whichever the window has room for.
type Drawing struct {
	Wide   []byte // from about 640 pixels on; empty: Narrow is shown there too
	Narrow []byte // on a phone
	Rest   []byte // what of it stands further below on a phone; empty: nothing
}

// A Drawn is a drawing that is fit to stand in a page.
type Drawn struct {
	Wide, Narrow template.HTML
	Rest         template.HTML
	Label        string // what its axes are, if there is another drawing of the same; else empty
}

// Inline makes d fit to stand in a page: its identifiers made unique by prefix, its size left to the page. It says alt
// to those who do not see it.
func (d Drawing) Inline(prefix, label, alt string) (Drawn, error) {
	out := Drawn{Label: label}
	for _, of := range []struct {
		svg    []byte
		prefix string
		to     *template.HTML
	}{{d.Wide, prefix + "w-", &out.Wide}, {d.Narrow, prefix + "n-", &out.Narrow}, {d.Rest, prefix + "r-", &out.Rest}} {
		if len(of.svg) == 0 {
			continue
		}
		svg, err := inline(of.svg, of.prefix, alt)
		if err != nil {
			return Drawn{}, err
		}
		*of.to = svg
	}
	return out, nil
}

var (
	// rootRE finds the start tag of the picture, with its attributes.
	rootRE = pattern.Of(`<svg\b[^>]*>`)
	sizeRE = pattern.Of(`\s(?:width|height|style|role|aria-label)="[^"]*"`)
)

// inline makes one SVG fit to stand in a page. Pictures are drawn by this program: an attribute has a space before it,
// and what they show of others (names, errors) was escaped when they were drawn.
func inline(svg []byte, prefix, alt string) (template.HTML, error) {
	loc := rootRE().FindIndex(svg)
	if loc == nil {
		return "", fmt.Errorf("no <svg> element in %d bytes", len(svg))
	}
	root := sizeRE().ReplaceAllString(string(svg[loc[0]:loc[1]]), "")
	root = strings.TrimSuffix(root, ">") + fmt.Sprintf(` role="img" aria-label="%s">`, template.HTMLEscapeString(Cut(alt)))
	body := strings.TrimSpace(string(svg[loc[1]:]))
	for _, name := range []string{` id="`, `url(#`, `href="#`} {
		body = strings.ReplaceAll(body, name, name+prefix)
	}
	return template.HTML(root + body), nil // drawn by package chart
}
