package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Differences says in what two studies differ besides the program that is compared: what the reader must know before any figure. The first are
// those that make times of the two sides incomparable.
func Differences(b, f sweep.Header) []string {
	var out []string
	differ := func(what string, x, y any) {
		if x, y := words(x), words(y); x != y {
			out = append(out, fmt.Sprintf("%s: %s in BASE, %s in NEW", what, x, y))
		}
	}
	differ("CPU", b.Host.CPUModel, f.Host.CPUModel)
	differ("CPUs", len(b.Host.CPUs), len(f.Host.CPUs))
	differ("physical cores", b.Host.Physical, f.Host.Physical)
	differ("SMT", b.Host.SMT, f.Host.SMT)
	differ("host name", b.Host.Name, f.Host.Name)
	differ("system", b.Host.OS+"/"+b.Host.Arch, f.Host.OS+"/"+f.Host.Arch)
	differ("kernel", b.Host.Kernel, f.Host.Kernel)
	differ("frequency governor", b.Host.Governor, f.Host.Governor)
	differ("CPU quota in cores", b.Host.QuotaCores, f.Host.QuotaCores)
	differ("memory in bytes", b.Host.MemoryBytes, f.Host.MemoryBytes)
	if len(out) == 0 && b.Host.BootID != f.Host.BootID {
		out = append(out, "the machine was started anew in between, or it is another one of the same make")
	}
	differ("chunk of tasks", b.Settings.Chunk, f.Settings.Chunk)
	differ("tasks split beforehand", b.Settings.Static, f.Settings.Static)
	differ("warm-up runs", b.Settings.Warmup, f.Settings.Warmup)
	differ("least runs", b.Rule.MinRuns, f.Rule.MinRuns)
	differ("most runs", b.Rule.MaxRuns, f.Rule.MaxRuns)
	differ("half-width to stop at", b.Rule.HalfWidth, f.Rule.HalfWidth)
	differ("Go", b.Go, f.Go)
	differ("corecurve", b.Tool, f.Tool)
	for _, p := range b.Workloads {
		i := slices.IndexFunc(f.Workloads, func(q sweep.Program) bool { return q.Name == p.Name })
		if i < 0 || p.Name == sweep.SpinWorkload {
			continue
		}
		q := f.Workloads[i]
		differ("unit of "+p.Name+"'s size", p.Unit, q.Unit)
		differ("command of "+p.Name, commandLine(p), commandLine(q))
	}
	return out
}

func commandLine(p sweep.Program) string {
	if p.Command == nil {
		return ""
	}
	return strings.Join(append(slices.Clone(p.Command.Env), p.Command.Argv...), " ")
}

// words writes a setting; what was not recorded is said so.
func words(v any) string { return cmp.Or(fmt.Sprint(v), "not known") }
