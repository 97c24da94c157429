package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Axis names the axis of s.
func Axis(s sweep.Sweep) string { return strings.ReplaceAll(s.Axis(), "procs", "processes") }

// Size says how the size of s grows, in the unit of its workload, and for a command why. A command that is told no size
// has the size 1, of which nothing is said.
func Size(s sweep.Sweep, unit string) string {
	size := func(per string) string {
		if s.Size == 1 && unit == "" {
			return ""
		}
		return ", size " + Quantity(s.Size, unit) + per
	}
	switch {
	case s.Scaling == sweep.Weak && s.Basis == sweep.Copies:
		return "weak scaling" + size(" per process") + ": each process is a copy that does as much as one alone"
	case s.Scaling == sweep.Weak:
		return "weak scaling" + size(" per worker") + asked(s)
	case s.Basis == sweep.Shares:
		return "strong scaling" + size("") + ", which copies of the command share"
	case s.Basis == sweep.Environment:
		return "strong scaling" + size("") + "; only its environment tells the command the number of workers"
	case s.Basis == sweep.Told && s.Mode != sweep.Cores:
		return "strong scaling" + size("") + "; the command is told the number of " + Axis(s)
	default:
		return "strong scaling" + size("") + asked(s)
	}
}

func asked(s sweep.Sweep) string {
	if s.Basis == sweep.Asked {
		return " (asked for by --scaling)"
	}
	return ""
}

// Machine is the machine in few words, to stand near numbers.
func Machine(h sweep.Host) string {
	return cmp.Or(Printable(h.CPUModel), h.Arch) + ", " + Plural(len(h.CPUs), "CPU", "CPUs")
}

// Built says what a program was built from.
func Built(r *sweep.Revision) string {
	var parts []string
	if r.Label != "" {
		parts = append(parts, Printable(r.Label))
	}
	if r.Commit != "" {
		text := "commit " + Printable(r.Commit)
		if r.Time != "" {
			text += " of " + Printable(r.Time)
		}
		if r.Subject != "" {
			text += " (" + Printable(r.Subject) + ")"
		}
		if r.Changed {
			text += " with changes that it lacks"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ": ")
}

// Measure names the time that curves are made of.
func Measure(m curve.Measure) string {
	if m == curve.Work {
		return "times are work, without start-up and teardown"
	}
	return "times are total, start-up included"
}

// BusyNote says what columns of CPU time and busy cores hold. Times of work leave out what the CPU time has.
func BusyNote(m curve.Measure) string {
	if m == curve.Work {
		return "CPU and CPU/wall (busy): CPU time and cores busy on average of the whole run, with start-up, teardown and what a " +
			"benchmark does outside its timed loop"
	}
	return "CPU/wall (busy): cores busy on average"
}

// Layout says how many workers stand where.
func Layout(p sweep.Point) string {
	if p.Procs == 1 {
		return Plural(p.Workers, "worker", "workers") + " in 1 process"
	}
	return fmt.Sprintf("%d processes of %s", p.Procs, Plural(p.Workers, "worker", "workers"))
}

// CommandLayout is Layout of a command, which is told how many threads to have.
func CommandLayout(p sweep.Point) string {
	if p.Procs == 1 {
		return Plural(p.Workers, "thread", "threads") + " in 1 process"
	}
	return fmt.Sprintf("%d processes of %s", p.Procs, Plural(p.Workers, "thread", "threads"))
}

// RunsOfEach says how many timed runs the points of curves have.
func RunsOfEach(least, most int) string {
	if least == most {
		return "Each count: " + Plural(most, "timed run", "timed runs") + "."
	}
	return fmt.Sprintf("Each count: %d to %s.", least, Plural(most, "timed run", "timed runs"))
}

// MostUnits is how many of the figures that benchmarks print stand in a table. A benchmark that reports ten of its own
// is rare.
const MostUnits = 50

// MoreUnits says that n figures are left out of a table.
func MoreUnits(n int) string {
	return Plural(n, "more unit", "more units") + " in report.json"
}

// Failure says in a sentence how runs ended.
func Failure(f *study.Failure) string {
	how := map[sweep.Status]string{
		sweep.Failed: "failed", sweep.TimedOut: "timed out", sweep.Killed: "were killed",
		sweep.Mismatch: "gave other results",
	}[f.Status]
	if f.Status == sweep.Killed && len(f.Runs) == 1 {
		how = "was killed"
	}
	if how == "" {
		how = "ended as " + string(f.Status)
	}
	kind := ""
	if f.Kind == sweep.Traced {
		kind = "traced "
	}
	s := fmt.Sprintf("%s: %s %s", f.Point, Plural(len(f.Runs), kind+"run", kind+"runs"), how)
	if f.Error != "" {
		s += ": " + Printable(f.Error)
	}
	return Sentence(s)
}

// PicturesLeftOut says that a report has pictures drawn, and others not.
func PicturesLeftOut(drawn, left int) string {
	return fmt.Sprintf("%d of %s left out of the report, which has room for %d: those of single counts first; the tables "+
		"have the figures of all", left, Plural(drawn+left, "picture is", "pictures are"), drawn)
}

// PicturesOfFolded says which of so many workloads have pictures, all of them or the curve and the stack, and how many
// others would have are left out.
func PicturesOfFolded(left, all, whole, curves int) string {
	next := "other"
	switch {
	case all > whole+curves:
		next = fmt.Sprintf("next %d", curves)
	case all > whole+1:
		next = fmt.Sprintf("other %d", all-whole)
	}
	return fmt.Sprintf("the %d workloads that lose most core time have all their pictures, of the %s there are the curve and where the "+
		"cores go; %s left out, and the tables have the figures of all", whole, next, Plural(left, "picture is", "pictures are"))
}

// Heading names what a study is of: its workloads, or of more than most how many they are, and of which packages the
// benchmarks are.
func Heading(all []sweep.Program, most int) string {
	var names, packages []string
	benchmarks := true
	for i := range all {
		p := &all[i]
		names = append(names, p.Name)
		if b := p.Benchmark(); b == nil {
			benchmarks = false
		} else if !slices.Contains(packages, b.Package) {
			packages = append(packages, b.Package)
		}
	}
	switch n := len(all); {
	case n == 0:
		return "no workload"
	case n <= most:
		return List(names)
	case !benchmarks:
		return fmt.Sprintf("%d workloads", n)
	case len(packages) == 1:
		return fmt.Sprintf("%d benchmarks of %s", n, packages[0])
	default:
		return fmt.Sprintf("%d benchmarks of %d packages", n, len(packages))
	}
}
