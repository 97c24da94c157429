package report

import (
	"fmt"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A NamedProfile is a profile for go tool pprof, to be written beside the report.
type NamedProfile struct {
	Name    string // of its file: "lost.pb.gz"
	Kind    study.ProfileKind
	Point   sweep.Point
	Profile *profile.Profile
}

// Profiles are, for the point that each curve is judged by:
//
//   - lost.pb.gz: where its core time went, by cause, from the run that the pictures show;
//   - scaling-loss.pb.gz: its CPU profile less that of the base, scaled to equal work.
//
// Those of the first curve have these names; in those of others the point is named too: lost-pi-p2-w1-c2-s1000.pb.gz.
func (r *Report) Profiles() []NamedProfile { return r.profiles }

func namedProfiles(made []study.Profile) []NamedProfile {
	var out []NamedProfile
	names := map[string]bool{}
	for _, p := range made {
		name := string(p.Kind) + ".pb.gz"
		if names[name] {
			name = fmt.Sprintf("%s-%s.pb.gz", p.Kind, p.Point)
		}
		names[name] = true
		out = append(out, NamedProfile{name, p.Kind, p.Point, p.Profile})
	}
	return out
}

// what says what p holds.
func (p *NamedProfile) what() string {
	if p.Kind == study.Lost {
		return fmt.Sprintf("core time of %s, lost and used, by cause", p.Point)
	}
	return fmt.Sprintf("CPU time of %s less that of its base, for equal work", p.Point)
}
