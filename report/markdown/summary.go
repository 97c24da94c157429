package markdown

import (
	"io"
	"strings"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// mostCurves is how many curves a summary draws; each has a colour of its own.
const mostCurves = 4

// Summary writes what of v one looks at first, for where nothing can be attached: verdict, curve, findings, caveats and
// table. The curve is drawn by whoever shows it (Mermaid). It is no longer than [page.MostComment].
func Summary(w io.Writer, v *view.View) error {
	m := writer{Markdown: &page.Markdown{}}
	m.Line("### %s", words.Markdown(page.Cut(v.Heading)))
	m.Line("\n**%s**", words.Markdown(page.Cut(v.Title)))
	shown := v.Ordered()
	if v.Folded() {
		shown = shown[:mostWorkloads]
	}
	first := &v.First
	switch {
	case v.Overview != nil:
		m.Para(strings.Join(v.Overview.Said, " "))
	case len(v.Workloads) > 0:
		first = &v.Workloads[0].First
		m.Para(strings.TrimSpace(v.Workloads[0].Bound + " " + first.Advice))
	}
	m.charts(v)
	m.Para(strings.Join(first.Bases, " "))
	m.first(first, v.Overview != nil)
	if v.Overview != nil {
		m.Table(v.Overview.Brief)
		var each []string
		for _, i := range shown {
			w := &v.Workloads[i]
			said := []string{w.Title, w.Bound, w.First.Advice}
			for _, p := range w.Predicted {
				said = append(said, p.Text)
			}
			each = append(each, strings.TrimSpace(strings.Join(said, " ")))
		}
		m.List("", each)
	} else {
		for _, i := range shown {
			m.predicted(&v.Workloads[i])
			m.tables(&v.Workloads[i])
		}
		m.Para(v.BriefNotes(shown))
	}
	m.failures(v)
	m.Para(v.Ground)
	m.Para(elsewhere)
	return m.WriteComment(w, "report.html")
}

// charts draws the curves of v, in the order in which its workloads stand in a document.
func (m writer) charts(v *view.View) {
	charts, left := v.Lines(mostCurves)
	for i := range charts {
		m.mermaid(&charts[i])
	}
	m.more(left, "curve", "curves")
}
