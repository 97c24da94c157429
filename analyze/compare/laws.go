package compare

import (
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Param is a parameter of a law on both sides.
type Param struct {
	Name      string
	Base, New law.Param
	// Changed is set if the two intervals of level 0.95 have nothing in common, which is stricter than a test of level
	// 0.95.
	Changed bool
}

// Laws are the laws of a curve on both sides.
type Laws struct {
	Name   law.Name // compared; law.None if none could be
	Reason LawReason
	Params []Param

	Base, New law.Choice // of the law named for each side
}

// A LawReason says why a law is compared, or why none is.
type LawReason string

// The reasons.
const (
	NotAsked  LawReason = "not-asked"
	BothName  LawReason = "both"       // both sides name it
	HoldsBoth LawReason = "holds-both" // it includes the laws named for the two sides
	NoneBase  LawReason = "none-base"  // none is named for the base
	NoneNew   LawReason = "none-new"
)

// laws fits both sides and compares the parameters of one law: the one named for both, or else the USL, which is
// Amdahl's at beta = 0.
func laws(b, f Curve, opt law.Options) Laws {
	x, y := fit(b, opt), fit(f, opt)
	l := Laws{Name: law.None, Base: x.Choice, New: y.Choice}
	switch {
	case x.Best != law.None && x.Best == y.Best:
		l.Name, l.Reason = x.Best, BothName
	case x.Best != law.None && y.Best != law.None && x.Model(law.USL) != nil && y.Model(law.USL) != nil:
		l.Name, l.Reason = law.USL, HoldsBoth
	case x.Best == law.None:
		l.Reason = NoneBase
		return l
	default:
		l.Reason = NoneNew
		return l
	}
	old, fresh := x.Model(l.Name), y.Model(l.Name)
	for _, p := range old.Params {
		q := Param{Name: p.Name, Base: p, New: fresh.Param(p.Name)}
		q.Changed = q.Base.High < q.New.Low || q.New.High < q.Base.Low
		l.Params = append(l.Params, q)
	}
	return l
}

func fit(c Curve, o law.Options) *law.Result {
	o.Weak, o.Cores = c.grows(), float64(c.Cores)
	var counts []law.Count
	for _, d := range c.Counts {
		if !measured(d.Seconds) {
			continue
		}
		n := law.Count{N: d.N, Launches: d.Seconds, Work: 1}
		if o.Weak {
			n.Work = d.N
		}
		counts = append(counts, n)
	}
	return law.FitCounts(counts, o)
}

// grows reports whether the work grows with n. A series of a grid of copies is under weak scaling and does not grow.
func (c Curve) grows() bool {
	return c.Key.Scaling == sweep.Weak && (len(c.Counts) < 2 || c.Counts[0].Point.Size == 0 ||
		c.Counts[0].Point.Size != c.Counts[len(c.Counts)-1].Point.Size)
}
