package report

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
)

// mostPhases is how many phases of a point are listed.
const mostPhases = 12

// phasesTable says how long the phases of w took by the spans that the program itself sent, in the traced runs; false if there are none.
func (r *Report) phasesTable(w *Workload) (t table, ok bool) {
	t.Head = []head{{Name: "point", Left: true}, {Name: "phase", Left: true}, {Name: "spans"}, {Name: "total"}, {Name: "longest"}}
	seen := map[string]bool{}
	left := 0
	for i := range w.Curves {
		for _, p := range w.Curves[i].Points {
			left += r.addPhases(&t, p, seen)
		}
	}
	t.Caption = "Phases, by the spans that the program sent in the traced runs; what overlaps counts twice"
	if left > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d shorter phases are not listed", left))
	}
	return t, len(t.Rows) > 0
}

func (r *Report) addPhases(t *table, p curve.Point, seen map[string]bool) (left int) {
	x := r.tracedAt(p.Point)
	if x == nil || seen[p.Point.String()] {
		return 0
	}
	seen[p.Point.String()] = true
	for i, ph := range x.Phases {
		if i == mostPhases {
			return len(x.Phases) - i
		}
		t.Rows = append(t.Rows, []string{layoutWords(p.Point), ph.Name, fmt.Sprint(ph.Count), words.Duration(ph.Total.Seconds()), words.Duration(ph.Max.Seconds())})
	}
	return 0
}
