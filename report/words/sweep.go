package words

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// At says where p stands on the axis of s: "2 workers".
func At(s sweep.Sweep, p sweep.Point) string {
	workers, procs := Plural(p.Workers, "worker", "workers"), Plural(p.Procs, "process", "processes")
	switch {
	case s.Mode == sweep.Cores:
		return Plural(p.Cores, "core", "cores")
	case s.OverCores():
		return fmt.Sprintf("%s × %s on %s", procs, workers, Plural(p.Cores, "core", "cores"))
	case s.Mode == sweep.Grid:
		return procs + " × " + workers
	case s.Mode == sweep.Procs && p.Workers == 1:
		return procs
	case s.Mode == sweep.Procs:
		return fmt.Sprintf("%s of %s", procs, workers)
	case p.Procs > 1:
		return fmt.Sprintf("%s in each of %s", workers, procs)
	default:
		return workers
	}
}

// Curve names the curve that s is measured for, by what its points have in common: "threads in each of 2 processes".
func Curve(s sweep.Sweep) string {
	name := cmp.Or(Mode(s.Mode), string(s.Mode))
	procs, cores := sweep.LayoutOf(s.Series)
	switch {
	case s.Mode == sweep.Grid && s.Series == "":
		return "the grid"
	case s.Mode == sweep.Grid && procs > 0:
		name = Mode(sweep.Threads) + inEach(procs)
		if cores > 0 {
			name += " on up to " + Plural(cores, "core", "cores")
		}
		return name
	case s.Series != "":
		return name + " (" + s.Series + ")"
	case len(s.Points) == 0:
		return name
	}
	switch p := s.Points[0]; {
	case s.Mode == sweep.Threads && p.Procs > 1:
		name += inEach(p.Procs)
	case s.Mode == sweep.Procs && p.Workers > 1:
		name += fmt.Sprintf(" of %d threads each", p.Workers)
	}
	return name
}

// inEach says in how many processes threads are.
func inEach(procs int) string {
	if procs == 1 {
		return " in 1 process"
	}
	return fmt.Sprintf(" in each of %d processes", procs)
}

// WhichCurve tells a curve of a scaling and size from those it is among, behind a place on it: " at 1 million".
func WhichCurve(among warning.Among, scaling sweep.Scaling, size int64) string {
	said := ""
	if among.Sizes {
		said = " at " + MeasuredSize(size)
	}
	if among.Scalings {
		said += fmt.Sprintf(" under %s scaling", scaling)
	}
	return said
}

// Mode names what a mode counts.
func Mode(m sweep.Mode) string {
	return map[sweep.Mode]string{
		sweep.Threads: "threads", sweep.Procs: "processes", sweep.Cores: "cores", sweep.Grid: "processes × threads",
	}[m]
}
