package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostSizes is how many sizes of a workload stand beside each other, each with all of its figures. With more the
// largest stands for them, and the others are folded away.
const mostSizes = 2

// A BySize is what the size of the work does to the curves of one scaling.
type BySize struct {
	*sizes.Axis
	Unit   string   // of the sizes: "darts per worker"
	Claims []string // sentences: of the counts that the curves are judged by
	Tables []page.Table
	Brief  page.Table // for a terminal
}

// A Smaller is a size of a workload that is folded away, as the largest stands for it.
type Smaller struct {
	Title  string       // what was reached at it, a sentence
	Tables []page.Table // all that it has
	Claims []Claim      // of all its counts
}

// smaller puts a size of w that is folded away into words.
func (w *Workload) smaller(st *study.Study, of *study.Workload) Smaller {
	small := part(st, of)
	f := &of.Families[0]
	at := w.sizeOf(f)
	out := Smaller{
		Title:  words.Sentence("At " + at + ": " + words.Headline(f.Headline)),
		Tables: slices.Concat(small.Tables, small.Accounts, small.LawTables), Claims: slices.Concat(small.Findings, small.Others),
	}
	for i := range out.Tables {
		out.Tables[i].ID = "" // nobody refers to their rows
	}
	return out
}

// bySize says what the size does to w.
func (w *Workload) bySize(st *study.Study) []BySize {
	var out []BySize
	for i := range w.Sizes {
		a := &w.Sizes[i]
		s := BySize{Axis: a, Unit: words.WorkOf(a, w.Program.Unit)}
		s.Claims = w.sizeClaims(&s)
		s.Tables = []page.Table{w.needTable(&s), w.sizeTable(st, &s)}
		s.Brief = w.briefSizes(&s)
		out = append(out, s)
	}
	return out
}

// JudgedLines are the lines of a that are looked at: of each mode the count that the curve of its largest size is
// judged by.
func (w *Workload) JudgedLines(a *sizes.Axis) []*sizes.Line {
	var out []*sizes.Line
	for i := range a.Lines {
		l := &a.Lines[i]
		judged := func(c study.Curve) bool {
			return c.Sweep.Mode == l.Sweep.Mode && c.Sweep.Series == l.Sweep.Series && c.Sweep.Scaling == l.Sweep.Scaling &&
				c.Sweep.Size == l.Sweep.Size && c.Judged >= 0 && c.Points[c.Judged].Point == l.Point
		}
		if !l.IsBase && slices.ContainsFunc(w.Workload.Curves, judged) {
			out = append(out, l)
		}
	}
	return out
}

// sizeClaims are what is said of the judged counts.
func (w *Workload) sizeClaims(s *BySize) []string {
	var out []string
	say := func(text string) {
		if text != "" {
			out = append(out, words.Upper(words.Sentence(text)))
		}
	}
	judged := w.JudgedLines(s.Axis)
	for _, l := range judged {
		say(words.Pays(l, s.Unit))
	}
	for i := range s.Versus {
		v := &s.Versus[i]
		if slices.ContainsFunc(judged, func(l *sizes.Line) bool { return l.Point == v.Point }) {
			say(words.Overtakes(v, s.Unit))
		}
	}
	for _, l := range judged {
		say(words.NeedOf(l, s.Unit))
	}
	return out
}

// SizeTitle is what the sizes of w come to, without its name and intervals: from which size the judged counts pay.
func (w *Workload) SizeTitle(s *BySize) string {
	title, _ := words.PayShort(w.JudgedLines(s.Axis), s.Unit)
	return title
}

// Stands reports whether the largest size of s stands for all, so that what the sizes come to is the answer.
func (s *BySize) Stands() bool { return len(s.Sizes) > mostSizes }

// standsFor returns the axis of whose sizes f is the one that stands for all; nil if there is none.
func (w *Workload) standsFor(f *study.Family) *BySize {
	for i := range w.BySize {
		if s := &w.BySize[i]; s.Scaling == f.Scaling && s.Stands() {
			return s
		}
	}
	return nil
}

// sizeOf names the size of f, with what it is of where several were measured.
func (w *Workload) sizeOf(f *study.Family) string {
	for i := range w.BySize {
		if s := &w.BySize[i]; s.Scaling == f.Scaling {
			return s.at(f.Size)
		}
	}
	return words.OfSize(words.MeasuredSize(f.Size), "")
}

// at names a measured size of s: "100 million darts".
func (s *BySize) at(size int64) string { return words.OfSize(words.MeasuredSize(size), s.Unit) }

// A rung is the lines of one count.
type rung struct {
	name  string
	n     int
	lines []*sizes.Line // of the columns; nil where a mode has not the count
}

// ladder orders the lines of s: a column for each mode, a rung for each count. A grid has one column.
func (s *BySize) ladder() (modes []*sizes.Line, rungs []rung) {
	for i := range s.Lines {
		l := &s.Lines[i]
		if !slices.ContainsFunc(modes, func(m *sizes.Line) bool { return m.Sweep.Mode == l.Sweep.Mode }) {
			modes = append(modes, l)
		}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		name := fmt.Sprint(l.N)
		if l.Sweep.Mode == sweep.Grid {
			name = fmt.Sprintf("%d×%d", l.Point.Procs, l.Point.Workers)
		}
		k := slices.IndexFunc(rungs, func(r rung) bool { return r.name == name })
		if k < 0 {
			k = len(rungs)
			rungs = append(rungs, rung{name, l.N, make([]*sizes.Line, len(modes))})
		}
		m := slices.IndexFunc(modes, func(m *sizes.Line) bool { return m.Sweep.Mode == l.Sweep.Mode })
		if rungs[k].lines[m] == nil {
			rungs[k].lines[m] = l
		}
	}
	slices.SortStableFunc(rungs, func(a, b rung) int { return a.n - b.n })
	return modes, rungs
}

// sizeTable is the time and the speedup at every size.
func (w *Workload) sizeTable(st *study.Study, s *BySize) page.Table {
	t := page.Table{
		Title: "Time and speedup at each size",
		Caption: fmt.Sprintf("Time and speedup at each size, %s scaling; the base of each speedup is that of the same size; %s.",
			s.Scaling, words.Measure(st.Measure)),
		Head: []page.Head{{Name: "size", Unit: s.Unit}, {Name: "n"}},
	}
	modes, rungs := s.ladder()
	for _, m := range modes {
		name := words.Mode(m.Sweep.Mode)
		t.Head = append(t.Head, page.Head{Name: name + ": time"}, page.Head{Name: "speedup (interval)"})
	}
	var m marks
	for _, size := range s.Sizes {
		for _, r := range rungs {
			row := []page.Cell{{Text: words.MeasuredSize(size), Value: float64(size)}, {Text: r.name, Value: float64(r.n)}}
			known := false
			for _, l := range r.lines {
				p := placeOf(l, size)
				if p == nil {
					row = append(row, page.Words(words.Unknown), page.Words(words.Unknown))
					continue
				}
				known = true
				row = append(row, sizeCells(l, p, &m)...)
			}
			if known {
				t.Put(row...)
			}
		}
	}
	t.Notes = m.notes()
	return t
}

// placeOf returns l at a size; nil if it was not measured.
func placeOf(l *sizes.Line, size int64) *curve.Point {
	if l == nil {
		return nil
	}
	i := slices.IndexFunc(l.Places, func(p sizes.Place) bool { return p.Size == size })
	if i < 0 {
		return nil
	}
	return &l.Places[i].Point
}

// sizeCells are the time and the speedup of a point of l.
func sizeCells(l *sizes.Line, p *curve.Point, m *marks) []page.Cell {
	time, speedup := words.Duration(p.Median), words.Times(p.Speedup)
	switch {
	case l.IsBase:
		speedup = "base"
	case p.Interval != nil:
		speedup += " (" + words.RatioRange(p.Interval) + ")"
	}
	if mark := strings.TrimLeft(m.runs(*p), "0123456789"); mark != "" {
		time += " " + mark
	}
	return []page.Cell{{Text: time, Value: p.Median}, {Text: speedup, Value: p.Speedup}}
}

// needTable is from which size each count pays, and which it needs for the efficiency that was asked for.
func (w *Workload) needTable(s *BySize) page.Table {
	asked := words.Asked(s.Efficiency)
	t := page.Table{
		Title: "From which size each count pays, and the size for an efficiency of " + words.Plain(asked),
		Caption: fmt.Sprintf("The size from which each count is faster than its base, and the size that it needs for an "+
			"efficiency of %s (isoefficiency: Grama, Gupta and Kumar, 1993)%s.", asked, inUnit(s.Unit)),
		Head: []page.Head{
			{Name: "count", Left: true},
			{Name: "pays from"},
			{Name: "interval"},
			{Name: "size for " + asked},
			{Name: "interval"},
			{Name: "how it is known", Left: true},
		},
		Notes: []string{
			"between two sizes the overhead, n·Tₙ − T₁, is interpolated, and beyond the largest extrapolated, by the law that fits it " +
				"better: a fixed part and a share of the work, or a power of it; what the other gives between them is in the interval",
		},
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.IsBase || l.Pays.Kind == "" {
			continue
		}
		from, ends := words.PaysCells(&l.Pays)
		t.Put(page.Words(words.Line(l)), page.Cell{Text: from, Value: paysFrom(&l.Pays)}, intervalCell(ends, l.Pays.Low),
			page.Cell{Text: words.Need(&l.Need), Value: l.Need.Size}, intervalCell(words.NeedRange(&l.Need), l.Need.Low),
			page.Words(words.NeedGround(&l.Need, l.Pays.Smallest)))
	}
	return t
}

// paysFrom is the size by which p is sorted; NaN: it pays at none.
func paysFrom(p *sizes.Pays) float64 {
	switch p.Kind {
	case sizes.Always:
		return float64(p.Smallest)
	case sizes.AtMost:
		return float64(p.Shown)
	default:
		return p.Size
	}
}

// intervalCell is an interval, sorted by its lower end.
func intervalCell(text string, low float64) page.Cell {
	if text == words.Unknown {
		return page.Words(text)
	}
	return page.Cell{Text: text, Value: low}
}

func inUnit(unit string) string {
	if unit == "" {
		return ""
	}
	return "; sizes in " + unit
}

// briefSizes is the time of the base and the speedup of the judged counts at every size.
func (w *Workload) briefSizes(s *BySize) page.Table {
	t := page.Table{Head: []page.Head{{Name: "size"}}}
	lines := w.JudgedLines(s.Axis)
	base := slices.IndexFunc(s.Lines, func(l sizes.Line) bool { return l.IsBase })
	if base < 0 || len(lines) == 0 {
		return t
	}
	b := &s.Lines[base]
	t.Caption = fmt.Sprintf("Speedup over %s at each size%s.", words.Line(b), inUnit(s.Unit))
	t.Head = append(t.Head, page.Head{Name: words.Line(b)})
	for _, l := range lines {
		t.Head = append(t.Head, page.Head{Name: words.Line(l)}, page.Head{Name: "interval"})
	}
	var m marks
	for _, size := range s.Sizes {
		row := []page.Cell{{Text: words.MeasuredSize(size), Value: float64(size)}}
		time := page.Words(words.Unknown)
		if p := placeOf(b, size); p != nil {
			time = sizeCells(b, p, &m)[0]
		}
		row = append(row, time)
		for _, l := range lines {
			if p := placeOf(l, size); p != nil {
				mark := strings.TrimLeft(m.runs(*p), "0123456789")
				row = append(row, page.Cell{Text: strings.TrimSpace(mark + " " + words.Times(p.Speedup)), Value: p.Speedup},
					page.Words(words.RatioRange(p.Interval)))
			} else {
				row = append(row, page.Words(words.Unknown), page.Words(words.Unknown))
			}
		}
		t.Put(row...)
	}
	t.Notes = m.notes()
	return t
}

// split returns w without the families whose sizes are folded away, and these, one size each, from the smallest. A
// workload with no more than mostSizes of each scaling is whole.
func split(w *study.Workload) (main *study.Workload, folded []study.Workload) {
	left := *w
	for i := range w.Sizes {
		a := &w.Sizes[i]
		if len(a.Sizes) <= mostSizes {
			continue
		}
		for _, size := range a.Sizes[:len(a.Sizes)-1] {
			away := func(scaling sweep.Scaling, of int64) bool { return scaling == a.Scaling && of == size }
			one := only(&left, away)
			one.Sizes = nil
			folded = append(folded, one)
			left = only(&left, func(scaling sweep.Scaling, of int64) bool { return !away(scaling, of) })
		}
	}
	return &left, folded
}

// only returns the families of w that are asked for, with their findings. Curves are looked for by their families.
func only(w *study.Workload, asked func(sweep.Scaling, int64) bool) study.Workload {
	out := *w
	out.Families = slices.DeleteFunc(slices.Clone(w.Families), func(f study.Family) bool { return !asked(f.Scaling, f.Size) })
	out.Findings = slices.DeleteFunc(slices.Clone(w.Findings), func(f study.Finding) bool {
		return !asked(f.Curve.Sweep.Scaling, f.Curve.Sweep.Size)
	})
	return out
}
