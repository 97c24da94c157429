package words

import (
	"fmt"

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

// Mode names what a mode counts.
func Mode(m sweep.Mode) string {
	return map[sweep.Mode]string{
		sweep.Threads: "threads", sweep.Procs: "processes", sweep.Cores: "cores", sweep.Grid: "processes × threads",
	}[m]
}
