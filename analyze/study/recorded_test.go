package study

import (
	"slices"
	"testing"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestRecordedMore: of a run with 50 warnings 20 are listed, of a study as many as it may have runs; the others are
// counted, and no warning of a run is lost that has but one.
func TestRecordedMore(t *testing.T) {
	of := func(runs, each int) []sweep.Result {
		return slices.Repeat([]sweep.Result{{Warnings: slices.Repeat([]string{"w"}, each)}}, runs)
	}
	for _, tt := range []struct {
		name            string
		results         []sweep.Result
		listed          int
		wantMore, wantN int // warnings that are left out, and of how many runs
	}{
		{"few", of(3, 20), 60, 0, 0},
		{"many of a run", slices.Concat(of(1, 1), of(2, 50)), 41, 60, 2},
		{"many runs", of(131_072, 1), 131_072, 0, 0},
		{"many of many", of(10_000, 20), 131_072, 68_928, 3447},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := &analysis{Study: &Study{Results: tt.results}}
			got := a.recorded()
			if tt.wantMore > 0 {
				last := got[len(got)-1]
				got = got[:len(got)-1]
				if last.Kind != warning.RecordedMore || last.Figures.Count != tt.wantMore || last.Figures.Of != tt.wantN {
					t.Errorf("%+v, want %d more of %d runs", last, tt.wantMore, tt.wantN)
				}
			}
			if len(got) != tt.listed {
				t.Errorf("%d warnings, want %d", len(got), tt.listed)
			}
		})
	}
}
