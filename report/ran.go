package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ran says what was run, where, in which order, and when it stopped.
func (r *Report) ran() []fact {
	h := r.study.Header
	var out []fact
	add := func(name, text string) {
		if text != "" {
			out = append(out, fact{name, text})
		}
	}
	add("Command", words.Argv(h.Command))
	for _, p := range h.Workloads {
		add("Workload "+p.Name, workloadText(p))
	}
	add("Begun", words.Printable(h.CreatedAt))
	add("Machine", machineText(h.Host))
	add("System", strings.TrimSpace(words.Printable(h.Host.Kernel)+" ("+h.Host.OS+"/"+h.Host.Arch+")"))
	add("Frequency governor", cmp.Or(words.Printable(h.Host.Governor), "not known"))
	add("CPU quota", quotaText(h.Host.QuotaCores))
	add("Versions", "corecurve "+words.Printable(cmp.Or(h.Tool, "of unknown version"))+", "+words.Printable(cmp.Or(h.Go, "Go of unknown version")))
	add("Order", fmt.Sprintf("randomised complete blocks: each block holds every point once, in an order drawn from seed %d", h.Seed))
	add("Before the first block", warmupText(h.Settings.Warmup))
	add("Runs", r.runsText())
	add("Rule for stopping", ruleText(h.Rule))
	add("Stopped", words.Sentence(words.Printable(r.study.Header.Stopped)))
	add("Tasks", settingsText(h.Settings))
	for _, s := range h.Resumes {
		add("Continued", fmt.Sprintf("at %s after %s", words.Printable(s.At), words.Plural(s.FirstRun, "run", "runs")))
	}
	add("Seen of a run", words.Printable(h.Host.Level))
	add("Cost of tracing", r.overheadText())
	add("Measured ceiling", r.ceilingText())
	for _, p := range r.profiles {
		add("For go tool pprof", p.Name+" beside this report: "+p.what())
	}
	return out
}

func workloadText(p sweep.Program) string {
	var parts []string
	if p.Doc != "" {
		parts = append(parts, strings.TrimSuffix(words.Printable(p.Doc), "."))
	}
	if len(p.Argv) > 0 {
		parts = append(parts, words.Argv(p.Argv))
	}
	if p.SHA256 != "" {
		parts = append(parts, "SHA-256 of the program "+words.Printable(p.SHA256))
	}
	return strings.Join(parts, "; ")
}

func machineText(h sweep.Host) string {
	parts := []string{machineWords(h)}
	if h.Name != "" {
		parts = append(parts, words.Printable(h.Name))
	}
	if h.Physical > 0 {
		parts = append(parts, words.Plural(h.Physical, "physical core", "physical cores"))
	}
	if h.Sockets > 0 {
		parts = append(parts, words.Plural(h.Sockets, "socket", "sockets"))
	}
	if h.SMT {
		parts = append(parts, "SMT: some CPUs share a core; points take physical cores first")
	} else {
		parts = append(parts, "no two CPUs share a core")
	}
	if h.MemoryBytes > 0 {
		parts = append(parts, words.Gigabytes(h.MemoryBytes)+" of memory")
	}
	return strings.Join(parts, ", ")
}

func quotaText(cores float64) string {
	if cores == 0 {
		return "none"
	}
	return words.Ratio(cores) + " cores"
}

func warmupText(n int) string {
	if n == 0 {
		return "no warm-up runs"
	}
	return words.Plural(n, "unrecorded warm-up run", "unrecorded warm-up runs") + " of each workload's first point"
}

// runsText counts the runs, by what became of them.
func (r *Report) runsText() string {
	var timed, tracedRuns, failed int
	for i := range r.study.Results {
		switch res := &r.study.Results[i]; {
		case res.Status != sweep.OK:
			failed++
		case res.Kind == sweep.Traced:
			tracedRuns++
		default:
			timed++
		}
	}
	return fmt.Sprintf("%d timed, %d traced, %d failed", timed, tracedRuns, failed)
}

func ruleText(rule sweep.Rule) string {
	s := fmt.Sprintf("at least %s of every point, until every interval is within ±%s, at most %d",
		words.Plural(rule.MinRuns, "run", "runs"), words.Percent(rule.HalfWidth), rule.MaxRuns)
	if rule.Budget > 0 {
		s += ", within " + words.Duration(rule.Budget.Float())
	}
	return s
}

func settingsText(s sweep.Settings) string {
	var parts []string
	if s.Chunk > 0 {
		parts = append(parts, fmt.Sprintf("dealt out %d at a time", s.Chunk))
	}
	if s.Static {
		parts = append(parts, "split beforehand in equal parts")
	}
	if s.Timeout > 0 {
		parts = append(parts, "time limit of a run "+words.Duration(s.Timeout.Float()))
	}
	return strings.Join(parts, "; ")
}

// overheadText is the range of what tracing cost.
func (r *Report) overheadText() string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, w := range r.Workloads {
		for _, c := range w.Curves {
			for _, p := range c.Points {
				if words.Finite(p.TraceOverhead) {
					low, high = min(low, p.TraceOverhead), max(high, p.TraceOverhead)
				}
			}
		}
	}
	if low > high {
		return ""
	}
	return fmt.Sprintf("work of traced runs over work of timed runs: %s–%s; no timing comes from a traced run", words.Ratio(low), words.Ratio(high))
}

// embeds says what the report lets its readers know of the machine.
func (r *Report) embeds() string {
	name := "no host name"
	if r.study.Header.Host.Name != "" {
		name = "the host name"
	}
	paths := "with the home directory shown as ~"
	if r.study.Redacted {
		paths = "with all but the last part of every path left out"
	}
	return "This report embeds the command line " + paths + ", the description of the machine above (" + name + "), and of " +
		words.Plural(len(r.study.Results), "run", "runs") + " the times, resource use, process numbers, error messages and last lines of standard error. " +
		"It holds no environment variables and no program output."
}
