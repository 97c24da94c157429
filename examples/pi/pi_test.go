package pi

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/trace/workload"
)

// All blocks together must be within five standard errors of π, which chance misses once in two million; seeds are
// fixed, so it either always passes or never.
func TestEstimate(t *testing.T) {
	const darts = 1_000_000
	w := Workload()
	var hits int64
	for i := range w.Tasks(darts) {
		v, err := w.Task(t.Context(), &workload.Env{Size: darts}, i)
		if err != nil {
			t.Fatal(err)
		}
		hits += v.(int64)
	}
	if got := estimate(hits, darts); math.Abs(got-math.Pi) > 5*standardError(darts) {
		t.Errorf("π = %g, off by more than 5 × %g", got, standardError(darts))
	}
}

func TestHits(t *testing.T) {
	if got := throw(0, 1); got != 0 {
		t.Errorf("no darts hit %d times", got)
	}
	if a, b := throw(10_000, 1), throw(10_000, 2); a == b {
		t.Errorf("two seeds hit alike: %d", a)
	}
	if a, b := throw(10_000, 1), throw(10_000, 1); a != b {
		t.Errorf("one seed hit %d and %d times", a, b)
	}
}

func TestTasks(t *testing.T) {
	for _, c := range []struct {
		darts int64
		want  int
	}{
		{0, 0},
		{3, 3},
		{1_000, 8},
		{100_000, 10},
		{640_000, 64},
		{10_000_000, 64},
	} {
		if got := Workload().Tasks(c.darts); got != c.want {
			t.Errorf("Tasks(%d) = %d, want %d", c.darts, got, c.want)
		}
	}
}

func TestTheory(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"3 of 4 darts hit", estimate(3, 4), 3},
		// sqrt(3.1416 · 0.8584 / 10^6) = sqrt(2.6968e-6) = 0.0016422
		{"standard error of a million darts", standardError(1_000_000), 0.0016422},
		// 10 ms / (3.3 ns · 1/2) = 6.06 million
		{"two processes", breakEven(0.010, 3.3e-9, 2), 6_060_606},
		// 10 ms / (3.3 ns · 3/4)
		{"four processes", breakEven(0.010, 3.3e-9, 4), 4_040_404},
	} {
		if math.Abs(c.got-c.want) > 1e-4*c.want {
			t.Errorf("%s: %g, want %g", c.name, c.got, c.want)
		}
	}
	if got := breakEven(0.010, 3.3e-9, 1); !math.IsInf(got, 1) {
		t.Errorf("one worker breaks even at %g", got)
	}
}

func BenchmarkHits(b *testing.B) {
	for b.Loop() {
		throw(100_000, 1)
	}
}

// estimate returns π as estimated from so many hits of so many darts.
func estimate(hits, darts int64) float64 { return 4 * float64(hits) / float64(darts) }

// standardError is that of estimate: four times that of a share π/4 of independent darts, sqrt(π/4·(1−π/4)/darts).
func standardError(darts int64) float64 { return math.Sqrt(math.Pi * (4 - math.Pi) / float64(darts)) }

// breakEven returns the number of darts from which so many workers are faster than one, where starting them costs start
// and a dart takes perDart, both in seconds. It is infinite for a single worker.
func breakEven(start, perDart float64, workers int) float64 {
	if workers < 2 {
		return math.Inf(1)
	}
	return start / (perDart * (1 - 1/float64(workers)))
}
