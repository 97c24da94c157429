// Package html writes report.html.
package html

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
)

//go:embed report.html
var source string

// A content is what the template of report.html is given.
type content struct {
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

// Write writes report.html: one file that holds everything, the pictures and the raw timings, and asks for nothing
// else.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	t, err := template.New("report").Funcs(page.Funcs()).Parse(source)
	if err != nil {
		return fmt.Errorf("report.html: template: %w", err)
	}
	runs, err := jsonArray(v.Study.Results)
	if err != nil {
		return fmt.Errorf("report.html: runs: %w", err)
	}
	p := content{View: v, Runs: template.JS(runs), Count: len(v.Study.Results)} // encoding/json escapes <, > and &
	inline := make([]picture, len(pictures))
	for i, pic := range pictures {
		svg, err := page.Inline(pic.SVG, fmt.Sprintf("p%d-", i), pic.Alt)
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
			w, of(w.Name, view.Lead), of(w.Name, view.Causes), of(w.Name, view.Memory), of(w.Name,
				view.Below), of(w.Name, view.Small),
		})
	}
	p.Rest = slices.Concat(of("", view.Lead), of("", view.Causes), of("", view.Memory), of("", view.Below),
		of("", view.Small))
	if err := page.Execute(w, t, p); err != nil {
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
