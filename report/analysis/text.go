package analysis

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/report/words"
)

// width of the text in columns, and what is listed if Top says nothing.
const (
	width      = 80
	textStacks = 3
	textSteps  = 8
	textGroups = 6
)

// WriteText writes the analysis for a terminal of 80 columns: the finding, the files, the ledger, the critical path
// with its bounds, the goroutines, the warnings.
func (a *Analysis) WriteText(w io.Writer) error {
	t := &text{}
	t.Para(a.Finding())
	t.traces(a)
	t.ledger(a)
	t.path(a)
	t.bounds(a)
	t.goroutines(a)
	t.Items("Warnings", a.warnings())
	if err := t.Write(w); err != nil {
		return fmt.Errorf("analysis: %w", err)
	}
	return nil
}

// A text is the page, with the tables that stand on it.
type text struct{ words.Page }

func (t *text) traces(a *Analysis) {
	t.Blank()
	for _, f := range a.Traces {
		if f.Go == "" {
			t.Para(f.File + ": not read")
			continue
		}
		t.Para(fmt.Sprintf("%s: %s, %d events in %s", f.File, f.Go, f.Events, words.Duration(f.Duration.Seconds())))
	}
	if a.Part != "" {
		t.Para("Only " + a.Part + ".")
	}
	if a.Filter != "" {
		t.Para(fmt.Sprintf("Only goroutines started with a function that matches %q; Ps, and all sums of core time, are those of all goroutines.", a.Filter))
	}
}

// ledger is the table of core time by cause: each with its largest places.
func (t *text) ledger(a *Analysis) {
	l := a.Ledger
	if l == nil {
		return
	}
	t.Head(fmt.Sprintf("Where the core time went: %s core-s in %s", words.Amount(l.Total.Seconds()), words.Duration(l.Wall.Seconds())))
	t.row("cause", "core-s", "share")
	rows := slices.Clone(l.Rows)
	slices.SortStableFunc(rows, func(x, y ledger.Row) int { return cmp.Compare(y.Time, x.Time) })
	var small ledger.CoreTime
	count := 0
	for _, r := range rows {
		if 1000*r.Time < l.Total {
			small += r.Time
			count++
			continue
		}
		t.row(words.Cause(r.Cause), words.Amount(r.Time.Seconds()), share(r.Time, l.Total))
		shown := sites.Of(r.Stacks)
		for i, p := range shown[:min(cmp.Or(a.Top, textStacks), len(shown))] {
			if i > 0 && 100*p.Time < l.Total && a.Top == 0 {
				break
			}
			t.site(p, words.Amount(p.Time.Seconds()), share(p.Time, l.Total))
		}
	}
	if count > 0 {
		t.row(fmt.Sprintf("%d smaller", count), words.Amount(small.Seconds()), share(small, l.Total))
	}
}

// row is a line of a table of times.
func (t *text) row(what, time, share string) {
	t.Lines = append(t.Lines, fmt.Sprintf("%-*s %8s %8s", nameWidth, shorten(what, nameWidth), time, share))
}

// nameWidth is what a table of times has for names.
const nameWidth = width - 2*9

// site is a line of a table for a site, and one for what others did meanwhile.
func (t *text) site(s sites.Site, time, share string) {
	if s.Waiting.At != "" {
		t.row("  "+words.Printable(s.Waiting.Brief()), time, share)
		time, share = "", ""
	}
	if s.Blamed.At != "" {
		t.row("    while "+words.Printable(s.Blamed.Brief()), time, share)
	}
}

func share(part, all ledger.CoreTime) string {
	if all <= 0 {
		return words.Unknown
	}
	return words.Percent(float64(part) / float64(all))
}

// path is the critical path.
func (t *text) path(a *Analysis) {
	p := a.Path
	if p == nil {
		return
	}
	t.Head(fmt.Sprintf("Critical path: %s of %s of work: parallelism %s", words.Duration(p.Span.Seconds()), words.Duration(p.Work.Seconds()), words.Amount(p.Parallelism)))
	if len(p.Steps) == 0 {
		return
	}
	t.row("cause and place", "s", "share")
	steps := pathSites(p.Steps)
	n := min(cmp.Or(a.Top, textSteps), len(steps))
	rest := p.Span
	for _, s := range steps[:n] {
		what := s.cause.Entry().Name
		if s.Waiting.At != "" {
			what += ": " + words.Printable(s.Waiting.Brief())
		}
		t.row(what, words.Amount(s.Time.Seconds()), words.Percent(s.Time.Seconds()/p.Span.Seconds()))
		rest -= time.Duration(s.Time)
	}
	if more := len(steps) - n; more > 0 || rest > 0 {
		what := fmt.Sprintf("%d more", more)
		if a.Filter != "" {
			what = "all else, other goroutines included"
		}
		t.row(what, words.Amount(rest.Seconds()), words.Percent(rest.Seconds()/p.Span.Seconds()))
	}
}

// A causeSite is the time that a path spends at one site for one cause.
type causeSite struct {
	cause cause.Cause
	sites.Site
}

// pathSites adds up the steps whose cause and functions are the same, largest first.
func pathSites(steps []critical.Step) []causeSite {
	byCause := make(map[cause.Cause][]ledger.Stack)
	for _, s := range steps {
		byCause[s.Cause] = append(byCause[s.Cause], ledger.Stack{Time: ledger.CoreTime(s.Time), Waiting: s.Stack})
	}
	var out []causeSite
	for c, stacks := range byCause {
		for _, p := range sites.Of(stacks) {
			out = append(out, causeSite{c, p})
		}
	}
	slices.SortFunc(out, func(a, b causeSite) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.cause, b.cause), cmp.Compare(a.Waiting.Words(), b.Waiting.Words()))
	})
	return out
}

// bounds are those of Brent.
func (t *text) bounds(a *Analysis) {
	list := a.Predicted()
	if len(list) == 0 || a.Path.Work <= 0 || a.Path.Span <= 0 {
		return
	}
	if a.Path.Span >= a.Path.Work {
		t.Head("The critical path is no shorter than all work together: more cores shorten nothing.")
		return
	}
	t.Head("Speedup over one core that this work can have on so many cores (Brent's bounds):")
	rows := [3]string{"cores   ", "at least", "at most "}
	for _, b := range list {
		rows[0] += fmt.Sprintf(" %6d", b.Cores)
		rows[1] += fmt.Sprintf(" %6s", words.Amount(b.Low))
		rows[2] += fmt.Sprintf(" %6s", words.Amount(b.High))
		if len(rows[0]) > width-7 {
			break
		}
	}
	t.Lines = append(t.Lines, rows[:]...)
}

// goroutines is the table by start function: running time, and what else took the most of their lives.
func (t *text) goroutines(a *Analysis) {
	if a.Goroutines == nil || len(a.Goroutines.Groups) == 0 {
		return
	}
	all := 0
	for _, g := range a.Goroutines.Groups {
		all += g.Count
	}
	t.Head(fmt.Sprintf("Goroutines: %d, by start function", all))
	t.Lines = append(t.Lines, fmt.Sprintf("%-30s %9s %9s %9s %9s %9s", "", "count", "total", "least", "median", "most"))
	shown := 0
	for _, g := range a.Goroutines.Groups {
		if shown == cmp.Or(a.Top, textGroups) {
			break
		}
		if a.Top == 0 && a.Filter == "" && strings.HasPrefix(g.Start, "runtime") {
			continue
		}
		shown++
		t.Lines = append(t.Lines, shorten(words.Printable(cmp.Or(g.Start, "(start function not known)")), width))
		t.spread("running", g.Running)
		t.spread("runnable", g.Runnable)
		for _, b := range g.Blocked {
			t.spread(b.Cause.Entry().Name, b.Spread)
		}
	}
	if rest := len(a.Goroutines.Groups) - shown; rest > 0 {
		t.Para(fmt.Sprintf("%d more functions, of the runtime or with less running time (--top %d shows all).", rest, len(a.Goroutines.Groups)))
	}
}

func (t *text) spread(what string, s goroutines.Spread) {
	if s.Count == 0 {
		return
	}
	t.Lines = append(t.Lines, fmt.Sprintf("  %-28s %9d %9s %9s %9s %9s", shorten(what, 28), s.Count,
		words.Duration(s.Total.Seconds()), words.Duration(s.Min.Seconds()), words.Duration(s.Median.Seconds()), words.Duration(s.Max.Seconds())))
}

// shorten cuts the middle of s out so that it has at most width characters: both ends of a name tell more.
func shorten(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n <= width {
		return s
	}
	r := []rune(s)
	tail := width * 2 / 3
	return string(r[:max(width-tail-1, 0)]) + "…" + string(r[n-tail:])
}
