package comparison

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/corecurve/corecurve/report/chart"
)

//go:embed templates/comparison.html
var source string

type htmlPair struct {
	Name   string
	Rows   []row
	Laws   []string
	Causes []string
}

type page struct {
	Title, Base, New, Method string
	Notes, Gate, Alone       []string
	Picture                  template.HTML
	Pairs                    []htmlPair
}

// WriteHTML writes the comparison as one page that needs nothing else.
func (c *Comparison) WriteHTML(w io.Writer) error {
	t, err := template.New("comparison").Parse(source)
	if err != nil {
		return fmt.Errorf("comparison: HTML: %w", err)
	}
	p := page{
		Title: c.title(), Base: c.in.Base, New: c.in.New, Method: c.method(),
		Notes: c.notes(), Gate: c.gate(), Alone: c.alone(),
	}
	for _, pair := range c.in.Result.Pairs {
		p.Pairs = append(p.Pairs, htmlPair{pair.Key.String(), rows(pair), laws(pair), c.causes(pair)})
	}
	if f, err := c.Figure(); err == nil { // without whole counts there is no picture, and the tables stand alone
		var svg bytes.Buffer
		if err := chart.WriteSVG(&svg, f); err != nil {
			return fmt.Errorf("comparison: HTML: %w", err)
		}
		_, body, _ := bytes.Cut(svg.Bytes(), []byte("<svg"))
		p.Picture = template.HTML("<svg" + string(body)) // drawn by package chart, which escapes the names in it
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("comparison: HTML: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("comparison: HTML: %w", err)
	}
	return nil
}
