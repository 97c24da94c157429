package sizes_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A truth is the time of a program, in seconds, of work w on n workers.
type truth func(w, n float64) float64

// perWorker is a program whose workers each cost c to start, one after the other: T = w/n + c·n. With n workers it is
// faster than with one from w = c·n on, and it has the efficiency E from w = c·(n²·E − 1)/(1 − E) on.
func perWorker(c float64) truth {
	return func(w, n float64) float64 { return w/n + c*n }
}

// A plan is what a synthetic study measures. A unit of size is a millisecond of work.
type plan struct {
	mode     string
	scaling  string
	workers  []int
	sizes    []int64
	launches int
	noise    float64 // standard deviation of the logarithm of a time
	seed     uint64
	disturb  func(r *sweep.Result)
}

const unit = 1e-3

// axes are the axes of a study of the truth.
func (p plan) axes(t *testing.T, of map[sweep.Mode]truth, opt sizes.Options) []sizes.Axis {
	t.Helper()
	sweeps, err := sweep.Axes{Mode: p.mode, Scaling: p.scaling, Workers: p.workers, Sizes: p.sizes}.Sweeps(
		sweep.Subject{Workload: "w"}, 64)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(p.seed, 5))
	var results []sweep.Result
	seen := map[sweep.Point]bool{}
	for _, s := range sweeps {
		for _, pt := range s.Points {
			if seen[pt] {
				continue
			}
			seen[pt] = true
			for rep := range p.launches {
				v := of[s.Mode](float64(pt.Size)*unit, float64(pt.Parallelism()))
				v *= math.Exp(p.noise * rng.NormFloat64())
				r := sweep.Result{
					Run: sweep.Run{Point: pt, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK,
					Total: sweep.Seconds(v * float64(time.Second)),
				}
				if p.disturb != nil {
					p.disturb(&r)
				}
				results = append(results, r)
			}
		}
	}
	opt.Seed = p.seed
	curves := curve.Build(sweeps, results, curve.Options{Seed: p.seed, Resamples: opt.Resamples})
	return sizes.Of(curves, func(pt sweep.Point) []*sweep.Result {
		var out []*sweep.Result
		for i := range results {
			if results[i].Point == pt && results[i].Status == sweep.OK {
				out = append(out, &results[i])
			}
		}
		return out
	}, opt)
}

// decades are sizes a decade apart, from 10^from to 10^to.
func decades(from, to int) (out []int64) {
	for e := from; e <= to; e++ {
		out = append(out, int64(math.Pow10(e)))
	}
	return out
}

func lineOf(t *testing.T, axes []sizes.Axis, mode sweep.Mode, n int) *sizes.Line {
	t.Helper()
	for i := range axes {
		k := slices.IndexFunc(axes[i].Lines, func(l sizes.Line) bool { return l.Sweep.Mode == mode && l.N == n })
		if k >= 0 {
			return &axes[i].Lines[k]
		}
	}
	t.Fatalf("no line of %s, n = %d", mode, n)
	return nil
}

func near(got, want, tolerance float64) bool { return math.Abs(got/want-1) <= tolerance }

// Without noise what is interpolated is the closed form: w = c·n and w = c·(n²·E − 1)/(1 − E), with c = 20 ms, from
// sizes a decade apart.
func TestClosedForm(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 2, 4, 8}, sizes: decades(1, 6), launches: 5}
	axes := p.axes(t, map[sweep.Mode]truth{sweep.Threads: perWorker(0.02)}, sizes.Options{Efficiency: 0.75, Resamples: 200})
	for _, n := range []float64{2, 4, 8} {
		l := lineOf(t, axes, sweep.Threads, int(n))
		if want := 20 * n; l.Pays.Kind != sizes.From || !near(l.Pays.Size, want, 0.001) {
			t.Errorf("n = %v pays from %+v, not %v", n, l.Pays, want)
		}
		if want := 20 * (n*n*0.75 - 1) / 0.25; l.Need.Kind != sizes.Measured || !near(l.Need.Size, want, 0.001) {
			t.Errorf("n = %v needs %+v, not %v", n, l.Need, want)
		}
	}
}

// Beyond the largest size the overhead is extrapolated. That of 8 workers is 0.02·63 = 1.26 s at any size, so that 75 %
// takes 3·1.26 s of work and start, 3.76 s of work; sizes end at 1 s.
func TestExtrapolated(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 8}, sizes: decades(0, 3), launches: 5}
	axes := p.axes(t, map[sweep.Mode]truth{sweep.Threads: perWorker(0.02)}, sizes.Options{Efficiency: 0.75, Resamples: 200})
	l := lineOf(t, axes, sweep.Threads, 8)
	if l.Need.Kind != sizes.Extrapolated || !near(l.Need.Size, 3760, 0.001) || l.Need.Overhead.Residual > 1e-6 {
		t.Errorf("%+v, not 3760", l.Need)
	}
}

// An overhead of a third of the work and more leaves no size with 75 %; of the square root of the work, one can be
// told: 4·T₄ − W = c·√W with c = 4·0.3 gives √W = 3·1.2, W = 12.96 s.
func TestOverheads(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 4}, sizes: decades(1, 4), launches: 8, noise: 0.005}
	opt := sizes.Options{Efficiency: 0.75, Resamples: 500}
	grows := func(w, n float64) float64 { return w/n*(1+0.4*min(n-1, 1)) + 0.001*n }
	l := lineOf(t, p.axes(t, map[sweep.Mode]truth{sweep.Threads: grows}, opt), sweep.Threads, 4)
	if l.Need.Kind != sizes.AsFast {
		t.Errorf("overhead in proportion to the work: %+v", l.Need)
	}
	root := func(w, n float64) float64 { return w/n + 0.3*math.Sqrt(w)*min(n-1, 1) }
	l = lineOf(t, p.axes(t, map[sweep.Mode]truth{sweep.Threads: root}, opt), sweep.Threads, 4)
	if n := l.Need; n.Kind != sizes.Extrapolated || n.Overhead.Law != sizes.Power || !near(n.Overhead.Q, 0.5, 0.1) ||
		n.Low > 12_960 || n.High < 12_960 || !near(n.Size, 12_960, 0.15) {
		t.Errorf("overhead of a square root: %+v", n)
	}
}

// Of a program whose time is cubic in its size, sizes are interpolated by that: (0.001·s)³ s of work, c·n = 0.04 s,
// cross at s = 1000·∛0.04 = 342.
func TestExponent(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 2}, sizes: []int64{50, 100, 200, 800, 1600}, launches: 5}
	cubic := func(w, n float64) float64 { return w*w*w/n + 0.02*n }
	axes := p.axes(t, map[sweep.Mode]truth{sweep.Threads: cubic}, sizes.Options{Efficiency: 0.75, Resamples: 200})
	if l := lineOf(t, axes, sweep.Threads, 2); l.Pays.Kind != sizes.From || !near(l.Pays.Size, 342, 0.01) {
		t.Errorf("%+v, not 342", l.Pays)
	}
}

// Threads cost 1 ms each, processes 30 ms, but threads share memory and are a tenth slower at any size:
// w/2·1.1 + 0.002 = w/2 + 0.06 at w = 1.16 s.
func TestVersus(t *testing.T) {
	p := plan{mode: "both", workers: []int{1, 2}, sizes: decades(1, 5), launches: 5}
	axes := p.axes(t, map[sweep.Mode]truth{
		sweep.Threads: func(w, n float64) float64 { return w/n*(1+0.1*(n-1)) + 0.001*n },
		sweep.Procs: func(w, n float64) float64 {
			if n == 1 {
				return w + 0.001
			}
			return w/n + 0.03*n
		},
	}, sizes.Options{Efficiency: 0.75, Resamples: 200})
	if len(axes[0].Versus) != 1 {
		t.Fatalf("%+v", axes[0].Versus)
	}
	v := axes[0].Versus[0]
	if v.Faster != sweep.Procs || v.Slower != sweep.Threads || v.N != 2 || v.Pays.Kind != sizes.From ||
		!near(v.Pays.Size, 1160, 0.001) {
		t.Errorf("%+v", v)
	}
}

// What is not between two measured sizes is said as that.
func TestKinds(t *testing.T) {
	opt := sizes.Options{Efficiency: 0.75, Resamples: 200}
	for _, tt := range []struct {
		name   string
		sizes  []int64
		of     truth
		kind   sizes.Kind
		shown  int64
		before int64
		need   sizes.NeedKind
	}{
		{"all pay", decades(3, 5), perWorker(0.001), sizes.Always, 1000, 0, sizes.Below},
		{"none pays", decades(0, 1), perWorker(0.02), sizes.None, 0, 0, sizes.FewSizes},
		{"a large size does not fit the cache", decades(2, 5), func(w, n float64) float64 {
			if w > 5 && n > 1 {
				return 1.1 * w
			}
			return perWorker(0.001)(w, n)
		}, sizes.Until, 1000, 0, sizes.Lost},
		{"one in the middle does not", decades(2, 5), func(w, n float64) float64 {
			if w == 1 && n > 1 {
				return 1.1 * w
			}
			return perWorker(0.001)(w, n)
		}, sizes.From, 10_000, 100, sizes.Measured},
		// 2 s of start on two workers alone need 3·4 s of work.
		{"beyond what can be told", decades(0, 2), func(w, n float64) float64 { return w/n + 2*(n-1) }, sizes.None, 0, 0, sizes.Far},
		{"a base that is all start", decades(0, 2), perWorker(10), sizes.None, 0, 0, sizes.Flat},
	} {
		p := plan{mode: "threads", workers: []int{1, 2}, sizes: tt.sizes, launches: 5}
		l := lineOf(t, p.axes(t, map[sweep.Mode]truth{sweep.Threads: tt.of}, opt), sweep.Threads, 2)
		if l.Pays.Kind != tt.kind || l.Pays.Shown != tt.shown || l.Pays.Before != tt.before || l.Need.Kind != tt.need {
			t.Errorf("%s: %+v, %+v", tt.name, l.Pays, l.Need)
		}
	}
}

// Two workers start for 2 s, which no size measured is large enough for: all are shown to be slower. Where noise allows
// anything at 10 s, two are.
func TestSlowerUpTo(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 2}, sizes: []int64{1, 10, 10_000}, launches: 5}
	of := map[sweep.Mode]truth{sweep.Threads: func(w, n float64) float64 { return w + 2*(n-1) }}
	opt := sizes.Options{Efficiency: 0.75, Resamples: 200}
	for _, tt := range []struct {
		kind  sizes.Kind
		to    int64
		noisy bool
	}{{sizes.None, 10_000, false}, {sizes.Unsure, 10, true}} {
		p.disturb = func(r *sweep.Result) {
			if tt.noisy && r.Point.Size == 10_000 {
				r.Noise.Others, r.User = r.Total, r.Total/4
			}
		}
		if got := lineOf(t, p.axes(t, of, opt), sweep.Threads, 2).Pays; got.Kind != tt.kind || got.SlowerTo != tt.to {
			t.Errorf("%+v, want %s and slower up to %d", got, tt.kind, tt.to)
		}
	}
}

// Copies that each do all of the work: sizes are per process, and more processes pay where together they do more a
// second. n·w in w + c·n on n: n·(w + c) / (w + c·n) is above 1 at any size, and 75 % takes w = 3·c·n − 4·c: 0.08 s at
// n = 8 and c = 4 ms.
func TestWeak(t *testing.T) {
	p := plan{mode: "threads", scaling: "weak", workers: []int{1, 8}, sizes: decades(0, 4), launches: 5}
	axes := p.axes(t, map[sweep.Mode]truth{sweep.Threads: perWorker(0.004)}, sizes.Options{Efficiency: 0.75, Resamples: 200})
	l := lineOf(t, axes, sweep.Threads, 8)
	if l.Pays.Kind != sizes.Always || l.Need.Kind != sizes.Measured || !near(l.Need.Size, 80, 0.001) {
		t.Errorf("%+v, %+v", l.Pays, l.Need)
	}
}

// Too few launches leave a range, and noise widens it.
func TestRangeAndNoise(t *testing.T) {
	of := map[sweep.Mode]truth{sweep.Threads: perWorker(0.02)}
	opt := sizes.Options{Efficiency: 0.75, Resamples: 500}
	p := plan{mode: "threads", workers: []int{1, 2}, sizes: decades(0, 4), launches: 3, noise: 0.02, seed: 3}
	few := lineOf(t, p.axes(t, of, opt), sweep.Threads, 2).Pays
	if few.Method != curve.MinMax || !(few.Low <= 40 && 40 <= few.High) {
		t.Errorf("three launches: %+v", few)
	}
	p.launches = 10
	still := lineOf(t, p.axes(t, of, opt), sweep.Threads, 2).Pays
	p.disturb = func(r *sweep.Result) {
		r.Noise.Others = r.Total / 5
		r.User = r.Total / 4
	}
	noisy := lineOf(t, p.axes(t, of, opt), sweep.Threads, 2).Pays
	if still.Noise || !noisy.Noise || !(noisy.Low < 0.8*still.Low) || !(noisy.High > 1.2*still.High) {
		t.Errorf("noise: %+v, without %+v", noisy, still)
	}
}

// What lies above the last crossing may be chance: where only a size below it is shown to pay, nothing is said to pay
// from there on.
func TestShownBelowOnly(t *testing.T) {
	p := plan{mode: "threads", workers: []int{1, 2}, sizes: decades(1, 3), launches: 8, noise: 0.2, seed: 4}
	of := func(w, n float64) float64 {
		switch {
		case n == 1 || w > 0.5:
			return w / (1 + 0.02*(n-1)) // as good as none
		case w < 0.05:
			return w / 4
		default:
			return 2 * w
		}
	}
	for seed := range uint64(40) {
		p.seed = seed + 1
		axes := p.axes(t, map[sweep.Mode]truth{sweep.Threads: of}, sizes.Options{Efficiency: 0.75, Resamples: 200})
		got := lineOf(t, axes, sweep.Threads, 2).Pays
		if got.Kind == sizes.From && got.Shown != 1000 || got.Kind == sizes.Until && got.Shown != 10 {
			t.Errorf("seed %d: %+v", p.seed, got)
		}
	}
}

// TestCoverage counts how often the intervals hold the truth: of a crossing, and of a size that is extrapolated.
func TestCoverage(t *testing.T) {
	const studies = 200
	opt := sizes.Options{Efficiency: 0.75, Resamples: 400}
	for _, tt := range []struct {
		name     string
		workers  int
		sizes    []int64
		launches int
		noise    float64
		of       truth
		pays     float64 // the truth
		need     float64
		kind     sizes.NeedKind
	}{
		{"measured", 4, decades(0, 5), 10, 0.03, perWorker(0.02), 80, 20 * (16*0.75 - 1) / 0.25, sizes.Measured},
		{"few, far apart", 2, []int64{1, 1000, 100_000}, 7, 0.03, perWorker(0.02), 40, 20 * (4*0.75 - 1) / 0.25, sizes.Measured},
		{"extrapolated", 8, decades(0, 3), 10, 0.02, perWorker(0.02), 160, 20 * (64*0.75 - 1) / 0.25, sizes.Extrapolated},
		{"a fixed start and a tenth of the work", 8, decades(0, 3), 10, 0.02, func(w, n float64) float64 {
			return w/n*(1+0.1*min(n-1, 1)) + 0.02*n
		}, 0.14 / (1 - 1.1/8) * 1000, (1.26 - 0.02/3) / (1.0/3 - 0.1) * 1000, sizes.Extrapolated},
		{"a square root of the work", 4, decades(0, 4), 10, 0.02, func(w, n float64) float64 {
			return w/n + 0.3*math.Sqrt(w)*min(n-1, 1)
		}, 160, 12_960, sizes.Extrapolated},
	} {
		held, heldNeed, all := 0, 0, 0
		for i := range studies {
			p := plan{
				mode: "threads", workers: []int{1, tt.workers}, sizes: tt.sizes, launches: tt.launches, noise: tt.noise,
				seed: uint64(i + 1),
			}
			l := lineOf(t, p.axes(t, map[sweep.Mode]truth{sweep.Threads: tt.of}, opt), sweep.Threads, tt.workers)
			if l.Pays.Kind != sizes.From {
				t.Fatalf("%s: study %d: %+v", tt.name, i, l.Pays)
			}
			if l.Pays.Low <= tt.pays && tt.pays <= l.Pays.High {
				held++
			}
			if want := tt.need; !math.IsNaN(want) && l.Need.Kind == tt.kind {
				all++
				if l.Need.Low <= want && want <= l.Need.High {
					heldNeed++
				}
			}
		}
		t.Logf("%s: the crossing is held in %.1f %%, the size for 75 %% in %.1f %% of %d", tt.name,
			100*float64(held)/studies, 100*float64(heldNeed)/float64(max(all, 1)), all)
		if share := float64(held) / studies; share < 0.91 {
			t.Errorf("%s: the crossing is held in %.3f", tt.name, share)
		}
		if share := float64(heldNeed) / float64(max(all, 1)); all > 0 && share < 0.9 {
			t.Errorf("%s: the size for 75 %% is held in %.3f", tt.name, share)
		}
	}
}

// A size in the middle that is not shown to pay moves the size from which on it is shown beyond it; one at the end
// leaves nothing shown from there on.
func TestShownFrom(t *testing.T) {
	opt := sizes.Options{Efficiency: 0.75, Resamples: 500}
	for _, tt := range []struct {
		name    string
		unclear int64
		kind    sizes.Kind
		shown   int64
	}{
		{"all are shown", 0, sizes.Always, 10},
		{"the second is not", 100, sizes.AtMost, 1000},
		{"the last is not", 10_000, sizes.Until, 1000},
	} {
		p := plan{mode: "threads", workers: []int{1, 2}, sizes: decades(1, 4), launches: 7}
		launch := 0
		p.disturb = func(r *sweep.Result) {
			if launch++; r.Point.Size == tt.unclear && launch%3 == 0 {
				r.Total *= 3
			}
		}
		of := func(w, n float64) float64 { return w / n }
		l := lineOf(t, p.axes(t, map[sweep.Mode]truth{sweep.Threads: of}, opt), sweep.Threads, 2)
		if l.Pays.Kind != tt.kind || l.Pays.Shown != tt.shown {
			t.Errorf("%s: %+v", tt.name, l.Pays)
		}
	}
}
