package compare

import (
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Remark is what must be known of two variants of one study before their times are read.
type Remark struct {
	Kind      RemarkKind
	Workload  string
	Base, New string // names of the variants
	Size      int64  // of OtherResults: at which the results differ
}

// A RemarkKind says what is remarked.
type RemarkKind string

// The kinds.
const (
	// SameProgram: both variants run the same executable with the same words, so that each difference of their times is
	// noise.
	SameProgram RemarkKind = "same-program"
	// OtherResults: the runs of one variant return other results than those of the other.
	OtherResults RemarkKind = "other-results"
)

// Remarks returns what is remarked of two variants of a study, as Split parts them; nothing of two studies. Each
// workload has its own, and of several sizes with other results the smallest.
func Remarks(base, fresh *sweep.Study) []Remark {
	b, f := &base.Header, &fresh.Header
	if len(b.Variants) != 1 || len(f.Variants) != 1 {
		return nil
	}
	var out []Remark
	for i := range b.Workloads {
		p := &b.Workloads[i]
		k := slices.IndexFunc(f.Workloads, func(q sweep.Program) bool { return q.Name == p.Name })
		if k < 0 {
			continue
		}
		r := Remark{Workload: p.Name, Base: b.Variants[0].Name, New: f.Variants[0].Name}
		if same(p, &f.Workloads[k]) {
			r.Kind = SameProgram
			out = append(out, r)
		}
		if size, differ := otherResults(p.Name, base.Results, fresh.Results); differ {
			r.Kind, r.Size = OtherResults, size
			out = append(out, r)
		}
	}
	return out
}

// same reports whether two programs are one, run with the same words. The words of a benchmark name its binary, which
// has the name of its package, and nothing that would change what it does.
func same(p, q *sweep.Program) bool {
	if p.SHA256 == "" || p.SHA256 != q.SHA256 {
		return false
	}
	return p.Command == nil || p.Benchmark() != nil || commandLine(*p) == commandLine(*q)
}

// otherResults returns the size at which the results of a workload differ.
func otherResults(workload string, base, fresh []sweep.Result) (size int64, differ bool) {
	digests := map[int64]string{}
	for i := range base {
		if r := &base[i]; r.Point.Workload == workload && r.Status == sweep.OK && r.Digest != "" && digests[r.Point.Size] == "" {
			digests[r.Point.Size] = r.Digest
		}
	}
	for i := range fresh {
		r := &fresh[i]
		d := digests[r.Point.Size]
		if r.Point.Workload == workload && r.Status == sweep.OK && r.Digest != "" && d != "" && d != r.Digest &&
			(!differ || r.Point.Size < size) {
			size, differ = r.Point.Size, true
		}
	}
	return size, differ
}
