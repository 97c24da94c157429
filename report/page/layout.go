package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A layout is a table as HTML has it.
type layout struct {
	Table
	Label   string // what the table is called
	Columns int
	Lines   []line
}

// A line is a row of a table: its cells, or the head of the rows below it.
type line struct {
	ID      string
	To      string // where its first cell leads; may be empty
	Section string
	Cells   []cell
}

// A cell is words and how they are set.
type cell struct {
	Text       string
	Attributes template.HTMLAttr
}

// lay lays t out: rows that are referred to have an identifier, cells the number by which they are sorted, and numbers
// of a column that have fewer decimals than others as much room behind them, so that their points stand below each
// other.
func lay(t Table) layout {
	t = t.whole()
	out := layout{Table: t, Label: Cut(cmp.Or(t.Title, t.Caption, "Table")), Columns: len(t.Head)}
	most := make([]string, len(t.Head))
	for _, r := range t.Rows {
		for i, text := range r {
			if f, ok := fraction(text); ok && len(r) > 1 && len(f) > len(most[i]) {
				most[i] = f
			}
		}
	}
	for k, r := range t.Rows {
		l := line{}
		if t.ID != "" {
			l.ID = fmt.Sprintf("%s-r%d", t.ID, k)
		}
		if t.To != nil {
			l.To = t.To[k]
		}
		if len(r) == 1 && len(t.Head) > 1 {
			l.Section = r[0]
			out.Lines = append(out.Lines, l)
			continue
		}
		for i, text := range r {
			l.Cells = append(l.Cells, cell{text, t.attributes(k, i, most[i])})
		}
		out.Lines = append(out.Lines, l)
	}
	return out
}

// whole is t with the first cells of a row, where they are empty, as in the row above: it is of the same. So each row
// says by itself which one it is.
func (t Table) whole() Table {
	out := t
	out.Rows = slices.Clone(t.Rows)
	for k, r := range out.Rows {
		if k == 0 || len(r) != len(t.Head) || len(out.Rows[k-1]) != len(r) {
			continue
		}
		row := slices.Clone(r)
		for i := 0; i < len(row) && r[i] == ""; i++ {
			row[i] = out.Rows[k-1][i]
		}
		out.Rows[k] = row
	}
	return out
}

// attributes are those of a cell in a column whose longest fraction is most. All of them are made of numbers and of
// words of this program.
func (t Table) attributes(row, column int, most string) template.HTMLAttr {
	var b strings.Builder
	var class []string
	if t.Head[column].Left {
		class = append(class, "left")
	}
	if t.Head[column].Prose {
		class = append(class, "prose")
	}
	if g := t.Grade(row, column); g != pop.Unknown {
		class = append(class, string(g))
	}
	if len(class) > 0 {
		fmt.Fprintf(&b, ` class="%s"`, strings.Join(class, " "))
	}
	if v := t.Value(row, column); words.Finite(v) {
		fmt.Fprintf(&b, ` data-v="%s"`, strconv.FormatFloat(v, 'g', -1, 64))
	}
	if f, ok := fraction(t.Rows[row][column]); ok && len(f) < len(most) && !t.Head[column].Left {
		fmt.Fprintf(&b, ` data-pad="%s"`, most[len(f):])
	}
	return template.HTMLAttr(b.String())
}

// fraction returns the decimals of a number, with the point before them; false for what is no number alone.
func fraction(text string) (decimals string, ok bool) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "−")
	whole, _, _ := strings.Cut(text, ".")
	decimals = text[len(whole):]
	if whole == "" || strings.Trim(whole, "0123456789,") != "" || strings.Trim(decimals, ".0123456789") != "" {
		return "", false
	}
	return decimals, true
}

// mostText is how many characters of one text a page shows. The longest that a measurement makes are some hundred long:
// what is longer is a name or a message of somebody who wants to fill the page.
const mostText = 2000

// Cut is text as a page shows it: its beginning, and how much more of it there is.
func Cut(text string) string { return CutFrom(text, "report.json") }

// CutFrom is text as [Cut] shows it, where the whole is in file.
func CutFrom(text, file string) string {
	if len(text) <= mostText {
		return text
	}
	n := 0
	for i := range text {
		if n == mostText {
			more := int64(len([]rune(text[i:])))
			return fmt.Sprintf("%s… (%s more characters in %s)", text[:i], words.Whole(more), file)
		}
		n++
	}
	return text
}
