package words

import (
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/recommend"
)

// Advice says why r is recommended, or why nothing is.
func Advice(r *recommend.Recommendation) string {
	least := Asked(r.Least)
	low := ShareBeside(r.Least, r.Low)
	var s string
	switch r.Reason {
	case recommend.NoBase:
		return "the base was not measured, so there are no efficiencies"
	case recommend.Only:
		return fmt.Sprintf("n = %d is the only count with a figure", r.N)
	case recommend.NoneBeyond:
		return fmt.Sprintf("no count beyond the base reaches an efficiency of %s with confidence", least)
	case recommend.Seen:
		s = fmt.Sprintf("n = %d is the largest count whose efficiency was at least %s in all of its few runs: the "+
			"least seen is %s", r.N, least, low)
		if r.Noise {
			s = fmt.Sprintf("n = %d is the largest count whose efficiency is at least %s in all of its few runs with "+
				"what noise allows: the least is then %s", r.N, least, low)
		}
	default:
		its := "its interval begins"
		if r.Noise {
			its = "with what noise allows its interval begins"
		}
		s = fmt.Sprintf("n = %d is the largest count whose efficiency is at least %s with confidence: %s at %s",
			r.N, least, its, low)
	}
	if r.Last {
		s += "; larger counts were not measured"
	}
	return s
}

// Beyond says what may be worth its cores beyond the count that r recommends; it is empty if nothing may.
func Beyond(r *recommend.Recommendation) string {
	var parts []string
	if b := r.Likely; b.N > 0 {
		why := "its interval begins at"
		switch {
		case b.Seen && b.Noise:
			why = "with what noise allows the least is"
		case b.Seen:
			why = "the least seen is"
		case b.Noise:
			why = "with the noise its interval begins at"
		}
		parts = append(parts, fmt.Sprintf("n = %d likely reaches %s, but that is not shown with %s: it has %s, and %s %s",
			b.N, Asked(r.Least), Plural(b.Runs, "run", "runs"), Percent(b.Efficiency), why, Percent(b.Low)))
	}
	if b := r.Untold; b.N > 0 {
		parts = append(parts, fmt.Sprintf("for n = %d it is too noisy to tell: %s to %s", b.N,
			PercentNumber(b.Low), Percent(b.High)))
	}
	return strings.Join(parts, "; ")
}

// Gate says what stands in place of the bound of o, or why there is none; it may be empty.
func Gate(o *gate.Outcome) string {
	lowest := "lowest seen"
	if o.Noise {
		lowest = "lowest with what noise allows"
	}
	return map[gate.Reason]string{
		gate.NoRun: "no run succeeded", gate.NoBase: "the base was not measured",
		gate.NoInterval: "there is no interval",
		gate.NotTraced:  "no traced run explains this point", gate.IsBase: "the base, by definition",
		gate.OneRun: "of one traced run, no interval",
		gate.MedianRun: fmt.Sprintf("median of %s, %s to %s", Plural(o.Traced, "traced run", "traced runs"),
			Percent(o.Low), Percent(o.High)),
		gate.LowestSeen: lowest + ": " + Plural(o.Runs, "launch is", "launches are") + " too few for an interval",
	}[o.Reason]
}

// GateFigure is the figure behind o, with more digits than others have: one that just misses its limit does not look
// like it.
func GateFigure(o *gate.Outcome) string {
	show := func(v float64) string {
		switch limit := o.Gate.Limit; {
		case !Finite(v):
			return "not measured"
		case o.Gate.Kind == gate.MinSpeedup:
			return apart(limit, v, 3)
		default:
			return apart(100*limit, 100*v, 1) + NoBreak + "%"
		}
	}
	s := show(o.Value)
	if o.Method != "" {
		s += ", lower bound " + show(o.Bound)
	}
	if why := Gate(o); why != "" {
		s += " (" + why + ")"
	}
	return s
}

// Progress says why a study stops, or what is missing.
func Progress(p *curve.Progress) string {
	var hopeless strings.Builder
	for _, pt := range p.Hopeless {
		fmt.Fprintf(&hopeless, "; no run of %s succeeded", pt)
	}
	wanted := Percent(p.Rule.HalfWidth)
	still := Percent(p.HalfWidth)
	if still == wanted { // to their digits
		still = Asked(p.HalfWidth)
	}
	wide := fmt.Sprintf("%s is still ±%s, wanted ±%s", p.Worst, still, wanted)
	switch {
	case math.IsNaN(p.HalfWidth):
		wide = "too few successful runs for an interval"
	case p.Narrow(): // and yet not done
		wide = "some points have too few successful runs"
	}
	switch p.Reason {
	case curve.NoPoints:
		return "there are no points"
	case curve.AllHopeless:
		return fmt.Sprintf("%s made%s", Plural(p.Blocks, "run was", "runs were"), hopeless.String())
	case curve.Narrow:
		return fmt.Sprintf("after %s every interval is within ±%s%s",
			Plural(p.Blocks, "run", "runs"), wanted, hopeless.String())
	case curve.MostRuns:
		return fmt.Sprintf("--max-runs %d is reached, and %s%s", p.Rule.MaxRuns, wide, hopeless.String())
	case curve.FewRuns:
		return fmt.Sprintf("%d of at least %s made%s", p.Blocks, Plural(p.Needed, "run is", "runs are"), hopeless.String())
	default:
		return fmt.Sprintf("after %s %s%s", Plural(p.Blocks, "run", "runs"), wide, hopeless.String())
	}
}
