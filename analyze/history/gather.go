package history

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Builder takes studies one by one, and keeps no run.
type Builder struct {
	Measure curve.Measure // the time that the lines are made of; empty: total. Benchmarks time themselves
	Seed    uint64
	// Resamples are those of each study's own intervals; 0: as many as it is worth.
	Resamples int
	history   History
}

// Add adds a study.
func (b *Builder) Add(name string, h sweep.Header, results []sweep.Result) {
	n := len(b.history.Studies)
	st := &study.Study{Header: h, Results: results, Measure: study.MeasureOf(h, b.Measure)}
	opt := curve.Options{
		Measure: st.Measure, Seed: h.Seed,
		Resamples: cmp.Or(b.Resamples, study.EffortFor(len(sweep.Points(h.Sweeps)), len(results)).Curves),
	}
	host := b.host(h.Host)
	var sweeps []sweep.Sweep
	for _, s := range h.Sweeps {
		if s.Workload != sweep.SpinWorkload {
			sweeps = append(sweeps, s)
		}
	}
	curves := curve.Build(sweeps, results, opt)
	for i, launches := range compare.OfStudy(st) {
		e := entry(&curves[i], launches)
		e.Study, e.Program = n, study.ProgramOf(h, launches.Key.Workload)
		s := b.series(host, launches.Key)
		s.Entries, s.Measure = append(s.Entries, e), st.Measure
	}
	kept := h
	kept.Sweeps = nil
	b.history.Studies = append(b.history.Studies, Study{Name: name, Header: kept, loop: loop(h.Sweeps, results, opt)})
}

// loop returns the seconds that a unit of the loop in registers takes, by the cores that are busy with it.
func loop(sweeps []sweep.Sweep, results []sweep.Result, opt curve.Options) map[int]float64 {
	out := map[int]float64{}
	ceiling, _ := curve.NewCeiling(sweeps, results, opt)
	if ceiling == nil {
		return out
	}
	for _, p := range ceiling.Curve.Points {
		if p.Runs > 0 && p.Median > 0 && p.Point.Size > 0 {
			out[p.Point.Cores] = p.Median / float64(p.Point.Size) * float64(p.Point.Cores)
		}
	}
	return out
}

// entry returns what a curve says, with its launches. They have the same points.
func entry(c *curve.Curve, launches compare.Curve) Entry {
	e := Entry{Within: -1, Base: -1, Ceiling: math.NaN(), launches: launches.Counts}
	within := c.Within(launches.Cores)
	for i, p := range c.Points {
		l := &e.launches[i]
		l.Point.Variant, l.Shares = "", nil // variants of one study are revisions beside others
		f := Figure{
			Point: l.Point, N: p.N, Runs: p.Runs, Median: stat.Median(l.Seconds), Speedup: p.Speedup, Interval: p.Interval,
		}
		if p.MedianRange != nil && p.Median > 0 {
			r, unit := *p.MedianRange, f.Median/p.Median
			r.Low, r.High = r.Low*unit, r.High*unit
			f.Range = &r
		}
		e.Figures = append(e.Figures, f)
		if i == within {
			e.Within = i
		}
		if i == c.Base && p.Runs > 0 {
			e.Base = i
		}
	}
	return e
}

// host returns the index of a machine.
func (b *Builder) host(h sweep.Host) int {
	i := slices.IndexFunc(b.history.Hosts, func(o sweep.Host) bool { return sameHost(o, h) })
	if i < 0 {
		i = len(b.history.Hosts)
		b.history.Hosts = append(b.history.Hosts, h)
	}
	return i
}

// sameMemory is the share by which what Linux says of the memory of one machine may differ from kernel to kernel.
const sameMemory = 0.05

// sameHost reports whether two descriptions can be of one machine. A name is compared where both have one.
func sameHost(a, b sweep.Host) bool {
	x, y := float64(a.MemoryBytes), float64(b.MemoryBytes)
	return a.CPUModel == b.CPUModel && len(a.CPUs) == len(b.CPUs) && a.Physical == b.Physical && a.SMT == b.SMT &&
		a.OS == b.OS && a.Arch == b.Arch && a.QuotaCores == b.QuotaCores && math.Abs(x-y) <= sameMemory*max(x, y) &&
		(a.Name == b.Name || a.Name == "" || b.Name == "")
}

// series returns that of a machine and a key.
func (b *Builder) series(host int, key compare.Key) *Series {
	h := &b.history
	i := slices.IndexFunc(h.Series, func(s Series) bool { return s.Host == host && s.Key == key })
	if i < 0 {
		i = len(h.Series)
		h.Series = append(h.Series, Series{Host: host, Key: key})
	}
	return &h.Series[i]
}

// put adds what e says to a line of s.
func (e *Entry) put(l *Line, s *Series, loop map[int]float64) {
	value, machine := math.NaN(), math.NaN()
	var sample []float64
	quiet := [2]float64{1, 1}
	base, top := e.at(s.Base), e.at(s.Top)
	still := func(i int) float64 { return curve.QuietOf(e.launches[i].Seconds, e.launches[i].Quiet).Share }
	switch {
	case l.Quantity == BaseTime && base >= 0:
		value, sample, machine = e.Figures[base].Median, logs(e.launches[base].Seconds), math.Log(loopAt(loop, s.Base))
		quiet[0] = still(base)
	case l.Quantity == TopTime && top >= 0:
		value, sample, machine = e.Figures[top].Median, logs(e.launches[top].Seconds), math.Log(loopAt(loop, s.Top))
		quiet[0] = still(top)
	case l.Quantity == Speedup && base >= 0 && top >= 0:
		value, machine = e.Figures[top].Speedup, loopSpeedup(loop, s.Base, s.Top)
		sample = ratios(&e.launches[base], &e.launches[top])
		quiet = [2]float64{still(base), still(top)}
	}
	endless := func(x float64) bool { return math.IsInf(x, 0) }
	if !(value > 0) || endless(value) || slices.ContainsFunc(sample, endless) {
		value, sample = math.NaN(), nil
	}
	if len(sample) == 0 {
		value = math.NaN()
	} else {
		l.Known++
	}
	l.Values, l.samples = append(l.Values, value), append(l.samples, sample)
	l.machine, l.quiet = append(l.machine, machine), append(l.quiet, quiet)
}

func logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Log(v)
	}
	return out
}

// ratios are the logarithms of the ratios of the launches of two counts in the same block; where no block has both,
// that of their medians.
func ratios(base, top *compare.Count) []float64 {
	var out []float64
	for i, block := range base.Blocks {
		if k := slices.Index(top.Blocks, block); k >= 0 {
			out = append(out, math.Log(base.Seconds[i]/top.Seconds[k]))
		}
	}
	if len(out) == 0 {
		return []float64{math.Log(stat.Median(base.Seconds) / stat.Median(top.Seconds))}
	}
	return out
}

// loopAt is what the loop takes where as many cores are busy as at p; NaN: it was not measured there.
func loopAt(loop map[int]float64, p sweep.Point) float64 {
	v, ok := loop[min(p.Parallelism(), p.Cores)]
	if !ok {
		return math.NaN()
	}
	return v
}

// loopSpeedup is the logarithm of how many times as much of the loop is done at the top as at the base in a time.
func loopSpeedup(loop map[int]float64, base, top sweep.Point) float64 {
	busy := func(p sweep.Point) float64 { return float64(min(p.Parallelism(), p.Cores)) }
	return math.Log(busy(top) / busy(base) * loopAt(loop, base) / loopAt(loop, top))
}
