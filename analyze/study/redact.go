package study

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/redact"
)

// Redact returns x with what the program named by itself redacted, and what was said of its captures. x is not changed,
// but for its profiles. The files of stacks are those that the traces were opened with: see [gotrace.Options].
func (x Explained) Redact(r *redact.Redactor) Explained {
	x.Warnings = r.Warnings(x.Warnings)
	for _, p := range x.Profiles {
		r.Profile(p)
	}
	x.Phases = slices.Clone(x.Phases)
	for i := range x.Phases {
		x.Phases[i].Name = r.Text(x.Phases[i].Name)
	}
	if x.Timeline == nil {
		return x
	}
	t := *x.Timeline
	t.Warnings, t.Lanes = r.Warnings(t.Warnings), slices.Clone(t.Lanes)
	for i := range t.Lanes {
		l := &t.Lanes[i]
		l.Name, l.Marks = r.Text(l.Name), slices.Clone(l.Marks)
		for k := range l.Marks {
			l.Marks[k].Label = r.Text(l.Marks[k].Label)
		}
	}
	x.Timeline = &t
	return x
}
