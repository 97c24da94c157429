package report

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/browsertest"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
	"github.com/corecurve/corecurve/trace/sweep"
)

// poison puts bad before every text within v that somebody else may have written: names of workloads, tasks, spans,
// functions and files, labels, command lines, messages. What was equal stays equal; the words of this program's own
// types stay as they are.
func poison(v reflect.Value, bad string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && v.Kind() == reflect.Pointer {
			poison(v.Elem(), bad)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Schema" {
				poison(v.Field(i), bad)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			poison(v.Index(i), bad)
		}
	case reflect.Map:
		out := reflect.MakeMap(v.Type())
		for it := v.MapRange(); it.Next(); {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(it.Key())
			value.Set(it.Value())
			poison(key, bad)
			poison(value, bad)
			out.SetMapIndex(key, value)
		}
		if !v.IsNil() && v.CanSet() {
			v.Set(out)
		}
	case reflect.String:
		if s := v.String(); v.Type() == reflect.TypeFor[string]() && s != "" && s != sweep.SpinWorkload && !strings.HasPrefix(s, bad) {
			v.SetString(bad + s)
		}
	}
}

// talkative is a study in which texts of others stand wherever they can: a run failed and said why, others warn.
func talkative() study.Input {
	in := full().in
	for i := range in.Results {
		r := &in.Results[i]
		r.Warnings = []string{"a warning"}
		if r.Point.Workers == 4 && r.Rep == 3 {
			r.Status, r.Error, r.StderrTail = sweep.Failed, "exit status 1", "a message"
		}
	}
	in.Damage = []string{"runs.jsonl: line 3: a word"}
	return in
}

// A census is what a page is made of.
type census struct {
	Elements, Attributes map[string]int
	Comments, Scripts    int
	Runs                 int  // that can be read back
	Width                int  // in pixels
	Pwned                bool // a script of others ran
	Milliseconds         float64
}

// take counts what the page is made of, after each of its links and controls was used.
const take = `(() => {
	for (const d of document.querySelectorAll("details")) d.open = true;
	for (const e of document.querySelectorAll("a, button, [role=button]")) e.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
	for (const e of document.querySelectorAll("svg [aria-label]")) e.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX: 9, clientY: 9}));
	const out = {Elements: {}, Attributes: {}, Comments: 0, Scripts: document.scripts.length, Width: document.documentElement.scrollWidth};
	for (const e of document.querySelectorAll("*")) {
		out.Elements[e.tagName] = (out.Elements[e.tagName] || 0) + 1;
		for (const a of e.attributes) out.Attributes[a.name] = (out.Attributes[a.name] || 0) + 1;
	}
	for (const w = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT); w.nextNode();) out.Comments++;
	out.Runs = JSON.parse(document.getElementById("runs").textContent).length;
	out.Pwned = "pwned" in window;
	out.Milliseconds = performance.getEntriesByType("navigation")[0].loadEventEnd;
	return out;
})()`

// alien is what other has that the clean page has not.
func (c *census) alien(clean *census) []string {
	var out []string
	for what, names := range map[string][2]map[string]int{"element": {c.Elements, clean.Elements}, "attribute": {c.Attributes, clean.Attributes}} {
		for _, name := range slices.Sorted(maps.Keys(names[0])) {
			if names[1][name] == 0 {
				out = append(out, fmt.Sprintf("%d of the %s %q", names[0][name], what, name))
			}
		}
	}
	if c.Comments != clean.Comments || c.Scripts != clean.Scripts {
		out = append(out, fmt.Sprintf("%d comments and %d scripts", c.Comments, c.Scripts))
	}
	if c.Pwned {
		out = append(out, "a script that ran")
	}
	return out
}

// memoryOfLong is what drawing may allocate, all told, where texts have a megabyte: that of each of them again and
// again, which tells how much work it is on any machine. To look at each beside every other would take a hundred times
// as much.
const memoryOfLong = 4 << 30

// TestHostile opens pages of studies whose every foreign text is hostile: nothing runs, nothing is added to the page,
// the console stays empty, nothing is asked of the network, and the page is as wide as it was and loads soon.
func TestHostile(t *testing.T) {
	browser := browsertest.Start(t)
	clean := browsertest.Value[census](browser.Open(t, pageOf(t, talkative()), wide), take)
	for name, bad := range map[string]string{
		"script":   `</script><script>pwned=1</script>`,
		"comment":  `<!--<script>pwned=1</script>`,
		"cdata":    `]]></title></style></svg></textarea><svg onload=pwned=1>`,
		"quotes":   `" onload="pwned=1" ' onclick='pwned=1' x="><img src=x onerror=pwned=1>`,
		"address":  `javascript:pwned=1//https://corecurve.example/x?`,
		"entity":   `&lt;script&gt;pwned=1&lt;/script&gt;&#x3c;img src=x onerror=pwned=1&#x3e;`,
		"template": `{{.}}${pwned=1}%s%!d(MISSING)`,
		"controls": "\x00\x1b[31m\u202e\u2066\u2028\u2029\ufeff\u200b\x7f\u0085\xff",
		"wide":     strings.Repeat("W", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			in := talkative()
			poison(reflect.ValueOf(&in).Elem(), bad)
			source := pageOf(t, in)
			checkHostile(t, browser, source, phone, &clean)
			if name == "wide" {
				checkHostile(t, browser, source, wide, &clean)
			}
		})
	}
	t.Run("1 MB", func(t *testing.T) {
		in := talkative()
		in.Header.Workloads = slices.Clone(in.Header.Workloads)
		long := strings.Repeat("name<b> ", 1<<17)
		for run, x := range in.Explained {
			poison(reflect.ValueOf(&x).Elem(), long)
			in.Explained[run] = x
		}
		in.Header.Workloads[0].Doc = long
		in.Results[3].Warnings = []string{long}
		var source string
		limitstest.Allocates(t, memoryOfLong, func() { source = pageOf(t, in) })
		if len(source) > 6<<20 {
			t.Errorf("%d bytes", len(source))
		}
		checkHostile(t, browser, source, wide, &clean)
	})
	if n := browser.Requests(); n != 0 {
		t.Errorf("%d requests to the network", n)
	}
}

func checkHostile(t *testing.T, browser *browsertest.Browser, source string, look browsertest.Look, clean *census) {
	t.Helper()
	p := browser.Open(t, source, look)
	got := browsertest.Value[census](p, take)
	for _, a := range got.alien(clean) {
		t.Errorf("the page has %s", a)
	}
	if got.Runs != clean.Runs {
		t.Errorf("%d of %d runs", got.Runs, clean.Runs)
	}
	if got.Width > look.Width {
		t.Errorf("%d pixels wide in a window of %d", got.Width, look.Width)
	}
	if late := time.Duration(got.Milliseconds) * time.Millisecond; late > latest {
		t.Errorf("loaded after %v", late)
	}
	for _, line := range p.Console() {
		t.Errorf("console: %s", line)
	}
}

// TestHostileSeen: the test would see a name that became markup: an element, an attribute, a comment, and what the
// browser says of the script that it does not run.
func TestHostileSeen(t *testing.T) {
	browser := browsertest.Start(t)
	source := pageOf(t, locked().in)
	clean := browsertest.Value[census](browser.Open(t, source, wide), take)
	for bad, want := range map[string]string{
		`<script>pwned=1</script>`:                 "scripts",
		`<img src="x" onerror="pwned=1">`:          `attribute "onerror"`,
		`<marquee>x</marquee>`:                     `element "MARQUEE"`,
		`<!-- x -->`:                               "1 comments",
		`<a href="javascript:pwned=1">x</a>`:       "",
		`<b style="color:red">x</b>`:               `element "B"`,
		`<iframe src="http://x.example"></iframe>`: `element "IFRAME"`,
	} {
		p := browser.Open(t, strings.Replace(source, "<h1>", bad+"<h1>", 1), wide)
		got := browsertest.Value[census](p, take)
		if got.Pwned {
			t.Errorf("%s: it ran", bad)
		}
		if found := strings.Join(got.alien(&clean), "; "); !strings.Contains(found, want) {
			t.Errorf("%s: found %q", bad, found)
		}
		if said := len(p.Console()); said == 0 && (strings.Contains(bad, "pwned") || strings.Contains(bad, "style")) {
			t.Errorf("%s: the policy let it pass: nothing on the console", bad)
		}
	}
	// Without the policy the first of them would run.
	start, rest, _ := strings.Cut(source, `<meta http-equiv="Content-Security-Policy"`)
	_, rest, _ = strings.Cut(rest, ">")
	open := browser.Open(t, start+strings.Replace(rest, "<h1>", "<script>pwned=1</script><h1>", 1), wide)
	if !browsertest.Value[census](open, take).Pwned {
		t.Error("without a policy a script that was put into the page does not run: the test proves nothing")
	}
}

// TestPolicyHolds: the browser refuses what a page does not bring itself: scripts and styles put into it later,
// handlers and styles at elements, code made of text, pictures, frames, forms and another base.
func TestPolicyHolds(t *testing.T) {
	browser := browsertest.Start(t)
	p := browser.Open(t, pageOf(t, locked().in), wide)
	const put = `const add = (tag, attributes, text) => {
		const e = document.createElement(tag);
		for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
		if (text) e.textContent = text;
		document.body.append(e);
		return e;
	};`
	for what, try := range map[string]string{
		"script-src": `add("script", {}, "pwned = 1"); return "pwned" in window`,
		"handler":    `add("b", {onclick: "pwned = 1"}, "x").click(); return "pwned" in window`,
		"style-src":  `add("style", {}, "body { margin-top: 777px }"); return getComputedStyle(document.body).marginTop === "777px"`,
		"style":      `return getComputedStyle(add("b", {style: "color: rgb(1, 2, 3)"}, "x")).color === "rgb(1, 2, 3)"`,
		"img-src":    `return await new Promise((done) => { const i = add("img", {src: "http://corecurve.example/x.png"}); i.onload = () => done(true); i.onerror = () => done(false); })`,
		"connect":    `return await fetch("http://corecurve.example/").then(() => true, () => false)`,
		"frame-src":  `add("iframe", {src: "http://corecurve.example/"}); return false`,
		"base-uri":   `add("base", {href: "http://corecurve.example/"}); return document.baseURI.startsWith("http")`,
	} {
		before := len(p.Console())
		if browsertest.Value[bool](p, "(async () => { "+put+try+" })()") {
			t.Errorf("%s: it is allowed", what)
		}
		refused := func() bool {
			return slices.ContainsFunc(p.Console()[before:], func(s string) bool { return strings.Contains(s, "Content Security Policy") })
		}
		for end := time.Now().Add(latest); !refused() && time.Now().Before(end); { // a frame is refused a moment later
			browsertest.Wait(p, "new Promise((done) => setTimeout(() => done(true)))")
		}
		if !refused() {
			t.Errorf("%s: the browser does not say that the policy refuses it: %q", what, p.Console()[before:])
		}
	}
	if n := browser.Requests(); n != 0 {
		t.Errorf("%d requests to the network", n)
	}
}
