package words

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Difference says what two studies differ in besides the program.
func Difference(d compare.Difference) string {
	if d.Kind == compare.Restarted {
		return "the machine was started anew in between, or it is another one of the same make"
	}
	return fmt.Sprintf("%s: %s in BASE, %s in NEW", setting(d), cmp.Or(d.Base, "not known"), cmp.Or(d.New, "not known"))
}

// setting names what differs.
func setting(d compare.Difference) string {
	name := map[compare.DifferenceKind]string{
		compare.CPUModel: "CPU", compare.CPUCount: "CPUs", compare.Physical: "physical cores", compare.SMT: "SMT",
		compare.HostName: "host name",
		compare.Governor: "frequency governor", compare.Quota: "CPU quota in cores", compare.Memory: "memory in bytes",
		compare.Chunk: "chunk of tasks", compare.Static: "tasks split beforehand", compare.Warmup: "warm-up runs",
		compare.MinRuns: "least runs",
		compare.MaxRuns: "most runs", compare.HalfWidth: "half-width to stop at", compare.GoVersion: "Go",
		compare.Tool:     "corecurve",
		compare.SizeUnit: "unit of " + d.Of + "'s size", compare.CommandLine: "command of " + d.Of,
	}[d.Kind]
	return cmp.Or(name, string(d.Kind))
}

// Key names a curve among those of a study or a file: "pi, threads, strong scaling, size 150 million".
func Key(k compare.Key) string {
	parts := []string{cmp.Or(k.Workload, "measurements")}
	switch {
	case k.Mode != "":
		parts = append(parts, Curve(sweep.Sweep{Mode: k.Mode, Series: k.Series}))
	case k.Series != "":
		parts = append(parts, k.Series)
	}
	if k.Scaling != "" {
		parts = append(parts, string(k.Scaling)+" scaling")
	}
	if k.Size != 0 {
		parts = append(parts, "size "+MeasuredSize(k.Size))
	}
	return strings.Join(parts, ", ")
}

// CoresDiffer says that a point had other cores on the other side.
func CoresDiffer(d compare.CoresDiffer) string {
	return fmt.Sprintf("%s, n = %s: %d cores in BASE and %d in NEW", Key(d.Key), Count(d.N), d.Base, d.New)
}

// Lone says why something has no partner on the other side.
func Lone(l compare.Lone) string {
	switch l.Reason {
	case compare.OtherSize:
		return fmt.Sprintf("the other side has size %d", l.Size)
	case compare.OtherPoint:
		return fmt.Sprintf("it is %s, and %s on the other side", l.Point, l.Other)
	case compare.NoCount:
		return "the other side did not measure it"
	default:
		return "the other side has no such curve"
	}
}

// LawsCompared says why a law is compared, or why none is.
func LawsCompared(l compare.Laws, s Sides) string {
	switch l.Reason {
	case compare.BothName:
		return "both sides name it"
	case compare.HoldsBoth:
		return fmt.Sprintf("%s is named for %s and %s for %s; it holds both", l.Base.Law.Title(), s.Base, l.New.Law.Title(), s.New)
	case compare.NoneBase:
		return s.Base + ": " + LawChoice(l.Base)
	case compare.NoneNew:
		return s.New + ": " + LawChoice(l.New)
	default:
		return "not asked for"
	}
}
