package chart

import (
	"slices"
	"testing"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// Between long stretches, 14 columns that change at each between running and waiting for a lock become two of 7 with
// the mean of each; 11 are too few for two. A single one between long stretches stays, and so do stretches of 6
// columns.
func TestBlend(t *testing.T) {
	of := func(states ...timeline.State) (shares []timeline.Shares, columns []column) {
		for _, s := range states {
			var share timeline.Shares
			share[s] = 1
			shares = append(shares, share)
			columns = append(columns, columnOf(share))
		}
		return shares, columns
	}
	run, lock := slices.Repeat([]timeline.State{timeline.Running}, 8), []timeline.State{timeline.Lock}
	turns := slices.Repeat([]timeline.State{timeline.Running, timeline.Lock}, 6)
	shares, columns := of(slices.Concat(run, run, run[:4], turns, run)...)
	mixed := blend(shares, columns)
	// The first turn runs as the stretch before it does, and belongs to it; so 11 are left, too few for two.
	if slices.Contains(mixed, true) {
		t.Error("11 columns are blended")
	}
	shares, columns = of(slices.Concat(run, lock, turns, lock, run)...)
	mixed = blend(shares, columns)
	for i, c := range columns {
		inside := i >= 8 && i < 8+14
		if mixed[i] != inside {
			t.Errorf("column %d is blended: %v", i, mixed[i])
		}
		if inside && (c[timeline.Running] == 0 || c[timeline.Lock] == 0 || c[timeline.Running]+c[timeline.Lock] != grain) {
			t.Errorf("column %d: %v", i, c)
		}
	}
	if columns[8] != columns[14] || columns[8][timeline.Running] != 27 { // 3 of 7, of 64 grains
		t.Errorf("%v and %v are not the same mean", columns[8], columns[14])
	}
	shares, columns = of(slices.Concat(run, lock, run, slices.Repeat(lock, 6), run[:6])...)
	before := slices.Clone(columns)
	if mixed := blend(shares, columns); slices.Contains(mixed, true) || !slices.Equal(before, columns) {
		t.Error("stretches that can be told apart are blended")
	}
}
