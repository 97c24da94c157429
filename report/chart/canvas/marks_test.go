package canvas

import (
	"bytes"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TestFocus: every mark can be reached once, its words last and within the picture; too many marks are left to the
// pointer.
func TestFocus(t *testing.T) {
	draw := func(marks int) string {
		s := newSVG(200, 100)
		for i := range marks {
			s.begin(Group{Title: strings.Repeat("i", i+1) + " < 4"})
			s.Fill(Box(10, 20, vg.Length(12+i), 30))
			s.end()
		}
		s.begin(Group{Title: "empty"}) // nothing is drawn: there is no place for it
		s.end()
		var b bytes.Buffer
		if _, err := s.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	svg := draw(2)
	if n := strings.Count(svg, `tabindex="0"`); n != 2 {
		t.Errorf("%d places for 2 marks:\n%s", n, svg)
	}
	if n := strings.Count(svg, "<title>"); n != 3 {
		t.Errorf("%d titles", n)
	}
	// The box of the first mark lies at 10…12 × 70…80 counted downwards; a dashed frame stands 4 around it.
	for _, want := range []string{
		`aria-label="i &lt; 4"`, `<rect x="6" y="66" width="10" height="18" fill="none"`,
		".tip:focus{opacity:1",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	if strings.LastIndex(svg, "<title>") > strings.Index(svg, "tabindex") {
		t.Error("words of marks are covered by the picture")
	}
	if svg := draw(mostMarks + 1); strings.Contains(svg, "tabindex") {
		t.Error("a tab stop for each of too many marks")
	}
}

// TestGroup: what belongs to a series says so, whatever its name, and a part of a page has titles without places for
// the keyboard or styles.
func TestGroup(t *testing.T) {
	var b bytes.Buffer
	err := WritePart(&b, 100, 50, func(c draw.Canvas) {
		box := func() { c.Fill(Box(1, 2, 3, 4)) }
		Group{Title: "1 < 2", Series: `a"<b>`}.Draw(c, box)
		Group{Series: "cause", Key: true}.Draw(c, box)
		Group{Series: "cause", Over: true}.Draw(c, box)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<g data-series="a&#34;&lt;b&gt;"><title>1 &lt; 2</title>`, `<g class="key" data-series="cause">`,
		`<g pointer-events="none" data-series="cause">`, `viewBox="0 0 100 50" font-family`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, &b)
		}
	}
	for _, bad := range []string{"tabindex", "style"} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("%s in\n%s", bad, &b)
		}
	}
}

// TestLongWords: a name of a megabyte takes a thousand characters of a drawing, and no longer to measure than what has
// room.
func TestLongWords(t *testing.T) {
	name := strings.Repeat("é", 1<<20)
	var b bytes.Buffer
	err := WritePart(&b, 100, 100, func(c draw.Canvas) {
		Group{Title: name, Series: name}.Draw(c, func() { Regular(10, Dark).Put(c, 0, 0, 0, Regular(10, Dark).Fit(name, 50)) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "é"); n < 2*mostSaid || n > 2*mostSaid+20 || strings.Count(b.String(), "…") != 3 {
		t.Errorf("%d characters of %d", n, len(name)/2)
	}
	if w := Regular(10, Dark).Width(name); w < 10000 || w != Regular(10, Dark).Width(name[:2*mostMeasured]) {
		t.Errorf("it is %v wide", w)
	}
}
