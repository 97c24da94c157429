package compare

import (
	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Profiles are the CPU profiles of both sides at one point: of one run each, of equal work, at the median time.
type Profiles struct {
	Base, New *profile.Profile
	Pair      *Pair // whose point it is
	Point     *Point
}

// Profiles returns the profiles at the point that h is told by or, if either side has none there, at that with the most
// CPU time of those that are shown to be faster or slower, or else of all; nil if no point has profiles of both.
func (r *Result) Profiles(h *Headline) *Profiles {
	if h.Lead != nil {
		if p := profilesAt(h.Pair, h.Lead); p != nil {
			return p
		}
	}
	var out *Profiles
	for i := range r.Pairs {
		for k := range r.Pairs[i].Points {
			pair := &r.Pairs[i]
			if out != nil && out.Point.Verdict.Shown() && !pair.Points[k].Verdict.Shown() {
				continue
			}
			p := profilesAt(pair, &pair.Points[k])
			if p != nil && (out == nil || p.Point.Verdict.Shown() && !out.Point.Verdict.Shown() || total(p) > total(out)) {
				out = p
			}
		}
	}
	return out
}

// profilesAt returns the profiles at a point; nil if either side has none.
func profilesAt(p *Pair, at *Point) *Profiles {
	b, f := p.Base.at(at.N), p.New.at(at.N)
	if b.Curve == nil || f.Curve == nil || b.At < 0 || f.At < 0 {
		return nil
	}
	growth := sweep.Growth(b.Curve.Points[b.At].Point, f.Curve.Points[f.At].Point)
	out := &Profiles{Base: b.Curve.CPUProfile(b.At, growth), New: f.Curve.CPUProfile(f.At, 1), Pair: p, Point: at}
	if out.Base == nil || out.New == nil {
		return nil
	}
	return out
}

// total is the CPU time of both sides, in nanoseconds.
func total(p *Profiles) (sum int64) {
	for _, of := range []*profile.Profile{p.Base, p.New} {
		for _, s := range of.Sample {
			sum += s.Value[0]
		}
	}
	return sum
}
