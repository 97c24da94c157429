package chart

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
)

// Ledger shows where the core time of one run or trace went: one bar of it by cause, and the stacks that have most of it.
type Ledger struct {
	Words
	Ledger *ledger.Ledger
}

// Sizes of a ledger in pixels.
const (
	ledgerBar   = 150.0
	ledgerRow   = 52.0 // of the table
	mostStacks  = 5
	leastLedger = 2.0 // a cause that is less wide is drawn together with others
)

// Draw draws the picture.
func (f Ledger) Draw(c draw.Canvas) {
	c = f.heading(c)
	c = notes(c, f.Footnote)
	if f.Ledger == nil || f.Ledger.Total <= 0 {
		regular(labelSize, muted).put(c, c.Center().X, c.Center().Y, 0.5, "No core time was accounted for.")
		return
	}
	c = f.legend(c)
	c = f.bar(c)
	f.table(c)
}

// share is the part of all core time that t is.
func (f Ledger) share(t ledger.CoreTime) float64 { return float64(t) / float64(f.Ledger.Total) }

// legend names every cause with its share, in the order of the bar.
func (f Ledger) legend(c draw.Canvas) draw.Canvas {
	var looks []look
	for _, r := range f.Ledger.Rows {
		if r.Time <= 0 {
			continue
		}
		l := causeLook(r.Cause)
		l.name += " " + percent(f.share(r.Time))
		looks = append(looks, l)
	}
	return legend(c, looks)
}

// bar draws the core time by cause, with the core-seconds of those that have room for it, and returns the canvas below.
func (f Ledger) bar(c draw.Canvas) draw.Canvas {
	high := c.Max.Y - 12
	low := high - ledgerBar
	width := c.Size().X
	x := c.Min.X
	var small ledger.CoreTime
	draw := func(title string, l look, t ledger.CoreTime) {
		end := x + width*vg.Length(f.share(t))
		describe(c, title, func() {
			l.draw(c, x, low, max(x+1, end-1), high)
			f.figure(c, l, t, x, end, (low+high)/2)
		})
		x = end
	}
	for _, r := range f.Ledger.Rows {
		l := causeLook(r.Cause)
		if float64(width)*f.share(r.Time) < leastLedger {
			small += r.Time
			continue
		}
		draw(fmt.Sprintf("%s: %s, %s", l.name, coreTime(r.Time), percent(f.share(r.Time))), l, r.Time)
	}
	if small > 0 {
		draw(fmt.Sprintf("causes too small to be seen: %s, %s", coreTime(small), percent(f.share(small))), smallCauses(), small)
	}
	script := regular(tickSize, muted)
	script.put(c, c.Min.X, low-28, 0, "0")
	script.put(c, c.Max.X, low-28, 1, coreTime(f.Ledger.Total))
	c.Max.Y = low - 60
	return c
}

// figure writes the core time of a cause into its part of the bar, with the name above it where that fits.
func (f Ledger) figure(c draw.Canvas, l look, t ledger.CoreTime, x0, x1, y vg.Length) {
	script := regular(tickSize, black)
	lines := []string{l.name, coreTime(t)}
	if script.width(lines[0]) > x1-x0-16 {
		lines = lines[1:]
	}
	if script.width(lines[len(lines)-1]) > x1-x0-16 {
		return
	}
	y += vg.Length(len(lines)-1) * tickSize * 0.62
	for _, txt := range lines {
		half := script.width(txt)/2 + 5
		c.SetColor(white.faded(0.87))
		c.Fill(box((x0+x1)/2-half, y-0.62*tickSize, (x0+x1)/2+half, y+0.62*tickSize))
		script.middle(c, (x0+x1)/2, y, 0.5, txt)
		y -= 1.24 * tickSize
	}
}

// A held is a stack and the cause that it has time of.
type held struct {
	cause cause.Cause
	ledger.Stack
}

// largest are the stacks with most time, and how many there are in all.
func (f Ledger) largest() (top []held, all int) {
	for _, r := range f.Ledger.Rows {
		for _, s := range r.Stacks {
			if len(s.Waiting) > 0 || len(s.Blamed) > 0 {
				top = append(top, held{r.Cause, s})
			}
		}
	}
	slices.SortStableFunc(top, func(a, b held) int { return cmp.Compare(b.Time, a.Time) })
	return top[:min(len(top), mostStacks)], len(top)
}

// table lists the stacks with most time.
func (f Ledger) table(c draw.Canvas) {
	top, all := f.largest()
	head := bold(headSize, dark)
	if all == 0 {
		head.put(c, c.Min.X, c.Max.Y-headSize, 0, "No stacks were recorded.")
		return
	}
	title := "The stacks with most of it"
	if all > len(top) {
		title = fmt.Sprintf("The %d stacks with most of it, of %d", len(top), all)
	}
	head.put(c, c.Min.X, c.Max.Y-headSize, 0, title)
	columns := []vg.Length{0, 150, 250, 620, 1090}
	y := c.Max.Y - headSize - 44
	small := regular(noteSize, muted)
	for i, name := range []string{"core time", "share", "cause", "where", "what it waited for was in"} {
		small.put(c, c.Min.X+columns[i], y, 0, name)
	}
	cell := regular(tickSize, dark)
	for _, s := range top {
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: 1.5}, c.Min.X, y-12, c.Max.X, y-12)
		y -= ledgerRow
		if y < c.Min.Y {
			return
		}
		l := causeLook(s.cause)
		texts := []string{coreTime(s.Time), percent(f.share(s.Time)), l.name, nameOf(s.Waiting), nameOf(s.Blamed)}
		describe(c, fmt.Sprintf("%s, %s: %s; waited for: %s", texts[2], texts[0], texts[3], texts[4]), func() {
			l.draw(c, c.Min.X+columns[2], y+2, c.Min.X+columns[2]+30, y+2+22)
			for i, txt := range texts {
				at := columns[i]
				if i == 2 {
					at += 40
				}
				end := c.Size().X
				if i+1 < len(columns) {
					end = columns[i+1] - 20
				}
				cell.put(c, c.Min.X+at, y+6, 0, fitPlace(cell, txt, end-at))
			}
		})
	}
}

// coreTime writes core time with its unit.
func coreTime(t ledger.CoreTime) string {
	v := t.Seconds()
	switch {
	case v >= 0.9995:
		return figures(v) + " core-s"
	case v >= 0.0009995:
		return figures(1e3*v) + " core-ms"
	default:
		return figures(1e6*v) + " core-µs"
	}
}
