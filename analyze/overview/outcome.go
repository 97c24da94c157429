package overview

import "github.com/corecurve/corecurve/analyze/verdict"

// An Outcome is what is shown of a workload. Each has one.
type Outcome string

// The outcomes, in the order in which they are listed.
const (
	Faster       Outcome = "faster"
	CannotFollow Outcome = "cannot-follow" // a benchmark that cannot follow the count of workers, shown to be neither faster nor slower
	Slower       Outcome = "slower"
	NoChange     Outcome = "no-change" // neither faster nor slower, and noise hides little
	TooNoisy     Outcome = "too-noisy" // likewise, and noise may hide much
	OneCount     Outcome = "one-count" // only the base was measured
	NoBase       Outcome = "no-base"   // not even that
)

// Outcomes are all outcomes, in their order.
func Outcomes() []Outcome {
	return []Outcome{Faster, CannotFollow, Slower, NoChange, TooNoisy, OneCount, NoBase}
}

// Shown reports whether a workload of the outcome is shown to be faster or slower.
func (o Outcome) Shown() bool { return o == Faster || o == Slower }

// Outcome returns that of the workload of r.
func (r *Row) Outcome() Outcome {
	if r.Idle {
		return CannotFollow
	}
	switch r.Kind() {
	case verdict.Rises:
		return Faster
	case verdict.Falls:
		return Slower
	case verdict.Flat:
		return NoChange
	case verdict.Unsure:
		return TooNoisy
	case verdict.Single:
		return OneCount
	}
	return NoBase
}

// Count returns how many workloads have the outcome.
func (o *Overview) Count(of Outcome) int {
	n := 0
	for i := range o.Rows {
		if o.Rows[i].Outcome() == of {
			n++
		}
	}
	return n
}
