package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Ranked shows the speedups of many workloads, a mark for each: in a row with its name, from the largest down, or where
// there are too many for that along a line, in a group for each outcome, from the smallest to the largest.
type Ranked struct {
	Words
	Items []RankedItem
	Ideal float64 // of all; 0: they have none in common
	With  string  // the counts that all are measured with: "2 workers"; empty: they have none in common
}

// A RankedItem is the speedup of one workload. What is not known is NaN.
type RankedItem struct {
	Name               string
	Speedup, Low, High float64
	Outcome            overview.Outcome
	Text               string // the figures, in words
}

const (
	rankedTall = 460.0 // the panel in a page
	rankedHead = 32.0  // above rows, for what a line among them is
	mostMissed = 3     // names of what is not drawn
)

func (r Ranked) tall(width vg.Length) vg.Length {
	if n := len(r.measured()); r.InRows() {
		return vg.Length(n)*rankPitch(width) + canvas.XBelow + rankedHead + notesHeight(width, r.key(), r.Footnote)
	}
	return rankedTall + notesHeight(width, r.key(), r.Footnote)
}

// key says what the marks mean.
func (r Ranked) key() string {
	said := []string{}
	for _, of := range []struct {
		overview.Outcome
		text string
	}{
		{overview.Faster, "Blue circles: shown to be faster, with their intervals."},
		{overview.Slower, "Triangles: shown to be slower, with their intervals."},
	} {
		if r.count(of.Outcome) > 0 {
			said = append(said, of.text)
		}
	}
	if shown := r.count(overview.Faster) + r.count(overview.Slower); shown < len(r.measured()) {
		said = append(said, "Grey on a pale band: neither is shown; the band is their intervals.")
	}
	if r.count(overview.CannotFollow) > 0 {
		said = append(said, "Those that cannot follow the count keep one core busy at every count.")
	}
	said = append(said, "Intervals include the noise of the machine.")
	key := strings.Join(said, " ")
	if r.cuts(true) {
		key += " " + cutBars
	}
	if r.cuts(false) {
		key += " A band that ends at the edge goes on beyond it."
	}
	var missing []string
	for _, i := range r.Items {
		if !canvas.Drawable(i.Speedup) {
			missing = append(missing, i.Name)
		}
	}
	if more := len(missing) - mostMissed; more > 1 {
		missing = append(missing[:mostMissed], fmt.Sprintf("%d more", more))
	}
	if len(missing) > 0 {
		key += fmt.Sprintf(" Not drawn, as no speedup of it is known: %s.", words.List(missing))
	}
	return key
}

// count is how many of those that are drawn have the outcome.
func (r Ranked) count(of overview.Outcome) int {
	n := 0
	for _, i := range r.measured() {
		if i.Outcome == of {
			n++
		}
	}
	return n
}

// cuts reports whether the interval of an item that is shown to be faster or slower, or of one that is not, goes on
// beyond the axis.
func (r Ranked) cuts(shown bool) bool {
	items := r.measured()
	return len(items) > 0 && slices.ContainsFunc(items, func(i RankedItem) bool {
		low, high := i.ends()
		a := r.axis(items)
		return i.Outcome.Shown() == shown && !(a.Holds(low) && a.Holds(high))
	})
}

// measured are the items that have a speedup, from the smallest.
func (r Ranked) measured() []RankedItem {
	out := slices.DeleteFunc(slices.Clone(r.Items), func(i RankedItem) bool { return !canvas.Drawable(i.Speedup) })
	slices.SortStableFunc(out, func(a, b RankedItem) int { return int(math.Copysign(1, a.Speedup-b.Speedup)) })
	return out
}

// Draw draws the picture.
func (r Ranked) Draw(c draw.Canvas) {
	items := r.measured()
	c = notes(c, r.key(), r.Footnote)
	if len(items) == 0 {
		canvas.Instead(c, "No speedup was measured.")
		return
	}
	if r.InRows() {
		r.drawRows(c, items)
		return
	}
	r.drawGroups(canvas.PanelHead(c, r.head()), items)
}

// head says what the marks of groups are.
func (r Ranked) head() string {
	with := ""
	if r.With != "" {
		with = " with " + r.With
	}
	return fmt.Sprintf("Speedup of each of %s workloads%s (×, log scale)", words.Whole(int64(len(r.measured()))), with)
}

// axis holds all speedups, what of their intervals is not far beyond them, 1 and the ideal.
func (r Ranked) axis(items []RankedItem) canvas.Axis {
	low, high := min(1, items[0].Speedup), max(1.1, r.Ideal, items[len(items)-1].Speedup)
	from, to := low/1.5, high*1.5
	for _, i := range items {
		for _, v := range []float64{i.Low, i.High} {
			if canvas.Drawable(v) {
				low, high = min(low, max(v, from)), max(high, min(v, to))
			}
		}
	}
	pad := math.Pow(high/low, 0.06)
	return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, canvas.Powers{Most: 8, Fill: true})
}
