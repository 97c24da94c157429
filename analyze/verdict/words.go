package verdict

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/sweep"
)

// countWords says where p stands in s: "2 workers".
func countWords(s sweep.Sweep, p sweep.Point) string {
	workers, procs := plural(p.Workers, "worker", "workers"), plural(p.Procs, "process", "processes")
	switch {
	case s.Mode == sweep.Cores:
		return plural(p.Cores, "core", "cores")
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

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// stateWords names a state of a worker for keys and for people.
func stateWords(s timeline.State) (key, doing string) {
	switch s {
	case timeline.Lock:
		return "lock", "waiting for locks"
	case timeline.Channel:
		return "channel", "waiting for channels"
	case timeline.Waiting:
		return "waiting", "waiting for files, the network or a timer"
	case timeline.Ready:
		return "ready", "ready to run but without a core"
	case timeline.GC:
		return "gc", "in garbage collection"
	case timeline.Serial:
		return "serial", "idle while a serial part ran"
	default:
		return "unknown", "in a state that the trace does not show"
	}
}

// intervalWords is an interval to stand behind a speedup.
func intervalWords(iv *curve.Interval) string {
	switch {
	case iv == nil:
		return ""
	case iv.Method == curve.MinMax:
		return fmt.Sprintf(" (range %s–%s, too few runs for an interval)", figure(iv.Low), times(iv.High))
	default:
		return fmt.Sprintf(" (%.0f %% interval %s–%s)", 100*iv.Level, figure(iv.Low), times(iv.High))
	}
}

// figure writes a ratio with two decimals below 10 and three digits above.
func figure(x float64) string {
	switch a := math.Abs(x); {
	case a < 9.995:
		return fmt.Sprintf("%.2f", x)
	case a < 99.95:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

func times(x float64) string { return figure(x) + "×" }

// brief writes a speedup for a title, with two digits.
func brief(x float64) string {
	switch {
	case x < 0.995:
		return fmt.Sprintf("%.2f×", x)
	case x < 9.95:
		return fmt.Sprintf("%.1f×", x)
	default:
		return fmt.Sprintf("%.0f×", x)
	}
}

func percent(x float64) string {
	if math.Abs(x) < 0.0995 {
		return fmt.Sprintf("%.1f %%", 100*x)
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

// duration writes seconds with about two digits and a unit.
func duration(s float64) string {
	unit, x := "s", s
	switch a := math.Abs(s); {
	case a < 0.9995e-3:
		unit, x = "µs", 1e6*s
	case a < 0.9995:
		unit, x = "ms", 1e3*s
	}
	if math.Abs(x) < 9.95 && math.Abs(x-math.Round(x)) >= 0.05 {
		return fmt.Sprintf("%.1f %s", x, unit)
	}
	return fmt.Sprintf("%.0f %s", x, unit)
}
