package chart

import (
	"fmt"
	"slices"
	"strings"

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
	Names    *strings.Replacer // what rows are called whose lanes are named by their functions; nil: so
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
	leastPitch = 26.0 // a row must have room for its name
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
	all := len(s.thin)
	s.thin = slices.DeleteFunc(s.thin, func(l *timeline.Lane) bool { return repeats(l, s) })
	s.left[timeline.P] += all - len(s.thin)
	if len(s.main) > 0 && s.main[0].Kind == timeline.Goroutine {
		all := len(s.main)
		s.main, s.runtime = working(s.main, max(g.zero(), g.start()), g.Timeline.End)
		s.left[timeline.Goroutine] += all - len(s.main) - len(s.runtime)
	}
	return s
}

// repeats reports whether the row of the P l says little that those of the workers of its process do not: it is the
// only one there, as is the worker, or the rows of the workers are one.
func repeats(l *timeline.Lane, s laneSet) bool {
	of := func(o *timeline.Lane) bool { return o.Rank == l.Rank && o.ID != timeline.SerialID }
	if l.Kind != timeline.P || !slices.ContainsFunc(s.main, of) || !slices.ContainsFunc(s.main, elsewhere(l)) {
		return false
	}
	return shareRows(s.main) || count(s.main, of) == 1 && count(s.thin, of) == 1
}

// unnamed reports whether the trace does not tell the function of the goroutine l.
func unnamed(l *timeline.Lane) bool {
	return l.Name == "" || l.Name == fmt.Sprintf("goroutine %d", l.ID)
}

// count is how many of lanes are such.
func count(lanes []*timeline.Lane, of func(*timeline.Lane) bool) (n int) {
	for _, l := range lanes {
		if of(l) {
			n++
		}
	}
	return n
}

// elsewhere tells workers of other processes than that of l.
func elsewhere(l *timeline.Lane) func(*timeline.Lane) bool {
	return func(o *timeline.Lane) bool {
		return o.Kind == timeline.Worker && o.ID != timeline.SerialID && o.Rank != l.Rank
	}
}

// mostApart is how many workers of several processes have a row each. Of more, those of a process share one.
const mostApart = 8

// shareRows reports whether the workers of each process share a row.
func shareRows(lanes []*timeline.Lane) bool {
	return len(lanes) > mostApart && lanes[0].Kind == timeline.Worker && slices.ContainsFunc(lanes, elsewhere(lanes[0]))
}

// bunches are the lanes that have a row each, by their order.
func bunches(lanes []*timeline.Lane) (out [][]*timeline.Lane) {
	share := shareRows(lanes)
	for i, l := range lanes {
		if share && i > 0 && l.Rank == lanes[i-1].Rank && lanes[i-1].ID != timeline.SerialID {
			out[len(out)-1] = append(out[len(out)-1], l)
		} else {
			out = append(out, []*timeline.Lane{l})
		}
	}
	return out
}

// Parts of the longest running time of a goroutine from which on another did some of the work: of one whose function
// the trace does not tell more, as it was there before the trace, like those of the runtime.
const (
	leastWork    = 0.02
	leastUnnamed = 0.5
)

// working are the goroutines that did the work: those that ran for long enough between two times, the Go runtime's own
// apart, and with them those without a name that did some. Where none ran all are it.
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
		case ofRuntime(l), unnamed(l) && ran[i] >= leastWork*most && ran[i] < leastUnnamed*most:
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

// runtimeName begins the name of the row of lanes that are of the Go runtime or have no name.
func runtimeName(lanes []*timeline.Lane) string {
	if slices.ContainsFunc(lanes, func(l *timeline.Lane) bool { return !ofRuntime(l) }) {
		return "runtime, unnamed:"
	}
	return "runtime,"
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
		need[i] = len(bunches(s.main)) + len(s.thin) + min(1, len(s.runtime))
	}
	quota := shareOut(budget, need)
	for i, g := range groups {
		s := g.lanes()
		few, own := 0, min(1, len(s.runtime))
		if len(s.thin) > 0 {
			// Of too many rows, workers get at least three quarters.
			few = min(len(s.thin), max(1, quota[i]/4, quota[i]-own-len(bunches(s.main))))
		}
		rows := merged(s.main, max(1, quota[i]-own-few), row{zero: g.zero()})
		thin := row{zero: g.zero(), thin: true}
		if own > 0 {
			thin.name = fmt.Sprintf("%s mean of %d", runtimeName(s.runtime), len(s.runtime))
			thin.lanes = s.runtime
			rows = append(rows, thin)
		}
		rows = append(rows, merged(s.thin, few, thin)...)
		for k := range rows {
			if g.Names != nil {
				rows[k].name = g.Names.Replace(rows[k].name)
			}
		}
		out = append(out, rowGroup{g, rows})
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
	all := bunches(lanes)
	own := len(all)
	if own > n {
		own = n - 1
	}
	for _, b := range all[:own] {
		like.name, like.lanes = laneName(b[0], lanes), b
		if len(b) > 1 {
			like.name = fmt.Sprintf("process %d, mean of %s", b[0].Rank, words.Plural(len(b), "worker", "workers"))
		}
		rows = append(rows, like)
	}
	if rest := slices.Concat(all[own:]...); len(rest) > 0 && n > 0 {
		like.name, like.lanes = fmt.Sprintf("mean of %d more %s", len(rest), kindName(rest[0].Kind, len(rest))), rest
		if own == 0 {
			like.name = fmt.Sprintf("mean of %d %s", len(rest), kindName(rest[0].Kind, len(rest)))
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
	if l.Rank < 0 && l.Kind == timeline.P { // also where those of other processes have no rows
		return "coordinator, " + name
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

// mostName is the room that names of rows have at most.
const mostName = 350.0

// nameWidth is the room of the width that the names take left of the rows.
func nameWidth(groups []rowGroup, width vg.Length) vg.Length {
	s := canvas.Regular(canvas.SmallSize, canvas.Dark)
	w := vg.Length(60)
	for _, g := range groups {
		for _, r := range g.rows {
			w = max(w, s.Width(r.name)+14)
		}
	}
	return min(w, mostName, 0.33*width)
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
