package canvas

import (
	"bytes"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestFocus: every mark can be reached once, its words last and within the picture; too many marks are left to the
// pointer.
func TestFocus(t *testing.T) {
	draw := func(marks int) string {
		s := newSVG(200, 100)
		for i := range marks {
			s.begin(strings.Repeat("i", i+1) + " < 4")
			s.Fill(Box(10, 20, vg.Length(12+i), 30))
			s.end()
		}
		s.begin("empty") // nothing is drawn: there is no place for it
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
