package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
)

// mostWhy is the number of figures that the terminal gives for a verdict; the other documents have them all.
const mostWhy = 2

// briefTables are the tables of w for a terminal: threads against processes in one where both were run, and one for every other curve.
func (r *Report) briefTables(w *Workload) []table {
	var out []table
	a, b := bothModes(w)
	if a != nil {
		t := r.bothTable(w, a, b)
		t.Caption = words.Upper(a.baseText()) + "."
		out = append(out, t)
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		if c == a || c == b {
			continue
		}
		t := r.curveTable(c).brief()
		t.Caption = fmt.Sprintf("%s; %s.", words.Upper(c.Label), c.baseText())
		out = append(out, t)
	}
	return out
}

// briefNotes are the notes of all tables, each once and up to where its explanation begins.
func briefNotes(tables []table) string {
	var notes tally
	for _, t := range tables {
		for _, n := range t.Notes {
			short, _, _ := strings.Cut(n, "; ")
			notes.add(short)
		}
	}
	return words.Sentence(strings.Join(notes.order, "; "))
}

// why says for each bound of w what decided: the figures of the first curve that it holds for, those of the others in brackets where they differ.
func (r *Report) why(w *Workload) []string {
	var bounds []verdict.Bound
	of := map[verdict.Bound][]*Curve{}
	for i := range w.Curves {
		c := &w.Curves[i]
		if b := c.Verdict.Bound; b != "" {
			if of[b] == nil {
				bounds = append(bounds, b)
			}
			of[b] = append(of[b], c)
		}
	}
	var out []string
	for _, b := range bounds {
		var labels []string
		for _, c := range of[b] {
			labels = append(labels, c.Label)
		}
		head := fmt.Sprintf("What bounds %s on %s is not clear from the figures", w.Program.Name, words.List(labels))
		if bound := words.Bound(b); bound != "" {
			head = fmt.Sprintf("%s is %s on %s", w.Program.Name, bound, words.List(labels))
		}
		if figures := decisive(of[b]); len(figures) > 0 {
			head += ": " + strings.Join(figures, "; ")
		}
		out = append(out, head+".")
	}
	return out
}

// decisive are the figures of the first of the curves, without the speedup, which the table above has.
func decisive(curves []*Curve) []string {
	var out []string
	for _, e := range curves[0].Verdict.Evidence {
		if e.Kind == verdict.Speedup || len(out) == mostWhy {
			continue
		}
		text := words.Printable(words.Evidence(curves[0].Sweep, e))
		own := words.EvidenceFigure(e)
		var others []string
		for _, c := range curves[1:] {
			i := slices.IndexFunc(c.Verdict.Evidence, func(o verdict.Evidence) bool { return o.Kind == e.Kind })
			if i < 0 {
				continue
			}
			if f := words.EvidenceFigure(c.Verdict.Evidence[i]); f != own {
				others = append(others, c.Label+" "+f)
			}
		}
		if len(others) > 0 {
			text += " (" + strings.Join(others, ", ") + ")"
		}
		out = append(out, text)
	}
	return out
}

// groundText is what all curves stand on: the machine, its ceiling, and how the runs ended.
func (r *Report) groundText() string {
	h := r.study.Header
	text := fmt.Sprintf("On %s; %s; runs: %s.", machineWords(h.Host), r.measureWords(), r.runsText())
	if r.study.Header.Stopped != "" {
		text += " Stopped: " + words.Sentence(words.Printable(r.study.Header.Stopped))
	}
	switch {
	case r.study.Ceiling == nil:
	case r.study.CeilingNoisy:
		text += " The machine’s ceiling is not known: the runs that measured it were mostly noisy themselves."
	default:
		text += " Measured ceiling: " + r.ceilingText() + "."
	}
	return text
}
