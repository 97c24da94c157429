package compare

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/measurements"
	"github.com/corecurve/corecurve/trace/sweep"
)

// OfStudy returns the curves of a study, by its measure, without the spin loop, which serves to judge a machine. The
// sizes of benchmarks are iterations, which every study calibrates for itself: their times are of one iteration, and
// sizes need not be equal.
func OfStudy(s *study.Study) []Curve {
	h := s.Header
	shares := map[sweep.Point]map[cause.Cause]float64{}
	for _, t := range s.Traced {
		shares[t.Result.Point] = t.Shares()
	}
	at := map[sweep.Point]*Count{}
	for i := range s.Results {
		r := &s.Results[i]
		if r.Kind != sweep.Timed {
			continue
		}
		c := at[r.Point]
		if c == nil {
			c = &Count{}
			at[r.Point] = c
		}
		switch {
		case r.Status != sweep.OK:
			c.Failed++
			continue
		case s.Measure == curve.Work:
			c.Seconds = append(c.Seconds, r.Work.Float())
		default:
			c.Seconds = append(c.Seconds, r.Total.Float())
		}
		c.Blocks = append(c.Blocks, r.Rep)
		c.Quiet = append(c.Quiet, noise.Least(r, c.Seconds[len(c.Seconds)-1]))
		if r.Noise.Noisy {
			c.Noisy++
		}
	}
	var out []Curve
	for _, of := range h.Sweeps {
		if of.Workload == sweep.SpinWorkload {
			continue
		}
		c := Curve{Key: KeyOf(of), Cores: len(h.Host.CPUs)}
		iterations := 1.0
		if p := study.ProgramOf(h, of.Workload); p.Benchmark() != nil && of.Size > 0 {
			iterations, c.Key.Size = float64(of.Size), 0
		}
		analysed := curveOf(s, of)
		for _, p := range of.Points {
			n := Count{N: float64(of.N(p)), Point: p, Shares: shares[p], Curve: analysed}
			if analysed != nil {
				n.At = slices.IndexFunc(analysed.Points, func(x curve.Point) bool { return x.Point == p })
			}
			if have := at[p]; have != nil {
				n.Failed, n.Noisy, n.Blocks = have.Failed, have.Noisy, have.Blocks
				for _, v := range have.Seconds {
					n.Seconds = append(n.Seconds, v/iterations)
				}
				for _, v := range have.Quiet {
					n.Quiet = append(n.Quiet, v/iterations)
				}
			}
			if c.Key.Size == 0 {
				n.Point.Size = 0
			}
			n.Point.Variant = "" // it is the same point on each side
			c.Counts = append(c.Counts, n)
		}
		slices.SortStableFunc(c.Counts, func(a, b Count) int { return int(a.N) - int(b.N) })
		out = append(out, c)
	}
	return out
}

// curveOf returns the analysed curve of a sweep; nil if there is none.
func curveOf(s *study.Study, of sweep.Sweep) *study.Curve {
	for c := range s.Curves() {
		if KeyOf(c.Sweep) == KeyOf(of) {
			return c
		}
	}
	return nil
}

// OfSeries returns the curves of a file of measurements. A throughput counts as the time that one of its units takes.
func OfSeries(list []measurements.Series) []Curve {
	var out []Curve
	for _, s := range list {
		c := Curve{Key: Key{Workload: s.Name}}
		for _, n := range s.Counts {
			d := Count{N: n.N, Seconds: slices.Clone(n.Values)}
			if s.Kind == measurements.Throughput {
				for i, v := range d.Seconds {
					d.Seconds[i] = 1 / v
				}
			}
			c.Counts = append(c.Counts, d)
		}
		out = append(out, c)
	}
	return out
}
