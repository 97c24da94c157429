package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A table is rows of words under a head. The first column says which row it is.
type table struct {
	Caption string
	Head    []head
	Rows    [][]string    // as long as Head
	Notes   []string      // what the marks mean
	Grades  [][]pop.Grade // of the cells, as a colour; nil: none has one
}

// grade is the grade of a cell.
func (t table) grade(row, column int) pop.Grade {
	if row >= len(t.Grades) || column >= len(t.Grades[row]) {
		return pop.Unknown
	}
	return t.Grades[row][column]
}

// class is the class of a cell in report.html.
func (t table) class(row, column int) string {
	var out []string
	if t.Head[column].Left {
		out = append(out, "left")
	}
	if g := t.grade(row, column); g != pop.Unknown {
		out = append(out, string(g))
	}
	return strings.Join(out, " ")
}

// brief is t without the columns that there is no room for in a terminal.
func (t table) brief() table { return t.only(func(column int) bool { return !t.Head[column].Long }) }

// known is t without the columns in which nothing is known.
func (t table) known() table {
	return t.only(func(column int) bool {
		return slices.ContainsFunc(t.Rows, func(r []string) bool { return r[column] != words.Unknown })
	})
}

// only is t with the columns that are to be kept. Cells have no grades then.
func (t table) only(keep func(column int) bool) table {
	out := t
	out.Head, out.Rows, out.Grades = nil, make([][]string, len(t.Rows)), nil
	for i, h := range t.Head {
		if !keep(i) {
			continue
		}
		out.Head = append(out.Head, h)
		for k, r := range t.Rows {
			out.Rows[k] = append(out.Rows[k], r[i])
		}
	}
	return out
}

// A head is the head of a column: what stands there, and in which unit.
type head struct {
	Name  string
	Short string // where there is little room; empty: Name
	Unit  string
	Left  bool // words, aligned left
	Long  bool // in the long documents only
}

func (h head) short() string { return cmp.Or(h.Short, h.Name) }

// full is the name with the unit.
func (h head) full() string {
	if h.Unit == "" {
		return h.Name
	}
	return h.Name + " " + h.Unit
}

// width is the width of column c in characters.
func (t table) width(c int) int {
	w := max(utf8.RuneCountInString(t.Head[c].short()), utf8.RuneCountInString(t.Head[c].Unit))
	for _, r := range t.Rows {
		w = max(w, utf8.RuneCountInString(r[c]))
	}
	return w
}

// blocks splits the columns so that every block fits into width; each block begins with the first column.
func (t table) blocks(width int) [][]int {
	if len(t.Head) == 0 {
		return nil
	}
	var out [][]int
	block, used := []int{0}, t.width(0)
	for c := 1; c < len(t.Head); c++ {
		if w := 1 + t.width(c); used+w > width && len(block) > 1 {
			out = append(out, block)
			block, used = []int{0}, t.width(0)
		}
		block, used = append(block, c), used+1+t.width(c)
	}
	return append(out, block)
}

// text returns the lines of t, none longer than width unless a single column is.
func (t table) text(width int) []string {
	var out []string
	if t.Caption != "" {
		out = append(out, words.Wrap(t.Caption, width, "", "")...)
	}
	for i, block := range t.blocks(width) {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, t.line(block, func(c int) string { return t.Head[c].short() }))
		if slices.ContainsFunc(block, func(c int) bool { return t.Head[c].Unit != "" }) {
			out = append(out, t.line(block, func(c int) string { return t.Head[c].Unit }))
		}
		for _, r := range t.Rows {
			out = append(out, t.line(block, func(c int) string { return r[c] }))
		}
	}
	for _, n := range t.Notes {
		out = append(out, words.Wrap(n, width, "", "  ")...)
	}
	return out
}

// line aligns one line of the columns of a block.
func (t table) line(block []int, cell func(c int) string) string {
	var b strings.Builder
	for i, c := range block {
		if i > 0 {
			b.WriteByte(' ')
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
