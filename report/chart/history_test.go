package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// histories is a picture of so many studies, which get slower at a third and faster at two thirds.
func histories(studies int) History {
	h := History{Words: Words{Title: "job: slower", Subtitle: "job, threads"}}
	times, speedups := HistoryPanel{Head: "Time on 2 workers", Times: true}, HistoryPanel{Head: "Speedup on 2 workers"}
	for i := range studies {
		h.Studies = append(h.Studies, fmt.Sprintf("%010x", 0xabcdef1234+i))
		v := 0.1
		if i >= studies/3 && i < 2*studies/3 {
			v = 0.108
		}
		times.Spots = append(times.Spots, HistorySpot{
			Value: v, Low: 0.99 * v, High: 1.02 * v, Title: fmt.Sprintf("study %d", i),
		})
		speedups.Spots = append(speedups.Spots, HistorySpot{Value: 1.9, Low: math.NaN(), High: math.NaN(), Hollow: i == 2})
		speedups.Ceiling = append(speedups.Ceiling, 1.99)
	}
	times.Marks = []HistoryMark{
		{At: studies / 3, First: studies / 3, Last: studies/3 + 1, Label: "1.08× (1.07–1.09)"},
		{
			At: 2 * studies / 3, First: 2 * studies / 3, Last: 2 * studies / 3, Label: "machine: 0.93× (0.92–0.94)",
			Machine: true, Better: true,
		},
	}
	times.Levels = []HistoryLevel{
		{0, studies / 3, 0.1}, {studies / 3, 2 * studies / 3, 0.108}, {2 * studies / 3, studies, 0.1},
	}
	h.Panels = []HistoryPanel{times, speedups}
	return h
}

func TestHistory(t *testing.T) {
	svg := svgOf(t, histories(30))
	wants(t, svg, ">Time on 2 workers (ms)<", ">Speedup on 2 workers<", ">1.08× (1.07–1.09)<",
		">machine: 0.93× (0.92–0.94)<",
		">abcdef1234<", "revision, by the time of its commit", "Dashed: likely, or the machine", "shaded: where it may lie",
		"Hollow:", "Grey: the loop in registers", "need not", "<title>study 7</title>")
}

// Pictures of no study, of one, of one that was not measured, of very many, and of more changes than there is room to
// name.
func TestHistoryEdges(t *testing.T) {
	wants(t, svgOf(t, History{}), "No study has a time")
	svgOf(t, histories(1))
	svgOf(t, histories(1000))
	unknown := HistoryPanel{Head: "Time", Times: true, Spots: []HistorySpot{{Value: math.NaN()}}}
	none := History{Studies: []string{"a"}, Panels: []HistoryPanel{unknown}}
	wants(t, svgOf(t, none), "Not measured.")
	many := histories(60)
	many.Panels[0].Marks = nil
	for i := 3; i < 60; i += 3 {
		mark := HistoryMark{At: i, First: i, Last: i, Label: "likely 1.08× (1.07–1.09)", Likely: true}
		many.Panels[0].Marks = append(many.Panels[0].Marks, mark)
	}
	svg := svgOf(t, many)
	wants(t, svg, "has no room for it")
	if n := strings.Count(svg, ">likely 1.08× (1.07–1.09)<"); n < 6 || n >= 3*19 {
		t.Errorf("%d of 19 changes are named in three drawings", n)
	}
	far := histories(5)
	far.Panels[0].Spots[1].High, far.Panels[0].Spots[1].Low = 1e9, 1e-9
	wants(t, svgOf(t, far), "at the edge")
}
