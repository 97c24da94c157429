package chart

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Group is the rows of one run.
type Group struct {
	Title    string     // "threads: 4 workers in 1 process"
	Mode     sweep.Mode // colours the title; "": none
	Zero     clock.Time // the release of the workers, where the axis has its 0; 0: not known, the timeline's start has it
	Timeline *timeline.Timeline
}

// zero is where the group's axis has its 0.
func (g Group) zero() clock.Time {
	if g.Zero == 0 {
		return g.Timeline.Start
	}
	return g.Zero
}

// Sizes of a timeline in pixels.
const (
	mostRows   = 32
	leastPitch = 20.0 // a row must have room for its name
	mostPitch  = 120.0
	groupTitle = 36.0
	groupGap   = 10.0
)

// A rowGroup is a group and the rows that are drawn of it.
type rowGroup struct {
	Group
	rows []row
}

// A row shows one lane, or the mean of several.
type row struct {
	name  string
	lanes []*timeline.Lane
	thin  bool
	zero  clock.Time
}

// lanes returns the lanes that get a row: workers, or goroutines where there are none, or else threads; and beneath
// them, thinner, Ps or else cores. It also counts what is left out.
func (g Group) lanes() (main, thin []*timeline.Lane, left map[timeline.LaneKind]int) {
	byKind := map[timeline.LaneKind][]*timeline.Lane{}
	for i := range g.Timeline.Lanes {
		l := &g.Timeline.Lanes[i]
		byKind[l.Kind] = append(byKind[l.Kind], l)
	}
	take := func(kinds ...timeline.LaneKind) (lanes []*timeline.Lane) {
		for _, k := range kinds {
			if lanes = byKind[k]; len(lanes) > 0 {
				delete(byKind, k)
				break
			}
		}
		return lanes
	}
	main = take(timeline.Worker, timeline.Goroutine, timeline.Thread)
	thin = take(timeline.P, timeline.Core)
	left = map[timeline.LaneKind]int{}
	for k, lanes := range byKind {
		left[k] = len(lanes)
	}
	return main, thin, left
}

func kindName(k timeline.LaneKind, n int) string {
	name := map[timeline.LaneKind]string{
		timeline.Worker: "worker", timeline.Goroutine: "goroutine", timeline.P: "P",
		timeline.Thread: "thread", timeline.Core: "core",
	}[k]
	if n != 1 {
		name += "s"
	}
	return name
}

// rowsOf divides the rows that the height has room for among groups: those that need fewer than an equal part leave
// the rest to the others.
func rowsOf(groups []Group, height vg.Length) []rowGroup {
	var out []rowGroup
	budget := int((height - vg.Length(len(groups))*(groupTitle+groupGap)) / leastPitch)
	budget = max(min(budget, mostRows), 2*len(groups))
	need := make([]int, len(groups))
	for i, g := range groups {
		main, thin, _ := g.lanes()
		need[i] = len(main) + len(thin)
	}
	quota := shareOut(budget, need)
	for i, g := range groups {
		main, thin, _ := g.lanes()
		few := 0
		if len(thin) > 0 {
			// Of too many rows, workers get at least three quarters.
			few = min(len(thin), max(1, quota[i]/4, quota[i]-len(main)))
		}
		rows := merged(main, max(1, quota[i]-few), row{zero: g.zero()})
		out = append(out, rowGroup{g, append(rows, merged(thin, few, row{zero: g.zero(), thin: true})...)})
	}
	return out
}

// shareOut divides budget so that no part is over its need, and all that are under it are as equal as can be.
func shareOut(budget int, need []int) []int {
	parts := make([]int, len(need))
	for open := true; open && budget > 0; {
		open = false
		for i := range parts {
			if parts[i] < need[i] && budget > 0 {
				parts[i]++
				budget--
				open = true
			}
		}
	}
	return parts
}

// merged makes at most n rows of lanes; the last stands for all that have none of their own.
// They are like the row given.
func merged(lanes []*timeline.Lane, n int, like row) []row {
	var rows []row
	own := len(lanes)
	if own > n {
		own = n - 1
	}
	for _, l := range lanes[:own] {
		like.name, like.lanes = laneName(l, lanes), []*timeline.Lane{l}
		rows = append(rows, like)
	}
	if more := len(lanes) - own; more > 0 && n > 0 {
		like.name, like.lanes = fmt.Sprintf("and %d more, mean", more), lanes[own:]
		if own == 0 {
			like.name = fmt.Sprintf("%d %s, mean", more, kindName(lanes[0].Kind, more))
		}
		rows = append(rows, like)
	}
	return rows
}

// laneName is the name of l; the process is added where it tells l from another.
func laneName(l *timeline.Lane, among []*timeline.Lane) string {
	name := l.Name
	if name == "" {
		name = fmt.Sprintf("%s %d", kindName(l.Kind, 1), l.ID)
	}
	for _, o := range among {
		if o != l && o.Name == l.Name && o.Rank != l.Rank && (l.Name != "" || o.ID == l.ID) {
			if l.Rank < 0 {
				return "coordinator, " + name
			}
			return fmt.Sprintf("process %d, %s", l.Rank, name)
		}
	}
	return name
}

// nameWidth is the room that the names take left of the rows.
func nameWidth(groups []rowGroup) vg.Length {
	s := canvas.Regular(canvas.SmallSize, canvas.Dark)
	w := vg.Length(60)
	for _, g := range groups {
		for _, r := range g.rows {
			w = max(w, s.Width(r.name)+14)
		}
	}
	return min(w, 300)
}

// pitches are the distances of rows: as wide as the height allows, the thin ones thinner if their names still have
// room.
func pitches(groups []rowGroup, height vg.Length) (pitch, thin vg.Length) {
	const ratio = 0.6
	var wide, narrow vg.Length
	for _, g := range groups {
		height -= groupTitle + groupGap
		for _, r := range g.rows {
			if r.thin {
				narrow++
			} else {
				wide++
			}
		}
	}
	pitch = min(mostPitch, height/max(1, wide+ratio*narrow))
	if ratio*pitch >= leastPitch {
		return pitch, ratio * pitch
	}
	pitch = min(mostPitch, height/max(1, wide+narrow))
	if narrow > 0 && pitch > leastPitch && wide > 0 {
		return (height - leastPitch*narrow) / wide, leastPitch
	}
	return pitch, pitch
}

// height is what the group takes with its title and the gap below it.
func (g rowGroup) height(pitch, thin vg.Length) vg.Length {
	h := vg.Length(groupTitle + groupGap)
	for _, r := range g.rows {
		if r.thin {
			h += thin
		} else {
			h += pitch
		}
	}
	return h
}
