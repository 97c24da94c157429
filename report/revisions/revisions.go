// Package revisions reports the history of a program: what studies of its revisions say of its times and its speedup,
// and where they changed.
package revisions

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// A Report is what is reported of a history.
type Report struct {
	History *history.History
	Seed    uint64
	Failed  []Failed // what could not be read, or only in part
}

// A Failed says of a study why it, or a part of it, is left out.
type Failed struct {
	Study string `json:"study"`
	Why   string `json:"why"`
}

// shown are the changes of s of which anything is said.
func shown(s *history.Series) []*history.Change {
	var out []*history.Change
	for i := range s.Changes {
		if c := &s.Changes[i]; c.Shown() {
			out = append(out, c)
		}
	}
	return out
}

// ofProgram reports whether a change is not known to be the machine's.
func ofProgram(c *history.Change) bool {
	return c.Origin != history.OfMachine && c.Origin != history.SameProgram
}

// places are the changes of s of which anything is said, by their place and their origin.
func places(s *history.Series) [][]*history.Change {
	var out [][]*history.Change
	for _, c := range shown(s) {
		i := slices.IndexFunc(out, func(o []*history.Change) bool { return o[0].At == c.At && o[0].Origin == c.Origin })
		if i < 0 {
			out = append(out, []*history.Change{c})
		} else {
			out[i] = append(out[i], c)
		}
	}
	return out
}

// foremost is the change of a place that stands for it: that of the time at the top, if there is one.
func foremost(place []*history.Change) *history.Change {
	for _, q := range []history.Quantity{history.TopTime, history.Speedup} {
		if i := slices.IndexFunc(place, func(c *history.Change) bool { return c.Quantity == q }); i >= 0 {
			return place[i]
		}
	}
	return place[0]
}

// title is the finding in a line.
func (r *Report) title() string {
	h := r.History
	var all []*history.Series
	tested := false
	for i := range h.Series {
		s := &h.Series[i]
		all = append(all, s)
		tested = tested || slices.ContainsFunc(s.Lines, func(l history.Line) bool { return l.Tested })
	}
	studies := words.Plural(len(h.Studies), "study", "studies")
	switch text, any := r.most(all); {
	case any:
		return text
	case len(all) == 0:
		return "Nothing was measured"
	case !tested:
		return fmt.Sprintf("Too few studies to show a change: %d of at least %d", mostKnown(h), h.Needed)
	}
	return "No change is shown in " + studies
}

// most says the largest change of the program in some series, and how many more there are; of the machine alone, if
// that is all.
func (r *Report) most(all []*history.Series) (text string, any bool) {
	var most *history.Change
	var of *history.Series
	program, machine := 0, 0
	for _, s := range all {
		for _, p := range places(s) {
			c := foremost(p)
			if !ofProgram(c) {
				machine++
				continue
			}
			if program++; most == nil || math.Abs(math.Log(c.Ratio)) > math.Abs(math.Log(most.Ratio)) {
				most, of = c, s
			}
		}
	}
	if program+machine == 0 {
		return "", false
	}
	text = "No change of the program is shown"
	if most != nil {
		text = fmt.Sprintf("%s is %s what it was from %s on", words.HistoryLine(of, most.Quantity), words.ChangeShort(most),
			words.EntryName(r.History, &of.Entries[most.At]))
	}
	if most != nil {
		text = words.Printable(of.Key.Workload) + ": " + text
	}
	if program > 1 {
		text += "; " + words.Plural(program-1, "change more", "changes more")
	}
	if machine > 0 {
		text += "; " + words.Plural(machine, "change", "changes") + " of the machine"
	}
	return text, true
}

// mostKnown is how many studies the line has that most know.
func mostKnown(h *history.History) (most int) {
	for _, s := range h.Series {
		for _, l := range s.Lines {
			most = max(most, l.Known)
		}
	}
	return most
}

// page is the report as it is read.
func (r *Report) page(pictures []page.Drawing) *page.Page {
	h := r.History
	p := &page.Page{Title: r.title(), Lead: r.lead()}
	var failed []string
	for _, f := range r.Failed {
		failed = append(failed, words.Printable(f.Study+": "+f.Why))
	}
	p.Blocks = append(p.Blocks, page.Listed("Not read, or only in part:", failed))
	for i := range h.Series {
		s := &h.Series[i]
		var said []string
		for _, p := range places(s) {
			said = append(said, words.HistoryChanges(h, s, p))
		}
		b := page.Block{Head: r.head(s), Items: said, Alt: r.subject(s)}
		if pictures != nil {
			b.Picture = pictures[i]
		}
		p.Blocks = append(p.Blocks, b, page.Block{Table: r.table(s), Text: r.notes(s, len(said))})
	}
	p.Blocks = append(p.Blocks, page.Block{Text: []string{r.method()}})
	return p
}

// lead says what was measured where.
func (r *Report) lead() string {
	h := r.History
	var hosts []string
	for _, host := range h.Hosts {
		hosts = append(hosts, words.Machine(host))
	}
	text := fmt.Sprintf("%s of %s, on %s", words.Plural(len(h.Studies), "study", "studies"),
		words.Plural(len(workloads(h)), "workload", "workloads"), strings.Join(hosts, "; "))
	if len(hosts) > 1 {
		text += ". Machines differ, so each has series of its own"
	}
	return words.Sentence(text)
}

func workloads(h *history.History) []string {
	var out []string
	for _, s := range h.Series {
		out = append(out, s.Key.Workload)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// head names a series, with its machine where there are several.
func (r *Report) head(s *history.Series) string {
	text := words.Key(s.Key)
	if len(r.History.Hosts) > 1 {
		text += fmt.Sprintf(", machine %d: %s", s.Host+1, words.Machine(r.History.Hosts[s.Host]))
	}
	return text
}

// subject is the finding of a series in a line.
func (r *Report) subject(s *history.Series) string {
	text, any := r.most([]*history.Series{s})
	switch {
	case any:
		return text
	case words.TooFewToTell(r.History, s) != "":
		text = "too few studies to show a change"
	default:
		text = "no change is shown"
	}
	return words.Printable(s.Key.Workload) + ": " + text
}

// notes are what a reader must know of a series.
func (r *Report) notes(s *history.Series, said int) []string {
	var out []string
	for _, text := range []string{words.TooFewToTell(r.History, s), words.DriftOfOne(s)} {
		if text != "" {
			out = append(out, text)
		}
	}
	if len(out) == 0 && said == 0 {
		out = append(out, "No change is shown.")
	}
	if slices.ContainsFunc(s.Entries, func(e history.Entry) bool { return e.Revision().Changed }) {
		out = append(out, "+: the working tree had changes beside the commit.")
	}
	return out
}

// table is a series, study by study, as far as a terminal has room. Subjects and changes have a column where there are
// any.
func (r *Report) table(s *history.Series) *page.Table {
	h := r.History
	changes := places(s)
	named := slices.ContainsFunc(s.Entries, func(e history.Entry) bool { return e.Revision().Subject != "" })
	t := &page.Table{Title: words.Key(s.Key)}
	t.Head = []page.Head{{Name: "revision", Left: true}, {Name: "date", Left: true}}
	if named {
		t.Head = append(t.Head, page.Head{Name: "subject", Left: true, Prose: true})
	}
	t.Head = append(t.Head, page.Head{Name: "time"})
	swept := s.Base != s.Top
	if swept {
		t.Head = append(t.Head, page.Head{Name: "speedup"})
	}
	if len(changes) > 0 {
		t.Head = append(t.Head, page.Head{Name: "change", Left: true, Prose: true})
	}
	if s.TopN > 0 {
		t.Caption = words.Upper(words.HistoryLine(s, history.TopTime)) + "."
	}
	if swept {
		t.Caption = strings.TrimSuffix(t.Caption, ".") + " and its speedup."
	}
	for i := range s.Entries {
		e := &s.Entries[i]
		of := e.Revision()
		date := cmp.Or(of.Time, h.Studies[e.Study].Header.CreatedAt)
		row := []string{words.EntryName(h, e), words.Printable(date[:min(len(date), len("2006-01-02"))])}
		if named {
			row = append(row, page.Shorten(words.Printable(of.Subject), subjectWidth))
		}
		time, speedup := words.Unknown, words.Unknown
		if f := e.Top(s); f != nil {
			time, speedup = words.Duration(f.Median), words.Ratio(f.Speedup)
		}
		if row = append(row, time); swept {
			row = append(row, speedup)
		}
		if len(changes) > 0 {
			var here []string
			for _, p := range changes {
				if p[0].At == i {
					here = append(here, short(foremost(p)))
				}
			}
			row = append(row, strings.Join(here, ", "))
		}
		t.Add(row...)
	}
	return t
}

// short is a change in the table: what it is of, in a word.
func short(c *history.Change) string {
	what := map[history.Quantity]string{
		history.BaseTime: "base ", history.TopTime: "time ", history.Speedup: "speedup ",
	}[c.Quantity]
	text := what + words.Times(c.Ratio)
	if !ofProgram(c) {
		text += " (machine)"
	} else if words.ChangeShort(c) != strings.TrimPrefix(words.ChangeShort(c), "likely ") {
		text = "likely " + text
	}
	return text
}

// subjectWidth is how many characters of a subject the table has room for.
const subjectWidth = 20

// method says how changes come about.
func (r *Report) method() string {
	return fmt.Sprintf("Changes: E-divisive (Matteson & James 2014) over seeded intervals, studies as units of the "+
		"permutation, launches as samples, clearer than a drift of neighbours would make it, at %.2g over %s together. "+
		"Ratio: geometric mean of the studies' medians from there on over that before, with Welch's 95 %% interval over "+
		"studies and what noise allows; a change of less than %s is not said. "+
		"A study stands at the time of its commit, or where it has none at that of its measurement. "+
		"The loop in registers, which studies measure the machine by, tells its changes from the program's.",
		history.Alpha, words.Plural(max(r.History.Tests, 1), "line", "lines"), words.Percent(history.MinEffect))
}

// WriteText writes the report for a terminal.
func (r *Report) WriteText(w io.Writer) error { return r.page(nil).WriteText(w) }

// WriteMarkdown writes the report for a pull request.
func (r *Report) WriteMarkdown(w io.Writer) error { return r.page(nil).WriteMarkdown(w) }

// WriteHTML writes the report as one page that needs nothing else.
func (r *Report) WriteHTML(w io.Writer) error {
	pictures := make([]page.Drawing, len(r.History.Series))
	for i, f := range r.Figures() {
		wide, narrow, err := chart.Drawings(f.Figure)
		if err != nil {
			return fmt.Errorf("history: %w", err)
		}
		pictures[i] = page.Drawing{Wide: wide, Narrow: narrow}
	}
	return r.page(pictures).WriteHTML(w)
}
