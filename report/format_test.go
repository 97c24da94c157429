package report

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/internal/prose"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
)

func TestNumbers(t *testing.T) {
	iv := func(low, high float64) *curve.Interval { return &curve.Interval{Low: low, High: high} }
	for _, c := range []struct{ name, got, want string }{
		{"speedup", times(1.934), "1.93×"},
		{"speedup of two digits", times(12.34), "12.3×"},
		{"speedup of three digits", times(123.4), "123×"},
		{"rounding up to ten", times(9.996), "10.0×"},
		{"unknown speedup", times(math.NaN()), "–"},
		{"interval", ratioRange(iv(1.9, 1.956)), "1.90–1.96"},
		{"interval over ten", ratioRange(iv(9.9, 10.1)), "9.9–10.1"},
		{"no interval", ratioRange(nil), "–"},
		{"half an interval", ratioRange(iv(1, math.Inf(1))), "–"},
		{"interval in the unit of its value", durationRange(iv(0.95, 1.02), 1.0), "0.95–1.02"},
		{"interval in milliseconds", durationRange(iv(0.51, 0.515), 0.512), "510–515"},
		{"share", percent(0.966), "97 %"},
		{"small share", percent(0.004), "0.4 %"},
		{"no share", percent(0), "0 %"},
		{"Karp and Flatt", fraction(0.0364), "0.036"},
		{"no minus before nothing", fraction(-0.0001), "0.000"},
		{"memory", megabytes(12_345_678), "12.3"},
		{"unknown memory", megabytes(0), "–"},
		{"plural", plural(2, "run", "runs"), "2 runs"},
		{"list", list([]string{"a", "b", "c"}), "a, b and c"},
		{"argument list", argv([]string{"sh", "-c", "echo it's"}), `sh -c 'echo it'\''s'`},
	} {
		if got := prose.Plain(c.got); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTableBlocks(t *testing.T) {
	tab := table{
		Head: []head{{Name: "n"}, {Name: "alpha", Unit: "s"}, {Name: "a long name", Short: "beta"}, {Name: "words", Left: true}},
		Rows: [][]string{{"1", "10", "20.5", "x"}, {"16", "3", "4", "yz"}},
	}
	// Columns are 2, 5, 4 and 5 wide: 2+1+5+1+4 = 13 fit into 14, and the last goes into a block of its own beside the first column again.
	want := []string{
		" n alpha beta",
		"       s",
		" 1    10 20.5",
		"16     3    4",
		"",
		" n words",
		" 1 x",
		"16 yz",
	}
	if diff := cmp.Diff(want, tab.text(14)); diff != "" {
		t.Error(diff)
	}
	if got := tab.text(80); len(got) != 4 || slices.ContainsFunc(got, func(s string) bool { return utf8.RuneCountInString(s) > 19 }) {
		t.Errorf("at 80 columns:\n%s", strings.Join(got, "\n"))
	}
}

func TestASCII(t *testing.T) {
	if a, b := utf8.RuneCountInString(asciiFrom), len(asciiTo); a != b {
		t.Fatalf("%d characters have %d replacements", a, b)
	}
	if got, want := ascii("1.93× ±5 % ─●─ 10–20 µs 世"), "1.93x ~5 % -o- 10-20 us ?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
