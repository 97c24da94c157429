package words

import (
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// shortHash is how much of the hash of a commit tells it from others.
const shortHash = 12

// Variant says what a variant of the study h is, from its name on.
func Variant(v *sweep.Variant, h *sweep.Header) string {
	at := Printable(v.Revision)
	if len(at) > shortHash {
		at = at[:shortHash]
	}
	folder := shell.Quote(v.Folder)
	switch {
	case v.Kind == sweep.OfCommand:
		i := slices.IndexFunc(h.Workloads, func(p sweep.Program) bool { return p.Variant == v.Name && p.Command != nil })
		if i < 0 {
			return v.Name + " is a command"
		}
		return fmt.Sprintf("%s is %s", v.Name, shell.Quote(h.Workloads[i].Command.Argv...))
	case v.Kind == sweep.OfRevision && v.Ref == v.Revision: // the user wrote the hash
		return fmt.Sprintf("%s is revision %s of %s", v.Name, at, folder)
	case v.Kind == sweep.OfRevision:
		return fmt.Sprintf("%s is revision %s of %s (%s)", v.Name, at, folder, Printable(v.Ref))
	case at == "":
		return fmt.Sprintf("%s is %s", v.Name, folder)
	case v.Changed:
		return fmt.Sprintf("%s is %s, at %s with changes", v.Name, folder, at)
	}
	return fmt.Sprintf("%s is %s, at %s", v.Name, folder, at)
}

// Remark says what must be known of two variants before their times are read.
func Remark(r compare.Remark) string {
	if r.Kind == compare.SameProgram {
		return fmt.Sprintf("%s and %s are the same program of %s: every difference shown of it is noise", r.Base, r.New,
			r.Workload)
	}
	return fmt.Sprintf("%s and %s return different results of %s, at size %s", r.Base, r.New, r.Workload,
		MeasuredSize(r.Size))
}
