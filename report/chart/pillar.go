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
	figure    string
	title     string
}

// A pillar is a bar with its place.
type pillar struct {
	Bar
	x0, x1   vg.Length
	name     canvas.Look // of its curve
	segments []segment   // from the foot up
	top      float64     // in percent of the ideal
}

// divide makes the segments of p on an axis of so many pixels per percent; causes that are less than least pixels high
// are drawn as one, at the top.
func (p *pillar) divide(perPercent, least float64) {
	percent := 100 / p.Stack.N
	up := p.Stack.Speedup * percent
	small := segment{Look: smallCauses(), order: math.MaxInt}
	var names []string
	sum := 0.0
	for _, r := range p.Stack.Rows {
		what, takes := words.Cause(r.Cause), words.Taken(r.Speedup)+"×"
		switch high := r.Speedup * percent; {
		case r.Speedup <= 0:
		case high*perPercent < least:
			sum += r.Speedup
			names = append(names, what+" "+takes)
		default:
			title := fmt.Sprintf("%s: %s takes %s of the speedup, %s of what is lost", p.words(), what, takes,
				p.share(r.Speedup))
			if at := words.Place(r.Top); at != "" {
				title += fmt.Sprintf(", %s of it in %s", words.Percent(r.Share), at)
			}
			p.segments = append(p.segments, segment{
				causeLook(r.Cause), int(r.Cause), up, up + high, takes, title,
			})
			up += high
		}
	}
	if sum > 0 {
		small.low, small.high, small.figure = up, up+sum*percent, words.Taken(sum)+"×"
		small.title = fmt.Sprintf("%s: %s, %s of what is lost", p.words(), strings.Join(names, ", "), p.share(sum))
		p.segments = append(p.segments, small)
		up = small.high
	}
	p.top = up
}

// speedupOf is the figure of a bar.
func speedupOf(b Bar) string { return words.Ratio(b.Stack.Speedup) + "×" }

// share is the part of what is lost that a part of the speedup is.
func (p *pillar) share(takes float64) string {
	return words.Plain(words.Percent(takes / p.Stack.Lost()))
}

// words says which point b is of.
func (b Bar) words() string { return cmp.Or(b.Place, fmt.Sprintf("%s, n = %d", b.Name, b.N)) }

// less names what the rows of b below 0 give back, the largest first and at most so many, and what the others come to, so
// that the figures add up to what b is above its ideal. It also returns how many are named. It has nothing of a bar that
// ends about at its ideal.
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
