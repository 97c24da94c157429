package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/overview"
)

// many are so many workloads, each a little faster than the one before; of the fourth nothing is known.
func many(n int) Ranked {
	r := Ranked{Words: Words{Title: "2 of 5 workloads get faster"}, Ideal: 2}
	for i := range n {
		v := 0.6 + 1.4*float64(n-i)/float64(n)
		item := RankedItem{Name: fmt.Sprintf("package.bench-%d", i), Speedup: v, Low: v - 0.1, High: v + 0.1, Text: "its figures", Outcome: overview.TooNoisy}
		switch {
		case item.Low > 1:
			item.Outcome = overview.Faster
		case item.High < 1:
			item.Outcome = overview.Slower
		case i == 3:
			item.Speedup, item.Low, item.High = math.NaN(), math.NaN(), math.NaN()
		}
		r.Items = append(r.Items, item)
	}
	return r
}

func TestRanked(t *testing.T) {
	r := many(5) // 2.00, 1.72, 1.44, 1.16, 0.88
	r.Items[3].Speedup = math.NaN()
	svg := svgOf(t, r)
	wants(t, svg, "<title>package.bench-2: its figures</title>", ">package.bench-4<",
		">0.88×<", ">package.bench-0<", ">2.00×<", ">ideal 2×<")
	wants(t, r.key(), "Not drawn, as no speedup of it is known: package.bench-3.")
	if said := "cannot follow the count keep one core busy"; strings.Contains(r.key(), said) {
		t.Errorf("%q of none", said)
	}
	r.Items[4].Outcome = overview.CannotFollow
	wants(t, r.key(), "Those that cannot follow the count keep one core busy at every count. Intervals include")
	r.Items[4].Outcome = overview.TooNoisy
	top, bottom := 0.0, 0.0 // y goes down
	for _, p := range texts(t, svg) {
		switch p.txt {
		case "package.bench-0":
			top = p.y1
		case "package.bench-4":
			bottom = p.y1
		}
	}
	if top >= bottom {
		t.Errorf("the largest speedup stands at %v, below the smallest at %v", top, bottom)
	}
	two := many(300)
	two.With = "2 workers"
	wants(t, svgOf(t, two), ">Speedup of each of 300 workloads with 2 workers (×, log scale)<")
	wants(t, svgOf(t, many(300)), ">Speedup of each of 300 workloads (×, log scale)<", ">least seen: package.bench-299 0.60×, package.bench-298 0.61×, package.bench-297 0.61×<",
		">most seen: package.bench-0 2.00×, package.bench-1 2.00×, package.bench-2 1.99×<",
		">slower: 64<", ">too noisy to tell: 43<", ">faster: 193<", ">ideal 2×<") // of 300: below 0.9, up to 1.1, and above
	for _, n := range []int{1, 13, 300, 3000} {
		r := many(n)
		svg := svgOf(t, r)
		if got := strings.Count(svg, "its figures"); got < len(r.measured()) {
			t.Errorf("%d marks of %d", got, n)
		}
	}
	svgOf(t, Ranked{})
	far := many(20)
	far.Items[0].High, far.Items[19].Low = 1e9, 1e-9
	far.Items[7].Name = strings.Repeat("a long name ", 20)
	svgOf(t, far)
	wants(t, far.key(), cutBars)
	far = many(50)
	far.Items[0].Name, far.Items[49].Name = strings.Repeat("a long name ", 20), strings.Repeat("another long name ", 20)
	far.Items[10].Low, far.Items[10].High = 1e-3, 1e3
	wants(t, far.key(), cutBars)
	wants(t, svgOf(t, far), "… 2.00×<", "… 0.63×<")
}
