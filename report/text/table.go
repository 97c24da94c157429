package text

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// widthOf is the width of column c in characters.
func widthOf(t view.Table, c int) int {
	w := max(utf8.RuneCountInString(t.Head[c].Label()), utf8.RuneCountInString(t.Head[c].Unit))
	for _, r := range t.Rows {
		w = max(w, utf8.RuneCountInString(r[c]))
	}
	return w
}

// blocks splits the columns so that every block fits into width; each block begins with the first column.
func blocks(t view.Table, width int) [][]int {
	if len(t.Head) == 0 {
		return nil
	}
	var out [][]int
	block, used := []int{0}, widthOf(t, 0)
	for c := 1; c < len(t.Head); c++ {
		if w := 1 + widthOf(t, c); used+w > width && len(block) > 1 {
			out = append(out, block)
			block, used = []int{0}, widthOf(t, 0)
		}
		block, used = append(block, c), used+1+widthOf(t, c)
	}
	return append(out, block)
}

// table returns the lines of t, none longer than width unless a single column is.
func table(t view.Table, width int) []string {
	var out []string
	if t.Caption != "" {
		out = append(out, words.Wrap(t.Caption, width, "", "")...)
	}
	for i, block := range blocks(t, width) {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, line(t, block, func(c int) string { return t.Head[c].Label() }))
		if slices.ContainsFunc(block, func(c int) bool { return t.Head[c].Unit != "" }) {
			out = append(out, line(t, block, func(c int) string { return t.Head[c].Unit }))
		}
		for _, r := range t.Rows {
			out = append(out, line(t, block, func(c int) string { return r[c] }))
		}
	}
	for _, n := range t.Notes {
		out = append(out, words.Wrap(n, width, "", "  ")...)
	}
	return out
}

// line aligns one line of the columns of a block.
func line(t view.Table, block []int, cell func(c int) string) string {
	var b strings.Builder
	for i, c := range block {
		if i > 0 {
			b.WriteByte(' ')
		}
		s := cell(c)
		pad := strings.Repeat(" ", widthOf(t, c)-utf8.RuneCountInString(s))
		if t.Head[c].Left {
			b.WriteString(s + pad)
		} else {
			b.WriteString(pad + s)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
