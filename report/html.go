package report

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
)

// A Place says where a picture stands in the documents.
type Place int

// The places of pictures.
const (
	Lead   Place = iota // above the tables
	Causes              // in the section on where the cores go
	Memory              // beside the figures
	Below               // with the timelines
	Small               // at the end, where there are many alike: in half the width if there is room for two
)

// A Picture is a picture that was drawn, to be set into a document.
type Picture struct {
	Name     string // of its file, without .png or .svg
	Workload string // whose it is; empty: of several
	Place    Place
	Title    string
	Caption  string // what to look at
	Alt      string // what it shows, for readers who do not see it
	SVG      []byte // for report.html; may be empty for report.md
}

//go:embed templates/report.html
var pageSource string

// A page is what the template of report.html is given.
type page struct {
	view
	Parts []htmlPart
	Rest  []htmlPicture // pictures of several workloads
	Runs  template.JS
	Count int
}

type htmlPart struct {
	part
	Lead     []htmlPicture // above the tables
	Causes   []htmlPicture // where the cores go
	Memory   []htmlPicture
	Pictures []htmlPicture // timelines
	Small    []htmlPicture // two beside each other
}

type htmlPicture struct {
	Picture
	Inline template.HTML
}

// WriteHTML writes report.html: one file that holds everything, the pictures and the raw timings, and asks for nothing else.
func (r *Report) WriteHTML(w io.Writer, pictures []Picture) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"full":  head.full,
		"class": table.class,
	}).Parse(pageSource)
	if err != nil {
		return fmt.Errorf("report.html: template: %w", err)
	}
	runs, err := jsonArray(r.study.Results)
	if err != nil {
		return fmt.Errorf("report.html: runs: %w", err)
	}
	p := page{view: r.view(), Runs: template.JS(runs), Count: len(r.study.Results)} // encoding/json escapes <, > and &
	inline := make([]htmlPicture, len(pictures))
	for i, pic := range pictures {
		svg, err := inlineSVG(pic.SVG, fmt.Sprintf("p%d-", i), pic.Alt)
		if err != nil {
			return fmt.Errorf("report.html: picture %s: %w", pic.Name, err)
		}
		inline[i] = htmlPicture{pic, svg}
	}
	of := func(workload string, place Place) (out []htmlPicture) {
		for _, pic := range inline {
			if pic.Workload == workload && pic.Place == place {
				out = append(out, pic)
			}
		}
		return out
	}
	for _, part := range p.view.Parts {
		p.Parts = append(p.Parts, htmlPart{part, of(part.Name, Lead), of(part.Name, Causes), of(part.Name, Memory), of(part.Name, Below), of(part.Name, Small)})
	}
	p.Rest = slices.Concat(of("", Lead), of("", Causes), of("", Memory), of("", Below), of("", Small))
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
