package report

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/report/view"
)

// draw draws every figure of r, as the command does.
func draw(t testing.TB, r *Report) []view.Picture {
	t.Helper()
	pictures, err := r.Draw(func(name string, draw func(io.Writer) error) error {
		if strings.HasSuffix(name, ".png") {
			return nil
		}
		return draw(io.Discard)
	})
	if err != nil {
		t.Fatal(err)
	}
	return pictures
}

// TestLook writes the documents of a made-up study into the folder CORECURVE_REPORT_DIR, for looking at them.
func TestLook(t *testing.T) {
	dir := os.Getenv("CORECURVE_REPORT_DIR")
	if dir == "" {
		t.Skip("CORECURVE_REPORT_DIR is not set")
	}
	f := both()
	f.fetch()
	r := Build(study.Analyze(f.in))
	pictures := draw(t, r)
	write := func(name string, to func(*os.File) error) {
		t.Helper()
		w, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := to(w); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write("report.txt", func(w *os.File) error { return r.WriteText(w, text.Options{}) })
	write("report.json", func(w *os.File) error { return r.WriteJSON(w) })
	write("report.md", func(w *os.File) error { return r.WriteMarkdown(w, pictures) })
	write("report.html", func(w *os.File) error { return r.WriteHTML(w, pictures) })
	for _, f := range r.Figures() {
		write(f.Name+".png", func(w *os.File) error { return chart.WritePNG(w, f.Chart) })
	}
}
