package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// A segment is a part of a bar as it is drawn.
type segment struct {
	canvas.Look
	order     int     // among all segments of all bars, from the foot up
	low, high float64 // in percent of the ideal
	share     float64 // of what is lost
	figure    string  // the same
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

// divide makes the segments of p: what is lost up to the ideal, divided by what each group of causes takes of it, as
// findings are. Groups that can be noise or tracing are drawn as one, and so are, at the top, those that are not high
// or hardly any of the loss; of a loss that is small itself, all but the two largest. The groups that merged has have
// one look for all of their causes.
func (p *pillar) divide(merged []cause.Group) {
	up := p.reached()
	p.top = max(up, 100)
	lost := p.top - up
	if lost == 0 {
		return
	}
	groups, hidden, small := p.sorted(lost)
	for _, g := range groups {
		s := p.segment(merged, g)
		s.low, s.high = up, up+p.Stack.Share(g.Takes)*lost
		p.segments, up = append(p.segments, s), s.high
	}
	most := 0.0
	for _, g := range groups {
		most = max(most, g.Takes)
	}
	for _, rest := range []struct {
		look   canvas.Look
		order  int
		groups []stack.Group
	}{{maybeNoise(), math.MaxInt - 1, hidden}, {smallCauses(), math.MaxInt, small}} {
		if len(rest.groups) == 0 {
			continue
		}
		takes := 0.0
		for _, g := range rest.groups {
			takes += g.Takes
		}
		if rest.order == math.MaxInt && takes > most && len(hidden)+len(groups) > 0 {
			rest.look.Name = "many small causes"
		}
		most = max(most, takes)
		share := p.Stack.Share(takes)
		high := up + share*lost
		p.segments = append(p.segments, segment{
			Look: rest.look, order: rest.order, low: up, high: high, share: share, figure: words.Percent(share),
			title: p.together(rest.groups, share),
		})
		up = high
	}
}

// Parts from which on a group is drawn by itself: of the loss, and in percent of the ideal. Of a loss below fewBelow
// percent of the ideal the mostOfFew largest are, and of one below leastLost none. At most mostAlone are.
const (
	mostAlone  = 4
	leastShare = 0.03
	leastHigh  = 0.75
	fewBelow   = 10.0
	mostOfFew  = 2
	leastLost  = 2.0
)

// sorted returns the groups that take from the speedup: those drawn by themselves, from the foot up, those that may be
// noise, and the small ones. So much is lost, in percent of the ideal.
func (p *pillar) sorted(lost float64) (groups, hidden, small []stack.Group) {
	for _, g := range p.Stack.Groups() {
		share := p.Stack.Share(g.Takes)
		switch {
		case g.Takes <= 0:
		case lost < leastLost:
			small = append(small, g)
		case slices.Contains(p.Hidden, g.Group):
			hidden = append(hidden, g)
		case p.tells(&g):
			groups = append(groups, g)
		case share < leastShare, share*lost < leastHigh, len(groups) >= mostAlone,
			lost < fewBelow && len(groups) >= mostOfFew:
			small = append(small, g)
		default:
			groups = append(groups, g)
		}
	}
	if len(small) == 1 && lost >= fewBelow {
		groups, small = append(groups, small...), nil
	}
	slices.SortStableFunc(groups, func(a, b stack.Group) int { return cmp.Compare(orderOf(&a), orderOf(&b)) })
	return groups, hidden, small
}

// orderOf is the place of a group among all groups of all bars.
func orderOf(g *stack.Group) int {
	first := g.Cause()
	for _, r := range g.Rows {
		first = min(first, r.Cause)
	}
	return int(first)
}

// tells reports whether the title speaks of g.
func (p *pillar) tells(g *stack.Group) bool {
	return slices.ContainsFunc(g.Rows, func(r *stack.Row) bool { return slices.Contains(p.Told, r.Cause) })
}

// segment is g as it is drawn, without its place.
func (p *pillar) segment(merged []cause.Group, g stack.Group) segment {
	s := segment{Look: causeLook(g.Cause()), order: orderOf(&g), share: p.Stack.Share(g.Takes), told: p.tells(&g)}
	s.figure = words.Percent(s.share)
	if slices.Contains(merged, g.Group) {
		first := cause.Cause(s.order)
		s.Look = causeLook(first)
		s.Name = words.Together(g.Group, first)
	}
	s.title = p.together([]stack.Group{g}, s.share)
	if top := g.Rows[0]; len(top.Top) > 0 {
		if at := words.Place(top.Top); at != "" {
			s.title += fmt.Sprintf(", %s of %s in %s", words.Percent(top.Share), top.Cause, at)
		}
	}
	return s
}

// together says what causes that are drawn as one take, and together.
func (p *pillar) together(groups []stack.Group, share float64) string {
	var names []string
	for _, g := range groups {
		for _, r := range g.Rows {
			if words.Taken(r.Speedup) != words.Taken(0) || len(g.Rows) == 1 {
				takes := " "
				if len(names) == 0 {
					takes = " takes "
				}
				names = append(names, words.Cause(r.Cause)+takes+words.Taken(r.Speedup)+"×")
			}
		}
	}
	return fmt.Sprintf("%s: %s of the speedup, %s of what is lost", p.words(), strings.Join(names, ", "),
		words.Plain(words.Percent(share)))
}

// merged are the groups of which a bar loses time to several causes: their share is of all of them.
func (f Stack) merged() []cause.Group {
	var out []cause.Group
	for _, b := range f.Bars {
		for _, g := range b.Stack.Groups() {
			n := 0
			for _, r := range g.Rows {
				if b.Stack.Share(r.Speedup) >= leastMerged {
					n++
				}
			}
			if n > 1 && !slices.Contains(out, g.Group) {
				out = append(out, g.Group)
			}
		}
	}
	return out
}

// leastMerged is the part of the loss from which on a cause has a part in the share of its group.
const leastMerged = 0.005

// speedupOf is the figure of a bar.
func speedupOf(b Bar) string { return words.Ratio(b.Stack.Speedup) + "×" }

// words says which point b is of.
func (b Bar) words() string { return cmp.Or(b.Place, fmt.Sprintf("%s, n = %d", b.Name, b.N)) }

// less names what the groups of b below 0 give back, the largest first and at most so many, and what the others come
// to, so that the figures add up to what the causes take beyond what is lost. It also returns how many are named. It
// has nothing of a bar whose causes take about what is lost.
func (b Bar) less(most int) (parts []string, named int) {
	least := -leastLess * b.Stack.N
	rest := 0.0
	var groups []stack.Group
	for _, g := range b.Stack.Groups() {
		if g.Takes < 0 {
			groups, rest = append(groups, g), rest+g.Takes
		}
	}
	if rest > least {
		return nil, 0
	}
	slices.SortStableFunc(groups, func(x, y stack.Group) int { return cmp.Compare(x.Takes, y.Takes) })
	for _, g := range groups {
		if named == most || g.Takes > least {
			break
		}
		name := words.Cause(g.Cause())
		if len(g.Rows) > 1 {
			name = words.Together(g.Group, g.Cause())
		}
		parts, rest = append(parts, fmt.Sprintf("%s %s×", name, words.Taken(g.Takes))), rest-g.Takes
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
