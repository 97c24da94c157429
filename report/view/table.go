package view

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A Table is rows of words under a head. The first column says which row it is.
type Table struct {
	Caption string
	Head    []Head
	Rows    [][]string    // as long as Head
	Notes   []string      // what the marks mean
	Grades  [][]pop.Grade // of the cells, as a colour; nil: none has one
}

// Grade is the grade of a cell.
func (t Table) Grade(row, column int) pop.Grade {
	if row >= len(t.Grades) || column >= len(t.Grades[row]) {
		return pop.Unknown
	}
	return t.Grades[row][column]
}

// brief is t without the columns that there is no room for in a terminal.
func (t Table) brief() Table { return t.only(func(column int) bool { return !t.Head[column].Long }) }

// known is t without the columns in which nothing is known.
func (t Table) known() Table {
	return t.only(func(column int) bool {
		return slices.ContainsFunc(t.Rows, func(r []string) bool { return r[column] != words.Unknown })
	})
}

// only is t with the columns that are to be kept. Cells have no grades then.
func (t Table) only(keep func(column int) bool) Table {
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

// A Head is the head of a column: what stands there, and in which unit.
type Head struct {
	Name  string
	Short string // where there is little room; empty: Name
	Unit  string
	Left  bool // words, aligned left
	Long  bool // in the long documents only
}

func (h Head) Label() string { return cmp.Or(h.Short, h.Name) }

// Full is the name with the unit.
func (h Head) Full() string {
	if h.Unit == "" {
		return h.Name
	}
	return h.Name + " " + h.Unit
}
