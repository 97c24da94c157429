package sweep

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// disturbed returns blocks of two runs of half a core-second each, of which the given share was taken.
func disturbed(kind Kind, resolution float64, shares ...float64) (out []Result) {
	for rep, share := range shares {
		for w := 1; w <= 2; w++ {
			out = append(out, Result{
				Run:    Run{Point: Point{Workload: "a", Procs: 1, Workers: w, Cores: 1, Size: 1}, Rep: rep, Kind: kind},
				Status: OK,
				Noise: Noise{CPUs: &Taken{
					Had: Seconds(0.5e9), Others: Seconds(share * 0.3e9), Hypervisor: Seconds(share * 0.2e9),
					Resolution: Seconds(resolution * 0.5e9),
				}},
			})
		}
	}
	return out
}

func TestDisturbed(t *testing.T) {
	tests := []struct {
		name       string
		resolution float64
		shares     []float64
		want       int // -1: none
	}{
		// The median is 2 %, the deviations 0, 0, 0 and 48 %: anything above 12 % is far beyond.
		{"one burst", 0.01, []float64{0.02, 0.5, 0.02, 0.02}, 1},
		{"the larger of two", 0.01, []float64{0.02, 0.5, 0.02, 0.6, 0.02, 0.02}, 3},
		// As noisy all the time: the median is 0.5, the median deviation 0.1, and 0.5 + 3 · 1.4826 · 0.1 = 0.94.
		{"always noisy", 0.01, []float64{0.4, 0.6, 0.5, 0.4, 0.6, 0.9}, -1},
		{"within a tenth", 0.01, []float64{0.01, 0.1, 0.01, 0.01}, -1},
		// Two runs whose shares may be off by 30 % each: by 21 % together. 0.3 may be 0.09.
		{"too short to tell", 0.3, []float64{0.01, 0.3, 0.01, 0.01}, -1},
		{"too few", 0.01, []float64{0.01, 0.9}, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			results := disturbed(Traced, 0.01, 0.9, 0, 0, 0)                 // another kind
			results = append(results, Result{Run: Run{Rep: 7, Kind: Timed}}) // without figures
			results = append(results, disturbed(Timed, tt.resolution, tt.shares...)...)
			got, ok := Disturbed(results, Timed)
			if !ok {
				got = -1
			}
			if got != tt.want {
				t.Errorf("block %d, want %d", got, tt.want)
			}
		})
	}
}

// A repeat replaces its run once it has succeeded, and may be replaced itself.
func TestStanding(t *testing.T) {
	results := disturbed(Timed, 0.01, 0.5, 0, 0, 0.7, 0.1)[:9] // the last repeat lacks a point
	zero, three := 0, 3
	for i := range results {
		switch results[i].Rep {
		case 3:
			results[i].Replaces = &zero
		case 4:
			results[i].Replaces = &three
		}
	}
	results[7].Status = Failed // of the second point
	standing, replaced := Standing(results)
	names := func(results []Result) (out []string) {
		for _, r := range results {
			out = append(out, r.Dir())
		}
		return out
	}
	want := [2][]string{
		{
			"a-p1-w2-c1-s1-r00", "a-p1-w1-c1-s1-r01", "a-p1-w2-c1-s1-r01", "a-p1-w1-c1-s1-r02", "a-p1-w2-c1-s1-r02",
			"a-p1-w2-c1-s1-r03", "a-p1-w1-c1-s1-r04",
		},
		{"a-p1-w1-c1-s1-r00", "a-p1-w1-c1-s1-r03"},
	}
	if d := cmp.Diff(want, [2][]string{names(standing), names(replaced)}); d != "" {
		t.Errorf("standing, replaced (-want +got):\n%s", d)
	}
	// What counts of block 3 is what failed; the share of the rest is not that of the block that was replaced.
	if rep, ok := Disturbed(results, Timed); !ok || rep != 3 {
		t.Errorf("disturbed: %d %v", rep, ok)
	}
}
