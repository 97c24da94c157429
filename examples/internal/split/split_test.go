package split

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPart(t *testing.T) {
	for _, c := range []struct {
		name  string
		total int64
		most  int
		want  []int64
	}{
		{"even", 12, 4, []int64{3, 3, 3, 3}},
		{"the remainder goes to the first", 14, 4, []int64{4, 4, 3, 3}},
		{"fewer units than parts", 3, 4, []int64{1, 1, 1}},
		{"nothing", 0, 4, nil},
		{"less than nothing", -1, 4, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []int64
			n := Parts(c.total, c.most)
			for i := range n {
				got = append(got, Part(c.total, n, i))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("parts of %d (-want +got):\n%s", c.total, d)
			}
		})
	}
}

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		n       int64
		workers int
		want    float64
	}{
		{8, 1, 1},
		{8, 2, 2},
		{8, 3, 8.0 / 3}, // waves of 3, 3 and 2
		{8, 5, 4},       // waves of 5 and 3: no faster than 4 workers
		{8, 8, 8},
		{8, 100, 8},
		{0, 2, 0},
		{8, 0, 0},
	} {
		if got := Speedup(c.n, c.workers); got != c.want {
			t.Errorf("Speedup(%d, %d) = %g, want %g", c.n, c.workers, got, c.want)
		}
	}
}
