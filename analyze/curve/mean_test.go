package curve

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/trace/sweep"
)

// timed are launches of a workload with one worker and with two, which take these seconds.
func timed(name string, one, two []float64) (Ratio, []sweep.Result) {
	r := Ratio{
		sweep.Point{Workload: name, Procs: 1, Workers: 1, Cores: 1, Size: 1},
		sweep.Point{Workload: name, Procs: 1, Workers: 2, Cores: 2, Size: 1},
	}
	var out []sweep.Result
	for p, times := range map[sweep.Point][]float64{r.Base: one, r.At: two} {
		for rep, s := range times {
			out = append(out, sweep.Result{
				Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK, Total: sweep.Seconds(1e9 * s), Work: sweep.Seconds(1e9 * s),
			})
		}
	}
	return r, out
}

// TestMean: speedups of 1, 2 and 4 have the geometric mean 2, whatever their times are.
func TestMean(t *testing.T) {
	a, x := timed("a", []float64{3, 3, 3, 3, 3}, []float64{3, 3, 3, 3, 3})
	b, y := timed("b", []float64{8, 8, 8, 8, 8}, []float64{4, 4, 4, 4, 4})
	c, z := timed("c", []float64{0.4, 0.4, 0.4, 0.4, 0.4}, []float64{0.1, 0.1, 0.1, 0.1, 0.1})
	near := cmpopts.EquateApprox(1e-9, 0)
	all := append(append(x, y...), z...)
	mean, iv := MeanOf([]Ratio{a, b, c}, all, Options{Resamples: 100})
	if d := cmp.Diff(&Interval{Method: Bootstrap, Level: Level, Low: 2, High: 2}, iv, near); math.Abs(mean-2) > 1e-9 || d != "" {
		t.Errorf("mean %v, interval:\n%s", mean, d)
	}
	// Too few launches of one: the mean of the ranges seen. The speedup of d is 2, of its launches 1 to 4.
	d, few := timed("d", []float64{2, 4}, []float64{1, 2})
	mean, iv = MeanOf([]Ratio{a, c, d}, append(all, few...), Options{Resamples: 100})
	if d := cmp.Diff(&Interval{Method: MinMax, Low: math.Cbrt(4), High: math.Cbrt(16)}, iv, near); math.Abs(mean-2) > 1e-9 || d != "" {
		t.Errorf("mean %v, range:\n%s", mean, d)
	}
	if mean, iv := MeanOf([]Ratio{a, {b.Base, sweep.Point{}}}, all, Options{}); !math.IsNaN(mean) || iv != nil {
		t.Errorf("mean %v, %+v with what was not measured", mean, iv)
	}
}

// TestMeanOfNoisy: what others can have taken widens the interval by as much as the mean of it: of three workloads the
// base of one can have taken half the time.
func TestMeanOfNoisy(t *testing.T) {
	a, x := timed("a", []float64{3, 3, 3, 3, 3}, []float64{3, 3, 3, 3, 3})
	b, y := timed("b", []float64{2, 2, 2, 2, 2}, []float64{2, 2, 2, 2, 2})
	c, z := timed("c", []float64{4, 4, 4, 4, 4}, []float64{4, 4, 4, 4, 4})
	for i := range z {
		if r := &z[i]; r.Point == c.Base {
			r.User, r.Noise.Others, r.Noise.RunQueue = 2e9, 2e9, 2e9
		}
	}
	_, iv := MeanOf([]Ratio{a, b, c}, append(append(x, y...), z...), Options{Resamples: 100})
	want := &Interval{Method: Bootstrap, Level: Level, Low: math.Cbrt(0.5), High: 1, Noise: math.Cbrt(2)}
	if d := cmp.Diff(want, iv, cmpopts.EquateApprox(1e-9, 0)); d != "" {
		t.Error(d)
	}
}

// TestMeanHolds: of simulated studies of known speedups about as many intervals hold their mean as they claim: of few
// workloads with ten launches, and of many with five, whose times have a long tail.
func TestMeanHolds(t *testing.T) {
	normal := func(rng *rand.Rand) float64 { return math.Exp(0.1 * rng.NormFloat64()) }
	tailed := func(rng *rand.Rand) float64 { return 1 + 0.3*rng.ExpFloat64() }
	for _, of := range []struct {
		workloads, launches int
		time                func(*rand.Rand) float64
	}{{5, 10, normal}, {60, 5, tailed}} {
		if share := meanHolds(of.workloads, of.launches, of.time); share < 0.91 || share > 0.99 {
			t.Errorf("%d workloads: %.3f of the intervals hold the mean", of.workloads, share)
		}
	}
}

// meanHolds is the share of intervals that hold the mean.
func meanHolds(workloads, launches int, time func(*rand.Rand) float64) float64 {
	const studies = 300
	rng := rand.New(rand.NewPCG(5, 6))
	held := 0
	for range studies {
		var ratios []Ratio
		var all []sweep.Result
		logs := 0.0
		for w := range workloads {
			speedup := 1 + 0.4*float64(w%5)
			logs += math.Log(speedup)
			var one, two []float64
			for range launches {
				one, two = append(one, time(rng)), append(two, time(rng)/speedup)
			}
			r, results := timed(fmt.Sprint("w", w), one, two)
			ratios, all = append(ratios, r), append(all, results...)
		}
		_, iv := MeanOf(ratios, all, Options{Resamples: 400, Seed: rng.Uint64()})
		if want := math.Exp(logs / float64(workloads)); iv.Low <= want && want <= iv.High {
			held++
		}
	}
	return float64(held) / studies
}

// TestMeanInside: one slow launch of five at the base, and one fast one beyond it, in each of a hundred workloads; the
// mean lies in its interval.
func TestMeanInside(t *testing.T) {
	var ratios []Ratio
	var all []sweep.Result
	for w := range 100 {
		r, results := timed(fmt.Sprint("w", w), []float64{1, 1, 1.01, 1.5, 2}, []float64{0.5, 0.5, 0.5, 0.51, 0.6})
		ratios, all = append(ratios, r), append(all, results...)
	}
	mean, iv := MeanOf(ratios, all, Options{Resamples: 1000})
	if mean < iv.Low || mean > iv.High {
		t.Errorf("mean %v, interval %+v", mean, iv)
	}
}
