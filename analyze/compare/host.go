package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Difference is something that two studies differ in beside the program.
type Difference struct {
	Kind      DifferenceKind
	Of        string // the workload; of [SizeUnit] and [CommandLine]
	Base, New string // as recorded; empty if not known
}

// A DifferenceKind says what differs.
type DifferenceKind string

// The kinds. Those of the machine make times of the two sides incomparable.
const (
	CPUModel    DifferenceKind = "cpu-model"
	CPUCount    DifferenceKind = "cpus"
	Physical    DifferenceKind = "physical-cores"
	SMT         DifferenceKind = "smt"
	HostName    DifferenceKind = "host-name"
	System      DifferenceKind = "system"
	Kernel      DifferenceKind = "kernel"
	Governor    DifferenceKind = "governor"
	Quota       DifferenceKind = "quota"
	Memory      DifferenceKind = "memory"
	Restarted   DifferenceKind = "boot" // nothing else of the machine differs, but it was restarted, or is another
	Chunk       DifferenceKind = "chunk"
	Static      DifferenceKind = "static"
	Warmup      DifferenceKind = "warmup"
	MinRuns     DifferenceKind = "min-runs"
	MaxRuns     DifferenceKind = "max-runs"
	HalfWidth   DifferenceKind = "half-width"
	GoVersion   DifferenceKind = "go"
	Tool        DifferenceKind = "tool"
	SizeUnit    DifferenceKind = "unit"
	CommandLine DifferenceKind = "command"
)

// Differences returns what two studies differ in, which a reader must know before any figure.
func Differences(b, f sweep.Header) []Difference {
	var out []Difference
	differ := func(k DifferenceKind, of string, x, y any) {
		if x, y := fmt.Sprint(x), fmt.Sprint(y); x != y {
			out = append(out, Difference{k, of, x, y})
		}
	}
	differ(CPUModel, "", b.Host.CPUModel, f.Host.CPUModel)
	differ(CPUCount, "", len(b.Host.CPUs), len(f.Host.CPUs))
	differ(Physical, "", b.Host.Physical, f.Host.Physical)
	differ(SMT, "", b.Host.SMT, f.Host.SMT)
	differ(HostName, "", b.Host.Name, f.Host.Name)
	differ(System, "", b.Host.OS+"/"+b.Host.Arch, f.Host.OS+"/"+f.Host.Arch)
	differ(Kernel, "", b.Host.Kernel, f.Host.Kernel)
	differ(Governor, "", b.Host.Governor, f.Host.Governor)
	differ(Quota, "", b.Host.QuotaCores, f.Host.QuotaCores)
	differ(Memory, "", b.Host.MemoryBytes, f.Host.MemoryBytes)
	if len(out) == 0 {
		differ(Restarted, "", b.Host.BootID, f.Host.BootID)
	}
	differ(Chunk, "", b.Settings.Chunk, f.Settings.Chunk)
	differ(Static, "", b.Settings.Static, f.Settings.Static)
	differ(Warmup, "", b.Settings.Warmup, f.Settings.Warmup)
	differ(MinRuns, "", b.Rule.MinRuns, f.Rule.MinRuns)
	differ(MaxRuns, "", b.Rule.MaxRuns, f.Rule.MaxRuns)
	differ(HalfWidth, "", b.Rule.HalfWidth, f.Rule.HalfWidth)
	differ(GoVersion, "", b.Go, f.Go)
	differ(Tool, "", b.Tool, f.Tool)
	for _, p := range b.Workloads {
		i := slices.IndexFunc(f.Workloads, func(q sweep.Program) bool { return q.Name == p.Name })
		if i < 0 || p.Name == sweep.SpinWorkload {
			continue
		}
		q := f.Workloads[i]
		differ(SizeUnit, p.Name, p.Unit, q.Unit)
		differ(CommandLine, p.Name, commandLine(p), commandLine(q))
	}
	return out
}

func commandLine(p sweep.Program) string {
	if p.Command == nil {
		return ""
	}
	return strings.Join(append(slices.Clone(p.Command.Env), p.Command.Argv...), " ")
}
