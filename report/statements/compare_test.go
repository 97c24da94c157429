package statements_test

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// TestComparisons checks what is said of pairs of random studies: the second is the first with some of it changed.
func TestComparisons(t *testing.T) {
	met, complaints := map[string]int{}, map[string]int{}
	first, n := numberOfStudies(t)
	for i := range n / 3 {
		m := &maker{rng: rand.New(rand.NewPCG(uint64(first+i), 30))}
		base, fresh := random(uint64(first+i)), random(uint64(first+i))
		m.change(&fresh)
		k := &checker{t: t, number: first + i, in: base, met: met, complaints: complaints}
		k.compare(m, study.Analyze(base), study.Analyze(fresh))
	}
	if n < studies {
		return
	}
	k := &checker{t: t, met: met, complaints: complaints}
	for _, fresh := range []compare.Curve{lawful(0.02), {Counts: lawful(0).Counts[:3]}} {
		x := &compared{r: compare.Compare([]compare.Curve{lawful(0)}, []compare.Curve{fresh},
			compare.Options{Resamples: resamples})}
		x.pair = &x.r.Pairs[0]
		rule(k, comparedLawRules(), x.pair.Laws.Reason, x)
	}
	for _, v := range slices.Concat(names(comparedRules()), names(loneRules()), names(differenceRules()),
		names(comparedLawRules()), []string{"a change of core time", "a cause of a change", "a mean of changes"}) {
		if met[v] == 0 {
			t.Errorf("%s: no comparison states it", v)
		}
	}
}

// lawful is a curve by the USL, of one launch for each of eight counts.
func lawful(beta float64) compare.Curve {
	var c compare.Curve
	for n := 1.0; n <= 8; n++ {
		c.Counts = append(c.Counts, compare.Count{N: n, Seconds: []float64{(1 + 0.05*(n-1) + beta*n*(n-1)) / n}})
	}
	return c
}

// change makes another study of in: other times, other points, another machine.
func (m *maker) change(in *study.Input) {
	factor := pick(m, 1, 1, 0.7, 1.005, 1.4)
	for i := range in.Results {
		r := &in.Results[i]
		f := factor * math.Exp(0.003*m.rng.NormFloat64())
		r.Total, r.Work = sweep.Seconds(float64(r.Total)*f), sweep.Seconds(float64(r.Work)*f)
	}
	if factor > 1.1 { // all of it is one cause
		for _, x := range in.Explained {
			if l := x.Ledger; l != nil && len(l.Rows) > 0 {
				more := ledger.CoreTime(float64(l.Total) * (factor - 1))
				l.Rows[0].Time, l.Total = l.Rows[0].Time+more, l.Total+more
				if s := l.Rows[0].Stacks; len(s) > 0 {
					s[0].Time += more
				}
			}
		}
	}
	h := &in.Header
	s := m.rng.IntN(len(h.Sweeps))
	points := h.Sweeps[s].Points
	at := m.rng.IntN(len(points))
	move := func(change func(p *sweep.Point)) {
		from := points[at]
		change(&points[at])
		for i := range in.Results {
			if in.Results[i].Point == from {
				in.Results[i].Point = points[at]
			}
		}
	}
	switch m.rng.IntN(9) {
	case 0:
		h.Sweeps = slices.Delete(h.Sweeps, s, s+1)
	case 1:
		h.Sweeps[s].Points = slices.Delete(points, at, at+1)
	case 2:
		h.Sweeps[s].Size++
	case 3:
		move(func(p *sweep.Point) { p.Cores++ })
	case 4:
		move(func(p *sweep.Point) { p.Size += 5 })
	case 5:
		h.Sweeps[s].Mode = sweep.Mode("other")
	case 6, 7: // a law of another kind, or of too few counts
		bend, most := pick(m, 0, 0.01, 0.1), pick(m, 3, 100)
		for i := range in.Results {
			r := &in.Results[i]
			n := float64(r.Point.Procs * r.Point.Workers)
			r.Total, r.Work = sweep.Seconds(float64(r.Total)*(1+bend*n*n)), sweep.Seconds(float64(r.Work)*(1+bend*n*n))
		}
		h.Sweeps[s].Points = points[:min(most, len(points))]
	}
	m.changeSettings(h)
}

// changeSettings changes what a comparison must name.
func (m *maker) changeSettings(h *sweep.Header) {
	change := []func(){
		func() {
			h.Host.CPUModel = "another"
		}, func() { h.Host.CPUs = append(h.Host.CPUs, sweep.CPU{}) }, func() { h.Host.Physical++ },
		func() {
			h.Host.SMT = !h.Host.SMT
		}, func() { h.Host.Name = "another" }, func() { h.Host.OS = "another" }, func() { h.Host.Kernel = "another" },
		func() {
			h.Host.Governor = "another"
		}, func() { h.Host.QuotaCores++ }, func() { h.Host.MemoryBytes++ }, func() { h.Host.BootID = "another" },
		func() {
			h.Settings.Chunk++
		}, func() {
			h.Settings.Static = !h.Settings.Static
		}, func() { h.Settings.Warmup++ }, func() { h.Rule.MinRuns++ },
		func() {
			h.Rule.MaxRuns++
		}, func() { h.Rule.HalfWidth += 0.01 }, func() { h.Go = "another" }, func() { h.Tool = "another" },
		func() { h.Workloads[0].Unit = "another" },
		func() {
			if c := h.Workloads[0].Command; c != nil {
				c.Argv = append(c.Argv, "another")
			}
		},
	}
	for range m.rng.IntN(4) {
		change[m.rng.IntN(len(change))]()
	}
}

// A compared is a comparison and what it was made of.
type compared struct {
	r           *compare.Result
	base, fresh []compare.Curve
	headers     [2]sweep.Header
	p           *compare.Point // the one to check
	pair        *compare.Pair
	alone       *compare.Lone
	differ      *compare.Difference
	times       [2][]float64
	holm        float64
}

// compare checks a comparison.
func (k *checker) compare(m *maker, base, fresh *study.Study) {
	x := &compared{
		base: compare.OfStudy(base), fresh: compare.OfStudy(fresh),
		headers: [2]sweep.Header{base.Header, fresh.Header},
	}
	opt := compare.Options{MinEffect: pick(m, 0, -1, 0.05, 0.5), Resamples: resamples, Seed: 1, NoLaws: m.chance(0.9), Paired: m.chance(0.5)}
	x.r = compare.Compare(x.base, x.fresh, opt)
	adjusted := x.adjusted()
	for i := range x.r.Pairs {
		x.pair = &x.r.Pairs[i]
		for j := range x.pair.Points {
			x.p = &x.pair.Points[j]
			x.times = [2][]float64{timesAt(x.pair.Base, x.p.N), timesAt(x.pair.New, x.p.N)}
			if opt.Paired {
				x.inBlocks(k)
			}
			x.holm = adjusted[question{x.p.Point, x.p.P}]
			rule(k, comparedRules(), x.p.Verdict, x)
			k.changes(x)
			k.shift(x)
			share := pick(m, 0.01, 0.1, 0.3)
			exceeds := x.p.Verdict == compare.Slower && x.p.Interval.Low >= 1+share
			k.hold(x.p.Exceeds(share) == exceeds, "%v: exceeds %v is %v", x.p.Point, share, !exceeds)
			k.hold(x.p.Possible(share) == (!exceeds && x.p.Interval != nil && x.p.Interval.High >= 1+share),
				"%v: possibly %v", x.p.Point, share)
		}
		rule(k, comparedLawRules(), x.pair.Laws.Reason, x)
	}
	k.comparedHeadline(x.r)
	k.comparedMeans(x.r)
	for i := range x.r.Alone {
		x.alone = &x.r.Alone[i]
		rule(k, loneRules(), x.alone.Reason, x)
	}
	for _, c := range x.r.Cores {
		k.said(words.CoresDiffer(c), figures{
			[]float64{c.N, float64(c.Base), float64(c.New)},
			[]float64{float64(c.Key.Size)},
		})
		k.hold(c.Base != c.New, "%v: %d cores on both sides", c.Key, c.New)
	}
	k.remarks(m, base, fresh)
	for _, d := range compare.Differences(base.Header, fresh.Header) {
		x.differ = &d
		rule(k, differenceRules(), d.Kind, x)
		k.hold(d.Base != d.New && words.Difference(d) != "", "%s: %q on both sides", d.Kind, d.New)
	}
}

// changes checks the shares of causes on both sides: those of the ledgers, the largest change first.
func (k *checker) changes(x *compared) {
	shares := func(c compare.Curve) map[cause.Cause]float64 {
		for _, d := range c.Counts {
			if d.N == x.p.N {
				return d.Shares
			}
		}
		return nil
	}
	b, f := shares(x.pair.Base), shares(x.pair.New)
	for i, c := range x.p.Causes {
		k.hold(c.Base == b[c.Cause] && c.New == f[c.Cause], "%v: %s had %v and has %v, not %+v", x.p.Point, c.Cause,
			b[c.Cause], f[c.Cause], c)
		k.hold(i == 0 || math.Abs(c.New-c.Base) <= math.Abs(x.p.Causes[i-1].New-x.p.Causes[i-1].Base),
			"%v: %s is behind a smaller change", x.p.Point, c.Cause)
	}
	k.hold((len(x.p.Causes) > 0) == (b != nil && f != nil), "%v: %d causes", x.p.Point, len(x.p.Causes))
}

// timesAt are the times of the launches at n.
func timesAt(c compare.Curve, n float64) []float64 {
	for _, d := range c.Counts {
		if d.N == n {
			return d.Seconds
		}
	}
	return nil
}

// A question is a point with its p, which is asked once if it stands in two curves.
type question struct {
	point sweep.Point
	p     float64
}

// adjusted is Holm's p of every question: the k-th smallest of m times m − k + 1, and never less than one before it.
func (x *compared) adjusted() map[question]float64 {
	p := map[question]float64{}
	for _, pair := range x.r.Pairs {
		for _, q := range pair.Points {
			if !math.IsNaN(q.P) {
				p[question{q.Point, q.P}] = 0
			}
		}
	}
	order := slices.SortedFunc(maps.Keys(p), func(a, b question) int { return cmp.Compare(a.p, b.p) })
	most := 0.0
	for i, q := range order {
		most = max(most, min(1, q.p*float64(len(order)-i)))
		p[q] = most
	}
	return p
}

// rankSum is the two-sided p of the rank sum of b: over all ways to choose its ranks from those of both.
func rankSum(a, b []float64) float64 {
	all := slices.Concat(a, b)
	rank := func(v float64) (r int) { // twice the mean rank
		for _, w := range all {
			if w < v {
				r += 2
			} else if w == v {
				r++
			}
		}
		return r + 1
	}
	sum, middle := 0, len(b)*(len(all)+1)
	for _, v := range b {
		sum += rank(v)
	}
	ways := map[[2]int]float64{{0, 0}: 1} // by how many are chosen and their sum
	for _, v := range all {
		next := map[[2]int]float64{}
		for at, w := range ways {
			next[at] += w
			if at[0] < len(b) {
				next[[2]int{at[0] + 1, at[1] + rank(v)}] += w
			}
		}
		ways = next
	}
	far, both := 0.0, 0.0
	for at, w := range ways {
		if at[0] != len(b) {
			continue
		}
		both += w
		if abs(at[1]-middle) >= abs(sum-middle) {
			far += w
		}
	}
	return far / both
}

// inBlocks leaves of the times those of blocks that have both.
func (x *compared) inBlocks(k *checker) {
	at := map[int][2]float64{}
	launches := 0
	for side, c := range []compare.Curve{x.pair.Base, x.pair.New} {
		for _, d := range c.Counts {
			if d.N != x.p.N {
				continue
			}
			for i, b := range d.Blocks {
				of := at[b]
				of[side] = d.Seconds[i]
				at[b] = of
				launches++
			}
		}
	}
	if x.p.Verdict == compare.NotMeasured {
		return
	}
	x.times = [2][]float64{}
	for _, b := range slices.Sorted(maps.Keys(at)) {
		if of := at[b]; of[0] > 0 && of[1] > 0 {
			x.times[0], x.times[1] = append(x.times[0], of[0]), append(x.times[1], of[1])
		}
	}
	k.hold(x.p.Pairs == len(x.times[0]) && x.p.Alone == launches-2*x.p.Pairs, "%v: %d pairs, and %d launches without one, of %d",
		x.p.Point, x.p.Pairs, x.p.Alone, launches)
}

// signedRank is the two-sided p of the signed ranks of pairs, those without difference ranked and then left out: over
// all ways to deal out the signs.
func signedRank(a, b []float64) float64 {
	size := func(i int) float64 { return math.Abs(math.Log(b[i] / a[i])) }
	ways, sum, all := map[int]float64{0: 1}, 0, 0 // by the sum of what is above 0
	for i := range a {
		rank := 1 // twice the mean rank
		for k := range a {
			if size(k) < size(i) {
				rank += 2
			} else if size(k) == size(i) {
				rank++
			}
		}
		if size(i) == 0 {
			continue
		}
		all += rank
		if b[i] > a[i] {
			sum += rank
		}
		next := map[int]float64{}
		for at, w := range ways {
			next[at] += w / 2
			next[at+rank] += w / 2
		}
		ways = next
	}
	far := 0.0
	for at, w := range ways {
		if abs(2*at-all) >= abs(2*sum-all) {
			far += w
		}
	}
	return far
}

func abs(v int) int { return max(v, -v) }

func middle(x []float64) float64 { return quantile(x, 0.5) }

// comparedRules: what must be so for a point to be faster or slower.
func comparedRules() map[compare.Verdict]func(*checker, *compared) {
	tested := func(k *checker, x *compared) {
		k.hold(min(len(x.times[0]), len(x.times[1])) >= curve.MinLaunches, "%v: %d and %d launches", x.p.Point,
			len(x.times[0]), len(x.times[1]))
		k.hold(same(x.p.Ratio, middle(x.times[1])/middle(x.times[0])), "%v: ratio %v", x.p.Point, x.p.Ratio)
		want := rankSum(x.times[0], x.times[1])
		if x.r.Options.Paired {
			want = signedRank(x.times[0], x.times[1])
		}
		k.hold(math.Abs(x.p.P-want) < 1e-9, "%v: p = %v, not %v", x.p.Point, want, x.p.P)
		k.hold(same(x.p.Holm, x.holm), "%v: adjusted p = %v, not %v", x.p.Point, x.holm, x.p.Holm)
	}
	changed := func(k *checker, x *compared, low, high float64) {
		tested(k, x)
		k.hold(x.p.Holm <= 0.05 && x.p.Interval.Low > low && x.p.Interval.High < high, "%v is %s: p %v, %+v", x.p.Point,
			x.p.Verdict, x.p.Holm, x.p.Interval)
		k.hold(math.Abs(x.p.Ratio-1) >= x.r.Options.MinEffect && x.p.Ratio > low && x.p.Ratio < high, "%v is %s by %v",
			x.p.Point, x.p.Verdict, x.p.Ratio)
	}
	return map[compare.Verdict]func(*checker, *compared){
		compare.Faster: func(k *checker, x *compared) { changed(k, x, 0, 1) },
		compare.Slower: func(k *checker, x *compared) { changed(k, x, 1, math.Inf(1)) },
		compare.NoDifference: func(k *checker, x *compared) {
			tested(k, x)
			iv := x.p.Interval
			k.hold(x.p.Holm > 0.05 || math.Abs(x.p.Ratio-1) < x.r.Options.MinEffect || iv.Low <= 1 && iv.High >= 1,
				"%v does not differ: %+v", x.p.Point, x.p)
		},
		compare.TooFew: func(k *checker, x *compared) {
			few := min(len(x.times[0]), len(x.times[1]))
			if few == 0 {
				k.hold(x.r.Options.Paired && x.p.Interval == nil && math.IsNaN(x.p.Ratio), "%v: too few of no pair: %+v", x.p.Point, x.p)
				return
			}
			k.hold(few < curve.MinLaunches && x.p.Interval.Method == curve.MinMax, "%v: too few of %d launches", x.p.Point, few)
			least := slices.Min(x.times[1]) / slices.Max(x.times[0])
			if x.r.Options.Paired {
				least = math.Inf(1)
				for i := range x.times[0] {
					least = min(least, x.times[1][i]/x.times[0][i])
				}
			}
			k.hold(x.p.Interval.Low <= least*(1+1e-9) && x.p.Interval.Low >= least/max(1, x.p.Interval.Noise)*(1-1e-9),
				"%v: range %+v", x.p.Point, x.p.Interval)
		},
		compare.NotMeasured: func(k *checker, x *compared) {
			k.hold(len(x.times[0]) == 0 || len(x.times[1]) == 0, "%v was measured", x.p.Point)
		},
	}
}
