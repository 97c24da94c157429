// Package html writes report.html.
package html

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/view"
)

//go:embed report.html
var pageSource string

// A page is what the template of report.html is given.
type page struct {
	*view.View
	Parts []part
	Rest  []picture // pictures of several workloads
	Runs  template.JS
	Count int
}

// A part is a workload and its pictures, by where they stand.
type part struct {
	*view.Workload
	Lead     []picture // above the tables
	Causes   []picture // where the cores go
	Memory   []picture
	Pictures []picture // timelines
	Small    []picture // two beside each other
}

// A picture is fit to stand in the page.
type picture struct {
	view.Picture
	Inline template.HTML
}

// Write writes report.html: one file that holds everything, the pictures and the raw timings, and asks for nothing else.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"full":  view.Head.Full,
		"class": class,
	}).Parse(pageSource)
	if err != nil {
		return fmt.Errorf("report.html: template: %w", err)
	}
	runs, err := jsonArray(v.Study.Results)
	if err != nil {
		return fmt.Errorf("report.html: runs: %w", err)
	}
	p := page{View: v, Runs: template.JS(runs), Count: len(v.Study.Results)} // encoding/json escapes <, > and &
	inline := make([]picture, len(pictures))
	for i, pic := range pictures {
		svg, err := inlineSVG(pic.SVG, fmt.Sprintf("p%d-", i), pic.Alt)
		if err != nil {
			return fmt.Errorf("report.html: picture %s: %w", pic.Name, err)
		}
		inline[i] = picture{pic, svg}
	}
	of := func(workload string, place view.Place) (out []picture) {
		for _, pic := range inline {
			if pic.Workload == workload && pic.Place == place {
				out = append(out, pic)
			}
		}
		return out
	}
	for i := range v.Workloads {
		w := &v.Workloads[i]
		p.Parts = append(p.Parts, part{
			w, of(w.Name, view.Lead), of(w.Name, view.Causes), of(w.Name, view.Memory), of(w.Name, view.Below), of(w.Name, view.Small),
		})
	}
	p.Rest = slices.Concat(of("", view.Lead), of("", view.Causes), of("", view.Memory), of("", view.Below), of("", view.Small))
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	return nil
}

// jsonArray is list as JSON, one element to a line.
func jsonArray[T any](list []T) (string, error) {
	var b strings.Builder
	b.WriteString("[")
	for i := range list {
		line, err := json.Marshal(&list[i])
		if err != nil {
			return "", fmt.Errorf("element %d: %w", i, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]")
	return b.String(), nil
}

var (
	idRE  = regexp.MustCompile(`(\sid=")([^"]*")`)
	refRE = regexp.MustCompile(`(url\(#|href="#)`)
	// rootRE finds the start tag of the picture, with its attributes.
	rootRE = regexp.MustCompile(`<svg\b[^>]*>`)
	sizeRE = regexp.MustCompile(`\s(?:width|height|role|aria-label)="[^"]*"`)
)

// inlineSVG makes a picture fit to stand in a page: without an XML head, its identifiers made unique by prefix, its size left to the page.
// Pictures are drawn by this program; what they show of others (names, errors) was escaped when they were drawn.
func inlineSVG(svg []byte, prefix, alt string) (template.HTML, error) {
	loc := rootRE.FindIndex(svg)
	if loc == nil {
		return "", fmt.Errorf("no <svg> element in %d bytes", len(svg))
	}
	root := sizeRE.ReplaceAllString(string(svg[loc[0]:loc[1]]), "")
	root = strings.TrimSuffix(root, ">") + fmt.Sprintf(` role="group" aria-label="%s">`, template.HTMLEscapeString(alt))
	body := idRE.ReplaceAllString(string(svg[loc[1]:]), "${1}"+prefix+"${2}")
	body = refRE.ReplaceAllString(body, "${1}"+prefix)
	return template.HTML(root + strings.TrimSpace(body)), nil // drawn by package chart
}

// class is the class of a cell in report.html.
func class(t view.Table, row, column int) string {
	var out []string
	if t.Head[column].Left {
		out = append(out, "left")
	}
	if g := t.Grade(row, column); g != pop.Unknown {
		out = append(out, string(g))
	}
	return strings.Join(out, " ")
}
