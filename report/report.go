package report

import (
	"bytes"
	"errors"
	"io"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/report/html"
	"github.com/corecurve/corecurve/report/markdown"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/each"
)

// A Report is an analysed study, ready to be written.
type Report struct {
	Document document.Document
	View     *view.View
	figures  []figures.Figure
}

// Build puts an analysed study into words. It does not change it.
func Build(s *study.Study) *Report {
	var lines []string
	for _, n := range view.Notices(s) {
		lines = append(lines, n.Lines()...)
	}
	r := &Report{View: view.Of(s)}
	var left int
	if r.figures, left = figures.Of(r.View); left > 0 {
		text := words.PicturesLeftOut(len(r.figures), left)
		if r.View.Folded() {
			text = words.PicturesOfFolded(left, len(r.View.Workloads), figures.MostWhole, figures.MostCurves)
			r.View.Overview.Drawn = words.Upper(words.Sentence(text))
		} else {
			r.View.Warnings = append(r.View.Warnings, view.Notice{Text: words.Sentence(text)})
		}
		lines = append(lines, text)
	}
	r.Document = document.Of(s, lines)
	return r
}

// Figures are the pictures of r, in the order in which they stand in it.
func (r *Report) Figures() []figures.Figure { return r.figures }

// Draw draws all figures and has each written as NAME.svg and NAME.png: write makes the file of what draw writes.
// Several are drawn at a time, and write is called from several goroutines. It returns the pictures for the documents.
func (r *Report) Draw(write func(name string, draw func(io.Writer) error) error) ([]view.Picture, error) {
	pictures := make([]view.Picture, len(r.figures))
	errs := make([]error, len(r.figures))
	each.Of(len(r.figures), func(i int) {
		f := &r.figures[i]
		var svg bytes.Buffer
		files := errors.Join(
			write(f.Name+".svg", func(w io.Writer) error { return chart.WriteSVG(io.MultiWriter(w, &svg), f.Chart) }),
			write(f.Name+".png", func(w io.Writer) error { return chart.WritePNG(w, f.Chart) }),
		)
		var err error
		pictures[i], err = f.Drawn(svg.Bytes())
		errs[i] = errors.Join(files, err)
	})
	return pictures, errors.Join(errs...)
}

// WriteText writes r for a terminal.
func (r *Report) WriteText(w io.Writer, opt text.Options) error { return text.Write(w, r.View, opt) }

// WriteJSON writes report.json.
func (r *Report) WriteJSON(w io.Writer) error { return r.Document.Write(w) }

// WriteMarkdown writes report.md, which refers to the pictures by their file names beside it.
func (r *Report) WriteMarkdown(w io.Writer, pictures []view.Picture) error {
	return markdown.Write(w, r.View, pictures)
}

// WriteSummary writes what one looks at first, for where no picture can be attached.
func (r *Report) WriteSummary(w io.Writer) error { return markdown.Summary(w, r.View) }

// WriteHTML writes report.html, which holds the pictures.
func (r *Report) WriteHTML(w io.Writer, pictures []view.Picture) error {
	return html.Write(w, r.View, pictures)
}
