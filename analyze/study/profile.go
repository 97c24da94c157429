package study

import (
	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Profile is a profile for go tool pprof, made by the analysis.
type Profile struct {
	Kind    ProfileKind
	Point   sweep.Point
	Profile *profile.Profile
}

// A ProfileKind says what a profile shows.
type ProfileKind string

// The kinds of profiles.
const (
	Lost        ProfileKind = "lost"         // where the core time of the run that explains the point went, by cause
	ScalingLoss ProfileKind = "scaling-loss" // the CPU profile of the point less that of the base, scaled to equal work
)

// profiles returns the profiles of the judged points, each point once. A point without a ledger has no lost profile;
// one without CPU profiles has no scaling loss.
func (a *analysis) profiles() []Profile {
	var out []Profile
	done := map[sweep.Point]bool{}
	for c := range a.Curves() {
		if c.Judged < 0 || c.Base < 0 || done[c.Points[c.Judged].Point] {
			continue
		}
		p := c.Points[c.Judged].Point
		done[p] = true
		add := func(kind ProfileKind, made *profile.Profile) {
			if made != nil && len(made.Sample) > 0 {
				out = append(out, Profile{kind, p, made})
			}
		}
		if l := c.Figures[c.Judged].Ledger(); l != nil {
			add(Lost, loss.Lost(l.Wall, l.Rows))
		}
		add(ScalingLoss, a.scalingLoss(c))
	}
	return out
}

// scalingLoss returns where the CPU time of the same work grew from the base of c to its judged point, or nil if that
// is not known.
func (a *analysis) scalingLoss(c *Curve) *profile.Profile {
	if c.Judged == c.Base {
		return nil
	}
	base, point := side(a.explained(c.Points[c.Base].Point)), side(a.explained(c.Points[c.Judged].Point))
	if len(base.Profiles) == 0 || len(point.Profiles) == 0 {
		return nil
	}
	base.Scale *= sweep.Growth(c.Points[c.Base].Point, c.Points[c.Judged].Point)
	p, err := loss.Scaling(base, point)
	if err != nil {
		return nil // they are profiles of something else than CPU time
	}
	return p
}

// side returns the CPU profiles of the runs that have some, weighted to be those of one run.
func side(runs []Traced) loss.Side {
	var s loss.Side
	n := 0
	for _, x := range runs {
		if len(x.Profiles) > 0 {
			s.Profiles = append(s.Profiles, x.Profiles...)
			n++
		}
	}
	if n > 0 {
		s.Scale = 1 / float64(n)
	}
	return s
}

// CPUProfile returns the CPU profiles of the traced runs of point i as that of one run, scaled to its median time and
// times growth; nil if a run has none.
func (c *Curve) CPUProfile(i int, growth float64) *profile.Profile {
	runs := c.Figures[i].Explaining
	var sides []loss.Side
	for _, x := range runs {
		if len(x.Profiles) == 0 {
			return nil
		}
		took := c.Measure.Of(x.Result)
		if !(took > 0) || !(c.Points[i].Median > 0) {
			return nil
		}
		sides = append(sides, loss.Side{Profiles: x.Profiles, Scale: growth * c.Points[i].Median / took / float64(len(runs))})
	}
	if len(sides) == 0 {
		return nil
	}
	p, err := loss.Scaled(sides)
	if err != nil || len(p.Sample) == 0 {
		return nil // they are profiles of something else than CPU time
	}
	return p
}
