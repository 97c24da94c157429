package coverage

import "github.com/corecurve/corecurve/trace/sweep"

// Adaptive is the stopping rule that studies have by default.
func Adaptive() sweep.Rule { return sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05} }

// Fixed is the rule of a study of n launches a point.
func Fixed(n int) sweep.Rule { return sweep.Rule{MinRuns: n, MaxRuns: n, HalfWidth: 0.05} }

// Cells are the cases that coverage is held to account on: every noise under ten launches, thirty launches, and the adaptive rule between the two. The
// spreads are those at which the rule stops at once, at which it looks many times, and at which it never is content.
func Cells() []Cell {
	noises := []Noise{
		Normal(0.03), Normal(0.07), Normal(0.15),
		Lognormal(0.03), Lognormal(0.07), Lognormal(0.5),
		Delayed(0.06), Launches(0.05), Layouts(),
	}
	var out []Cell
	for _, r := range []sweep.Rule{Adaptive(), Fixed(10), Fixed(30)} {
		for _, n := range noises {
			out = append(out, Cell{n, r})
		}
	}
	return out
}

// A PairCell is a case of a comparison.
type PairCell struct {
	Cell
	Slowdown float64
}

// PairCells are the cases that comparisons are held to account on: pairs of one program, and of one that became 10 % slower.
func PairCells() []PairCell {
	var out []PairCell
	for _, n := range []Noise{Normal(0.03), Normal(0.07), Lognormal(0.15), Delayed(0.06), Launches(0.03), Layouts()} {
		out = append(out, PairCell{Cell{n, Adaptive()}, 1})
	}
	for _, n := range []Noise{Normal(0.03), Lognormal(0.03), Launches(0.03)} {
		out = append(out, PairCell{Cell{n, Fixed(20)}, 1}, PairCell{Cell{n, Fixed(20)}, 1.1})
	}
	return out
}
