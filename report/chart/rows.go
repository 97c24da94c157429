package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Group is the rows of one run.
type Group struct {
	Title    string     // "threads: 4 workers in 1 process"
	Mode     sweep.Mode // colours the title; "": none
	Zero     clock.Time // the release of the workers, where the axis has its 0; 0: not known, the timeline's start has it
	From     clock.Time // what was before is left out; 0: nothing is
	Timeline *timeline.Timeline
}

// start is where the group is drawn from.
func (g Group) start() clock.Time { return max(g.From, g.Timeline.Start) }

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
	pagePitch  = 44.0 // most, in a page
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

// laneSet is what is shown of a group: the lanes that get a row, those beneath them, thinner, and those of the Go
// runtime, which share a row. What is left out is counted.
type laneSet struct {
	main, thin, runtime []*timeline.Lane
	left                map[timeline.LaneKind]int
}

// lanes chooses workers, or where there are none the goroutines that did the work, or else threads; and beneath them Ps
// or else cores.
func (g Group) lanes() laneSet {
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
	s := laneSet{left: map[timeline.LaneKind]int{}}
	s.main = take(timeline.Worker, timeline.Goroutine, timeline.Thread)
	s.thin = take(timeline.P, timeline.Core)
	for k, lanes := range byKind {
		s.left[k] = len(lanes)
	}
	if len(s.main) > 0 && s.main[0].Kind == timeline.Goroutine {
		all := len(s.main)
		s.main, s.runtime = working(s.main, max(g.zero(), g.start()), g.Timeline.End)
		s.left[timeline.Goroutine] += all - len(s.main) - len(s.runtime)
	}
	return s
}

// leastWork is the part of the longest running time of a goroutine from which on another did some of the work.
const leastWork = 0.02

// working are the goroutines that did the work: those that ran for long enough between two times, the Go runtime's own
// apart. Where none ran all are it.
func working(all []*timeline.Lane, from, to clock.Time) (main, runtime []*timeline.Lane) {
	most := 0.0
	ran := make([]float64, len(all))
	for i, l := range all {
		if from < to {
			ran[i] = l.Shares(from, to, 1)[0][timeline.Running]
		}
		if !ofRuntime(l) {
			most = max(most, ran[i])
		}
	}
	for i, l := range all {
		switch {
		case ofRuntime(l):
			runtime = append(runtime, l)
		case ran[i] >= leastWork*most:
			main = append(main, l)
		}
	}
	return main, runtime
}

// ofRuntime reports whether l is a goroutine of the Go runtime: by the function that it began in, or if it did nothing
// but collect garbage.
func ofRuntime(l *timeline.Lane) bool {
	t := l.Totals()
	return replay.WhoseOf(l.Name) != replay.OfProgram ||
		t[timeline.GC] > 0 && t[timeline.Running] <= t[timeline.GC]/10
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
		s := g.lanes()
		need[i] = len(s.main) + len(s.thin) + min(1, len(s.runtime))
	}
	quota := shareOut(budget, need)
	for i, g := range groups {
		s := g.lanes()
		few, own := 0, min(1, len(s.runtime))
		if len(s.thin) > 0 {
			// Of too many rows, workers get at least three quarters.
			few = min(len(s.thin), max(1, quota[i]/4, quota[i]-own-len(s.main)))
		}
		rows := merged(s.main, max(1, quota[i]-own-few), row{zero: g.zero()})
		thin := row{zero: g.zero(), thin: true}
		if own > 0 {
			thin.name = fmt.Sprintf("runtime, mean of %d", len(s.runtime))
			thin.lanes = s.runtime
			rows = append(rows, thin)
		}
		out = append(out, rowGroup{g, append(rows, merged(s.thin, few, thin)...)})
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
		like.name, like.lanes = fmt.Sprintf("mean of %d more %s", more, kindName(lanes[own].Kind, more)), lanes[own:]
		if own == 0 {
			like.name = fmt.Sprintf("mean of %d %s", more, kindName(lanes[0].Kind, more))
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
			return words.WorkerOf(l.Rank, name, l.Kind != timeline.Worker || l.ID == timeline.SerialID || slices.ContainsFunc(among,
				func(o *timeline.Lane) bool { return o != l && o.Rank == l.Rank && o.ID != timeline.SerialID }))
		}
	}
	return name
}

// nameWidth is the room of the width that the names take left of the rows.
func nameWidth(groups []rowGroup, width vg.Length) vg.Length {
	s := canvas.Regular(canvas.SmallSize, canvas.Dark)
	w := vg.Length(60)
	for _, g := range groups {
		for _, r := range g.rows {
			w = max(w, s.Width(r.name)+14)
		}
	}
	return min(w, 300, 0.33*width)
}

// pitches are the distances of rows: as wide as the height allows and at most as given, the thin ones thinner if their
// names still have room.
func pitches(groups []rowGroup, height, most vg.Length) (pitch, thin vg.Length) {
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
	pitch = min(most, height/max(1, wide+ratio*narrow))
	if ratio*pitch >= leastPitch {
		return pitch, ratio * pitch
	}
	pitch = min(most, height/max(1, wide+narrow))
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
