package study

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/redact"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Redact returns in without what tells whose machine the study was made on. The study itself is not changed.
func (in Input) Redact(r *redact.Redactor) Input {
	in.Redacted = true
	in.Header, in.Results = r.Study(in.Header, in.Results)
	_, in.Interrupted = r.Study(sweep.Header{}, in.Interrupted)
	in.Damage = slices.Clone(in.Damage)
	for i, s := range in.Damage {
		in.Damage[i] = r.Text(s)
	}
	explained := make(map[sweep.Run]Explained, len(in.Explained))
	for run, x := range in.Explained {
		explained[run] = x.redact(r)
	}
	in.Explained = explained
	return in
}

// redact returns x with what the program named by itself redacted, and what was said of its captures. x is not changed,
// but for its profiles. The files of stacks are those that the traces were opened with: see [gotrace.Options].
func (x Explained) redact(r *redact.Redactor) Explained {
	x.Warnings = redacted(r, x.Warnings)
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
	t.Warnings, t.Lanes = redacted(r, t.Warnings), slices.Clone(t.Lanes)
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

// redacted returns ws with the names of files, and what was recorded or reported in words, redacted.
func redacted(r *redact.Redactor, ws []warning.Warning) []warning.Warning {
	ws = slices.Clone(ws)
	for i := range ws {
		w := &ws[i]
		w.Text, w.Subject.Name = r.Text(w.Text), r.Text(w.Subject.Name)
		w.Items = slices.Clone(w.Items)
		for k := range w.Items {
			w.Items[k].Name = r.Text(w.Items[k].Name)
		}
	}
	return ws
}
