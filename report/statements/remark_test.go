package statements_test

import (
	"slices"
	"strconv"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A remarked is a remark and the two variants that it is of.
type remarked struct {
	compare.Remark
	sides [2]*sweep.Study
}

// remarks checks what is remarked of two studies as of variants of one, whose programs and results are made equal or
// not.
func (k *checker) remarks(m *maker, base, fresh *study.Study) {
	var x remarked
	for i, s := range []*study.Study{base, fresh} {
		side := &sweep.Study{Header: s.Header, Results: slices.Clone(s.Results)}
		side.Header.Variants = []sweep.Variant{{Name: []string{"old", "fresh"}[i]}}
		side.Header.Workloads = slices.Clone(s.Header.Workloads)
		for j := range side.Header.Workloads {
			side.Header.Workloads[j].SHA256 = pick(m, "", "ab", strconv.Itoa(i))
		}
		digest := pick(m, "", "same", strconv.Itoa(i))
		for j := range side.Results {
			side.Results[j].Digest = digest
		}
		x.sides[i] = side
	}
	stated := map[string]bool{}
	for _, r := range compare.Remarks(x.sides[0], x.sides[1]) {
		x.Remark = r
		stated[string(r.Kind)+" "+r.Workload] = true
		rule(k, remarkRules(), r.Kind, &x)
		var f figures
		if r.Kind == compare.OtherResults {
			f.must = []float64{float64(r.Size)}
		}
		k.said(words.Remark(r), f)
		k.hold(r.Base == "old" && r.New == "fresh", "it is of %s and %s", r.Base, r.New)
	}
	for _, w := range x.sides[0].Header.Workloads {
		x.Workload = w.Name
		k.hold(x.same() == stated["same-program "+w.Name], "%s: the same program is %v", w.Name, x.same())
		k.hold((len(x.differing()) > 0) == stated["other-results "+w.Name], "%s: other results at %v", w.Name, x.differing())
	}
	x.sides[0].Header.Variants = nil
	k.hold(compare.Remarks(x.sides[0], x.sides[1]) == nil, "it is remarked of two studies")
}

// remarkRules: what is remarked is so of programs and results.
func remarkRules() map[compare.RemarkKind]func(*checker, *remarked) {
	return map[compare.RemarkKind]func(*checker, *remarked){
		compare.SameProgram: func(k *checker, x *remarked) { k.hold(x.same(), "%s: other programs", x.Workload) },
		compare.OtherResults: func(k *checker, x *remarked) {
			sizes := x.differing()
			k.hold(len(sizes) > 0 && slices.Min(sizes) == x.Size, "%s: other results at %v, not %d", x.Workload, sizes, x.Size)
		},
	}
}

// same reports whether the workload has one program and one command line on both sides.
func (x *remarked) same() bool {
	var sums, lines []string
	for _, s := range x.sides {
		for _, w := range s.Header.Workloads {
			if w.Name != x.Workload {
				continue
			}
			line := ""
			if c := w.Command; c != nil && c.Benchmark == nil {
				for _, word := range slices.Concat(c.Env, c.Argv) {
					line += " " + word
				}
			}
			sums, lines = append(sums, w.SHA256), append(lines, line)
		}
	}
	return len(sums) == 2 && sums[0] != "" && sums[0] == sums[1] && lines[0] == lines[1]
}

// differing are the sizes at which a run of either side has another result than one of the other.
func (x *remarked) differing() (out []int64) {
	for _, a := range x.sides[0].Results {
		for _, b := range x.sides[1].Results {
			if a.Point.Workload == x.Workload && b.Point.Workload == x.Workload && a.Point.Size == b.Point.Size &&
				a.Status == sweep.OK && b.Status == sweep.OK && a.Digest != "" && b.Digest != "" && a.Digest != b.Digest {
				out = append(out, a.Point.Size)
			}
		}
	}
	return out
}
