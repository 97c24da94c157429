package finding

import (
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// title is the sentence of g.
func title(in *Input, g *group) string {
	said, at := what(in, g)
	if where := place.Words(g.named()); where != "" {
		said += at + where
	}
	return fmt.Sprintf("%s of the lost core time is %s", percent(g.share), said)
}

// what says what the time of g is, and what comes between that and the place, if it is known.
func what(in *Input, g *group) (said, at string) {
	who := "workers"
	if in.Stack.Lanes == stack.Cores {
		who = "cores without work, their goroutines"
	}
	switch g.kind {
	case work:
		return "the same work taking longer on a core than at the base", ", in "
	case gc:
		return "garbage collection", ", for what is allocated in "
	case lock:
		return who + " waiting for a lock", ", taken in "
	case foreign:
		if place.Words(g.named()) != "" {
			return who + " waiting", " for " // the lock is what is named
		}
		return who + " waiting for a lock outside Go", ""
	case channel:
		return who + " waiting at channels", ", for "
	case join:
		return who + " waiting for the longest task", ", "
	case condition:
		return who + " waiting for a condition", ", for "
	case serial:
		return idle(in) + " idle while a serial part runs", ", "
	case sleep:
		return who + " sleeping", ", in "
	case network:
		return who + " waiting for the network", ", in "
	case files:
		return who + " waiting for input and output", ", in "
	case system:
		return "system calls", ", in "
	case scheduling:
		return waitingForCore(in, g), ", in "
	case overhead:
		return "starting and ending processes", ", in "
	case dispatch:
		return "handing tasks to processes and collecting results", ", in "
	case runtime:
		if g.cause == cause.Tracer {
			return "recording the trace, which only traced runs do", ", in "
		}
		return "the Go runtime's own work", ", in "
	default:
		return "not explained", ", in "
	}
}

func idle(in *Input) string {
	if in.Stack.Lanes == stack.Cores {
		return "cores"
	}
	return "workers"
}

// waitingForCore says why somebody who is ready does not run.
func waitingForCore(in *Input, g *group) string {
	switch {
	case in.Stack.Usable < in.Stack.N: // the run's own workers or processes compete
		return "workers that are ready to run but have no core: there are more workers than cores"
	case g.cause == cause.Preempted:
		return "others having the cores, be it other programs or the tracing"
	default:
		return "goroutines that are ready and have not found a free core yet"
	}
}

// evidence is what supports finding i.
func evidence(in *Input, groups []group, i int) []string {
	s, g := in.Stack, &groups[i]
	whose := "worker's"
	if s.Lanes == stack.Cores {
		whose = "core's"
	}
	out := []string{fmt.Sprintf("%s the speedup is %s where %s would be ideal; this takes %s of the %s that all causes take, %s of each %s time%s.",
		at(in), times(s.Speedup), times(s.N), times(g.speedup), times(s.Lost()), percent(g.speedup/s.N), whose, seconds(g.speedup/s.N*in.Seconds))}
	if parts := members(g); parts != "" {
		out = append(out, parts)
	}
	if short := min(s.N, s.Usable) - in.Ceiling; g.kind == work && in.Ceiling > 0 && short >= MinTime*s.N {
		out = append(out, fmt.Sprintf("A loop that lives in registers reaches %s on the same cores: up to %s of this is the machine's (clock, shared units), not the program's.",
			times(in.Ceiling), times(min(short, g.speedup))))
	}
	out = append(out, where(g)...)
	if limit := atMost(in, g.speedup); limit > s.Speedup {
		out = append(out, fmt.Sprintf("Without it, and with nothing in its place, the speedup would be at most %s.", times(limit)))
	}
	if d := s.Traced/s.Speedup - 1; math.Abs(d) > stack.TracedDiffers {
		out = append(out, fmt.Sprintf("The traced runs, which the causes are known from, speed up %s.", times(s.Traced)))
	}
	if rivals := excluded(groups, g); rivals != "" {
		out = append(out, rivals)
	}
	return out
}

// members names the causes that g is made of, if there is more than one.
func members(g *group) string {
	var parts []string
	for _, r := range g.rows {
		if share := r.Speedup / g.speedup; share >= MinShare {
			parts = append(parts, fmt.Sprintf("%s %s", r.Cause, percent(share)))
		}
	}
	if len(parts) < 2 {
		return ""
	}
	return "It consists of " + strings.Join(parts, ", ") + "."
}

// where says which places g is spent at and because of.
func where(g *group) []string {
	if g.top == nil {
		return nil
	}
	named := place.Words(g.named())
	out := []string{fmt.Sprintf("%s of it belongs to %s.", percent(min(g.portion(), 1)), named)}
	waiting, blamed := place.Words(g.top.Waiting), place.Words(g.top.Blamed)
	if waiting != "" && waiting != named {
		out = append(out, fmt.Sprintf("The wait is in %s.", waiting))
	}
	if blamed != "" && blamed != named {
		out = append(out, fmt.Sprintf("What was waited for was meanwhile in %s.", blamed))
	}
	return out
}

// excluded names the causes that the figures rule out.
func excluded(groups []group, g *group) string {
	for i := range groups {
		if u := &groups[i]; u.kind == unexplained && u.share >= MinShare {
			return fmt.Sprintf("Other causes are not excluded: %s of what is lost is not explained.", percent(u.share))
		}
	}
	var out []string
	for _, k := range []kind{lock, channel, join, serial, gc, work, scheduling} {
		if k == g.kind {
			continue
		}
		var share float64
		for i := range groups {
			if groups[i].kind == k {
				share = max(groups[i].share, 0)
			}
		}
		if share < MinShare {
			out = append(out, fmt.Sprintf("not %s: %s", k, percent(share)))
		}
	}
	if len(out) == 0 {
		return ""
	}
	text := strings.Join(out, "; ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// unclear is the warning that much of the loss is not explained.
func unclear(in *Input, g *group) warning.Warning {
	w := in.warning(warning.NotExplained)
	w.Figures.Ratio = g.share
	return w
}

// withheld is the warning that nothing is claimed.
func withheld(in *Input) warning.Warning {
	w := in.warning(warning.Withheld)
	w.Items = in.Noisy
	return w
}

func (in *Input) warning(k warning.Kind) warning.Warning {
	return warning.Warning{Kind: k, Subject: warning.Subject{Workload: in.Workload, Mode: in.Mode, Series: in.Series, N: in.N}}
}

// at says where in the sweep the finding is.
func at(in *Input) string {
	switch in.Mode {
	case sweep.Procs:
		return fmt.Sprintf("With %d processes", in.N)
	case sweep.Cores:
		return fmt.Sprintf("On %d cores", in.N)
	case sweep.Grid:
		series := ""
		if in.Series != "" {
			series = " (" + in.Series + ")"
		}
		return fmt.Sprintf("With %d workers in all%s", in.N, series)
	default:
		return fmt.Sprintf("With %d workers", in.N)
	}
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// times writes a speedup.
func times(x float64) string {
	if math.Abs(x) < 99.95 {
		return fmt.Sprintf("%.2f×", x)
	}
	return fmt.Sprintf("%.0f×", x)
}

func percent(x float64) string {
	if x == 0 {
		return "0 %"
	}
	if math.Abs(x) < 0.0995 {
		return fmt.Sprintf("%.1f %%", 100*x)
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

// seconds writes a time in brackets; it is empty for what is not known.
func seconds(x float64) string {
	switch {
	case !(x > 0) || math.IsInf(x, 0):
		return ""
	case x < 0.9995e-3:
		return fmt.Sprintf(" (%.3g µs)", 1e6*x)
	case x < 0.9995:
		return fmt.Sprintf(" (%.3g ms)", 1e3*x)
	default:
		return fmt.Sprintf(" (%.3g s)", x)
	}
}
