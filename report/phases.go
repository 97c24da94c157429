package report

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostPhases is how many phases of a point are listed.
const mostPhases = 12

// phasesTable says how long the phases of w took by the spans that the program itself sent, in the traced runs; false if there are none.
func phasesTable(w *Workload) (t table, ok bool) {
	t.Head = []head{{Name: "point", Left: true}, {Name: "phase", Left: true}, {Name: "spans"}, {Name: "total"}, {Name: "longest"}}
	seen := map[sweep.Point]bool{}
	left := 0
	for i := range w.Curves {
		c := &w.Curves[i]
		for k, p := range c.Points {
			left += addPhases(&t, p.Point, c.Figures[k].Traced, seen)
		}
	}
	t.Caption = "Phases, by the spans that the program sent in the traced runs; what overlaps counts twice"
	if left > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d shorter phases are not listed", left))
	}
	return t, len(t.Rows) > 0
}

func addPhases(t *table, p sweep.Point, x *study.Traced, seen map[sweep.Point]bool) (left int) {
	if x == nil || seen[p] {
		return 0
	}
	seen[p] = true
	for i, ph := range x.Phases {
		if i == mostPhases {
			return len(x.Phases) - i
		}
		t.Rows = append(t.Rows, []string{layoutWords(p), ph.Name, fmt.Sprint(ph.Count), words.Duration(ph.Total.Seconds()), words.Duration(ph.Max.Seconds())})
	}
	return 0
}
