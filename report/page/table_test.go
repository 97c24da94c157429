package page

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTableBlocks(t *testing.T) {
	tab := Table{
		Head: []Head{
			{Name: "n"},
			{Name: "alpha", Unit: "s"},
			{Name: "a long name", Short: "beta"},
			{Name: "words", Left: true},
		},
		Rows: [][]string{{"1", "10", "20.5", "x"}, {"16", "3", "4", "yz"}},
	}
	// Columns are 2, 5, 4 and 5 wide: 2+1+5+1+4 = 13 fit into 14, and the last goes into a block of its own beside the
	// first column again.
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
	if diff := cmp.Diff(want, tab.Text(14)); diff != "" {
		t.Error(diff)
	}
	if got := tab.Text(80); len(got) != 4 || slices.ContainsFunc(got,
		func(s string) bool { return utf8.RuneCountInString(s) > 19 }) {
		t.Errorf("at 80 columns:\n%s", strings.Join(got, "\n"))
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Shorten("abcdefghij", 10), "abcdefghij"},
		{Shorten("abcdefghijk", 10), "abc…fghijk"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
