package known

import (
	"path/filepath"
	"testing"

	"github.com/corecurve/corecurve/examples/known"
)

// TestCosts logs how many times as long as it is each program takes on one P: with sync events and no trace, with a
// stock trace, and with a trace with sync events.
func TestCosts(t *testing.T) {
	n := pairs(t)
	stock, synced := build(t)
	table := table{rows: [][]string{{"program", "sync events, no trace", "stock trace", "trace with sync events"}}}
	file := filepath.Join(stock.dir, "trace")
	for _, p := range known.All() {
		var ratios [3][]float64
		for range n {
			alone := stock.run(t, p.Name, 1, "").Seconds()
			ratios[0] = append(ratios[0], synced.run(t, p.Name, 1, "").Seconds()/alone)
			ratios[1] = append(ratios[1], stock.run(t, p.Name, 1, file).Seconds()/alone)
			ratios[2] = append(ratios[2], synced.run(t, p.Name, 1, file).Seconds()/alone)
		}
		row := []string{p.Name}
		for _, x := range ratios {
			r := ratioOf(x)
			row = append(row, r.String())
			if r.low > most {
				t.Errorf("%s takes %v times as long", p.Name, r)
			}
		}
		table.rows = append(table.rows, row)
	}
	t.Log("\n" + table.String())
}

// most is how many times as long a recorded program may take: doing so little per operation as these, it is no more.
const most = 1.25
