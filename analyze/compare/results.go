package compare

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// OtherResults returns the workloads that give other results on the two sides, at points that are alike: of these either
// side agrees with itself, or the runs would have failed.
func OtherResults(base, fresh *study.Study) []string {
	digests := func(s *study.Study) map[sweep.Point]string {
		out := map[sweep.Point]string{}
		for i := range s.Results {
			if r := &s.Results[i]; r.Status == sweep.OK && r.Digest != "" {
				p := r.Point
				p.Variant, p.Cores = "", 0
				out[p] = r.Digest
			}
		}
		return out
	}
	other := digests(fresh)
	var out []string
	for p, d := range digests(base) {
		if x, both := other[p]; both && x != d && p.Workload != sweep.SpinWorkload {
			out = append(out, p.Workload)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
