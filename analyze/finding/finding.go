// Package finding ranks where the cores go, with the figures that show it. Findings are facts: package words of the
// report makes the sentences.
//
// A finding comes from the speedup stack of one point (package stack), whose rows say what each cause takes from the
// speedup:
//
//  1. Rows that a person would call one thing are taken together: all that the garbage collector does, both ends of
//     channels, both kinds of locks. A finding has the identifier of the largest of them.
//  2. The share of a group is its part of all that is lost: the sum of the groups that take from the speedup. Lost is
//     the growth of the workers' time since the base, n·Tₙ − T₁; what the base loses too is no reason why more workers
//     do not help.
//  3. Groups of at least [MinShare], and of 1 % of all time, become findings, largest first, if at least 2 % of the
//     time is lost. The others are named as excluded.
//  4. What the speedup would be about without the cause, other losses unchanged, is [stack.Stack.Without]. There is no
//     figure where what is not explained takes as much as the cause, nor for busy waiting: whoever no longer waits on a
//     core waits otherwise.
//  5. Work inflation that is mostly in functions which hardly run at the base is no slower work: busy waiting is
//     suspected there.
//
// How sure that is, each traced run says by itself (package stack), and noise is weighed against it (package noise):
//
//  6. A cause is named for sure if it takes enough to make a finding in each of the traced runs, even without what
//     noise can explain of it. It is likely if that is so of their median. If noise can be all of it, it is not named,
//     and a warning says what was left out. One run alone tells nothing of the next: its causes are likely at best,
//     unless noise can explain next to nothing of them. What the traced runs lose and the timed ones do not
//     ([stack.Stack.Surplus]) is weighed with noise: all of it may be one cause, so a sure one takes more than that.
//  7. Traced runs tell what takes a loss, timed ones whether there is any: if the interval of the speedup reaches what
//     the ideal and the cores allow ([stack.Stack.Reach]), no loss is shown and every cause is likely at best.
//  8. If traced runs lose mostly what timed ones do not, a warning says that their causes may be others. If all
//     causes take more than a quarter beyond what is lost, whatever gives the rest back, a warning says of what the
//     shares are.
package finding

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Thresholds for claims.
const (
	// MinShare is the least share of the lost core time that makes a finding.
	MinShare = 0.05
	// minLoss is the least share of the workers' time that must be lost for any finding.
	minLoss = 0.02
	// minTime is the least share of the workers' time that makes a finding.
	minTime = 0.01
	// exceeds is how many times what is lost the causes take together, shares being of that, from which on it is said.
	exceeds = 1.25
	// MinTop is the share of a cause that a place must have to be named.
	MinTop = 0.20
)

// A Finding is where core time goes at one point, with the figures that show it.
type Finding struct {
	Workload string
	Mode     sweep.Mode
	Scaling  sweep.Scaling
	Size     int64 // of the curve, as in sweep.Sweep
	Series   string
	N        int

	Cause         cause.Cause     // the largest of its group
	Share         float64         // of the lost core time
	Stack         []gotrace.Frame // that names it, innermost first; empty if no place has much of it
	AboutSpeedup  float64         // without the cause, other losses unchanged; NaN: see Why
	Why           NoFigure        // why AboutSpeedup is not known
	Replay        *Replay         // what a replay with a change against the cause gives; nil: see NoReplay
	NoReplay      NoReplay        // why Replay is nil
	AtMostSpeedup float64         // without any loss that grows with the count: a bound
	Spins         float64         // of work inflation: the part in functions that hardly run at the base

	Lanes                          stack.Lanes
	Speedup, Ideal, Usable, Traced float64         // of the point
	Interval                       *curve.Interval // of Speedup; nil: not known
	Reach                          float64         // the speedup at which nothing is lost
	Ceiling                        float64         // of a loop in registers, if Reach is by it; 0: it is not
	BaseNeed                       float64         // what takes a core at the base, of 1
	Takes, Lost                    float64         // of the speedup: this finding, and all causes together
	Seconds                        float64         // of each lane's time; 0 if not known

	Certainty noise.Certainty // Certain or Likely
	Low, High float64         // of Takes: the range over the traced runs
	Noise     float64         // of Takes, the most that other programs and the hypervisor can explain
	Surplus   float64         // what the traced runs lose and the timed ones do not, if Takes may be of it
	Runs      int             // traced runs of the point or of the base, whichever has fewer
	Members   []Part          // its causes, the largest first; they add up to Takes

	Machine     float64 // of work inflation: the speedup of a loop in registers on these cores; 0 if no reason
	MachinePart float64 // of Takes, the most that the machine explains

	Portion         float64 // of it that belongs to Stack
	Waiting, Blamed []gotrace.Frame
	Object          *ledger.Object // what most of the time at Waiting was waited for; nil: not known

	Unexplained float64      // the share of the loss that nothing explains; from [MinShare] on nothing is excluded
	Excluded    []GroupShare // what the figures rule out
}

// minNamed is the least share of the lost core time with which a cause of a finding is named: less does not change it.
const minNamed = 0.005

// Named returns the causes that the share of f is the sum of, the largest first.
func (f *Finding) Named() []cause.Cause {
	var out []cause.Cause
	for i, m := range f.Members {
		if i == 0 || m.Takes >= minNamed*f.Lost {
			out = append(out, m.Cause)
		}
	}
	return out
}

// A Part is what one cause of a finding takes: a row of the stack.
type Part struct {
	Cause cause.Cause
	Takes float64 // of the speedup
	Share float64 // of those causes of the finding that take from the speedup
}

// A GroupShare is the share of a group of causes in the lost core time.
type GroupShare struct {
	Group cause.Group
	Share float64
}

// Input is one point of a curve.
type Input struct {
	Workload string
	Mode     sweep.Mode
	Scaling  sweep.Scaling
	Size     int64
	Series   string
	N        int
	Among    warning.Among // the other curves of the workload
	Stack    *stack.Stack
	Seconds  float64         // the median time
	BaseN    int             // what N is compared with
	Ceiling  float64         // speedup of a loop in registers on the same cores; 0 or NaN if not known
	Interval *curve.Interval // of the speedup; nil: not known
}

// LossShown reports whether the interval of the speedup lies below all that can be reached. Without an interval the
// speedup itself counts.
func (f *Finding) LossShown() bool {
	if f.Interval == nil {
		return f.Speedup < f.Reach
	}
	return f.Interval.High < f.Reach
}

// Rank returns the findings of a point, the most important first, and warnings where nothing can be claimed.
func Rank(in Input) (findings []Finding, warnings []warning.Warning) {
	s := in.Stack
	if s == nil || in.N == in.BaseN {
		return nil, nil
	}
	lost := s.Lost()
	if !(min(lost, s.N-s.Speedup) >= minLoss*s.N) {
		return nil, nil
	}
	groups := grouped(s)
	var hidden []warning.Item
	surplus := 0.0 // that may be of what is hidden
	for i := range groups {
		g := &groups[i]
		if !g.counts(s) {
			break // they are in order
		}
		if g.Group.Group == cause.Unexplained {
			warnings = append(warnings, unclear(&in, g))
			continue
		}
		if g.Group.Group == cause.Idling {
			continue // cores without anything to run: a row of the stack, and nothing that the program loses
		}
		by := g.seenBy(s)
		sure := by.certainty(s, g.least(s))
		if sure == noise.Hidden {
			hidden = append(hidden, warning.Item{Name: g.Cause().String(), Ratio: g.share})
			surplus = max(surplus, by.surplus)
			continue
		}
		f := in.finding(groups, g)
		if !f.LossShown() {
			sure = noise.Likely
		}
		f.Certainty, f.Low, f.High, f.Noise, f.Runs = sure, by.low, by.high, by.noise, s.Runs
		f.Surplus = by.surplus
		findings = append(findings, f)
	}
	if len(hidden) > 0 {
		warnings = append(warnings, withheld(&in, hidden, surplus))
	}
	if len(findings) > 0 {
		w := in.warning(warning.TracedLoses)
		w.Figures.Ratio, w.Figures.AgainstRatio = s.TracedLoss(), s.N-s.Speedup
		if !s.MostlyTraced() {
			w.Kind, w.Figures.Ratio = warning.CausesExceed, lost
		}
		if s.MostlyTraced() || lost > exceeds*(s.N-s.Speedup) {
			warnings = append(warnings, w)
		}
	}
	return findings, warnings
}

// Hidden returns the groups of causes of s that are no findings because noise and tracing can be all of them.
func Hidden(s *stack.Stack) []cause.Group {
	var out []cause.Group
	for _, g := range grouped(s) {
		switch g.Group.Group {
		case cause.Unexplained, cause.Idling: // noise is no reason for them
		default:
			if g.counts(s) && g.seenBy(s).certainty(s, g.least(s)) == noise.Hidden {
				out = append(out, g.Group.Group)
			}
		}
	}
	return out
}

// finding returns the finding for g, one of groups.
func (in *Input) finding(groups []group, g *group) Finding {
	s := in.Stack
	f := Finding{
		Workload: in.Workload, Mode: in.Mode, Scaling: in.Scaling, Size: in.Size, Series: in.Series, N: in.N,
		Cause: g.Cause(), Share: g.share, Stack: g.named(), AtMostSpeedup: s.Bound(in.Ceiling),
		Lanes: s.Lanes, Speedup: s.Speedup, Ideal: s.N, Usable: s.Usable, Traced: s.Traced,
		Interval: in.Interval, Reach: s.Reach(in.Ceiling), BaseNeed: s.BaseNeed,
		Takes: g.Takes, Lost: s.Lost(), Seconds: g.Takes / s.N * in.Seconds,
	}
	if in.Ceiling > 0 && in.Ceiling*s.BaseCores < s.Cores {
		f.Ceiling = in.Ceiling
	}
	gross := 0.0 // without rows that give some of it back
	for _, r := range g.Rows {
		gross += max(r.Speedup, 0)
	}
	if g.Group.Group == cause.Work {
		f.Spins = s.Fresh()
	}
	f.AboutSpeedup, f.Why = in.without(g, f.Spins)
	f.NoReplay = NotAsked
	for _, r := range g.Rows {
		f.Members = append(f.Members, Part{r.Cause, r.Speedup, r.Speedup / gross})
	}
	if short := min(s.N, s.Usable) - in.Ceiling; g.Group.Group == cause.Work && in.Ceiling > 0 && short >= minTime*s.N {
		f.Machine, f.MachinePart = in.Ceiling, min(short, g.Takes)
	}
	if g.top != nil {
		f.Portion, f.Waiting, f.Blamed, f.Object = min(g.portion(), 1), g.top.Waiting, g.top.Blamed, g.top.Object
	}
	share := func(of cause.Group) float64 {
		i := slices.IndexFunc(groups, func(g group) bool { return g.Group.Group == of })
		if i < 0 {
			return 0
		}
		return max(groups[i].share, 0)
	}
	if f.Unexplained = share(cause.Unexplained); f.Unexplained >= MinShare {
		return f
	}
	for _, of := range rivals() {
		if x := share(of); of != g.Group.Group && x < MinShare {
			f.Excluded = append(f.Excluded, GroupShare{of, x})
		}
	}
	return f
}

// rivals returns the groups that a reader thinks of first.
func rivals() []cause.Group {
	return []cause.Group{
		cause.Lock, cause.Channel, cause.Imbalance, cause.SerialPart, cause.GC, cause.Work, cause.Scheduling,
	}
}

// unclear returns the warning that much of the loss is not explained.
func unclear(in *Input, g *group) warning.Warning {
	w := in.warning(warning.NotExplained)
	w.Figures.Ratio = g.share
	return w
}

// withheld returns the warning that causes are not named because noise, and what only the traced runs lose, can be all
// of them.
func withheld(in *Input, hidden []warning.Item, surplus float64) warning.Warning {
	w := in.warning(warning.Withheld)
	w.Items, w.Figures.Ratio, w.Figures.AgainstRatio = hidden, in.Stack.Taken, surplus
	return w
}

func (in *Input) warning(k warning.Kind) warning.Warning {
	return warning.Warning{Kind: k, Subject: warning.Subject{
		Workload: in.Workload, Mode: in.Mode, Scaling: in.Scaling, Size: in.Size, Series: in.Series, N: in.N, Among: in.Among,
	}}
}
