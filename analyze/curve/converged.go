package curve

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/trace/sweep"
)

// stoppingResamples is the number of resamples for the stopping rule, which is asked after every block: an interval's
// width need be known less well than the interval that is shown.
const stoppingResamples = 2_000

// Progress is how far a study has come.
type Progress struct {
	Done      bool
	Blocks    int         // timed runs that every point has had, successful or not
	Worst     sweep.Point // with the widest interval; zero if no interval is known
	HalfWidth float64     // of Worst, over its value; NaN if no interval is known
	Why       string      // in words: why to stop, or what is missing
}

// Converged applies the stopping rule to what has been measured so far:
//
//  1. After MaxRuns blocks the study is done, whatever the intervals.
//  2. Before MinRuns successful runs of every point, and before the five that an interval takes, it is not.
//  3. After that it is done when every interval is narrow enough: half of it is at most rule.HalfWidth of its value. The interval is that
//     of the speedup, which holds the base's spread as well; at the base, and where there is none, that of the median time.
//
// A point of which no run has succeeded in MinRuns attempts would never let a study end early: it is left aside and
// named in Why. The sweep of the spin loop is left aside too: it is there to judge by, not what is asked. The budget is
// the runner's to keep.
//
// Looking after every block and stopping when intervals happen to be narrow makes them a little too narrow:
// TestCoverage of package analyze measures by how much.
func Converged(sweeps []sweep.Sweep, results []sweep.Result, rule sweep.Rule, m Measure) Progress {
	s := gather(results, Options{Measure: m, Resamples: stoppingResamples, bare: true})
	p := Progress{Blocks: math.MaxInt, HalfWidth: math.NaN()}
	need := max(rule.MinRuns, MinLaunches)
	fewest, hopeless := math.MaxInt, ""
	for _, pt := range sweep.Points(sweeps) {
		if pt.Workload == sweep.SpinWorkload {
			continue
		}
		l := s.at(pt)
		p.Blocks = min(p.Blocks, len(l.timed)+len(l.failed))
		if len(l.timed) == 0 && len(l.failed) >= rule.MinRuns && len(l.failed) > 0 {
			hopeless += fmt.Sprintf("; no run of %s succeeded", pt)
			continue
		}
		fewest = min(fewest, len(l.timed))
	}
	if p.Blocks == math.MaxInt { // there is nothing to measure
		p.Blocks = 0
		p.Done, p.Why = true, "stopped: there are no points"
		return p
	}
	p.widest(s, sweeps)
	switch limit := max(rule.MaxRuns, 1); {
	case fewest == math.MaxInt && p.Blocks >= min(need, limit):
		p.Done, p.Why = true, fmt.Sprintf("stopped after %d runs%s", p.Blocks, hopeless)
	case p.narrow(rule) && fewest >= need:
		p.Done, p.Why = true, fmt.Sprintf("stopped after %d runs: every interval is within ±%.3g %%%s", p.Blocks, 100*rule.HalfWidth, hopeless)
	case p.Blocks >= limit:
		p.Done, p.Why = true, fmt.Sprintf("stopped at --max-runs %d: %s%s", rule.MaxRuns, p.wide(rule), hopeless)
	case p.Blocks < need:
		p.Why = fmt.Sprintf("%d of at least %d runs are made%s", p.Blocks, need, hopeless)
	default:
		p.Why = fmt.Sprintf("after %d runs %s%s", p.Blocks, p.wide(rule), hopeless)
	}
	return p
}

// widest finds the point with the widest interval. Ranges of too few launches do not count.
func (p *Progress) widest(s *sample, sweeps []sweep.Sweep) {
	for _, sw := range sweeps {
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

// narrow reports whether the widest interval that is known is narrow enough.
func (p *Progress) narrow(rule sweep.Rule) bool { return p.HalfWidth <= rule.HalfWidth }

// wide says what is still wrong with the intervals.
func (p *Progress) wide(rule sweep.Rule) string {
	switch {
	case math.IsNaN(p.HalfWidth):
		return "too few successful runs for an interval"
	case p.narrow(rule): // and yet not done
		return "some points have too few successful runs"
	default:
		return fmt.Sprintf("%s is still ±%.2g %%, wanted ±%.3g %%", p.Worst, 100*p.HalfWidth, 100*rule.HalfWidth)
	}
}
