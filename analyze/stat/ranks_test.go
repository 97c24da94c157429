package stat_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/stat"
)

// Of ten tosses at most one is heads in 11 of 1024 cases, 1.1 %, at most two in 5.5 %: the second and the ninth value
// hold the median in 97.9 %. Of five even all are needed, of 95 % not quite.
func TestMedianRanks(t *testing.T) {
	x := []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	for _, tt := range []struct {
		n         int
		low, high float64
	}{{10, 2, 9}, {9, 3, 9}, {5, 6, 10}, {1, 10, 10}} {
		if low, high := stat.MedianRanks(x[:tt.n], 0.95); low != tt.low || high != tt.high {
			t.Errorf("of %d: %v to %v, want %v to %v", tt.n, low, high, tt.low, tt.high)
		}
	}
	if low, _ := stat.MedianRanks(nil, 0.95); !math.IsNaN(low) {
		t.Errorf("of nothing: %v", low)
	}
}
