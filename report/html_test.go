package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// pageOf is report.html of a study.
func pageOf(t *testing.T, in study.Input) string {
	t.Helper()
	r := Build(study.Analyze(in))
	pictures := draw(t, r)
	return written(t, func(w io.Writer) error { return r.WriteHTML(w, pictures) })
}

func TestHTML(t *testing.T) {
	in := failing().in
	s := pageOf(t, in)

	// Nothing is fetched: no address but names of XML spaces, and no element that would load one.
	for _, m := range regexp.MustCompile(`(?i)\b(?:src|href|action|xlink:href)\s*=\s*["']([^"']*)|url\(([^)]*)\)|@import|<(?:link|img|iframe|object|embed|base)\b[^>]*>`).FindAllStringSubmatch(s, -1) {
		if target := m[1] + m[2]; m[0] == `<link rel="icon" href="data:,">` || strings.HasPrefix(target, "data:") || strings.HasPrefix(target, "#") {
			continue
		}
		t.Errorf("asks for something: %s", m[0])
	}
	// The runs can be read back.
	_, rest, _ := strings.Cut(s, `<script type="application/json" id="runs">`)
	raw, _, _ := strings.Cut(rest, "</script>")
	var runs []sweep.Result
	if err := json.Unmarshal([]byte(raw), &runs); err != nil || len(runs) != len(in.Results) {
		t.Errorf("%d of %d runs: %v", len(runs), len(in.Results), err)
	}
	if strings.Contains(s, "<script>alert") {
		t.Error("an error message became markup")
	}
	// Each recommendation stands there with its reason.
	for _, a := range Build(study.Analyze(in)).View.Workloads[0].Advice {
		if !strings.Contains(s, "<li>"+html.EscapeString(a)+"</li>") {
			t.Errorf("lacks %q", a)
		}
	}
	// The verdict is the first text but the question.
	_, body, _ := strings.Cut(s, `<main id="verdict">`)
	if !regexp.MustCompile(`^\s*<section id="w1">\s*<p class="question">Does pi [^<]*</p>\s*<h1>pi: `).MatchString(body) {
		t.Errorf("begins with %.200q", body)
	}
}

// TestPolicy: the page allows its own style and script by what they hold, and nothing else: neither another script nor
// a style at an element.
func TestPolicy(t *testing.T) {
	s := pageOf(t, locked().in)
	m := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(s)
	if m == nil {
		t.Fatal("no policy")
	}
	hash := func(tag string) string {
		all := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(s, -1)
		if len(all) != 1 {
			t.Fatalf("%d elements %s", len(all), tag)
		}
		sum := sha256.Sum256([]byte(all[0][1]))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; script-src " + hash("script") + "; style-src " + hash("style") + "; img-src data:; base-uri 'none'; form-action 'none'"
	if got := html.UnescapeString(m[1]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if bad := regexp.MustCompile(`<[^<>]*\s(style|on[a-z]+)="[^"]*"`).FindString(s); bad != "" {
		t.Errorf("an attribute that the policy forbids: %.200s", bad)
	}
}

// TestLinks: in the page of every study each link has its place, places have one name each, made of numbers, and
// headings leave no level out.
func TestLinks(t *testing.T) {
	for name, in := range studies() {
		s := pageOf(t, in)
		var ids []string
		for _, m := range regexp.MustCompile(`<[^<>]*\sid="([^"]*)"`).FindAllStringSubmatch(s, -1) {
			ids = append(ids, m[1])
			if !regexp.MustCompile(`^(verdict|overview|each|caveats|failed|host|raw|runs|n\d+|[pw]\d+(-[a-z0-9-]*)?)$`).MatchString(m[1]) {
				t.Errorf("%s: identifier %q", name, m[1])
			}
		}
		slices.Sort(ids)
		if once := slices.Compact(slices.Clone(ids)); len(once) != len(ids) {
			t.Errorf("%s: identifiers occur twice: %q", name, ids)
		}
		links := regexp.MustCompile(`<a [^>]*href="#([^"]*)"`).FindAllStringSubmatch(s, -1)
		for _, m := range links {
			if !slices.Contains(ids, m[1]) {
				t.Errorf("%s: nothing is at #%s", name, m[1])
			}
		}
		level, first := 0, 0
		for _, m := range regexp.MustCompile(`<h([1-6])\b`).FindAllStringSubmatch(s, -1) {
			n := int(m[1][0] - '0')
			if n > level+1 {
				t.Errorf("%s: h%d follows h%d", name, n, level)
			}
			if level = n; n == 1 {
				first++
			}
		}
		if first != 1 {
			t.Errorf("%s: %d headings of the first level", name, first)
		}
	}
}

// TestFound: the finding on the first screen leads to itself, its bar, its timeline and its row, and these lead back.
func TestFound(t *testing.T) {
	s := pageOf(t, locked().in)
	first := regexp.MustCompile(`(?s)<ol>\s*<li><a href="#w1-f1"><strong>100\x{a0}%</strong> workers waiting for a lock.*?</ol>`).FindString(s)
	for _, want := range []string{">stack</a>", ">timeline</a>", `<a href="#w1-c1-r1">table</a>`} {
		if !strings.Contains(first, want) {
			t.Errorf("the first screen lacks %s: %s", want, first)
		}
	}
	bar := regexp.MustCompile(`data-mark="([^"]*)">stack</a>`).FindStringSubmatch(first)
	if bar == nil || !strings.Contains(s, "<title>"+bar[1]+" takes 0.40×") {
		t.Errorf("no part of a bar begins as the link says: %q", bar)
	}
	if n := strings.Count(s, `See <a href="#w1-f1">finding 1</a>.`); n != 3 {
		t.Errorf("%d places lead back to the finding: want the stack, the timeline and the table", n)
	}
	if !regexp.MustCompile(`(?s)<tr id="w1-c1-r1"><th scope="row"[^>]*>2</th>`).MatchString(s) {
		t.Error("the row of n = 2 is not where the link leads")
	}
}

// TestHostileNames: names that would be markup stand in the page as texts, and a very long one is cut, which is said.
func TestHostileNames(t *testing.T) {
	for _, bad := range []string{
		`</script><script>alert(1)</script>`, `<!--`, `]]>`, `"><img src=x onerror=alert(1)>`, `' onload='alert(1)`,
		"\x1b[31m\u202e\x00", `javascript:alert(1)`, `{{.}}`, strings.Repeat("name ", 1<<16),
	} {
		in := locked().in
		in.Results = slices.Clone(in.Results)
		for i := range in.Results {
			r := &in.Results[i]
			r.Warnings = []string{bad}
			if r.Point.Workers == 1 && r.Kind == sweep.Timed && r.Rep == 0 {
				r.Status, r.Error = sweep.Failed, bad
			}
		}
		in.Header.Workloads = slices.Clone(in.Header.Workloads)
		in.Header.Workloads[0].Doc = bad
		s := pageOf(t, in)
		page, _, _ := strings.Cut(s, `<script type="application/json"`)
		for _, raw := range []string{"<script>alert", "<img", "onload='", "\x1b", "\x00", "\u202e"} {
			if strings.Contains(page, raw) {
				t.Errorf("%.40q: the page holds %q", bad, raw)
			}
		}
		if n := strings.Count(s, "</script>"); n != 2 {
			t.Errorf("%.40q: %d scripts end", bad, n)
		}
		if len(bad) > 2000 {
			if !strings.Contains(page, "more characters in report.json)") {
				t.Errorf("%.40q: it is not said that it is cut", bad)
			}
			if long := regexp.MustCompile(fmt.Sprintf(`(?:name ){%d}`, 500)).FindString(page); long != "" {
				t.Errorf("%.40q stands there with %d characters", bad, len(long))
			}
		}
	}
}

// TestSeveral: of several workloads the page begins as that of one does: with the question, the verdict, the finding
// that takes most of all and whose it is, and what to know before relying on it; each workload has the rest below.
func TestSeveral(t *testing.T) {
	f := locked()
	f.sweep("calm", sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 0, 400 * ms}, spot{2, 205 * ms, 0, 400 * ms})
	for i := range f.in.Results {
		if r := &f.in.Results[i]; r.Point.Workload == "calm" && r.Point.Workers == 2 && r.Rep == 0 {
			r.Noise = sweep.Noise{Noisy: true, Share: 0.3}
		}
	}
	s := pageOf(t, f.in)
	_, body, _ := strings.Cut(s, `<main id="verdict">`)
	top, below, _ := strings.Cut(body, `id="overview"`)
	for _, want := range []string{
		`^\s*<section>\s*<p class="question">Do these 2 workloads get faster with more cores, and if not, where do the cores go\?</p>\s*<h1>`,
		`(?s)<h1>.*<svg.*Where most of the lost core time goes</h2>\s*<ol>\s*<li><a href="#w1-f1"><strong>100\x{a0}%</strong> workers waiting for a lock`,
		`\(bank, threads, n`, `<a href="#w1-c1-r1">table</a>`,
		`Before you rely on it</h2>\s*<ul>\s*<li><a href="#n\d">1 timed run was noisy; intervals hold what that can explain: 2 workers of calm\.</a>`,
	} {
		if !regexp.MustCompile(want).MatchString(top) {
			t.Errorf("above the overview there is no %s: %s", want, regexp.MustCompile(`(?s)<svg.*?</svg>`).ReplaceAllString(top, "<svg>"))
		}
	}
	if strings.Contains(below, `class="question"`) {
		t.Error("workloads ask again")
	}
}

// A page holds no more of the messages of a run in its data than in what is visible, and says so; one that is too long
// all the same leaves the data to the study.
func TestRunsCut(t *testing.T) {
	in := failing().in
	in.Results = slices.Clone(in.Results)
	r := &in.Results[0]
	r.Error, r.StderrTail = strings.Repeat("E", 1<<20), strings.Repeat("S", 1<<20)
	r.Warnings = slices.Repeat([]string{strings.Repeat("W", 4000)}, 2000)
	s := pageOf(t, in)
	if len(s) > 4<<20 || !strings.Contains(s, "many warnings cut as above") {
		t.Errorf("a page of %d bytes", len(s))
	}
	_, rest, _ := strings.Cut(s, `<script type="application/json" id="runs">`)
	raw, _, _ := strings.Cut(rest, "</script>")
	var runs []sweep.Result
	if err := json.Unmarshal([]byte(raw), &runs); err != nil {
		t.Fatal(err)
	}
	got := runs[0]
	if !strings.HasSuffix(got.Error, "E… (1,046,576 more characters in runs.jsonl)") || len(got.Warnings) != 21 ||
		got.Warnings[20] != "1980 more warnings in runs.jsonl" {
		t.Errorf("%d warnings, the last %.50q; error ends with %q", len(got.Warnings), got.Warnings[len(got.Warnings)-1],
			got.Error[len(got.Error)-50:])
	}
	if strings.Contains(pageOf(t, failing().in), "many warnings cut") {
		t.Error("says that texts are cut where none is")
	}
	for i := range in.Results {
		in.Results[i].Metrics = map[string]float64{strings.Repeat("m", 5<<20): 1}
	}
	if s = pageOf(t, in); strings.Contains(s, `id="runs"`) || !strings.Contains(s, "runs.jsonl are too much for a page") {
		t.Errorf("a page of %d bytes", len(s))
	}
}
