package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func forest(rows ...ForestRow) Forest {
	return Forest{
		Words:  Words{Title: "branch against main: slower at 1 of 3 points", Subtitle: "base: main; new: branch"},
		Slower: "branch is slower", Faster: "branch is faster", MinEffect: 0.01, Groups: []ForestGroup{{Rows: rows}},
	}
}

func TestForest(t *testing.T) {
	f := forest(
		ForestRow{Name: "n = 1", Ratio: 1.002, Low: 0.99, High: 1.02, Text: "+0.2 % (-1.0 to +2.0 %): no difference shown"},
		ForestRow{Name: "n = 2", Ratio: 1.12, Low: 1.1, High: 1.14, Shown: true, Text: "+12 % (+10 to +14 %): slower"},
		ForestRow{Name: "n = 4", Ratio: 0.9, Low: 0.8, High: 1.05, Range: true, Text: "-10 %: too few launches"},
		ForestRow{Name: "n = 8", Ratio: math.NaN(), Text: "not measured"},
		ForestRow{Name: "mean", Ratio: 1.02, Low: 1.01, High: 1.03, Mean: true, Text: "1.02×"},
	)
	svg := svgOf(t, f)
	wants(t, svg, ">n = 2<", ">+12 % (+10 to +14 %): slower<", "← branch is slower", "branch is faster →", ">not measured<",
		"Grey: changes of less than 1 %", "Dashed:", "Diamond: the geometric mean", ">1<", "(log scale)")
	if got := height(f); got > 760 {
		t.Errorf("five rows are %v pixels high", got)
	}
	f.MinEffect = 0
	if svg := svgOf(t, f); strings.Contains(svg, "which do not count") {
		t.Error("a smallest change is named where there is none")
	}
}

func TestForestEdges(t *testing.T) {
	svgOf(t, Forest{})
	wants(t, svgOf(t, forest(ForestRow{Name: "n = 1", Ratio: math.NaN()})), "No point was measured on both sides.")
	var rows []ForestRow
	for n := range 100 {
		v := math.Exp2(float64(n)/25 - 2)
		rows = append(rows, ForestRow{
			Name: fmt.Sprintf("n = %d", n), Ratio: v, Low: 0.9 * v, High: 1.1 * v, Shown: true, Text: strings.Repeat("slower ", 9),
		})
	}
	many := forest(rows[:50]...) // the largest change of these is a quarter, 2^-2, and of the others 2^1.96
	many.Groups[0].Title = "a"
	many.Groups = append(many.Groups, ForestGroup{Title: strings.Repeat("another ", 20), Rows: rows[50:]})
	wants(t, svgOf(t, many), "Not drawn: 7", "largest changes stand first.", ">n = 0<")
	many.Groups[0].Rows = rows[10:50] // from 2^-1.6 on
	svg := svgOf(t, many)
	wants(t, svg, ">n = 50<")
	if strings.Contains(svg, ">n = 49<") {
		t.Error("a small change is drawn, and a larger one is not")
	}
	mean := ForestGroup{Title: "geometric mean", Rows: []ForestRow{{Name: "of all", Ratio: 1, Low: 0.99, High: 1.01, Mean: true, Text: "1.00×"}}}
	many.Groups = append(many.Groups, mean)
	wants(t, svgOf(t, many), ">of all<", ">n = 50<") // it is there, however many there are
	svgOf(t, forest(ForestRow{Name: "n = 1", Ratio: 1e9, Low: 0, High: math.Inf(1), Shown: true, Text: "+1e11 %"}))
}
