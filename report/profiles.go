package report

import (
	"fmt"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A NamedProfile is a profile for go tool pprof, to be written beside the report.
type NamedProfile struct {
	Name    string // of its file: "lost.pb.gz"
	Point   sweep.Point
	Profile *profile.Profile
}

// Profiles are, for the point that each curve is judged by:
//
//   - lost.pb.gz: where its core time went, by cause, from the run that the pictures show;
//   - scaling-loss.pb.gz: its CPU profile less that of the base, scaled to equal work.
//
// Those of the first curve have these names; in those of others the point is named too: lost-pi-p2-w1-c2-s1000.pb.gz. There is none where there
// is no ledger, or no CPU profile.
func (r *Report) Profiles() []NamedProfile { return r.profiles }

func (r *Report) makeProfiles() []NamedProfile {
	var out []NamedProfile
	names := map[string]bool{}
	done := map[sweep.Point]bool{}
	for i := range r.Workloads {
		for k := range r.Workloads[i].Curves {
			c := &r.Workloads[i].Curves[k]
			at := verdict.Judged(&c.Curve, len(r.in.Header.Host.CPUs))
			if at < 0 || c.Base < 0 || done[c.Points[at].Point] {
				continue
			}
			p := c.Points[at].Point
			done[p] = true
			add := func(name string, made *profile.Profile) {
				if made == nil || len(made.Sample) == 0 {
					return
				}
				if file := name + ".pb.gz"; !names[file] {
					names[file] = true
					out = append(out, NamedProfile{file, p, made})
					return
				}
				out = append(out, NamedProfile{fmt.Sprintf("%s-%s.pb.gz", name, p), p, made})
			}
			add("lost", lostProfile(r.ledgerAt(p)))
			add("scaling-loss", r.scalingLoss(c, at))
		}
	}
	return out
}

// what says what p holds.
func (p *NamedProfile) what() string {
	if strings.HasPrefix(p.Name, "lost") {
		return fmt.Sprintf("core time of %s, lost and used, by cause", p.Point)
	}
	return fmt.Sprintf("CPU time of %s less that of its base, for equal work", p.Point)
}

// lostProfile is where core time went.
func lostProfile(l *ledger.Ledger) *profile.Profile {
	if l == nil {
		return nil
	}
	return loss.Lost(l.Wall, l.Rows)
}

// scalingLoss is where the CPU time of the same work has grown from the base of c to point at; nil if it is not known.
func (r *Report) scalingLoss(c *Curve, at int) *profile.Profile {
	if at == c.Base {
		return nil
	}
	base, point := side(r.explainedRuns(c.Points[c.Base].Point)), side(r.explainedRuns(c.Points[at].Point))
	if len(base.Profiles) == 0 || len(point.Profiles) == 0 {
		return nil
	}
	if c.Sweep.Scaling == sweep.Weak {
		base.Scale *= float64(c.Points[at].N) / float64(c.Points[c.Base].N)
	}
	p, err := loss.Scaling(base, point)
	if err != nil {
		return nil // they are profiles of something else than CPU time
	}
	return p
}

// side is the CPU profiles of the runs that have some, weighted so that they are those of one run.
func side(runs []explainedRun) loss.Side {
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
