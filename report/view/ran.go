package view

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ran says what was run, where, in which order, and when it stopped.
func ran(st *study.Study, command string, profiles []Profile) []Fact {
	h := st.Header
	var out []Fact
	add := func(name, text string) {
		if text != "" {
			out = append(out, Fact{name, text})
		}
	}
	add("Command", command)
	if n := len(st.Workloads); n > MostWhole {
		add("Workloads", fmt.Sprintf("%d; what each is stands with it", n))
	} else {
		for _, p := range h.Workloads {
			add("Workload "+p.Name, workloadText(p))
		}
	}
	add("Revision", builtText(h.Workloads))
	add("Begun", words.Printable(h.CreatedAt))
	add("Machine", machineText(h.Host))
	add("System", strings.TrimSpace(words.Printable(h.Host.Kernel)+" ("+h.Host.OS+"/"+h.Host.Arch+")"))
	add("Frequency governor", cmp.Or(words.Printable(h.Host.Governor), "not known"))
	add("CPU quota", quotaText(h.Host.QuotaCores))
	add("Versions", "corecurve "+words.Printable(cmp.Or(h.Tool, "of unknown version"))+", "+words.Printable(cmp.Or(h.Go,
		"Go of unknown version")))
	add("Order", fmt.Sprintf("randomised complete blocks: each block holds every point of a workload once, in an order drawn "+
		"from seed %d", h.Seed))
	add("Before the first block", warmupText(h.Settings.Warmup))
	add("Runs", runsText(st))
	add("Rule for stopping", ruleText(h.Rule))
	add("Stopped", words.Sentence(words.Printable(st.Header.Stopped)))
	add("Tasks", settingsText(h.Settings))
	for _, s := range h.Resumes {
		add("Continued", fmt.Sprintf("at %s after %s", words.Printable(s.At), words.Plural(s.FirstRun, "run", "runs")))
	}
	add("Seen of a run", words.Printable(h.Host.Level))
	add("Cost of tracing", overheadText(st))
	add("Measured ceiling", ceilingText(st))
	for _, p := range profiles {
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
		parts = append(parts, shell.Quote(p.Argv...))
	}
	if p.SHA256 != "" {
		parts = append(parts, "SHA-256 of the program "+words.Printable(p.SHA256))
	}
	return strings.Join(parts, "; ")
}

// builtText says what the programs were built from, each revision once, with the workloads if it is not that of all.
func builtText(ps []sweep.Program) string {
	var texts []string
	names := map[string][]string{}
	for i := range ps {
		if ps[i].Revision == nil {
			continue
		}
		text := words.Built(ps[i].Revision)
		if names[text] == nil {
			texts = append(texts, text)
		}
		names[text] = append(names[text], ps[i].Name)
	}
	for i, text := range texts {
		switch n := len(names[text]); {
		case n == len(ps):
		case n > MostWhole:
			texts[i] += " for " + words.Plural(n, "workload", "workloads")
		default:
			texts[i] += " for " + words.List(names[text])
		}
	}
	return strings.Join(texts, "; ")
}

func machineText(h sweep.Host) string {
	parts := []string{words.Machine(h)}
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
func runsText(st *study.Study) string {
	var timed, tracedRuns, failed int
	for i := range st.Results {
		switch res := &st.Results[i]; {
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
func overheadText(st *study.Study) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, w := range st.Workloads {
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
	return fmt.Sprintf("work of traced runs over work of timed runs: %s–%s; no timing comes from a traced run",
		words.Ratio(low), words.Ratio(high))
}

// embeds says what the report lets its readers know of the machine.
func embeds(st *study.Study) string {
	name := "no host name"
	if st.Header.Host.Name != "" {
		name = "the host name"
	}
	paths := "with the home directory shown as ~"
	if st.Redacted {
		paths = "with all but the last part of every path left out"
	}
	return "This report embeds the command line " + paths + ", the description of the machine above (" + name +
		"), and of " +
		words.Plural(len(st.Results), "run", "runs") +
		" the times, resource use, process numbers, error messages and last lines of standard error. " +
		"It holds no environment variables and no program output."
}

// ceilingText is the measured ideal in words.
func ceilingText(st *study.Study) string {
	if st.Ceiling == nil {
		return "not measured: " + words.NoCeiling(st.NoCeiling)
	}
	if st.CeilingNoisy {
		return "not known: noise can explain more than a tenth of it"
	}
	c := st.Ceiling.Curve
	var parts []string
	for i, p := range c.Points {
		if i == c.Base || math.IsNaN(p.Speedup) {
			continue
		}
		s := fmt.Sprintf("%s on %s", words.Times(p.Speedup), words.Plural(p.N, "core", "cores"))
		if p.Interval != nil {
			s += fmt.Sprintf(" (%s, %s)", words.RatioWithin(p.Interval), words.Plural(p.Runs, "run", "runs"))
		}
		parts = append(parts, s)
	}
	if c.Base < 0 || len(parts) == 0 && len(c.Points) > 1 {
		return "not known: too few runs of the spin loop succeeded"
	}
	said := cmp.Or(words.List(parts), "one core only") +
		": the speedup of a loop that only counts in registers, one worker on each core"
	if last := st.Ceiling.Last(); last < mostUsable(st) {
		said += "; not known on more than " + words.Plural(last, "core", "cores")
	}
	return said
}

// mostUsable is the most cores that a point of the study keeps busy, those of the loop among them.
func mostUsable(st *study.Study) int {
	most := 0
	for _, p := range st.Ceiling.Curve.Points {
		most = max(most, p.N)
	}
	for c := range st.Curves() {
		for _, p := range c.Points {
			most = max(most, p.Usable())
		}
	}
	return most
}

// A Profile is a profile for go tool pprof, to be written beside the report.
type Profile struct {
	Name    string // of its file: "lost.pb.gz"
	Kind    study.ProfileKind
	Point   sweep.Point
	Profile *profile.Profile
}

func profiles(made []study.Profile) []Profile {
	var out []Profile
	names := map[string]bool{}
	for _, p := range made {
		name := string(p.Kind) + ".pb.gz"
		if names[name] {
			name = fmt.Sprintf("%s-%s.pb.gz", p.Kind, p.Point)
		}
		names[name] = true
		out = append(out, Profile{name, p.Kind, p.Point, p.Profile})
	}
	return out
}

// what says what p holds.
func (p *Profile) what() string {
	if p.Kind == study.Lost {
		return fmt.Sprintf("core time of %s, lost and used, by cause", p.Point)
	}
	return fmt.Sprintf("CPU time of %s less that of its base, for equal work", p.Point)
}
