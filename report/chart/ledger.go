package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	mostSites   = 6
	causeColumn = 2
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
	f.table(c)
}

// tall has room for the bar and for the places with most time.
func (f Ledger) tall(width vg.Length) vg.Length {
	if f.Ledger == nil || f.Ledger.Total <= 0 {
		return panelTall
	}
	table := canvas.HeadSize + 44 + f.rowHeight(width)*vg.Length(len(f.shown(mostSites))) + 12
	return canvas.LegendHeight(f.looks(), width) + 12 + ledgerBar + 60 + table +
		notesHeight(width, f.Footnote)
}

// spare is what is below the last place.
func (f Ledger) spare(c draw.Canvas) vg.Length { return max(0, c.Size().Y-f.tall(c.Size().X)) }

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

// share is the part of all core time that t is.
func (f Ledger) share(t ledger.CoreTime) float64 { return float64(t) / float64(f.Ledger.Total) }

// A piece is a part of the bar: a cause, or those that are too small to be told together.
type piece struct {
	look  canvas.Look
	name  string // with its identifier
	time  ledger.CoreTime
	title string
}

// leastShown is the share of the core time from which on a cause, or a place, is shown by itself.
const leastShown = 0.01

// pieces are those of the bar: losses, the largest first, then what is too small, then what is used, and what had
// nothing to run.
func (f Ledger) pieces() []piece {
	var lost, used, small []piece
	rest := ledger.CoreTime(0)
	for _, r := range f.rows() {
		p := piece{look: causeLook(r.Cause), name: words.Cause(r.Cause), time: r.Time}
		p.title = fmt.Sprintf("%s: %s, %s", p.name, f.amount(r.Time), words.Percent(f.share(r.Time)))
		switch {
		case f.share(r.Time) < leastShown:
			small, rest = append(small, p), rest+r.Time
		case rank(r.Cause) == 0:
			lost = append(lost, p)
		default:
			used = append(used, p)
		}
	}
	if len(small) > 1 {
		one := piece{look: smallCauses(), name: words.Plural(len(small), "", "smaller causes"), time: rest}
		var titles []string
		for _, p := range small {
			titles = append(titles, p.title)
		}
		one.title = strings.Join(titles, "; ")
		small = []piece{one}
	}
	return slices.Concat(lost, small, used)
}

// looks name every piece with its share, in the order of the bar.
func (f Ledger) looks() []canvas.Look {
	var looks []canvas.Look
	for _, p := range f.pieces() {
		l := p.look
		l.Name = p.name + " " + words.Percent(f.share(p.time))
		looks = append(looks, l)
	}
	return looks
}

// bar draws the core time by cause, with the core-seconds of those that have room for it, and returns the canvas below.
func (f Ledger) bar(c draw.Canvas) draw.Canvas {
	high := c.Max.Y - 12
	low := high - ledgerBar
	x := c.Min.X
	for _, p := range f.pieces() {
		end := x + c.Size().X*vg.Length(f.share(p.time))
		canvas.Describe(c, p.title, func() {
			p.look.Draw(c, x, low, max(x+1, end-1), high)
			f.figure(c, p.look, p.time, x, end, (low+high)/2)
		})
		x = end
	}
	script := canvas.Regular(canvas.TickSize, canvas.Muted)
	script.Put(c, c.Min.X, low-28, 0, "0")
	script.Put(c, c.Max.X, low-28, 1, f.amount(f.Ledger.Total))
	c.Max.Y = low - 60
	return c
}

// figure writes the core time of a cause into its part of the bar, with the name above it where that fits.
func (f Ledger) figure(c draw.Canvas, l canvas.Look, t ledger.CoreTime, x0, x1, y vg.Length) {
	script := canvas.Regular(canvas.TickSize, canvas.Black)
	lines := []string{l.Name, f.amount(t)}
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

// A held is a site and the cause that it has time of.
type held struct {
	cause cause.Cause
	sites.Site
	more int // it stands for so many, of any cause; 0: for itself
}

// look is how the cause of s is shown.
func (s held) look() canvas.Look {
	if s.more == 0 {
		return causeLook(s.cause)
	}
	l := smallCauses()
	l.Name = fmt.Sprintf("%d more", s.more)
	return l
}

// held are the sites that are known, and with them what of a loss has none: what is lost first, the largest first.
// There are none if no site is known.
func (f Ledger) held() []held {
	var out, elsewhere []held
	for _, r := range f.Ledger.Rows {
		rest := r.Time
		for _, s := range sites.Of(r.Stacks) {
			if s.Waiting.At != "" || s.Blamed.At != "" {
				out = append(out, held{cause: r.Cause, Site: s})
				rest -= s.Time
			}
		}
		if rank(r.Cause) == 0 && f.share(rest) >= leastShown {
			elsewhere = append(elsewhere, held{
				cause: r.Cause, Site: sites.Site{Time: rest, Waiting: sites.Place{At: "no place is known"}},
			})
		}
	}
	if len(out) == 0 {
		return nil
	}
	out = append(out, elsewhere...)
	slices.SortStableFunc(out, lossesFirst)
	return out
}

// A column of the table has a title and a left edge.
type ledgerColumn struct {
	title string
	x     vg.Length
}

// shown are the sites that are shown in so many rows, those with most time, losses first, and in the last row all
// others together: those that are small, or have no room.
func (f Ledger) shown(room int) []held {
	all := f.held()
	room = min(room, mostSites)
	large := slices.DeleteFunc(slices.Clone(all), func(s held) bool { return f.share(s.Time) < leastShown })
	slices.SortStableFunc(large, func(a, b held) int { return cmp.Compare(b.Time, a.Time) })
	n := min(len(large), room)
	if n < len(all) {
		n = max(0, min(n, room-1))
	}
	if n >= len(all)-1 && len(all) <= room {
		return all // the last of them stands for itself
	}
	rest := held{more: len(all) - n}
	for _, s := range all {
		rest.Time += s.Time
	}
	for _, s := range large[:n] {
		rest.Time -= s.Time
	}
	large = large[:n]
	slices.SortStableFunc(large, lossesFirst)
	return append(large, rest)
}

// lossesFirst orders sites: what is lost first, the largest first.
func lossesFirst(a, b held) int {
	return cmp.Or(cmp.Compare(rank(a.cause), rank(b.cause)), cmp.Compare(b.Time, a.Time))
}

// table lists the sites with most time, as many as there is room for.
func (f Ledger) table(c draw.Canvas) {
	head := canvas.Bold(canvas.HeadSize, canvas.Dark)
	base := c.Max.Y - canvas.HeadSize
	y := base - 44
	top := f.shown(int((y - c.Min.Y) / f.rowHeight(c.Size().X)))
	if len(top) == 0 {
		head.Put(c, c.Min.X, base, 0, "No stacks were recorded.")
		return
	}
	head.Put(c, c.Min.X, base, 0, "Where it went, losses first")
	if c.Size().X < amplePanels {
		f.list(c, y, top)
		return
	}
	columns := []ledgerColumn{{"core time", 0}, {"share", 160}, {"cause", 260}, {"where", 630}}
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
		l := s.look()
		canvas.Describe(c, f.title(s), func() {
			cell, small := canvas.Regular(canvas.TickSize, canvas.Dark), canvas.Regular(canvas.SmallSize, canvas.Muted)
			l.Draw(c, c.Min.X, y-32, c.Min.X+30, y-10)
			figures := f.amount(s.Time) + ", " + words.Percent(f.share(s.Time))
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
func (f Ledger) title(s held) string {
	title := fmt.Sprintf("%s, %s: %s", s.look().Name, f.amount(s.Time), cmp.Or(s.Waiting.Words(), "–"))
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
	l := s.look()
	plain := func(txt string) sites.Place { return sites.Place{At: txt} }
	cells := []sites.Place{
		plain(f.amount(s.Time)), plain(words.Percent(f.share(s.Time))), plain(l.Name), s.Waiting,
		s.Blamed,
	}
	canvas.Describe(c, f.title(s), func() {
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

// amount writes core time in the unit of all of it.
func (f Ledger) amount(t ledger.CoreTime) string {
	return words.CoreTimeOf(t.Seconds(), f.Ledger.Total.Seconds())
}
