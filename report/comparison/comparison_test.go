package comparison_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/comparison"
)

const evil = "w|<script>\x1b[31m`*"

// example compares Amdahl's law with alpha 0.05 and 0.2, with no launch at 8 on the new side.
func example(failOn float64) *comparison.Comparison {
	side := func(alpha float64, eight bool, shares map[cause.Cause]float64) []compare.Curve {
		c := compare.Curve{Key: compare.Key{Workload: evil}}
		for _, n := range []float64{1, 2, 3, 4, 6, 8} {
			d := compare.Count{N: n}
			for k := range 10 {
				d.Seconds = append(d.Seconds, (1+alpha*(n-1))/n*(1+0.001*float64(k-5)))
			}
			if n == 8 && !eight {
				d.Seconds, d.Failed = nil, 10
			}
			if n == 4 {
				d.Shares = shares
			}
			c.Counts = append(c.Counts, d)
		}
		return []compare.Curve{c}
	}
	r := compare.Compare(
		side(0.05, true, map[cause.Cause]float64{cause.User: 0.9, cause.Mutex: 0.1}),
		side(0.2, false, map[cause.Cause]float64{cause.User: 0.5, cause.Mutex: 0.502}), compare.Options{Resamples: 200},
	)
	return &comparison.Comparison{
		Base: "old", New: "new", Result: r, FailOn: failOn, Notes: []string{"CPU: A in BASE, B in NEW"},
	}
}

func written(t *testing.T, f func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	c := example(0.05)
	s := written(t, c.WriteText)
	for _, want := range []string{
		// At 6: (1 + 0.05·5)/(1 + 0.2·5) = 1.25/2.
		"NEW is 0.63× (0.62–0.63) as fast at n = 6; slower at 2, 3, 4 too; no change is shown at 1; not measured at 8",
		"- CPU: A in BASE, B in NEW",
		"not measured", "alpha 0.05", "changed: their intervals are apart",
		"Gate --fail-on 5 % does not hold", "measured in BASE, and no run of NEW succeeded",
		"all 5 tests",
	} {
		if !strings.Contains(strings.Join(strings.Fields(s), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	if strings.ContainsRune(s, '\x1b') || strings.Index(s, "CPU: A") > strings.Index(s, "speed") {
		t.Errorf("a control character, or figures before what differs:\n%s", s)
	}
	for line := range strings.Lines(s) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if c.Document().Gate.Holds || example(0).Document().Gate != nil {
		t.Error("the gate holds where it should not, or the other way round")
	}
}

func TestMarkdownAndHTML(t *testing.T) {
	md := written(t, example(0.05).WriteMarkdown)
	for line := range strings.Lines(md) {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 10 {
			t.Errorf("a row of another width: %s", line)
		}
	}
	if strings.Contains(md, "<script") && !strings.Contains(md, `\<script`) {
		t.Errorf("markup of a name:\n%s", md)
	}
	html := written(t, example(0.05).WriteHTML)
	if n := strings.Count(html, "<script"); n != 1 {
		t.Errorf("%d scripts in the page, beside its own", n-1)
	}
	for _, bad := range []string{"src=", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(html, "http://www.w3.org/", ""), bad) {
			t.Errorf("%q in the page", bad)
		}
	}
	if strings.Count(html, "<figure") != 2 || strings.Contains(html, `id="a"`) {
		t.Errorf("%d pictures", strings.Count(html, "<figure"))
	}
	if !strings.Contains(html, "<svg") || !strings.Contains(html, `class="left poor">slower`) {
		t.Error("the page lacks the picture or a verdict")
	}
	for _, row := range regexp.MustCompile(`<tr>(<th scope="row".*?)</tr>`).FindAllString(html, -1) {
		if n := strings.Count(row, " data-v="); n < 3 { // n, runs and a time, by which a reader sorts
			t.Errorf("%d cells have numbers: %s", n, row)
		}
	}
}

func TestJSON(t *testing.T) {
	var d comparison.Document
	if err := json.Unmarshal([]byte(written(t, example(0.05).WriteJSON)), &d); err != nil {
		t.Fatal(err)
	}
	p := d.Curves[0].Points
	if d.Schema != comparison.Schema || len(p) != 6 || math.Abs(*p[4].Ratio-1.6) > 1e-9 || p[5].Ratio != nil || p[5].RatioReason == "" || p[5].P != nil || p[5].PReason == "" {
		t.Errorf("%+v", p)
	}
	want := []compare.Change{{Cause: cause.Mutex, Base: 0.1, New: 0.502}, {Cause: cause.User, Base: 0.9, New: 0.5}}
	if diff := cmp.Diff(want, p[3].Causes); diff != "" {
		t.Error(diff)
	}
	if d.Gate == nil || d.Gate.Holds || len(d.Gate.Failed) != 5 || d.Curves[0].Law == law.None {
		t.Errorf("gate %+v, law %q", d.Gate, d.Curves[0].Law)
	}
}

func TestFigure(t *testing.T) {
	f, err := example(0).Figure()
	if err != nil {
		t.Fatal(err)
	}
	svg := written(t, func(w io.Writer) error { return chart.WriteSVG(w, f) })
	if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
		t.Errorf("the picture is no XML: %v", err)
	}
	// Alpha of 0.05 and 0.2: at 6 the times are 1.25/6 and 2/6, a speed of 0.625; at 8 the new side has none.
	for _, want := range []string{
		"new is 0.63× (0.62–0.63) as fast at n = 6; slower at", "n = 6: 0.63× (0.62–0.63): slower", "← new is slower", "new is faster →",
		">not measured<", "base: old; new: new", "speed of the new side over that of the base",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in the picture", want)
		}
	}
	none := &comparison.Comparison{Result: compare.Compare(nil, nil, compare.Options{}), FailOn: 0.05}
	if _, err := none.Figure(); err == nil {
		t.Error("a picture of nothing")
	}
	if s := written(t, none.WriteText); !strings.Contains(s, "Nothing could be compared") || !strings.Contains(s, "is not decided") ||
		strings.Contains(s, "holds") || none.Document().Gate.Holds {
		t.Errorf("%s", s)
	}
}
