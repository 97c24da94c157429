// Package phase says what the spans of a program's own instrumentation say of a run: how long its phases took, and where they lie on the
// timeline.
package phase

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Span is a named stretch of time in a process.
type Span struct {
	Name     string
	PID      int // 0: not told
	From, To clock.Time
}

// A Phase is all spans of one name.
type Phase struct {
	Name  string
	Count int
	Total time.Duration // of all together; they may overlap
	Max   time.Duration
}

// mostMarks is how many spans of a process are shown.
const mostMarks = 4096

// ByName sums spans up, the longest in total first.
func ByName(spans []Span) []Phase {
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
	slices.SortStableFunc(out, func(x, y Phase) int { return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.Name, y.Name)) })
	return out
}

// Mark puts spans onto t as far as they lie inside: onto the lane of a process's only worker, whose index worker returns, or if it returns
// -1 onto a lane of their own. It says how many there was no room for.
func Mark(t *timeline.Timeline, spans []Span, worker func(pid int) int) (left int) {
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
		more = append(more, timeline.Lane{Kind: timeline.Worker, Rank: len(t.Lanes) + len(more), ID: int64(pid), Name: name, Marks: sorted(marks)})
	}
	at := slices.IndexFunc(t.Lanes, func(l timeline.Lane) bool { return l.Kind != timeline.Worker })
	if at < 0 {
		at = len(t.Lanes)
	}
	t.Lanes = slices.Insert(t.Lanes, at, more...)
	return left
}

func sorted(marks []timeline.Mark) []timeline.Mark {
	slices.SortStableFunc(marks, func(x, y timeline.Mark) int { return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End)) })
	return marks
}
