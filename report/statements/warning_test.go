package statements_test

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// warnings checks all that is warned of.
func (k *checker) warnings() {
	for i := range k.s.Warnings {
		w := &k.s.Warnings[i]
		rule(k, warningRules(), w.Kind, w)
		k.warningSaid(w)
	}
	// What must be warned of is.
	for _, p := range sweep.Points(k.in.Header.Sweeps) {
		if p.Workload == sweep.SpinWorkload && k.s.Ceiling == nil { // which has its own words
			continue
		}
		r := k.runs(p)
		has := func(kind warning.Kind) bool {
			return slices.ContainsFunc(k.s.Warnings, func(w warning.Warning) bool {
				return w.Kind == kind && w.Subject.Point == p
			})
		}
		k.hold(has(warning.FailedTimed) == (r.failed > 0), "%v: %d timed runs failed", p, r.failed)
		k.hold(has(warning.FailedTraced) == (r.missed > 0), "%v: %d traced runs failed", p, r.missed)
		k.hold(has(warning.NoTimedRun) == (len(r.timed)+r.failed == 0), "%v: no timed run", p)
		k.hold(has(warning.FewLaunches) == (len(r.timed) > 0 && len(r.timed) < 5), "%v: %d launches", p, len(r.timed))
	}
	for _, w := range k.s.Workloads {
		short, _, _ := k.short(w.Program.Name)
		k.hold(slices.ContainsFunc(k.s.Warnings, func(x warning.Warning) bool {
			return x.Kind == warning.ShortRuns && x.Subject.Workload == w.Program.Name
		}) == (short > 0), "%s: %d points are too short", w.Program.Name, short)
	}
	of := func(kind warning.Kind) bool {
		return slices.ContainsFunc(k.s.Warnings, func(w warning.Warning) bool { return w.Kind == kind })
	}
	k.hold(of(warning.HiddenWords) == (k.in.Header.Hidden > 0), "%d words are hidden", k.in.Header.Hidden)
	k.hold(of(warning.OutputLost) == (k.unkept() > 0), "%d outputs are lost", k.unkept())
	k.hold(of(warning.Interrupted) == (len(k.in.Interrupted) > 0), "%d runs were interrupted", len(k.in.Interrupted))
	noisy := 0
	for _, w := range k.s.Warnings {
		if w.Kind == warning.NoisyRun {
			noisy++
		}
	}
	for _, r := range k.in.Results {
		if r.Kind == sweep.Timed && r.Status == sweep.OK && r.Noise.Noisy {
			noisy--
		}
	}
	k.hold(noisy == 0, "%d noisy runs too many are warned of", noisy)
}

// unkept is of how many runs what they printed is lost.
func (k *checker) unkept() (n int) {
	for _, r := range k.in.Results {
		if r.OutputLost != "" {
			n++
		}
	}
	return n
}

// hiddenWords: each place that is named stands before a mark, and every mark counts.
func hiddenWords(k *checker, w *warning.Warning) {
	line := strings.Join(k.in.Header.Command, " ")
	k.hold(w.Figures.Count == strings.Count(line, "***"), "%d marks in %s", w.Figures.Count, line)
	k.hold(len(w.Items)+w.Figures.Of <= w.Figures.Count, "%d names and %d without one", len(w.Items), w.Figures.Of)
	for _, i := range w.Items {
		name := strings.TrimPrefix(i.Name, "$")
		k.hold(strings.Contains(line, name+"=***") || strings.Contains(line, name+" ***"), "%s hides nothing in %s", name, line)
	}
}

// curvesOf are the curves of a workload.
func (k *checker) curvesOf(name string) []*study.Curve {
	var out []*study.Curve
	for i := range k.s.Workloads {
		for j := range k.s.Workloads[i].Curves {
			if c := &k.s.Workloads[i].Curves[j]; c.Sweep.Workload == name {
				out = append(out, c)
			}
		}
	}
	return out
}

// warningRules: what must be so where a study warns.
func warningRules() map[warning.Kind]func(*checker, *warning.Warning) {
	type f = func(*checker, *warning.Warning)
	runs := func(k *checker, w *warning.Warning) raw { return k.runs(w.Subject.Point) }
	return map[warning.Kind]f{
		warning.Recorded: func(k *checker, w *warning.Warning) { k.hold(w.Text != "", "a record of nothing") },
		warning.RecordedMore: func(k *checker, w *warning.Warning) {
			texts, listed := 0, 0
			for _, r := range k.in.Results {
				texts += len(r.Warnings)
			}
			for _, w := range k.s.Warnings {
				if w.Kind == warning.Recorded && w.Subject.Run != (sweep.Run{}) {
					listed++
				}
			}
			k.hold(w.Figures.Count > 0 && listed+w.Figures.Count == texts && w.Figures.Of > 0 && w.Figures.Of <= len(k.in.Results),
				"%d of %d texts are listed: %+v", listed, texts, w.Figures)
		},
		warning.NoTimedRun: func(k *checker, w *warning.Warning) {
			k.hold(len(runs(k, w).timed)+runs(k, w).failed == 0, "%v has timed runs", w.Subject.Point)
		},
		warning.NoBase: func(k *checker, w *warning.Warning) {
			k.hold(len(runs(k, w).timed) == 0, "%v was measured", w.Subject.Point)
		},
		warning.FailedTimed: func(k *checker, w *warning.Warning) {
			r, sum := runs(k, w), 0
			for _, i := range w.Items {
				sum += i.Count
			}
			k.hold(w.Figures.Count == r.failed && w.Figures.Of == r.failed+len(r.timed) && sum == r.failed,
				"%v: %+v of %d failed", w.Subject.Point, w.Figures, r.failed)
		},
		warning.FailedTraced: func(k *checker, w *warning.Warning) {
			r := runs(k, w)
			k.hold(w.Figures.Count == r.missed && w.Figures.Of == r.missed+len(r.traced), "%v: %+v of %d failed",
				w.Subject.Point, w.Figures, r.missed)
		},
		warning.FewLaunches: func(k *checker, w *warning.Warning) {
			k.hold(w.Figures.Count == len(runs(k, w).timed) && w.Figures.Count < 5 && w.Figures.Of == 5,
				"%v: %+v launches", w.Subject.Point, w.Figures)
		},
		warning.FewAtBase: func(k *checker, w *warning.Warning) {
			k.hold(w.Figures.Count == len(runs(k, w).timed) && w.Figures.Count < 5, "%v: %+v launches", w.Subject.Point,
				w.Figures)
			for _, c := range k.curvesOf(w.Subject.Workload) {
				for _, p := range c.Points {
					k.hold(c.Points[0].Point != w.Subject.Point || p.Interval == nil ||
						p.Interval.Method == curve.MinMax, "%v has an interval", p.Point)
				}
			}
		},
		warning.Outliers: outliers,
		warning.Drift:    drift,
		warning.Forced:   forced,
		warning.Interrupted: func(k *checker, w *warning.Warning) {
			k.hold(w.Figures.Count == len(k.in.Interrupted) && w.Figures.Of == len(k.in.Results) &&
				w.Text == k.in.Interrupted[0].Error, "%+v of %d interrupted", w.Figures, len(k.in.Interrupted))
		},
		warning.OutputLost: func(k *checker, w *warning.Warning) {
			k.hold(w.Figures.Count == k.unkept() && w.Figures.Of == len(k.in.Results) && w.Text == "no space",
				"%+v, and %d runs have lost their output", w.Figures, k.unkept())
		},
		warning.HiddenWords:    hiddenWords,
		warning.AboveQuota:     aboveQuota,
		warning.ShortRuns:      shortRuns,
		warning.FewerResamples: fewerResamples,
		warning.WorkersIgnored: ignored,
		warning.TracedOutside:  outside,
		warning.OtherWork:      otherWork,
		warning.NoTrace: func(k *checker, w *warning.Warning) {
			_, is := k.in.Explained[w.Subject.Run]
			k.hold(!is, "%v left a trace", w.Subject.Run)
		},
		warning.IdleBenchmarks: idle,
		warning.CoresInstead:   instead,
		warning.TracedDiffers:  differs,
		warning.LessCPU:        less,
		warning.TracedLoses:    tracedLoses,
		warning.CausesExceed:   causesExceed,
		warning.Withheld:       withheld,
		warning.NotExplained:   notExplained,
		warning.NoisyRun: func(k *checker, w *warning.Warning) {
			timed := 0
			for _, r := range k.in.Results {
				if r.Kind == sweep.Timed && r.Status == sweep.OK {
					timed++
				}
				if r.Run == w.Subject.Run {
					k.hold(r.Noise.Noisy && r.Noise.Share == w.Figures.Ratio && w.Text == strings.Join(r.Noise.Reasons,
						"; "), "%v: noise %+v", r.Run, w)
				}
			}
			k.hold(w.Figures.Of == timed, "one of %d runs, not of %d", timed, w.Figures.Of)
		},
	}
}

// timesOf are the times of the launches of a point, by the study's measure, or by work of the loop in registers.
func (k *checker) timesOf(p sweep.Point) (times []float64, runs []*sweep.Result) {
	m := k.s.Measure
	if p.Workload == sweep.SpinWorkload {
		m = curve.Work
	}
	runs = k.runs(p).timed
	for _, r := range runs {
		times = append(times, measured(m)(r).Float())
	}
	return times, runs
}

// quantile is that of type 7.
func quantile(x []float64, p float64) float64 {
	x = slices.Sorted(slices.Values(x))
	h := p * float64(len(x)-1)
	i := int(h)
	if i+1 == len(x) {
		return x[i]
	}
	return x[i] + (h-float64(i))*(x[i+1]-x[i])
}

func outliers(k *checker, w *warning.Warning) {
	times, runs := k.timesOf(w.Subject.Point)
	q1, q3 := quantile(times, 0.25), quantile(times, 0.75)
	far := 0
	for i, t := range times {
		out := (t > q3+3*(q3-q1) || t < q1-3*(q3-q1)) && math.Abs(t/quantile(times, 0.5)-1) >= 0.1
		at := slices.IndexFunc(w.Items, func(x warning.Item) bool { return x.Rep == runs[i].Rep })
		k.hold(out == (at >= 0), "%v: run %d is said to be far out: %v", w.Subject.Point, runs[i].Rep, at >= 0)
		if out && at >= 0 {
			far++
			k.hold(same(w.Items[at].Ratio, t/quantile(times, 0.5)) && w.Items[at].Noisy == runs[i].Noise.Noisy,
				"%v: %+v", w.Subject.Point, w.Items[at])
		}
	}
	k.hold(w.Figures.Count == far && w.Figures.Of == len(times), "%v: %+v, not %d of %d", w.Subject.Point, w.Figures,
		far, len(times))
}

// drift holds a drift against the medians of the blocks, of some curve of the workload.
func drift(k *checker, w *warning.Warning) {
	found := false
	curves := k.curvesOf(w.Subject.Workload)
	if k.s.Ceiling != nil && w.Subject.Workload == sweep.SpinWorkload {
		curves = append(curves, &study.Curve{Curve: k.s.Ceiling.Curve})
	}
	for _, c := range curves {
		blocks := map[int][]float64{}
		for _, p := range c.Points {
			times, runs := k.timesOf(p.Point)
			for i, t := range times {
				blocks[runs[i].Rep] = append(blocks[runs[i].Rep], math.Log(t/quantile(times, 0.5)))
			}
		}
		var x []float64
		for b := 0; len(x) < len(blocks); b++ {
			if blocks[b] != nil {
				x = append(x, quantile(blocks[b], 0.5))
			}
		}
		n, sum := len(x), 0
		for i := range x {
			for j := range i {
				sum += cmp.Compare(x[i], x[j])
			}
		}
		if n != w.Figures.Count || n < 6 {
			continue
		}
		tau := float64(sum) / float64(n*(n-1)/2)
		ratio := math.Exp(quantile(x[n-n/2:], 0.5)-quantile(x[:n/2], 0.5)) - 1
		// The normal approximation without ties, whose variance is the largest.
		z := (math.Abs(float64(sum)) - 1) / math.Sqrt(float64(n*(n-1)*(2*n+5))/18)
		found = found || same(tau, w.Figures.Tau) && math.Abs(ratio-w.Figures.Ratio) < 1e-9 && w.Figures.P < 0.01 &&
			math.Erfc(z/math.Sqrt2) >= w.Figures.P*(1-1e-9)
		k.hold(w.Figures.P < 0.01, "%s: a drift at p = %v", w.Subject.Workload, w.Figures.P)
	}
	k.hold(found, "%s: no curve drifts by %+v", w.Subject.Workload, w.Figures)
}

func forced(k *checker, w *warning.Warning) {
	k.hold(slices.ContainsFunc(k.in.Header.Resumes, func(r sweep.Resume) bool {
		return r.Forced && r.At == w.Text && r.FirstRun == w.Figures.Count && len(r.Different) == len(w.Items)
	}), "no resume was forced: %+v", w)
}

// shortRuns holds the points of a workload against its traced runs, one by one.
func shortRuns(k *checker, w *warning.Warning) {
	short, of, least := k.short(w.Subject.Workload)
	k.hold(short > 0 && w.Figures.Count == short && w.Figures.Of == of && same(w.Figures.Time.Seconds(), least) &&
		w.Figures.Against.Seconds() == 0.05, "%s: %d of %d points are short, %v the shortest: %+v", w.Subject.Workload,
		short, of, least, w.Figures)
}

// short counts the points of a workload whose traced runs are all too short for samples, and those that have any.
func (k *checker) short(workload string) (short, of int, least float64) {
	long, all := map[sweep.Point]bool{}, map[sweep.Point]float64{}
	for _, r := range k.in.Results {
		if r.Kind == sweep.Traced && r.Status == sweep.OK && r.Point.Workload == workload {
			long[r.Point] = long[r.Point] || r.Total.Float() >= 0.05
			if d, is := all[r.Point]; !is || r.Total.Float() < d {
				all[r.Point] = r.Total.Float()
			}
		}
	}
	least = math.Inf(1)
	for p, d := range all {
		if !long[p] {
			short, least = short+1, min(least, d)
		}
	}
	return short, len(all), least
}

func aboveQuota(k *checker, w *warning.Warning) {
	least := math.MaxInt
	for _, p := range sweep.Points(k.in.Header.Sweeps) {
		if float64(p.Cores) > k.in.Header.Host.QuotaCores {
			least = min(least, p.Cores)
		}
	}
	k.hold(w.Figures.Ratio == k.in.Header.Host.QuotaCores && w.Figures.Count == least,
		"points on %d cores and more are above %v, not %+v", least, w.Figures.Ratio, w.Figures)
}

// ignored: with the first item as with the second it has so many threads and keeps so many cores busy.
func ignored(k *checker, w *warning.Warning) {
	for _, i := range w.Items {
		r := k.runs(i.Point).timed
		busy := median(r, cpu) / median(r, total)
		threads := median(r, func(r *sweep.Result) sweep.Seconds { return sweep.Seconds(r.MaxThreads) * 1e9 })
		k.hold(threads <= float64(w.Figures.Count), "%v has %v threads, not %d", i.Point, threads, w.Figures.Count)
		k.hold(busy <= 1.1*w.Figures.Ratio+1e-9 && busy >= w.Figures.Ratio/1.1, "%v keeps %v cores busy, not %v",
			i.Point, busy, w.Figures.Ratio)
	}
}

func outside(k *checker, w *warning.Warning) {
	r := k.runs(w.Subject.Point)
	ratio := median(r.traced, work) / median(r.timed, work)
	k.hold(same(ratio, w.Figures.Ratio) && math.Abs(ratio-1) > 0.05,
		"%v: traced runs took %v of the timed ones, not %v", w.Subject.Point, ratio, w.Figures.Ratio)
	k.hold(slices.ContainsFunc(r.traced, func(x *sweep.Result) bool {
		return !slices.ContainsFunc(r.timed, func(y *sweep.Result) bool { return y.Work >= x.Work }) ||
			!slices.ContainsFunc(r.timed, func(y *sweep.Result) bool { return y.Work <= x.Work })
	}), "%v: the traced runs lie within the timed ones", w.Subject.Point)
}

func idle(k *checker, w *warning.Warning) {
	k.hold(w.Figures.Count == len(w.Items) && w.Figures.Count <= w.Figures.Of, "%+v benchmarks, %v", w.Figures, w.Items)
	if k.s.Overview != nil {
		shown := 0
		for i := range k.s.Overview.Rows {
			r := &k.s.Overview.Rows[i]
			named := slices.ContainsFunc(w.Items, func(x warning.Item) bool { return x.Name == r.Headline.Workload })
			if best := r.Headline.Best; named && best != nil && (best.Kind == verdict.Rises || best.Kind == verdict.Falls) {
				shown++
			}
		}
		k.hold(shown == w.Figures.Shown, "%d of %v are faster or slower, not %d", shown, w.Items, w.Figures.Shown)
	}
	for _, i := range w.Items {
		for _, c := range k.curvesOf(i.Name) {
			for _, p := range c.Points[1:] {
				r := k.runs(p.Point).timed
				busy := median(r, cpu) / median(r, total)
				k.hold(len(r) == 0 || c.Sweep.Mode != sweep.Threads || busy <= 1.1 && !(p.Speedup >= 1.15),
					"%v keeps %v cores busy and is %v times as fast", p.Point, busy, p.Speedup)
			}
		}
	}
}

func instead(k *checker, w *warning.Warning) {
	is := false
	for _, c := range k.curvesOf(w.Subject.Workload) {
		for i, f := range c.Figures {
			is = is || c.Points[i].Point == w.Subject.Point && f.Stack != nil && f.Stack.Lanes == stack.Cores &&
				c.Sweep.Mode != sweep.Cores
		}
	}
	k.hold(is, "no stack of %v divides the time of cores instead", w.Subject.Point)
}

func differs(k *checker, w *warning.Warning) {
	is := false
	for _, c := range k.curvesOf(w.Subject.Workload) {
		for i, p := range c.Points {
			s := c.Figures[i].Stack
			is = is || s != nil && p.Point == w.Subject.Point && same(s.Traced, w.Figures.Ratio) && same(p.Speedup,
				w.Figures.AgainstRatio)
		}
	}
	k.hold(is && math.Abs(w.Figures.Ratio/w.Figures.AgainstRatio-1) > 0.1, "%v: traced runs speed up %+v",
		w.Subject.Point, w.Figures)
}

// less: the workers ran for so long by the trace, and had the CPU for so long. Programs that they started are none of
// them in a trace, and may be in the records of the OS scheduler.
func less(k *checker, w *warning.Warning) {
	is := false
	for _, r := range k.runs(w.Subject.Point).traced {
		l := k.in.Explained[r.Run].Ledger
		if l == nil {
			continue
		}
		var ran float64
		for _, x := range l.Workers {
			for c := range cause.NotExplained {
				if c == cause.User || c == cause.Syscall || c == cause.Runtime || c == cause.Tracer ||
					kinds()[c] == "gc" && c != cause.GCSTW {
					ran += x.ByCause[c].Seconds()
				}
			}
		}
		had := cpu(r)
		for _, p := range r.Processes {
			if p.Role == sweep.Worker && !l.Descendants {
				had -= p.Children
			}
		}
		is = is || same(ran, w.Figures.Time.Seconds()) && same(had.Float(), w.Figures.Against.Seconds())
	}
	k.hold(is && w.Figures.Time.Seconds() > 1.05*w.Figures.Against.Seconds(), "%v: %v of running, %v of CPU time",
		w.Subject.Point, w.Figures.Time, w.Figures.Against)
}

// withheld holds what is not named against the stack of its point: it is large enough to be named, and noise can be all
// of it.
func withheld(k *checker, w *warning.Warning) {
	k.hold(len(w.Items) > 0, "withheld for nothing")
	for _, c := range k.curvesOf(w.Subject.Workload) {
		if !on(w, c) {
			continue
		}
		for at, p := range c.Points {
			s := c.Figures[at].Stack
			if p.N != w.Subject.N || s == nil || !same(s.Taken, w.Figures.Ratio) {
				continue
			}
			if back := s.Of(cause.NotExplained); w.Figures.AgainstRatio != 0 && !same(-back, w.Figures.AgainstRatio) {
				continue
			}
			for _, i := range w.Items {
				g := one(causeOf(i.Name))
				k.met["noise.Certainty "+string(noise.Hidden)]++
				k.hold(k.certainty(c, at, g) == noise.Hidden, "%v: %s is not named, and is %s", p.Point, i.Name,
					k.certainty(c, at, g))
			}
		}
	}
}

// causeOf is the cause of an identifier.
func causeOf(name string) cause.Cause {
	for c := range kinds() {
		if c.String() == name {
			return c
		}
	}
	return cause.NotExplained
}

func notExplained(k *checker, w *warning.Warning) {
	is, others := false, false
	for _, c := range k.curvesOf(w.Subject.Workload) {
		others = others || c.Sweep.Scaling == w.Subject.Scaling && c.Sweep.Size != w.Subject.Size
		for i, p := range c.Points {
			s := c.Figures[i].Stack
			if s == nil || p.N != w.Subject.N || !on(w, c) {
				continue
			}
			is = is || same(divided(s)["unknown"]/lostOf(s), w.Figures.Ratio)
		}
	}
	k.hold(is && others == w.Subject.Among.Sizes && w.Figures.Ratio >= 0.05, "%+v: %v is not explained", w.Subject, w.Figures.Ratio)
}

// fewerResamples: a study of more than 256 points has as many times fewer resamples of each; one of more than 20,000
// launches is too large to be made here.
func fewerResamples(k *checker, w *warning.Warning) {
	points, launches := 0, 0
	for _, s := range k.in.Header.Sweeps {
		points += len(s.Points)
	}
	for _, r := range k.in.Results {
		if r.Kind == sweep.Timed && r.Status == sweep.OK {
			launches++
		}
	}
	k.hold(points > 256 && w.Figures.Count == 10_000*256/points && w.Figures.Of == 10_000 &&
		w.Items[0].Count == points && w.Items[1].Count == launches && w.Items[2].Count == 2_000*256/points,
		"%d points and %d launches have %+v %+v", points, launches, w.Figures, w.Items)
}
