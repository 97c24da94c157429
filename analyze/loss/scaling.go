package loss

import (
	"fmt"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/stack"
)

// A Side is the CPU profiles of one side of a comparison.
type Side struct {
	Profiles []*profile.Profile // of all processes of all its runs
	// Scale multiplies their times so that both sides stand for the same work: one over the number of runs and, for the
	// base under weak scaling, times n / n_base.
	Scale float64
}

// Scaling returns the profile at less that of base: where the CPU time of the same work has grown. Stacks are equal if
// their functions, files and lines are.
func Scaling(base, at Side) (*profile.Profile, error) {
	b := newBuilder("scaling_loss")
	for i, side := range []Side{at, base} {
		factor := side.Scale
		if i == 1 {
			factor = -factor
		}
		if err := b.addAll(side.Profiles, factor); err != nil {
			return nil, fmt.Errorf("scaling loss: %w", err)
		}
	}
	p := b.finish()
	for _, q := range at.Profiles {
		p.DurationNanos = max(p.DurationNanos, q.DurationNanos)
	}
	return p, nil
}

// Merged returns the CPU profiles of several processes or runs as one. Samples keep their stacks by name and lose their
// labels.
func Merged(profiles []*profile.Profile) (*profile.Profile, error) {
	return Scaled([]Side{{Profiles: profiles, Scale: 1}})
}

// Scaled returns CPU profiles as one, those of each side times its scale.
func Scaled(sides []Side) (*profile.Profile, error) {
	b := newBuilder("cpu")
	for _, s := range sides {
		if err := b.addAll(s.Profiles, s.Scale); err != nil {
			return nil, fmt.Errorf("merging profiles: %w", err)
		}
	}
	p := b.finish()
	for _, s := range sides {
		for _, q := range s.Profiles {
			p.Period = max(p.Period, q.Period)
			p.DurationNanos += q.DurationNanos
		}
	}
	return p, nil
}

func (b *builder) addAll(profiles []*profile.Profile, factor float64) error {
	for i, p := range profiles {
		samples := stack.Samples(p)
		if samples == nil {
			return fmt.Errorf("profile %d: it has no values of CPU time in nanoseconds", i)
		}
		for frames, v := range samples {
			b.add(frames, nil, factor*v)
		}
	}
	return nil
}
