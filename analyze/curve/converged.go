package curve

import (
	"math"

	"github.com/corecurve/corecurve/trace/sweep"
)

// stoppingResamples is the number of resamples for the stopping rule. It is applied after every block, and a width need
// be known less well than an interval that is shown.
const stoppingResamples = 2_000

// Progress is how far a study has come.
type Progress struct {
	Done      bool
	Blocks    int           // timed runs that every point has had, successful or not
	Worst     sweep.Point   // with the widest interval; zero if no interval is known
	HalfWidth float64       // of Worst, relative; NaN if no interval is known
	Hopeless  []sweep.Point // set aside: none of their runs has succeeded
	Needed    int           // runs that every point needs
	Rule      sweep.Rule
	Reason    Reason
}

// A Reason says why a study stops, or what is missing.
type Reason string

// The reasons.
const (
	NoPoints    Reason = "no-points"
	AllHopeless Reason = "all-hopeless" // no run of any point succeeds
	Narrow      Reason = "narrow"       // every interval is narrow enough
	MostRuns    Reason = "most-runs"    // the limit is reached
	FewRuns     Reason = "few-runs"     // fewer than Needed
	Wide        Reason = "wide"         // some interval is too wide, or not known yet
)

// Converged applies the stopping rule to the results so far:
//
//  1. After MaxRuns blocks the study is done, whatever the intervals.
//  2. Before MinRuns successful runs of every point, and before the five that an interval takes, it is not.
//  3. After that it is done when every interval is narrow enough: half its width is at most rule.HalfWidth of the
//     value. The interval is that of the speedup, which includes the spread of the base; at the base, and without one,
//     it is that of the median time.
//
// A point without success in MinRuns attempts would never let a study end: it is set aside and named. So is the sweep
// of the spin loop, which serves to judge and is not the question. The runner keeps the budget.
//
// Stopping when intervals happen to be narrow makes them a little too narrow: TestCoverage of package analyze measures
// by how much.
func Converged(sweeps []sweep.Sweep, results []sweep.Result, rule sweep.Rule, m Measure) Progress {
	s := gather(results, Options{Measure: m, Resamples: stoppingResamples, bare: true})
	need := max(rule.MinRuns, MinLaunches)
	p := Progress{Blocks: math.MaxInt, HalfWidth: math.NaN(), Needed: need, Rule: rule}
	fewest := math.MaxInt
	for _, pt := range sweep.Points(sweeps) {
		if pt.Workload == sweep.SpinWorkload {
			continue
		}
		l := s.at(pt)
		p.Blocks = min(p.Blocks, len(l.timed)+len(l.failed))
		if len(l.timed) == 0 && len(l.failed) >= rule.MinRuns && len(l.failed) > 0 {
			p.Hopeless = append(p.Hopeless, pt)
			continue
		}
		fewest = min(fewest, len(l.timed))
	}
	if p.Blocks == math.MaxInt { // there is nothing to measure
		p.Blocks = 0
		p.Done, p.Reason = true, NoPoints
		return p
	}
	p.widest(s, sweeps)
	switch limit := max(rule.MaxRuns, 1); {
	case fewest == math.MaxInt && p.Blocks >= min(need, limit):
		p.Done, p.Reason = true, AllHopeless
	case p.Narrow() && fewest >= need:
		p.Done, p.Reason = true, Narrow
	case p.Blocks >= limit:
		p.Done, p.Reason = true, MostRuns
	case p.Blocks < need:
		p.Reason = FewRuns
	default:
		p.Reason = Wide
	}
	return p
}

// widest finds the point with the widest interval. Ranges of too few launches do not count.
func (p *Progress) widest(s *sample, sweeps []sweep.Sweep) {
	for _, sw := range onOneBase(sweeps) {
		if sw.Workload == sweep.SpinWorkload {
			continue
		}
		c := s.curve(sw)
		for i, pt := range c.Points {
			iv, value := pt.Interval, pt.Speedup
			if i == c.Base || c.Base < 0 {
				iv, value = pt.MedianRange, pt.Median
			}
			if iv == nil || iv.Method != Bootstrap || value == 0 {
				continue
			}
			if w := (iv.High - iv.Low) / 2 / value; math.IsNaN(p.HalfWidth) || w > p.HalfWidth {
				p.Worst, p.HalfWidth = pt.Point, w
			}
		}
	}
}

// Narrow reports whether the widest known interval is narrow enough.
func (p *Progress) Narrow() bool { return p.HalfWidth <= p.Rule.HalfWidth }
