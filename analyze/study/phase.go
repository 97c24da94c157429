package study

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Phase is all spans of one name that the program itself sent in a traced run.
type Phase struct {
	Name  string
	Count int
	Total time.Duration // of all together; they may overlap
	Max   time.Duration
}

// mostMarks is how many spans of a process are shown.
const mostMarks = 4096

// phases adds up the spans of each name and returns them by total time, largest first.
func phases(spans []captures.Span) []Phase {
	index := map[string]int{}
	var out []Phase
	for _, s := range spans {
		i, ok := index[s.Name]
		if !ok {
			i = len(out)
			index[s.Name] = i
			out = append(out, Phase{Name: s.Name})
		}
		d := max(s.To.Sub(s.From), 0)
		out[i].Count++
		out[i].Total += d
		out[i].Max = max(out[i].Max, d)
	}
	slices.SortStableFunc(out, func(x, y Phase) int {
		return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.Name, y.Name))
	})
	return out
}

// mark puts spans onto t as far as they lie inside it: onto the lane whose index worker returns for their process or,
// if it returns -1, onto a lane of their own. It returns how many had no room.
func mark(t *timeline.Timeline, spans []captures.Span, worker func(pid int) int) (left int) {
	byProcess := map[int][]timeline.Mark{}
	var order []int
	for _, s := range spans {
		from, to := max(s.From, t.Start), min(s.To, t.End)
		if from > to {
			continue
		}
		if len(byProcess[s.PID]) == mostMarks {
			left++
			continue
		}
		if byProcess[s.PID] == nil {
			order = append(order, s.PID)
		}
		byProcess[s.PID] = append(byProcess[s.PID], timeline.Mark{Start: from, End: to, Label: s.Name})
	}
	slices.Sort(order)
	var more []timeline.Lane
	for _, pid := range order {
		marks := byProcess[pid]
		if i := worker(pid); i >= 0 && i < len(t.Lanes) {
			l := &t.Lanes[i]
			l.Marks = sorted(append(l.Marks, marks...))
			continue
		}
		name := "spans"
		if pid != 0 {
			name = fmt.Sprintf("spans of %d", pid)
		}
		more = append(more, timeline.Lane{
			Kind: timeline.Worker, Rank: len(t.Lanes) + len(more), ID: int64(pid), Name: name, Marks: sorted(marks),
		})
	}
	at := slices.IndexFunc(t.Lanes, func(l timeline.Lane) bool { return l.Kind != timeline.Worker })
	if at < 0 {
		at = len(t.Lanes)
	}
	t.Lanes = slices.Insert(t.Lanes, at, more...)
	return left
}

func sorted(marks []timeline.Mark) []timeline.Mark {
	slices.SortStableFunc(marks, func(x, y timeline.Mark) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
	return marks
}

// showPhases reads the spans that the program of a run sent, and shows them. ranks maps process numbers to the ranks of
// lanes.
func (x *Explained) showPhases(run *captures.Run, ranks map[int]int) {
	var spans []captures.Span
	left := 0
	for i := range run.Spans {
		f := &run.Spans[i]
		err := f.Each(func(s captures.Span) {
			if len(spans) == limits.Spans {
				left++
				return
			}
			spans = append(spans, s)
		})
		if err != nil {
			x.Warnings = append(x.Warnings, damage(sweep.Spans, f.Path, err))
		}
	}
	if len(spans) == 0 {
		return
	}
	x.Phases = phases(spans)
	if x.Timeline != nil {
		left += mark(x.Timeline, spans, func(pid int) int { return workerOf(ranks, x.Timeline, pid) })
	}
	if left > 0 {
		w := warning.Warning{Kind: warning.SpansLeftOut}
		w.Figures.Count = left
		x.Warnings = append(x.Warnings, w)
	}
}

// workerOf returns the index of the lane of the only worker of a process; -1 if there is none, or several.
func workerOf(ranks map[int]int, t *timeline.Timeline, pid int) int {
	found := -1
	rank, ok := ranks[pid]
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if !ok || l.Kind != timeline.Worker || l.Rank != rank || l.ID == timeline.SerialID {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}
