package page

import (
	"math"
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

// A table that is cut to some of its columns keeps the numbers of their cells.
func TestTableValues(t *testing.T) {
	tab := Table{Head: []Head{{Name: "n"}, {Name: "seldom", Long: true}, {Name: "time"}}}
	tab.Put(Cell{"1", 1}, Cell{"x", 7}, Cell{"512 ms", 0.512})
	tab.Put(Cell{"2", 2}, Cell{"y", 8}, Words("–"))
	brief := tab.Brief()
	if v := brief.Value(0, 1); v != 0.512 {
		t.Errorf("the time is %v", v)
	}
	for name, v := range map[string]float64{"words": brief.Value(1, 1), "no such row": brief.Value(2, 0), "without numbers": (Table{}).Value(0, 0)} {
		if !math.IsNaN(v) {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// Rows that lean on those above them keep their order.
func TestSortable(t *testing.T) {
	head := []Head{{Name: "law"}, {Name: "parameter"}}
	for _, tt := range []struct {
		rows [][]string
		want bool
	}{
		{[][]string{{"a", "1"}, {"b", "2"}}, true},
		{[][]string{{"a", "1"}, {"", "2"}}, false},
		{[][]string{{"head"}, {"a", "1"}}, false},
		{[][]string{{"a", "1"}}, false},
	} {
		if got := (Table{Head: head, Rows: tt.rows}).Sortable(); got != tt.want {
			t.Errorf("%q: %v", tt.rows, got)
		}
	}
}

// In a page a row whose first cells are empty says what those above it say, and can stand anywhere.
func TestWhole(t *testing.T) {
	laid := lay(Table{
		Head: []Head{{Name: "curve"}, {Name: "law"}, {Name: "parameter"}, {Name: "error"}},
		Rows: [][]string{{"threads", "Amdahl", "alpha", "0.1"}, {"", "", "gamma", ""}, {"", "USL", "alpha", "0.2"}, {"processes"}, {"", "x", "y", "z"}},
	})
	var got [][]string
	for _, l := range laid.Lines {
		var row []string
		for _, c := range l.Cells {
			row = append(row, c.Text)
		}
		got = append(got, row)
	}
	want := [][]string{{"threads", "Amdahl", "alpha", "0.1"}, {"threads", "Amdahl", "gamma", ""}, {"threads", "USL", "alpha", "0.2"}, nil, {"", "x", "y", "z"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
