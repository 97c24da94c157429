// Package gate tells whether a study meets demands: a least speedup or efficiency at a count, a largest share of a
// cause.
//
// A gate holds only if the end of the interval that protects its owner meets it. For a least speedup or efficiency that
// is the lower end: a study that merely may have reached it does not pass, nor does one whose interval is wide for lack
// of launches. Below five launches the lower end of the range seen takes its place.
//
// A share is held against its limit by the median of the traced runs. Their greatest would fail a study for one run
// that others disturbed, and the more traced runs, the more often; their least would let it pass for one that was
// lucky. Of one run there is no median: it is taken as it is, and the outcome says so.
package gate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
)

// A Kind says what a gate asks for.
type Kind string

// The kinds.
const (
	MinSpeedup    Kind = "min-speedup"
	MinEfficiency Kind = "min-efficiency"
	MaxShare      Kind = "max-share"
)

// A Gate is one demand.
type Gate struct {
	Kind  Kind
	Text  string  // as given
	Limit float64 // a share as a fraction of 1
	N     int     // 0: every point; for shares only
	Cause string  // of shares: a cause, or the first part of several, such as "gc"
}

func (g Gate) String() string { return "--" + string(g.Kind) + " " + g.Text }

// Parse reads a gate: "1.8@2" (speedup 1.8 at n = 2), "0.75@4" or "75%@4" (efficiency), "block.mutex=10%" or "gc=0.1@4"
// (share of the core time).
func Parse(k Kind, text string) (Gate, error) {
	g := Gate{Kind: k, Text: text}
	value, n, at := strings.Cut(text, "@")
	if k == MaxShare {
		var is bool
		if g.Cause, value, is = strings.Cut(value, "="); !is || len(g.causes()) == 0 {
			return g, fmt.Errorf("--%s %q: want a cause and its largest share, as in block.mutex=10%%; causes are %s",
				k, text, known())
		}
	} else if !at {
		return g, fmt.Errorf("--%s %q: want a value and a count, as in 1.8@2", k, text)
	}
	if at {
		v, err := strconv.Atoi(n)
		if err != nil || v < 1 {
			return g, fmt.Errorf("--%s %q: count %q: want a whole number from 1 on", k, text, n)
		}
		g.N = v
	}
	limit, err := share(value, k != MinSpeedup)
	if err != nil {
		return g, fmt.Errorf("--%s %q: %w", k, text, err)
	}
	g.Limit = limit
	return g, nil
}

// share reads a number, or a percentage if percent is set.
func share(text string, percent bool) (float64, error) {
	number, is := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0:
		return 0, fmt.Errorf("%q: want a number that is not negative", text)
	case is && !percent:
		return 0, fmt.Errorf("%q: a speedup is no share", text)
	case is:
		return v / 100, nil
	}
	return v, nil
}

// causes returns the causes that g is about.
func (g Gate) causes() []cause.Cause {
	var out []cause.Cause
	for _, c := range cause.All() {
		if s := c.String(); g.Cause == s || strings.HasPrefix(s, g.Cause+".") {
			out = append(out, c)
		}
	}
	return out
}

func known() string {
	var all []string
	for _, c := range cause.All() {
		all = append(all, c.String())
	}
	return strings.Join(all, " ")
}

// A Subject is a curve to be held against gates.
type Subject struct {
	Label string
	Curve *curve.Curve
	// Shares is, by index of the point, the share of each cause in the core time of each of its traced runs; nil if
	// nothing explains the point.
	Shares [][]map[cause.Cause]float64
}

// An Outcome is a gate at a point.
type Outcome struct {
	Gate   Gate
	Label  string // of the curve
	N      int
	Value  float64 // measured; NaN if not
	Bound  float64 // held against the limit; NaN if not known
	Method string  // of its interval; empty if Bound is the value itself
	Runs   int
	Holds  bool
	Noise  bool    // noise makes its interval so much wider that it is named
	Traced int     // of shares: the traced runs that the value is the median of
	Low    float64 // of shares: the range over them
	High   float64
	Reason Reason // why the bound is none, or not that of an interval
}

// A Reason says why there is no bound, or what stands for it.
type Reason string

// The reasons.
const (
	NoRun      Reason = "no-run"      // no run succeeded
	NoBase     Reason = "no-base"     // the base was not measured
	NoInterval Reason = "no-interval" // nothing tells how sure the value is
	NotTraced  Reason = "not-traced"  // no traced run explains the point
	IsBase     Reason = "base"        // true by definition
	LowestSeen Reason = "lowest-seen" // there are too few launches for an interval
	OneRun     Reason = "one-run"     // the value comes from one traced run
	MedianRun  Reason = "median-run"  // of a share: the median of the traced runs
)

// Check holds every gate against every point that it names. A gate that names no point of any subject has no outcome;
// the caller reports that. If the point is planned but was not measured, [Outcome.Value] is NaN and the gate does not
// hold.
func Check(gates []Gate, subjects []Subject) []Outcome {
	var out []Outcome
	for _, g := range gates {
		for _, s := range subjects {
			for i, p := range s.Curve.Points {
				if g.N != 0 && p.N != g.N {
					continue
				}
				o := Outcome{Gate: g, Label: s.Label, N: p.N, Value: math.NaN(), Bound: math.NaN(), Runs: p.Runs}
				if g.Kind == MaxShare {
					if g.N == 0 && (i >= len(s.Shares) || s.Shares[i] == nil) {
						continue // every point that is explained is asked for
					}
					o.share(s, i)
				} else {
					o.ratio(s.Curve, i)
				}
				out = append(out, o)
			}
		}
	}
	return out
}

// ratio sets a speedup or an efficiency.
func (o *Outcome) ratio(c *curve.Curve, i int) {
	p := c.Points[i]
	switch {
	case p.Runs == 0:
		o.Reason = NoRun
		return
	case c.Base < 0 || math.IsNaN(p.Speedup):
		o.Reason = NoBase
		return
	}
	scale := 1.0
	if o.Gate.Kind == MinEfficiency {
		scale = float64(c.Points[c.Base].N) / float64(p.N)
	}
	o.Value = p.Speedup * scale
	switch {
	case i == c.Base:
		o.Bound, o.Reason = o.Value, IsBase
	case p.Interval == nil:
		o.Reason = NoInterval
		return
	default:
		o.Bound, o.Method, o.Noise = p.Interval.Low*scale, p.Interval.Method, p.Interval.Noisy()
		if o.Method == curve.MinMax {
			o.Reason = LowestSeen
		}
	}
	o.Holds = o.Bound >= o.Gate.Limit
}

// share sets the share of a cause.
func (o *Outcome) share(s Subject, i int) {
	if i >= len(s.Shares) || s.Shares[i] == nil {
		o.Reason = NotTraced
		return
	}
	var all []float64
	for _, run := range s.Shares[i] {
		sum := 0.0
		for _, c := range o.Gate.causes() {
			sum += run[c]
		}
		all = append(all, sum)
	}
	o.Traced, o.Low, o.High = len(all), slices.Min(all), slices.Max(all)
	o.Value = stat.Median(all)
	o.Bound, o.Reason = o.Value, MedianRun
	if len(all) == 1 {
		o.Reason = OneRun
	}
	o.Holds = o.Bound <= o.Gate.Limit
}
