package page

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A Table is rows of words under a head. The first column says which row it is.
type Table struct {
	Title   string // what the table is called, in a few words; empty: its caption says it
	Caption string
	ID      string // of a table whose rows others refer to, by their number; empty: nobody does
	Head    []Head
	Rows    [][]string    // as long as Head; a row of one cell is the head of those below it
	Values  [][]float64   // the numbers that cells are made of, NaN where there is none; nil: not known
	To      []string      // the place in the page that the first cell of each row leads to; nil: none does
	Notes   []string      // what the marks mean
	Grades  [][]pop.Grade // of the cells, as a colour; nil: none has one
	Strong  bool          // cells that have a grade are bold where there are no colours
	Gap     int           // between columns of text; 0: one space
}

// A Cell is words, and the number that they are made of: NaN if there is none.
type Cell struct {
	Text  string
	Value float64
}

// Words is a cell that stands for no number.
func Words(text string) Cell { return Cell{text, math.NaN()} }

// Add adds a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Put adds a row of cells with numbers. A table has rows of one kind only, by Add or by Put.
func (t *Table) Put(cells ...Cell) {
	texts, values := make([]string, len(cells)), make([]float64, len(cells))
	for i, c := range cells {
		texts[i], values[i] = c.Text, c.Value
	}
	t.Rows, t.Values = append(t.Rows, texts), append(t.Values, values)
}

// Value is the number that a cell is made of; NaN if there is none.
func (t Table) Value(row, column int) float64 {
	if row >= len(t.Values) || column >= len(t.Values[row]) {
		return math.NaN()
	}
	return t.Values[row][column]
}

// Sortable reports whether each row of t says by itself which one it is, so that they may stand in another order.
func (t Table) Sortable() bool {
	of := func(r []string) bool { return len(r) != len(t.Head) || r[0] == "" }
	return len(t.Rows) > 1 && !slices.ContainsFunc(t.Rows, of)
}

// Grade is the grade of a cell.
func (t Table) Grade(row, column int) pop.Grade {
	if row >= len(t.Grades) || column >= len(t.Grades[row]) {
		return pop.Unknown
	}
	return t.Grades[row][column]
}

// Brief is t without the columns that there is no room for in a terminal.
func (t Table) Brief() Table { return t.only(func(column int) bool { return !t.Head[column].Long }) }

// Known is t without the columns in which nothing is known.
func (t Table) Known() Table {
	return t.only(func(column int) bool {
		return slices.ContainsFunc(t.Rows, func(r []string) bool { return r[column] != words.Unknown })
	})
}

// only is t with the columns that are to be kept. Cells have no grades then.
func (t Table) only(keep func(column int) bool) Table {
	out := t
	out.Head, out.Rows, out.Grades, out.Values = nil, make([][]string, len(t.Rows)), nil, make([][]float64, len(t.Values))
	for i, h := range t.Head {
		if !keep(i) {
			continue
		}
		out.Head = append(out.Head, h)
		for k, r := range t.Rows {
			out.Rows[k] = append(out.Rows[k], r[i])
		}
		for k, v := range t.Values {
			out.Values[k] = append(out.Values[k], v[i])
		}
	}
	return out
}

// A Head is the head of a column: what stands there, and in which unit.
type Head struct {
	Name  string
	Short string // where there is little room; empty: Name
	Unit  string
	Left  bool // words, aligned left
	Long  bool // in the long documents only
	Prose bool // sentences: they may be broken into lines
}

// Label is the name for a column with little room.
func (h Head) Label() string { return cmp.Or(h.Short, h.Name) }

// Full is the name with the unit.
func (h Head) Full() string {
	if h.Unit == "" {
		return h.Name
	}
	return h.Name + " " + h.Unit
}

// width is the width of column c in characters.
func (t Table) width(c int) int {
	w := max(utf8.RuneCountInString(t.Head[c].Label()), utf8.RuneCountInString(t.Head[c].Unit))
	for _, r := range t.Rows {
		if len(r) > 1 {
			w = max(w, utf8.RuneCountInString(r[c]))
		}
	}
	return w
}

func (t Table) gap() int { return max(t.Gap, 1) }

// blocks splits the columns so that every block fits into width; each block begins with the first column.
func (t Table) blocks(width int) [][]int {
	if len(t.Head) == 0 {
		return nil
	}
	var out [][]int
	block, used := []int{0}, t.width(0)
	for c := 1; c < len(t.Head); c++ {
		if w := t.gap() + t.width(c); used+w > width && len(block) > 1 {
			out = append(out, block)
			block, used = []int{0}, t.width(0)
		}
		block, used = append(block, c), used+t.gap()+t.width(c)
	}
	return append(out, block)
}

// Text returns the lines of t, none longer than width unless a single column is.
func (t Table) Text(width int) []string {
	var out []string
	if t.Caption != "" {
		out = append(out, words.Wrap(t.Caption, width, "", "")...)
	}
	for i, block := range t.blocks(width) {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, t.line(block, func(c int) string { return t.Head[c].Label() }))
		if slices.ContainsFunc(block, func(c int) bool { return t.Head[c].Unit != "" }) {
			out = append(out, t.line(block, func(c int) string { return t.Head[c].Unit }))
		}
		for _, r := range t.Rows {
			if len(r) == 1 {
				out = append(out, Shorten(r[0], width))
				continue
			}
			out = append(out, t.line(block, func(c int) string { return r[c] }))
		}
	}
	for _, n := range t.Notes {
		out = append(out, words.Wrap(n, width, "", "  ")...)
	}
	return out
}

// line aligns one line of the columns of a block.
func (t Table) line(block []int, cell func(c int) string) string {
	var b strings.Builder
	for i, c := range block {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", t.gap()))
		}
		s := cell(c)
		pad := strings.Repeat(" ", t.width(c)-utf8.RuneCountInString(s))
		if t.Head[c].Left {
			b.WriteString(s + pad)
		} else {
			b.WriteString(pad + s)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// Shorten cuts the middle of s out so that it has at most width characters: both ends of a name tell more.
func Shorten(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n <= width {
		return s
	}
	r := []rune(s)
	tail := width * 2 / 3
	return string(r[:max(width-tail-1, 0)]) + "…" + string(r[n-tail:])
}
