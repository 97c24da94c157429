package curve

import (
	"math"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Ratio is the speedup of a point over its base.
type Ratio struct{ Base, At sweep.Point }

// MeanOf returns the geometric mean of speedups and its interval; nil if one of them was not measured. Of ratios it is
// the only mean whose order does not depend on what they are relative to (Fleming & Wallace, "How Not to Lie with
// Statistics", Communications of the ACM 29, 1986), and it means something of like with like alone: the caller sees to
// that. It says nothing of the time of all together (Hoefler & Belli, SC'15, rule 4).
//
// Launches are resampled, those of each point by themselves and from the source that its curve has (steps 3 and 4), and
// the mean is taken of each resample. The means are then centred on that of the launches: medians of resamples of a few
// launches lean to the side of the longer tail, and in a mean of hundreds this is more than their spread. Where one of
// the points has too few launches, the interval is the mean of the ranges seen. Noise widens it by the mean of what it
// can explain of each (step 6).
func MeanOf(ratios []Ratio, results []sweep.Result, opt Options) (mean float64, iv *Interval) {
	s := gather(results, opt)
	n := float64(len(ratios))
	if n == 0 {
		return math.NaN(), nil
	}
	root := func(logs float64) float64 { return math.Exp(logs / n) }
	var sum, low, high float64 // of logarithms; low and high are of the ranges seen
	base, at := Quiet{1, 1, 1}, Quiet{1, 1, 1}
	few := false
	var points []sweep.Point
	for _, r := range ratios {
		from, to, scale := s.at(r.Base), s.at(r.At), sweep.Growth(r.Base, r.At)
		if !from.measured() || !to.measured() {
			return math.NaN(), nil
		}
		sum += math.Log(median(from.timed, s.opt.Measure.Of) / median(to.timed, s.opt.Measure.Of) * scale)
		few = few || len(from.times) < MinLaunches || len(to.times) < MinLaunches
		seen := rangeSeen(from.times, to.times, scale)
		low, high = low+math.Log(seen.Low), high+math.Log(seen.High)
		base, at = base.Times(from.still(), math.Pow(scale, 1/n), 1/n), at.Times(to.still(), 1, 1/n)
		points = append(points, r.Base, r.At)
	}
	if few {
		iv = &Interval{Method: MinMax, Low: root(low), High: root(high)}
	} else {
		s.resample(points)
		iv = Percentile(s.means(ratios, root(sum)))
	}
	s.widen(iv, base, at, 1)
	return root(sum), iv
}

// Times is the quiet of a product: q times that of a factor to the power, whose times are scaled.
func (q Quiet) Times(factor Quiet, scale, power float64) Quiet {
	return Quiet{
		q.Share * math.Pow(factor.Share, power), q.Least * scale * math.Pow(factor.Least, power), q.Most * scale * math.Pow(factor.Most, power),
	}
}

// means are the geometric means of the resamples of ratios, centred on a value.
func (s *sample) means(ratios []Ratio, center float64) []float64 {
	out := make([]float64, s.opt.Resamples)
	for _, r := range ratios {
		base, at, scale := s.at(r.Base).medians, s.at(r.At).medians, sweep.Growth(r.Base, r.At)
		for k := range out {
			out[k] += math.Log(base[k] / at[k] * scale)
		}
	}
	Centre(out, len(ratios), center)
	return out
}

// Centre makes of the logarithms of products of n factors their geometric means, centred on a value.
func Centre(logs []float64, n int, center float64) {
	middle := stat.Median(logs)
	for k := range logs {
		logs[k] = center * math.Exp((logs[k]-middle)/float64(n))
	}
}
