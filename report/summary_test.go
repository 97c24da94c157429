package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/trace/sweep"
)

// summaryOf is the summary of a study.
func summaryOf(t *testing.T, in study.Input) string {
	t.Helper()
	return written(t, Build(study.Analyze(in)).WriteSummary)
}

// forge is Markdown as a forge shows it, except that nothing is taken out of it.
func forge(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	mermaidRE = regexp.MustCompile(`<code class="language-mermaid">`)
	tagRE     = regexp.MustCompile(`<([a-zA-Z!?][a-zA-Z0-9]*)`)
	lineRE    = regexp.MustCompile(`(?m)^  line "([^"]*)" \[([^\]]*)\]$`)
	mentionRE = regexp.MustCompile(`(^|\W)(@\w|#\d)`)
)

// TestSummary: the summary of every study has its verdict first, charts of the speedups that report.json has, whole
// tables, and says where the rest is.
func TestSummary(t *testing.T) {
	for name, in := range studies() {
		r := Build(study.Analyze(in))
		s := written(t, r.WriteSummary)
		rendered := forge(t, s)
		if !strings.HasPrefix(rendered, "<h3") || !strings.Contains(s, "report.html has") || len(s) > 6<<10 {
			t.Errorf("%s: %d bytes: %s", name, len(s), s)
		}
		if title := "**" + strings.SplitAfter(r.View.Title, ":")[0]; !strings.Contains(s, title) {
			t.Errorf("%s: lacks %s", name, title)
		}
		if got, want := strings.Count(rendered, "<table>"), strings.Count(s, "---:|"); got == 0 && want > 0 {
			t.Errorf("%s: no table: %s", name, rendered)
		}
		checkLines(t, name, s, r)
	}
}

// checkLines holds the lines of charts against the curves of the document.
func checkLines(t *testing.T, name, summary string, r *Report) {
	t.Helper()
	var curves []string
	for _, c := range r.Document.Curves {
		var of []string
		for _, p := range c.Points {
			if p.Speedup != nil {
				of = append(of, fmt.Sprintf("%.3f", *p.Speedup))
			}
		}
		if c.Base != nil && len(of) > 1 {
			curves = append(curves, strings.Join(of, " "))
		}
	}
	drawn := 0
	for _, m := range lineRE.FindAllStringSubmatch(summary, -1) {
		if m[1] == "ideal" {
			continue
		}
		drawn++
		var of []string
		for v := range strings.SplitSeq(m[2], ", ") {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			of = append(of, fmt.Sprintf("%.3f", f))
		}
		// One of a grid has the base of another first.
		if !slices.ContainsFunc(curves, func(c string) bool { return strings.HasSuffix(c, strings.Join(of, " ")) }) {
			t.Errorf("%s: %q is of no curve: %q", name, m[0], curves)
		}
	}
	if drawn != len(curves) {
		t.Errorf("%s: %d of %d curves are drawn", name, drawn, len(curves))
	}
}

// hundred is a study of a hundred workloads.
func hundred() study.Input {
	f := newFake(2)
	for i := range 100 {
		f.sweep(fmt.Sprintf("package.bench-%03d", i), sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 4 * ms, 396 * ms},
			spot{2, time.Duration(200+2*i) * ms, 4 * ms, 400 * ms})
	}
	f.in.Resamples = 50
	return f.in
}

// TestSummaryOfMany: of a hundred workloads four curves are drawn, in one chart, and it says how many are not.
func TestSummaryOfMany(t *testing.T) {
	s := summaryOf(t, hundred())
	if n := len(lineRE.FindAllString(s, -1)); n != 5 || strings.Count(s, "```mermaid") != 1 {
		t.Errorf("%d lines: %s", n, s)
	}
	for _, want := range []string{"(96 more curves in report.html)", "90 more are in report.html:"} {
		if !strings.Contains(s, want) {
			t.Errorf("lacks %q: %s", want, s)
		}
	}
}

// hostileNames are texts that mean something to Markdown, to HTML, to a forge or to Mermaid.
func hostileNames() map[string]string {
	return map[string]string{
		"fence":     "```\n~~~\n</code></pre><script>pwned=1</script>\n```mermaid\nflowchart LR\n",
		"html":      `<img src=x onerror=pwned=1><!-- --> <details><svg onload=pwned=1>`,
		"quotes":    `"] line "x" [1, 2] '`,
		"directive": `%%{init: {"securityLevel": "loose"}}%% %% comment`,
		"entity":    `#quot;#35;&lt;b&gt;&#x3c;`,
		"front":     "---\nconfig:\n  theme: dark\n---\n",
		"markdown":  `[a](javascript:pwned=1) ![b](http://corecurve.example/x.png) | **c** ` + "`d`" + ` $e$ ~~f~~`,
		"forge":     `@somebody #123 owner/name#45 https://corecurve.example www.corecurve.example http://a.example`,
		"list":      "- a\n1. b\n",
		"controls":  "\x00\x1b[31m\u202e\u2028\u2029\ufeff\u200b\xff\r\n",
		"long":      strings.Repeat("W&", 20_000),
	}
}

// TestSummaryHostile: hostile texts add no element to a summary, no link, nobody who would be written to, and no chart; it
// stays short enough to be shown, and says what is left out.
func TestSummaryHostile(t *testing.T) {
	for kind, of := range map[string]func() study.Input{"one": talkative, "several": several} {
		clean := forge(t, summaryOf(t, of()))
		for name, bad := range hostileNames() {
			in := of()
			poison(reflect.ValueOf(&in).Elem(), bad)
			t.Run(kind+" "+name, func(t *testing.T) { checkHarmless(t, summaryOf(t, in), clean) })
		}
	}
	in := talkative()
	poison(reflect.ValueOf(&in).Elem(), hostileNames()["long"])
	if s := summaryOf(t, in); !strings.Contains(s, "not fit into a comment: see report.html)") {
		t.Errorf("what is left out is not said: %.2000s", s)
	}
}

// checkHarmless holds a summary of hostile texts against what a forge makes of one without.
func checkHarmless(t *testing.T, s, clean string) {
	t.Helper()
	rendered := forge(t, s)
	var known []string
	for _, m := range tagRE.FindAllStringSubmatch(clean, -1) {
		known = append(known, m[1])
	}
	for _, m := range tagRE.FindAllStringSubmatch(rendered, -1) {
		if !slices.Contains(known, m[1]) {
			t.Errorf("an element %s: %s", m[1], rendered)
		}
	}
	if got, want := len(mermaidRE.FindAllString(rendered, -1)), len(mermaidRE.FindAllString(clean, -1)); got != want {
		t.Errorf("%d charts, want %d: %s", got, want, s)
	}
	text := regexp.MustCompile(`(?s)<pre>.*?</pre>|<[^>]*>|&#?\w+;`).ReplaceAllString(rendered, " ")
	if m := mentionRE.FindString(text); m != "" {
		t.Errorf("%q is a link on a forge", m)
	}
	if len(s) > page.MostComment || strings.ContainsAny(s, "\x1b\u202e\u2028") {
		t.Errorf("%d bytes: %.2000q", len(s), s)
	}
}

// easel opens a page in which a release of Mermaid draws.
func easel(t *testing.T, browser *browsertest.Browser, mermaid string) *browsertest.Page {
	t.Helper()
	p := browser.Open(t, `<!DOCTYPE html><html lang="en"><title>x</title><meta charset="utf-8"><style>body { font: 16px sans-serif; max-width: 880px; margin: 16px auto }
table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 4px 10px }</style><body>`, browsertest.Look{Width: 940, Height: 1600})
	browsertest.Value[int](p, mermaid+";mermaid.initialize({startOnLoad: false}), 0")
	return p
}

// show shows a summary as a forge does, each chart drawn, and returns what Mermaid finds wrong.
func show(t *testing.T, p *browsertest.Page, summary string) []string {
	t.Helper()
	return browsertest.Value[[]string](p, fmt.Sprintf(`(async () => {
		document.body.innerHTML = %q;
		const faults = [];
		let i = 0;
		for (const e of document.querySelectorAll("code.language-mermaid")) {
			try {
				const {svg} = await mermaid.render("chart" + i++, e.textContent);
				const div = document.createElement("div");
				div.innerHTML = svg;
				e.parentElement.replaceWith(div);
			} catch (error) { faults.push(String(error)); }
		}
		return faults;
	})()`, forge(t, summary)))
}

// TestSummaryDrawn has two releases of Mermaid draw the charts of summaries, of hostile texts too: without an error, each
// curve as a line, and with the names in the legend where there is one.
func TestSummaryDrawn(t *testing.T) {
	newest, old := browsertest.Mermaid(t)
	browser := browsertest.Start(t)
	all := studies()
	summaries := map[string]string{"many": summaryOf(t, hundred())}
	for name, of := range map[string]string{"two": "two workloads, both modes", "grid": "grid", "weak": "weak"} {
		summaries[name] = summaryOf(t, all[of])
	}
	for name, bad := range hostileNames() {
		in := several()
		poison(reflect.ValueOf(&in).Elem(), bad)
		summaries["hostile-"+name] = summaryOf(t, in)
	}
	for release, mermaid := range map[string]string{"newest": newest, "old": old} {
		p := easel(t, browser, mermaid)
		for name, s := range summaries {
			t.Run(name+" "+release, func(t *testing.T) {
				for _, f := range show(t, p, s) {
					t.Error(f)
				}
				checkDrawn(t, p, s, release == "newest")
				if dir := os.Getenv("CORECURVE_REPORT_DIR"); dir != "" {
					p.Screenshot(filepath.Join(dir, "summary-"+name+"-"+release+".png"))
				}
			})
		}
		// The test would see it: a chart that Mermaid cannot read.
		if faults := show(t, p, "```mermaid\nxychart-beta\n  line \"a\" \"b\" [1]\n```\n"); len(faults) != 1 {
			t.Errorf("%s: a chart that is none: %q", release, faults)
		}
	}
	if n := browser.Requests(); n != 0 {
		t.Errorf("%d requests to the network", n)
	}
}

// checkDrawn looks at the charts that were drawn for a summary.
func checkDrawn(t *testing.T, p *browsertest.Page, s string, legend bool) {
	t.Helper()
	lines := browsertest.Value[int](p, `document.querySelectorAll("svg .plot path").length`)
	if want := len(lineRE.FindAllString(s, -1)); lines != want || want == 0 {
		t.Errorf("%d lines are drawn, want %d", lines, want)
	}
	shown := browsertest.Value[string](p, `Array.from(document.querySelectorAll("svg text"), (e) => e.textContent).join("\n")`)
	for _, m := range lineRE.FindAllStringSubmatch(s, -1) {
		if legend && !strings.Contains(shown, m[1]) {
			t.Errorf("the legend lacks %q: %q", m[1], shown)
		}
	}
	if browsertest.Value[bool](p, `"pwned" in window || !!document.querySelector("script, svg a, svg image, svg foreignObject")`) {
		t.Error("a text became markup")
	}
}
