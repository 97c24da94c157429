package chart

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/report/words"
)

// Ledger shows where the core time of one run or trace went: one bar of it by cause, and the places that have most of
// it.
type Ledger struct {
	Words
	Ledger *ledger.Ledger
}

// Sizes of a ledger in pixels.
const (
	ledgerBar   = 150.0
	ledgerRow   = 60.0 // of the table: room for a place and for who called it
	ledgerItem  = 96.0 // of a list, where there is no room for a table
	mostSites   = 5
	causeColumn = 2
	leastLedger = 2.0 // a cause that is less wide is drawn together with others
)

// Draw draws the picture.
func (f Ledger) Draw(c draw.Canvas) {
	c = notes(c, f.Footnote)
	if f.Ledger == nil || f.Ledger.Total <= 0 {
		canvas.Instead(c, "No core time was accounted for.")
		return
	}
	c = canvas.Legend(c, f.looks())
	c = f.bar(c)
	c = f.drawGain(c)
	f.table(c)
}

// tall has room for the bar and for the places with most time.
func (f Ledger) tall(width vg.Length) vg.Length {
	if f.Ledger == nil || f.Ledger.Total <= 0 {
		return panelTall
	}
	table := canvas.HeadSize + 44 + f.rowHeight(width)*vg.Length(min(mostSites, len(f.held()))) + 12
	return canvas.LegendHeight(f.looks(), width) + 12 + ledgerBar + 60 + f.gainHeight(width) + table +
		notesHeight(width, f.Footnote)
}

// rank puts what is lost before what is used, and time in which there was nothing to run behind both.
func rank(c cause.Cause) int {
	switch c {
	case cause.Idle:
		return 2
	case cause.User, cause.Syscall, cause.Untraced:
		return 1
	}
	return 0
}

// rows are those that have time: losses first, the largest first.
func (f Ledger) rows() []ledger.Row {
	out := slices.DeleteFunc(slices.Clone(f.Ledger.Rows), func(r ledger.Row) bool { return r.Time <= 0 })
	slices.SortStableFunc(out, func(a, b ledger.Row) int {
		return cmp.Or(cmp.Compare(rank(a.Cause), rank(b.Cause)), cmp.Compare(b.Time, a.Time))
	})
	return out
}

// leastGain is the share of core time that must be lost for it to be worth gaining.
const leastGain = 0.05

// gain says where next to nothing is lost that there is nothing to gain; "" elsewhere.
func (f Ledger) gain() string {
	var lost, used ledger.CoreTime
	for _, r := range f.rows() {
		switch rank(r.Cause) {
		case 0:
			lost += r.Time
		case 1:
			used += r.Time
		}
	}
	if f.share(lost) >= leastGain {
		return ""
	}
	return words.NothingToGain(f.share(used), f.share(lost))
}

func gainScript() canvas.Script { return canvas.Bold(canvas.LabelSize, canvas.Dark) }

// gainHeight is the room of what gain says.
func (f Ledger) gainHeight(width vg.Length) vg.Length {
	lines := gainScript().Wrap(f.gain(), width)
	if len(lines) == 0 {
		return 0
	}
	return vg.Length(len(lines))*gainScript().Leading() + 12
}

// drawGain says where next to nothing is lost, and returns the canvas below that.
func (f Ledger) drawGain(c draw.Canvas) draw.Canvas {
	s, y := gainScript(), c.Max.Y
	for _, line := range s.Wrap(f.gain(), c.Size().X) {
		s.Put(c, c.Min.X, y-s.Size(), 0, line)
		y -= s.Leading()
	}
	c.Max.Y -= f.gainHeight(c.Size().X)
	return c
}

// share is the part of all core time that t is.
func (f Ledger) share(t ledger.CoreTime) float64 { return float64(t) / float64(f.Ledger.Total) }

// looks name every cause with its share, in the order of the bar.
func (f Ledger) looks() []canvas.Look {
	var looks []canvas.Look
	for _, r := range f.rows() {
		l := causeLook(r.Cause)
		l.Name = words.Cause(r.Cause) + " " + words.Percent(f.share(r.Time))
		looks = append(looks, l)
	}
	return looks
}

// bar draws the core time by cause, with the core-seconds of those that have room for it, and returns the canvas below.
func (f Ledger) bar(c draw.Canvas) draw.Canvas {
	high := c.Max.Y - 12
	low := high - ledgerBar
	width := c.Size().X
	x := c.Min.X
	var small ledger.CoreTime
	draw := func(title string, l canvas.Look, t ledger.CoreTime) {
		end := x + width*vg.Length(f.share(t))
		canvas.Describe(c, title, func() {
			l.Draw(c, x, low, max(x+1, end-1), high)
			f.figure(c, l, t, x, end, (low+high)/2)
		})
		x = end
	}
	lost := true // so far
	for _, r := range f.rows() {
		if lost && rank(r.Cause) > 0 && small > 0 {
			draw(fmt.Sprintf("losses too small to be seen: %s, %s", coreTime(small), words.Percent(f.share(small))),
				smallCauses(), small)
			small = 0
		}
		lost = rank(r.Cause) == 0
		l := causeLook(r.Cause)
		if float64(width)*f.share(r.Time) < leastLedger {
			small += r.Time
			continue
		}
		draw(fmt.Sprintf("%s: %s, %s", words.Cause(r.Cause), coreTime(r.Time), words.Percent(f.share(r.Time))), l,
			r.Time)
	}
	if small > 0 {
		draw(fmt.Sprintf("causes too small to be seen: %s, %s", coreTime(small), words.Percent(f.share(small))),
			smallCauses(), small)
	}
	script := canvas.Regular(canvas.TickSize, canvas.Muted)
	script.Put(c, c.Min.X, low-28, 0, "0")
	script.Put(c, c.Max.X, low-28, 1, coreTime(f.Ledger.Total))
	c.Max.Y = low - 60
	return c
}

// figure writes the core time of a cause into its part of the bar, with the name above it where that fits.
func (f Ledger) figure(c draw.Canvas, l canvas.Look, t ledger.CoreTime, x0, x1, y vg.Length) {
	script := canvas.Regular(canvas.TickSize, canvas.Black)
	lines := []string{l.Name, coreTime(t)}
	if script.Width(lines[0]) > x1-x0-16 {
		lines = lines[1:]
	}
	if script.Width(lines[len(lines)-1]) > x1-x0-16 {
		return
	}
	y += vg.Length(len(lines)-1) * canvas.TickSize * 0.62
	for _, txt := range lines {
		half := script.Width(txt)/2 + 5
		c.SetColor(canvas.White.Faded(0.87))
		c.Fill(canvas.Box((x0+x1)/2-half, y-0.62*canvas.TickSize, (x0+x1)/2+half, y+0.62*canvas.TickSize))
		script.Middle(c, (x0+x1)/2, y, 0.5, txt)
		y -= 1.24 * canvas.TickSize
	}
}

// leastElsewhere is the share of the core time from which on what has no place stands in the table.
const leastElsewhere = 0.01

// A held is a site and the cause that it has time of.
type held struct {
	cause cause.Cause
	sites.Site
}

// held are the sites that are known, and with them what of a loss has none: what is lost first, the largest first. There
// are none if no site is known.
func (f Ledger) held() []held {
	var out, elsewhere []held
	for _, r := range f.Ledger.Rows {
		rest := r.Time
		for _, s := range sites.Of(r.Stacks) {
			if s.Waiting.At != "" || s.Blamed.At != "" {
				out = append(out, held{r.Cause, s})
				rest -= s.Time
			}
		}
		if rank(r.Cause) == 0 && f.share(rest) >= leastElsewhere {
			elsewhere = append(elsewhere, held{r.Cause, sites.Site{Time: rest, Waiting: sites.Place{At: "no place is known"}}})
		}
	}
	if len(out) == 0 {
		return nil
	}
	out = append(out, elsewhere...)
	slices.SortStableFunc(out, func(a, b held) int {
		return cmp.Or(cmp.Compare(rank(a.cause), rank(b.cause)), cmp.Compare(b.Time, a.Time))
	})
	return out
}

// A column of the table has a title and a left edge.
type ledgerColumn struct {
	title string
	x     vg.Length
}

// table lists the sites with most time, as many as there is room for.
func (f Ledger) table(c draw.Canvas) {
	all := f.held()
	head := canvas.Bold(canvas.HeadSize, canvas.Dark)
	base := c.Max.Y - canvas.HeadSize
	if len(all) == 0 {
		head.Put(c, c.Min.X, base, 0, "No stacks were recorded.")
		return
	}
	y := base - 44
	room := int((y - c.Min.Y) / f.rowHeight(c.Size().X))
	top := all[:max(0, min(len(all), mostSites, room))]
	title := "Where it went, losses first"
	if len(all) > len(top) {
		title = fmt.Sprintf("Where it went, losses first: the largest %d of %d", len(top), len(all))
	}
	head.Put(c, c.Min.X, base, 0, title)
	if c.Size().X < amplePanels {
		f.list(c, y, top)
		return
	}
	columns := []ledgerColumn{{"core time", 0}, {"share", 150}, {"cause", 250}, {"where", 620}}
	if slices.ContainsFunc(top, func(s held) bool { return s.Blamed.At != "" }) {
		columns = append(columns, ledgerColumn{"what it waited for was in", 1080})
	}
	for _, col := range columns {
		canvas.Regular(canvas.NoteSize, canvas.Muted).Put(c, c.Min.X+col.x, y, 0, col.title)
	}
	for _, s := range top {
		c.StrokeLine2(draw.LineStyle{Color: canvas.Grid, Width: 1.5}, c.Min.X, y-12, c.Max.X, y-12)
		y -= ledgerRow
		f.row(draw.Crop(c, 0, 0, y-c.Min.Y, 0), columns, s)
	}
}

// rowHeight is that of a site: in a table where there is room for its columns, and else a line for each of its texts.
func (f Ledger) rowHeight(width vg.Length) vg.Length {
	if width >= amplePanels {
		return ledgerRow
	}
	return ledgerItem
}

// list lists sites from y down, each with its cause and time, and below it where it is and what it waited for.
func (f Ledger) list(c draw.Canvas, y vg.Length, top []held) {
	y += 20
	for _, s := range top {
		c.StrokeLine2(draw.LineStyle{Color: canvas.Grid, Width: 1.5}, c.Min.X, y, c.Max.X, y)
		l := causeLook(s.cause)
		canvas.Describe(c, s.title(), func() {
			cell, small := canvas.Regular(canvas.TickSize, canvas.Dark), canvas.Regular(canvas.SmallSize, canvas.Muted)
			l.Draw(c, c.Min.X, y-32, c.Min.X+30, y-10)
			figures := coreTime(s.Time) + ", " + words.Percent(f.share(s.Time))
			cell.Put(c, c.Max.X, y-28, 1, figures)
			cell.Put(c, c.Min.X+40, y-28, 0, cell.Fit(l.Name, c.Size().X-60-cell.Width(figures)))
			cell.Put(c, c.Min.X, y-56, 0, cell.FitPlace(cmp.Or(s.Waiting.At, "–"), c.Size().X))
			switch {
			case s.Blamed.At != "":
				small.Put(c, c.Min.X, y-80, 0, small.FitPlace("waited for "+s.Blamed.At, c.Size().X))
			case s.Waiting.Caller != "":
				small.Put(c, c.Min.X, y-80, 0, small.FitPlace("called by "+s.Waiting.Caller, c.Size().X))
			}
		})
		y -= ledgerItem
	}
}

// title says all of a site.
func (s held) title() string {
	title := fmt.Sprintf("%s, %s: %s", causeLook(s.cause).Name, coreTime(s.Time), cmp.Or(s.Waiting.Words(), "–"))
	if s.Blamed.At != "" {
		title += "; waited for: " + s.Blamed.Words()
	}
	if len(s.Objects) > 0 {
		title += "; " + words.Percent(s.Objects[0].Part) + " of it for " + words.Object(&s.Objects[0])
	}
	return title
}

// row writes a site at the foot of c.
func (f Ledger) row(c draw.Canvas, columns []ledgerColumn, s held) {
	l := causeLook(s.cause)
	plain := func(txt string) sites.Place { return sites.Place{At: txt} }
	cells := []sites.Place{
		plain(coreTime(s.Time)), plain(words.Percent(f.share(s.Time))), plain(l.Name), s.Waiting,
		s.Blamed,
	}
	canvas.Describe(c, s.title(), func() {
		for i, col := range columns {
			x, end := col.x, c.Size().X
			if i+1 < len(columns) {
				end = columns[i+1].x - 20
			}
			if i == causeColumn {
				l.Draw(c, c.Min.X+x, c.Min.Y+7, c.Min.X+x+30, c.Min.Y+29)
				x += 40
			}
			cell, caller := canvas.Regular(canvas.TickSize, canvas.Dark), canvas.Regular(canvas.SmallSize, canvas.Muted)
			y := c.Min.Y + 11
			if txt := cells[i].Caller; txt != "" {
				y += 12
				caller.Put(c, c.Min.X+x, y-23, 0, caller.FitPlace("called by "+txt, end-x))
			}
			cell.Put(c, c.Min.X+x, y, 0, cell.FitPlace(cmp.Or(cells[i].At, "–"), end-x))
		}
	})
}

// coreTime writes core time with its unit.
func coreTime(t ledger.CoreTime) string {
	v := t.Seconds()
	switch {
	case v >= 0.9995:
		return words.Ratio(v) + " core-s"
	case v >= 0.0009995:
		return words.Ratio(1e3*v) + " core-ms"
	default:
		return words.Ratio(1e6*v) + " core-µs"
	}
}
