package report

import (
	"github.com/corecurve/corecurve/analyze/redact"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Redact returns in without what tells whose machine the study was made on. The study itself is not changed.
func (in Input) Redact(r *redact.Redactor) Input {
	in.redacted = true
	in.Header, in.Results = r.Study(in.Header, in.Results)
	in.Stopped, in.Warnings = r.Text(in.Stopped), r.Warnings(in.Warnings)
	explained := make(map[sweep.Run]study.Explained, len(in.Explained))
	for run, x := range in.Explained {
		explained[run] = x.Redact(r)
	}
	in.Explained = explained
	return in
}
