package known

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDone: each program does all of its work, by whatever goroutines: the number that it returns is that of its parts.
func TestDone(t *testing.T) {
	want := map[string]uint64{
		"known-fib":               1 + 2 + 3 + 5 + 8, // fib 2 to 6
		"known-serial-10":         6 * 65,            // rounds of one part alone and 64 together
		"known-serial-30":         6 * 65,
		"known-forkjoin":          6 * (64 + 63), // leaves and merges
		"known-mutex-10":          6 * 2,         // under the lock and outside it
		"known-mutex-30":          6 * 2,
		"known-pipe":              6 * 3, // stages
		"known-pipe-buffered":     6 * 3,
		"known-pool":              6,
		"known-producer":          6 * 2, // makes and does
		"known-producer-buffered": 6 * 2,
		"known-cond":              6 * 2,
		"known-pingpong":          6 * 2,
		"known-parfor":            6,
		"known-collects":          6 * 32,
		"known-tries":             6,
		"known-sieve":             6,
		"known-hedges":            6,
	}
	got := map[string]uint64{}
	for _, p := range slices.Concat(All(), Doubtful()) {
		got[p.Name] = p.run(6)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLimits: by hand.
func TestLimits(t *testing.T) {
	for _, p := range All() {
		want := map[string]float64{
			"known-fib":       1 + 0.618034 + 0.381966 + 0.236068 + 0.145898,
			"known-serial-10": 8.7671, "known-serial-30": 3.2161, "known-forkjoin": 4.4651,
			"known-mutex-10": 10, "known-mutex-30": 3.3333, "known-pipe": 2, "known-pipe-buffered": 2,
			"known-pool": 32, "known-producer": 5, "known-producer-buffered": 5, "known-cond": 5, "known-pingpong": 1,
			"known-parfor": 32,
		}[p.Name]
		if math.Abs(p.Limit-want) > 1e-3*want || p.Why == "" {
			t.Errorf("%s: limit %g, want %g: %s", p.Name, p.Limit, want, p.Why)
		}
	}
}
