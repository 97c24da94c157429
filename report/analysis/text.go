package analysis

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// What is listed if Top says nothing.
const (
	textStacks = 3
	textSteps  = 8
	textGroups = 6
)

// WriteText writes the analysis for a terminal of 80 columns: the finding, the files, the ledger, the critical path
// with its bounds, the goroutines, the warnings.
func (a *Analysis) WriteText(w io.Writer) error {
	p := &page.Page{Title: a.Finding(), Blocks: []page.Block{
		{Text: a.traces()}, a.ledger(), a.path(), a.bounds(), a.goroutines(), page.Listed("Warnings", a.warnings()),
	}}
	if err := p.WriteText(w); err != nil {
		return fmt.Errorf("analysis: %w", err)
	}
	return nil
}

// traces say what was read, and what of it is shown.
func (a *Analysis) traces() (out []string) {
	for _, f := range a.Traces {
		if f.Go == "" {
			out = append(out, f.File+": not read")
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s, %s events in %s", f.File, f.Go, words.Whole(f.Events),
			words.Duration(f.Duration.Seconds())))
	}
	if a.Part != "" {
		out = append(out, "Only "+a.Part+".")
	}
	if a.Filter != "" {
		out = append(out, fmt.Sprintf("Only goroutines started with a function that matches %q; "+
			"Ps, and all sums of core time, are those of all goroutines.", a.Filter))
	}
	return out
}

// A times is a table of times.
type times struct {
	page.Table
	all time.Duration // what shares are of
}

// nameWidth is what a table of times has for names.
const nameWidth = page.Width - 2*9

// add adds a row; what is cut in its middle if it is too long.
func (t *times) add(what string, d time.Duration) {
	share := words.Unknown
	if t.all > 0 {
		share = words.Percent(d.Seconds() / t.all.Seconds())
	}
	t.Add(page.Shorten(what, nameWidth), words.Amount(d.Seconds()), share)
}

// block is the table under a line of text.
func (t *times) block(text, what, unit string) page.Block {
	t.Gap, t.Head = 2, []page.Head{{Name: what, Left: true}, {Name: unit}, {Name: "share"}}
	return page.Block{Text: []string{text}, Table: &t.Table}
}

// ledger is the table of core time by cause: each with its largest places.
func (a *Analysis) ledger() page.Block {
	l := a.Ledger
	if l == nil {
		return page.Block{}
	}
	t := times{all: time.Duration(l.Total)}
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
		t.add(words.Cause(r.Cause), time.Duration(r.Time))
		shown := sites.Of(r.Stacks)
		for i, p := range shown[:min(cmp.Or(a.Top, textStacks), len(shown))] {
			if i > 0 && 100*p.Time < l.Total && a.Top == 0 {
				break
			}
			t.site(p)
		}
	}
	if count > 0 {
		t.add(fmt.Sprintf("%d smaller", count), time.Duration(small))
	}
	if a.Use != nil && a.Use.OfPs {
		t.Notes = append(t.Notes, "core-s are of Ps: without records of the OS a busy P need not have had a core")
	}
	return t.block(fmt.Sprintf("Where the core time went: %s core-s in %s", words.Amount(l.Total.Seconds()),
		words.Duration(l.Wall.Seconds())),
		"cause", "core-s")
}

// site adds a row for a site, and one for what others did meanwhile.
func (t *times) site(s sites.Site) {
	if s.Waiting.At != "" {
		t.add("  "+words.Printable(s.Waiting.Brief()), time.Duration(s.Time))
	}
	defer t.object(s)
	if s.Blamed.At == "" {
		return
	}
	if t.add("    while "+words.Printable(s.Blamed.Brief()), time.Duration(s.Time)); s.Waiting.At != "" {
		last := t.Rows[len(t.Rows)-1]
		last[1], last[2] = "", ""
	}
}

// object adds a row for what most of the time of a site was waited for, if that is known.
func (t *times) object(s sites.Site) {
	if len(s.Objects) > 0 {
		o := &s.Objects[0]
		t.add("    for "+words.Printable(words.Object(o)), time.Duration(o.Part*float64(s.Time)))
	}
}

// path is the critical path.
func (a *Analysis) path() page.Block {
	p := a.Path
	if p == nil {
		return page.Block{}
	}
	text := []string{pathHead(p)}
	if w := p.Shorter(); w != nil {
		text = append(text, words.Upper(words.Statement(w))+".")
	}
	if len(p.Steps) == 0 {
		return page.Block{Text: text}
	}
	t := times{all: p.Span}
	steps := pathSites(p.Steps)
	n := min(cmp.Or(a.Top, textSteps), len(steps))
	rest := p.Span
	for _, s := range steps[:n] {
		what := s.cause.Entry().Name
		if s.Waiting.At != "" {
			what += ": " + words.Printable(s.Waiting.Brief())
		}
		t.add(what, time.Duration(s.Time))
		rest -= time.Duration(s.Time)
	}
	if more := len(steps) - n; more > 0 || rest > 0 {
		what := fmt.Sprintf("%d more", more)
		if a.Filter != "" {
			what = "all else, other goroutines included"
		}
		t.add(what, rest)
	}
	b := t.block("", "cause and place", "s")
	b.Text = text
	return b
}

// pathHead is how long the path is, how long one core would take, and so how many cores can be of use.
func pathHead(p *critical.Path) string {
	head := "Critical path: " + words.Duration(p.Span.Seconds())
	if p.Parallelism == 0 {
		return head + fmt.Sprintf(" of %s of work", words.Duration(p.Work.Seconds()))
	}
	least, longest := p.OneCore()
	one := words.Duration(longest.Seconds())
	if from := words.Duration(least.Seconds()); from != one {
		one = from + " to " + one
	}
	most := words.Amount(p.Parallelism)
	if words.Amount(p.ParallelismLeast()) != most {
		most = "at most " + most
	}
	return head + fmt.Sprintf("; one core takes %s: parallelism %s", one, most)
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
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.cause, b.cause), cmp.Compare(a.Waiting.Words(),
			b.Waiting.Words()))
	})
	return out
}

// bounds are those of the speedup.
func (a *Analysis) bounds() page.Block {
	list := a.Predicted()
	if len(list) == 0 || a.Path.Work <= 0 || a.Path.Span <= 0 {
		return page.Block{}
	}
	if w := a.Path.NoHigh(); w != nil {
		return page.Block{Text: append([]string{
			"How much more cores help this work cannot be told: " + words.Statement(w) + ".",
		}, a.replay()...)}
	}
	t := &page.Table{Gap: 2, Head: []page.Head{{Name: "cores", Left: true}}}
	least, most := []string{"at least"}, []string{"at most"}
	for _, b := range list {
		t.Head = append(t.Head, page.Head{Name: strconv.Itoa(b.Cores)})
		least, most = append(least, words.Amount(b.Low)), append(most, words.Amount(b.High))
	}
	if w := a.Path.NoLow(); w != nil {
		t.Add(most...)
		t.Notes = append(append(t.Notes, words.Upper("at least cannot be told: "+words.Statement(w))+"."), a.replay()...)
	} else {
		t.Add(least...)
		t.Add(most...)
	}
	return page.Block{Text: []string{"Speedup over one core that this work can have on so many cores, if it takes no " +
		"longer there, if goroutines depend on each other as here, and if no others took the cores while this was " +
		"recorded (Brent's bounds):"}, Table: t}
}

// replay says that a replay can tell what the bounds leave open, if it can.
func (a *Analysis) replay() []string {
	if !a.Path.Operated {
		return nil
	}
	return []string{"This trace tells what was done with locks and channels: corecurve predict replays that."}
}

// goroutines is the table by start function: running time, and what else took the most of their lives.
func (a *Analysis) goroutines() page.Block {
	if a.Goroutines == nil || len(a.Goroutines.Groups) == 0 {
		return page.Block{}
	}
	t := &page.Table{Gap: 2, Head: []page.Head{
		{Left: true},
		{Name: "count"},
		{Name: "total"},
		{Name: "least"},
		{Name: "median"},
		{Name: "most"},
	}}
	spread := func(what string, s goroutines.Spread) {
		if s.Count > 0 {
			t.Add("  "+what, strconv.Itoa(s.Count), words.Duration(s.Total.Seconds()), words.Duration(s.Min.Seconds()),
				words.Duration(s.Median.Seconds()), words.Duration(s.Max.Seconds()))
		}
	}
	all, shown := 0, 0
	for _, g := range a.Goroutines.Groups {
		all += g.Count
		if shown == cmp.Or(a.Top, textGroups) || a.Top == 0 && a.Filter == "" && g.Runtime {
			continue
		}
		shown++
		t.Add(words.Printable(cmp.Or(g.Start, "(start function not known)")))
		spread("running", g.Running)
		spread("runnable", g.Runnable)
		for _, b := range g.Blocked {
			spread(b.Cause.Entry().Name, b.Spread)
		}
	}
	if rest := len(a.Goroutines.Groups) - shown; rest > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d more functions, of the runtime or with less running time (--top %d "+
			"shows all).", rest,
			len(a.Goroutines.Groups)))
	}
	return page.Block{Text: []string{fmt.Sprintf("Goroutines: %d, by start function", all)}, Table: t}
}
