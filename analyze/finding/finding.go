// Package finding says in ranked sentences where the cores go, with the figures that show it.
//
// A finding is made from the speedup stack of one point (package stack), whose rows say what each cause takes from the speedup:
//
//  1. Rows that are one thing to a person are taken together: all that the garbage collector does, both ends of channels, both
//     kinds of locks. A finding bears the identifier of the largest of them.
//  2. The share of a group is its part of all that is lost: of the sum of the rows that take from the speedup. Lost is what the workers' time has grown by
//     since the base, n·Tₙ − T₁; what the base loses as well is no reason why more workers do not help.
//  3. Groups of at least [MinShare], and of [MinTime] of all time, become findings, largest first, if [MinLoss] of the time is lost at all. Others are named as excluded.
//  4. The speedup at most without the cause is S / (1 − r/N), r being what it takes from the speedup: its time is gone and what is left is
//     spread evenly, so that each of N workers needs r/N of Tₙ less. For a serial part this is Amdahl's law with the part divided evenly. It is
//     never above the ideal that the cores allow, nor above what the machine gives to a loop that lives in registers, and never below S.
//
// Where most of the runs were disturbed by other programs nothing is claimed; a warning says so instead.
package finding

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Thresholds of what is claimed.
const (
	// MinShare is the share of the lost core time from which on a cause is a finding.
	MinShare = 0.05
	// MinLoss is the share of the workers' time that must be lost for there to be findings at all.
	MinLoss = 0.02
	// MinTime is the share of the workers' time from which on a cause is a finding.
	MinTime = 0.01
	// MinTop is the share of a cause that a place must have to be named.
	MinTop = 0.20
)

// A Finding is one sentence on where the cores go, with its evidence.
type Finding struct {
	Workload      string
	Mode          sweep.Mode
	Series        string
	N             int
	Cause         cause.Cause
	Share         float64         // of the lost core time
	Title         string          // one sentence: cause, share, function and line
	Evidence      []string        // sentences with figures, those that exclude rival causes included
	Stack         []gotrace.Frame // innermost first
	AtMostSpeedup float64         // if the cause were gone and nothing took its place; NaN: not known
}

// Input is one point of a curve.
type Input struct {
	Workload string
	Mode     sweep.Mode
	Series   string
	N        int
	Stack    *stack.Stack
	Seconds  float64        // Tₙ, the median
	BaseN    int            // what N is compared with
	Ceiling  float64        // speedup that a loop in registers reaches on the same cores; 0 or NaN: not known
	Noisy    []warning.Item // points of whose runs other programs disturbed so many that nothing is to be claimed
}

// Rank returns the findings of a point, the most important first, and what must be said where nothing can be claimed.
func Rank(in Input) (findings []Finding, warnings []warning.Warning) {
	s := in.Stack
	if s == nil || in.N == in.BaseN {
		return nil, nil
	}
	if len(in.Noisy) > 0 {
		return nil, []warning.Warning{withheld(&in)}
	}
	lost := s.Lost()
	if !(min(lost, s.N-s.Speedup) >= MinLoss*s.N) {
		return nil, nil
	}
	groups := grouped(s)
	for i := range groups {
		g := &groups[i]
		g.share = g.speedup / lost
	}
	for i := range groups {
		g := &groups[i]
		if g.share < MinShare || g.speedup < MinTime*s.N {
			break // they are in order
		}
		if g.kind == unexplained {
			warnings = append(warnings, unclear(&in, g))
			continue
		}
		findings = append(findings, Finding{
			Workload: in.Workload, Mode: in.Mode, Series: in.Series, N: in.N,
			Cause: g.cause, Share: g.share, Title: title(&in, g), Evidence: evidence(&in, groups, i),
			Stack: g.named(), AtMostSpeedup: atMost(&in, g.speedup),
		})
	}
	return findings, warnings
}

// atMost is the speedup without a cause that takes r of it.
func atMost(in *Input, r float64) float64 {
	s := in.Stack
	limit := min(s.N, s.Usable)
	if in.Ceiling > 0 {
		limit = min(limit, in.Ceiling)
	}
	limit = max(limit, s.Speedup)
	if r >= s.N {
		return limit
	}
	return min(limit, s.Speedup/(1-r/s.N))
}
