package view

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/sizes"
)

// Of up to two sizes each has its figures; of more the largest stands for all, and what the sizes come to is the answer.
func TestStands(t *testing.T) {
	for _, tt := range []struct {
		sizes []int64
		want  bool
	}{{[]int64{1, 10}, false}, {[]int64{1, 10, 100}, true}} {
		s := BySize{Axis: &sizes.Axis{Sizes: tt.sizes}}
		if got := s.Stands(); got != tt.want {
			t.Errorf("%v: %v", tt.sizes, got)
		}
	}
}
