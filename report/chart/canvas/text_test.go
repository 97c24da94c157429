package canvas

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGlyphs(t *testing.T) {
	// What titles use must not be replaced, in either weight; what the font lacks must leave a trace.
	const used = "×–≤≥…µπ−%’“”· \u00A0≈±"
	for _, s := range []Script{Regular(20, Dark), Bold(20, Dark)} {
		if got := s.printable(used); got != used {
			t.Errorf("printable(%q) = %q", used, got)
		}
		if got, want := s.printable("a\n好"), "a ?"; got != want {
			t.Errorf("printable = %q, want %q", got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	s := Regular(20, Dark)
	width := s.Width("aaa bbb")
	tests := []struct {
		txt  string
		want []string
	}{
		{"", nil},
		{"aaa bbb", []string{"aaa bbb"}},
		{"aaa  bbb aaa", []string{"aaa bbb", "aaa"}},
		{"75\u00A0% aaa bbb", []string{"75\u00A0%", "aaa bbb"}},
		{"aaaaaaaaa", []string{"aaaaaa", "aaa"}},
		{"aaaa.bbbb", []string{"aaaa.", "bbbb"}},
		{"a.aaaaaaa", []string{"a.aaaaa", "aa"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, s.Wrap(test.txt, width)); diff != "" {
			t.Errorf("wrap(%q) (-want +got):\n%s", test.txt, diff)
		}
	}
	if got := s.Fit("aaa bbb ccc", width); s.Width(got) > width || got != "aaa b…" {
		t.Errorf("fit = %q", got)
	}
}

// TestLongText: a text of any length takes the time of what is shown of it, and no more lines than a picture has room
// for; both were missing once, so that a title of a few thousand letters took minutes.
func TestLongText(t *testing.T) {
	s := Regular(20, Dark)
	width := s.Width("aaa bbb")
	for _, txt := range []string{strings.Repeat("a", 1<<20), strings.Repeat("aaa ", 1<<18), strings.Repeat("é\n", 1<<18)} {
		lines := s.Wrap(txt, width)
		if len(lines) != linesFor(width) || !strings.HasSuffix(lines[len(lines)-1], "…") {
			t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
		}
		if got := s.Fit(txt, width); !strings.HasSuffix(got, "…") || len(got) > 40 {
			t.Errorf("fit = %.50q", got)
		}
	}
	if got := s.Wrap("aaaaaaaaa", 1); len(got) != 9 {
		t.Errorf("%q where no letter has room", got)
	}
}
