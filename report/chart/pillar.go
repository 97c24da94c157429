package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// A segment is a part of a bar as it is drawn.
type segment struct {
	canvas.Look
	order     int     // among all segments of all bars, from the foot up
	low, high float64 // in percent of the ideal
	figure    string  // its share of what is lost
	title     string
	told      bool // the title of the picture speaks of it
}

// A pillar is a bar with its place.
type pillar struct {
	Bar
	x0, x1   vg.Length
	end      vg.Length   // of its room, right of x1
	name     canvas.Look // of its curve
	segments []segment   // from the foot up
	top      float64     // in percent of the ideal
}

// divide makes the segments of p on an axis of so many pixels per percent: what is lost up to the ideal, divided by
// what each cause takes of it. Causes that are less than least pixels high, or hardly any of the loss, are drawn as
// one, at the top.
func (p *pillar) divide(perPercent, least float64) {
	up := p.reached()
	p.top = max(up, 100)
	lost := p.top - up
	if lost == 0 {
		return
	}
	var rows, small []stack.Row
	rest := 0.0
	for _, r := range p.Stack.Rows {
		told := slices.Contains(p.Told, r.Cause)
		switch share := p.Stack.Share(r.Speedup); {
		case r.Speedup <= 0:
		case told && share >= leastTold:
			rows = append(rows, r)
		case share < leastShare || share*lost*perPercent < least:
			small, rest = append(small, r), rest+share
		default:
			rows = append(rows, r)
		}
	}
	if len(small) == 1 {
		at, _ := slices.BinarySearchFunc(rows, small[0], func(a, b stack.Row) int { return cmp.Compare(a.Cause, b.Cause) })
		rows, small = slices.Insert(rows, at, small[0]), nil
	}
	for _, r := range rows {
		share := p.Stack.Share(r.Speedup)
		title := fmt.Sprintf("%s: %s takes %s× of the speedup, %s of what is lost", p.words(), words.Cause(r.Cause),
			words.Taken(r.Speedup), words.Plain(words.Percent(share)))
		if at := words.Place(r.Top); at != "" {
			title += fmt.Sprintf(", %s of it in %s", words.Percent(r.Share), at)
		}
		high := up + share*lost
		p.segments = append(p.segments, segment{
			Look: causeLook(r.Cause), order: int(r.Cause), low: up, high: high, figure: words.Percent(share), title: title,
			told: slices.Contains(p.Told, r.Cause),
		})
		up = high
	}
	if len(small) > 0 {
		p.segments = append(p.segments, segment{
			Look: smallCauses(), order: math.MaxInt, low: up, high: p.top, figure: words.Percent(rest),
			title: p.smaller(small, rest),
		})
	}
}

// Parts of the loss from which on a cause is drawn by itself: any, and one of those that the title speaks of, so that
// their figures add up to that of the title.
const (
	leastShare = 0.03
	leastTold  = 0.005
)

// smaller says what causes that are drawn as one take, and together.
func (p *pillar) smaller(rows []stack.Row, share float64) string {
	var names []string
	for _, r := range rows {
		names = append(names, words.Cause(r.Cause)+" "+words.Taken(r.Speedup)+"×")
	}
	return fmt.Sprintf("%s: %s, %s of what is lost", p.words(), strings.Join(names, ", "),
		words.Plain(words.Percent(share)))
}

// speedupOf is the figure of a bar.
func speedupOf(b Bar) string { return words.Ratio(b.Stack.Speedup) + "×" }

// words says which point b is of.
func (b Bar) words() string { return cmp.Or(b.Place, fmt.Sprintf("%s, n = %d", b.Name, b.N)) }

// less names what the rows of b below 0 give back, the largest first and at most so many, and what the others come to,
// so that the figures add up to what the causes take beyond what is lost. It also returns how many are named. It has
// nothing of a bar whose causes take about what is lost.
func (b Bar) less(most int) (parts []string, named int) {
	least := -leastLess * b.Stack.N
	rest := 0.0
	var rows []stack.Row
	for _, r := range b.Stack.Rows {
		if r.Speedup < 0 {
			rows, rest = append(rows, r), rest+r.Speedup
		}
	}
	if rest > least {
		return nil, 0
	}
	slices.SortStableFunc(rows, func(x, y stack.Row) int { return cmp.Compare(x.Speedup, y.Speedup) })
	for _, r := range rows {
		if named == most || r.Speedup > least {
			break
		}
		parts, rest = append(parts, fmt.Sprintf("%s %s×", words.Cause(r.Cause), words.Taken(r.Speedup))), rest-r.Speedup
		named++
	}
	if rest <= -0.005 { // which is not written as 0
		what := "smaller ones"
		if named == 0 {
			what = "small ones"
		}
		parts = append(parts, fmt.Sprintf("%s %s×", what, words.Taken(rest)))
	}
	return parts, named
}

// allowed is the speedup that the cores allow; 0: as much as the ideal, or the work does not depend on them.
func (b Bar) allowed() float64 {
	if s := b.Stack; s.Usable < s.N && s.Speedup <= overCores*s.Usable {
		return s.Usable
	}
	return 0
}

// overCores is how far the speedup of work that computes may exceed its cores by the spread of runs.
const overCores = 1.1

// reached is the speedup in percent of the ideal.
func (b Bar) reached() float64 { return 100 * b.Stack.Speedup / b.Stack.N }

func nameScript(col canvas.Hue) canvas.Script { return canvas.Bold(canvas.SmallSize+2, col.Readable()) }

// modes are the looks of the names of bars, each once, for bars that are too narrow for them.
func modes(plans []stackPlan) []canvas.Look {
	var out []canvas.Look
	for _, s := range plans {
		for _, p := range s.pillars {
			if !s.named && !slices.Contains(out, p.name) {
				out = append(out, p.name)
			}
		}
	}
	return out
}
