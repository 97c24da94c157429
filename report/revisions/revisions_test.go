package revisions

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/report/words"
)

func written(t *testing.T, f func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The program gets slower at study 9, and so does the machine at 18; at 24 the program gets faster.
func TestReport(t *testing.T) {
	r := &Report{
		History: made(30, step{9, 1.08, false}, step{18, 1.05, true}, step{24, 0.85, false}), Seed: 1,
		Failed: []Failed{{"bad", "line 3 is damaged \x1b[31m"}},
	}
	h := r.History
	name := func(i int) string { return words.EntryName(h, &h.Series[0].Entries[i]) }
	text := strings.Join(strings.Fields(written(t, r.WriteText)), " ")
	for _, want := range []string{
		"cache: time on 2 workers is 0.85× (0.8", "1 change more; 1 change of the machine",
		"From " + name(9) + " (cache: change 9 of a <b> & its test) on, time on 1 worker is 1.08×",
		"the machine does not explain it: the loop in registers is 1.00×",
		"From " + name(18) + " (cache: change 18", "the machine changed: the loop in registers is 1.05×",
		"bad: line 3 is damaged", "+: the working tree had changes", name(3) + " 2026-01-04",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if !strings.HasSuffix(name(3), "+") || strings.Contains(text, "\x1b") {
		t.Errorf("a revision with changes is %q", name(3))
	}
	html := written(t, r.WriteHTML)
	if strings.Count(html, "<svg") != 2 || strings.Contains(html, "<b>") || strings.Contains(html, "\x1b") {
		t.Errorf("the page has %d drawings, or foreign marks", strings.Count(html, "<svg"))
	}
	if md := written(t, r.WriteMarkdown); !strings.HasPrefix(md, "### cache: time on 2 workers") ||
		strings.Contains(md, "<b>") {
		t.Errorf("Markdown begins with %.60q", md)
	}
}

func TestDocument(t *testing.T) {
	r := &Report{History: made(30, step{9, 1.08, false}), Seed: 1}
	var d Document
	if err := json.Unmarshal([]byte(written(t, r.WriteJSON)), &d); err != nil {
		t.Fatal(err)
	}
	if d.Schema != Schema || len(d.Studies) != 30 || len(d.Series) != 1 || len(d.Series[0].Entries) != 30 || d.Tests != 3 {
		t.Fatalf("%s: %d studies, %d series, %d tests", d.Schema, len(d.Studies), len(d.Series), d.Tests)
	}
	s := d.Series[0]
	if s.BaseN != 1 || s.TopN != 2 || s.Drift != nil || s.DriftReason == "" {
		t.Errorf("base %d, top %d, drift %v", s.BaseN, s.TopN, s.Drift)
	}
	found := false
	for _, c := range s.Changes {
		if c.Quantity == history.TopTime && c.At == 9 {
			found = math.Abs(c.Ratio-1.08) < 0.02 && c.Interval.Low < 1.08 && c.Interval.High > 1.08 &&
				c.Origin == history.OfProgram && c.Text != ""
		}
	}
	if !found {
		t.Errorf("the change is not found: %+v", s.Changes)
	}
}

// Few studies, none and a flat history claim nothing.
func TestNothingToSay(t *testing.T) {
	for _, tt := range []struct {
		r    Report
		want string
	}{
		{Report{History: made(5, step{2, 1.5, false})}, "Too few studies to show a change: 5 of at least 8"},
		{Report{History: made(20)}, "No change is shown in 20 studies"},
		{Report{History: (&history.Builder{}).History()}, "Nothing was measured"},
	} {
		if text := written(t, tt.r.WriteText); !strings.HasPrefix(text, tt.want+"\n") {
			t.Errorf("%.80q, want %q", text, tt.want)
		}
		written(t, tt.r.WriteHTML)
		written(t, tt.r.WriteJSON)
	}
}
