package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// judge says what bounds the curves of w, and puts the finding into words.
func (r *Report) judge(w *Workload) {
	cpus := len(r.in.Header.Host.CPUs)
	for i := range w.Curves {
		c := &w.Curves[i]
		in := verdict.Input{Cores: cpus, Ceiling: r.ceiling}
		if c.Base >= 0 {
			in.Base = r.load(c.Points[c.Base].Point)
		}
		if at := verdict.Judged(&c.Curve, cpus); at >= 0 {
			in.At = r.load(c.Points[at].Point)
		}
		c.Verdict = verdict.Judge(c.Curve, in)
		if r.ceilingNoisy() {
			c.Verdict.Evidence = slices.DeleteFunc(c.Verdict.Evidence, func(e verdict.Evidence) bool { return e.Kind == verdict.CeilingShare })
		}
	}
	families := w.families()
	var titles []string
	for _, f := range families {
		h := verdict.HeadlineOf(f.curves, cpus, r.ceiling)
		if len(families) == 1 {
			w.Title = words.Headline(h)
			return
		}
		titles = append(titles, fmt.Sprintf("%s scaling, size %d: %s", f.scaling, f.size, words.Finding(h)))
	}
	w.Title = w.Program.Name + ": " + strings.Join(titles, "; ")
}

// ceilingNoisy reports whether the runs that measured the ceiling were mostly noisy themselves, so that little can be held against it.
func (r *Report) ceilingNoisy() bool {
	return r.ceiling != nil &&
		slices.ContainsFunc(r.ceiling.Curve.Points, func(p curve.Point) bool { return p.Runs > 0 && 2*p.Noisy >= p.Runs })
}

// load is what the traced run of p says of its workers.
func (r *Report) load(p sweep.Point) verdict.Load {
	if t := r.tracedAt(p); t != nil && t.Ledger != nil {
		if a, ok := stack.OfWorkers(t.Result, t.Ledger); ok {
			return verdict.LoadOf(a)
		}
	}
	return nil
}

// A family is the curves of a workload that do the same work: those of one scaling and size.
type family struct {
	scaling sweep.Scaling
	size    int64
	curves  []curve.Curve
}

// families are the curves of w by the work they do, in their order.
func (w *Workload) families() []family {
	var out []family
next:
	for _, c := range w.Curves {
		for i := range out {
			if out[i].scaling == c.Sweep.Scaling && out[i].size == c.Sweep.Size {
				out[i].curves = append(out[i].curves, c.Curve)
				continue next
			}
		}
		out = append(out, family{c.Sweep.Scaling, c.Sweep.Size, []curve.Curve{c.Curve}})
	}
	return out
}
