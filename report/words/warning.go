package words

import (
	"fmt"
	"math"
	"path"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Warnings are the sentences of several warnings, in their order.
func Warnings(all []warning.Warning) []string {
	var out []string
	for _, w := range all {
		out = append(out, Warning(w))
	}
	return out
}

// Warning is the sentence of w, without its full stop, beginning with what it is about.
func Warning(w warning.Warning) string {
	text := statement(&w)
	if about := about(&w); about != "" && text != "" {
		return about + ": " + text
	}
	return text
}

// Statement is as Warning, without what it is about: for where that stands beside it.
func Statement(w *warning.Warning) string { return statement(w) }

// about is what a warning is about, as its sentence begins.
func about(w *warning.Warning) string {
	var parts []string
	switch s := &w.Subject; {
	case w.Kind == warning.WorkersIgnored, w.Kind == warning.NoTrace: // their sentences have it
	case w.Kind == warning.NoisyRun:
		parts = append(parts, s.Run.Dir())
	case s.N != 0:
		parts = append(parts, s.Workload+", "+placeOnCurve(s)+WhichCurve(s.Among, s.Scaling, s.Size))
	case s.Point != sweep.Point{}:
		parts = append(parts, s.Point.String())
	case s.Workload != "":
		parts = append(parts, s.Workload)
	}
	analysis := w.Kind.Analysis()
	switch {
	case analysis == "use" && w.Kind != warning.Widened:
		parts = append(parts, "core use")
	case w.Subject.Process && w.Subject.Rank < 0:
		parts = append(parts, analysisName(analysis)+" of the coordinator")
	case w.Subject.Process:
		parts = append(parts, fmt.Sprintf("%s of process %d", analysisName(analysis), w.Subject.Rank))
	}
	return strings.Join(parts, ": ")
}

func analysisName(kind string) string {
	switch kind {
	case "path":
		return "critical path"
	case "predict":
		return "prediction"
	}
	return kind
}

// placeOnCurve says where on a curve a subject is.
func placeOnCurve(s *warning.Subject) string {
	switch s.Mode {
	case sweep.Procs:
		return fmt.Sprintf("with %s", Plural(s.N, "process", "processes"))
	case sweep.Cores:
		return fmt.Sprintf("on %s", Plural(s.N, "core", "cores"))
	case sweep.Grid:
		all := fmt.Sprintf("with %s in all", Plural(s.N, "worker", "workers"))
		procs, cores := sweep.LayoutOf(s.Series)
		switch {
		case procs == 0 || s.N%procs != 0:
			return all
		case cores > 0:
			all += fmt.Sprintf(" on up to %s", Plural(cores, "core", "cores"))
		}
		return all + ", in " + Plural(procs, "process", "processes")
	default:
		return fmt.Sprintf("with %s", Plural(s.N, "worker", "workers"))
	}
}

// statement is what a warning says of its subject.
func statement(w *warning.Warning) string {
	switch w.Kind.Analysis() {
	case "curve", "bench":
		return ofCurve(w)
	case "study":
		return ofStudy(w)
	case "stack", "finding":
		return ofStack(w)
	case "timeline":
		return ofTimeline(w)
	case "ledger":
		return ofLedger(w)
	case "path":
		return ofPath(w)
	case "predict":
		return ofPrediction(w)
	case "use":
		return ofUse(w)
	case "threads":
		return ofThreads(w)
	default:
		return ofFile(w)
	}
}

func ofCurve(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.NoPoints:
		return "the sweep has no points"
	case warning.NoTimedRun:
		return "no timed run"
	case warning.NoBase:
		return "the base was not measured, so the curve has no speedups"
	case warning.NoTime:
		return fmt.Sprintf("a run has no %s time, so there is no speedup", w.Subject.Name)
	case warning.FailedTimed:
		var parts []string
		for _, i := range w.Items {
			parts = append(parts, fmt.Sprintf("%d %s", i.Count, i.Name))
		}
		return fmt.Sprintf("%d of %d timed runs did not succeed and are in no median: %s",
			f.Count, f.Of, strings.Join(parts, ", "))
	case warning.FailedTraced:
		return fmt.Sprintf("%d of %d traced runs did not succeed", f.Count, f.Of)
	case warning.FewLaunches:
		return fmt.Sprintf("%s too few for an interval, which takes %d: the range of the runs is given, with what noise allows",
			Plural(f.Count, "launch is", "launches are"), f.Of)
	case warning.FewAtBase:
		return fmt.Sprintf("with %s of the base all speedups of the curve have too few for an interval",
			Plural(f.Count, "launch", "launches"))
	case warning.Outliers:
		return fmt.Sprintf("%d of %d launches far out, beyond three interquartile ranges and a tenth of the median, "+
			"kept in all figures: %s", f.Count, f.Of, outliers(w.Items))
	case warning.Drift:
		how := "longer"
		if f.Tau < 0 {
			how = "shorter"
		}
		return fmt.Sprintf("the launches took %s and %s in the course of the study (by %.2g %% from its first half "+
			"to its second; Mann–Kendall "+
			"over %d blocks, tau %.2f, p = %.2g): the machine drifted, and intervals, which take launches for "+
			"independent, are not to be relied on",
			how, how, 100*math.Abs(f.Ratio), f.Count, f.Tau, f.P)
	case warning.IdleBenchmarks:
		return idleBenchmarks(w)
	}
	return ""
}

// outliers are the launches that lie far out, one by one.
func outliers(items []warning.Item) string {
	var parts []string
	for _, i := range items {
		s := fmt.Sprintf("run %d took %.2f times the median", i.Rep, i.Ratio)
		if i.Noisy {
			s += " (noisy)"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

// idleBenchmarks names the benchmarks that cannot follow the count of workers.
func idleBenchmarks(w *warning.Warning) string {
	var names []string
	for _, i := range w.Items {
		names = append(names, i.Name)
	}
	const why = "neither calls RunParallel nor starts goroutines, or whose goroutines take turns"
	if len(names) == 1 {
		return names[0] + " cannot follow the count of workers: it keeps one core busy at every count, as a " +
			"benchmark does that " + why
	}
	shown := ""
	if n := w.Figures.Shown; n > 0 {
		shown = fmt.Sprintf(" (%d of them %s faster or slower all the same, and %s as that)", n, verb(n, "is", "are"), verb(n, "counts", "count"))
	}
	return fmt.Sprintf("%d of %d benchmarks cannot follow the count of workers%s: they keep one core busy at every "+
		"count, as a benchmark does that %s: %s",
		w.Figures.Count, w.Figures.Of, shown, why, strings.Join(names, ", "))
}

func ofStack(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.CoresInstead:
		return "the traces do not have the time of every worker: the speedup stack divides the time of the cores instead"
	case warning.TracedDiffers:
		return fmt.Sprintf("the traced runs, which the causes are known from, speed up %.2f×, the timed ones %.2f×: "+
			"the difference is not explained",
			f.Ratio, f.AgainstRatio)
	case warning.LessCPU:
		return fmt.Sprintf("the trace shows %.3g s of running, the kernel counted %.3g s of CPU time: the "+
			"difference is time in which other programs had the core",
			f.Time.Seconds(), f.Against.Seconds())
	case warning.TracedLoses:
		return tracedLoses(f.Ratio, f.AgainstRatio)
	case warning.CausesExceed:
		return fmt.Sprintf("causes take %s together, and %s is lost: shares of the lost core time are of the former, of which other causes, "+
			"or the timed runs, give the rest back", Times(f.Ratio), Times(f.AgainstRatio))
	case warning.Withheld:
		var parts []string
		for _, i := range w.Items {
			parts = append(parts, fmt.Sprintf("%s (%s)", Percent(i.Ratio), i.Name))
		}
		var why []string
		if f.Ratio > 0 || f.AgainstRatio == 0 {
			why = append(why, fmt.Sprintf("other programs and the hypervisor took %s of core time of a traced run", Duration(f.Ratio)))
		}
		if f.AgainstRatio > 0 {
			why = append(why, fmt.Sprintf("traced runs lose %s that the timed ones do not", Times(f.AgainstRatio)))
		}
		return fmt.Sprintf("%s of the lost core time may all be %s, and %s no finding: %s", List(parts), hider(f),
			verb(len(parts), "is", "are"), strings.Join(why, ", and "))
	case warning.NotExplained:
		return Percent(f.Ratio) + " of the lost core time is not explained (tracing, run to run, or not visible in " +
			"the trace); " +
			"causes that are excluded may be in it"
	}
	return ""
}

// hider is what can be all of causes that are not named.
func hider(f *warning.Figures) string {
	switch {
	case f.AgainstRatio == 0:
		return "noise"
	case f.Ratio == 0:
		return "tracing"
	default:
		return "noise and tracing"
	}
}

func ofTimeline(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.TimelineEmpty:
		return "the trace has no events"
	case warning.TimelineMore:
		return "more of the same"
	case warning.TimelineCut:
		return fmt.Sprintf("the trace breaks off %s before the end", span(f.Time))
	case warning.TimelineSerial:
		return fmt.Sprintf("%s beyond the first %d are not shown on the lanes of the workers",
			Plural(f.Count, "serial part", "serial parts"), f.Of)
	case warning.TimelineAgain:
		return fmt.Sprintf("%q is entered again before its end: only the first is shown so", w.Subject.Name)
	case warning.TimelineEarlier:
		return fmt.Sprintf("region %q began before the trace did: it is not shown", w.Subject.Name)
	case warning.TimelineMarks:
		return fmt.Sprintf("%s has too many marks to show each: up to %d are joined into one", w.Subject.Name, f.Count)
	}
	return ""
}

func ofLedger(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.LedgerEmpty:
		return "the trace has no events"
	case warning.LedgerMore:
		return "more of the same"
	case warning.LedgerGap:
		return fmt.Sprintf("%s, %s in all, could not be read: what happened there is unknown, "+
			"and in no busy core, no work and no path",
			Plural(f.Count, "part of the trace", "parts of the trace"), span(f.Time))
	case warning.LedgerCut:
		return fmt.Sprintf("the trace breaks off %s before the end: what worker %d did then is not known",
			span(f.Time), w.Subject.Worker)
	case warning.LedgerBegins:
		return fmt.Sprintf("the trace begins %s after the part that is wanted", span(f.Time))
	case warning.LedgerEnds:
		return fmt.Sprintf("the trace ends %s before the part that is wanted", span(f.Time))
	case warning.LedgerAgain:
		return fmt.Sprintf("worker %d is entered again before its end: only the first counts", w.Subject.Worker)
	case warning.LedgerWaits:
		return fmt.Sprintf("worker %d waited for long more than %d times: the rest is not compared with serial "+
			"parts of other processes", w.Subject.Worker, f.Of)
	case warning.LedgerSerial:
		return fmt.Sprintf("%s beyond the first %d are not shown to other processes",
			Plural(f.Count, "serial part", "serial parts"), f.Of)
	case warning.LedgerTwice:
		return Plural(f.Count, "time", "times") + " a P had two goroutines at once"
	case warning.PsNotCores:
		return fmt.Sprintf("%s on %s: Ps are not cores then, and short stretches of time are unreliable",
			numberOfPs(f.Ratio), Plural(f.Count, "core", "cores"))
	case warning.PsByRecords:
		return fmt.Sprintf("%s on %s: the records of the OS scheduler say which of them had a core",
			numberOfPs(f.Ratio), Plural(f.Count, "core", "cores"))
	case warning.CPUDiffers:
		return fmt.Sprintf("the OS counted %.3g s of CPU time while Ps were busy for %.3g s (%+.0f %%): the totals "+
			"are those of the OS",
			f.Against.Seconds(), f.Time.Seconds(), 100*f.Ratio)
	case warning.FewThreads:
		return fmt.Sprintf("the program has %d threads, which is fewer than its %d workers: workers cannot be told "+
			"apart", f.Count, f.Of)
	case warning.UnequalThreads:
		return fmt.Sprintf("the work is not that of %d threads alike: workers cannot be told apart", f.Count)
	case warning.LikelyLock:
		return fmt.Sprintf("%s of workers, %s in all, were too short to be looked at, and are likely for a lock: "+
			"while one waited all the others waited too for %s of the time, and while one ran for %s",
			Plural(f.Count, "wait", "waits"), span(f.Time), Percent(f.Ratio), Percent(f.AgainstRatio))
	}
	return ""
}

func ofUse(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.UseEmpty:
		return "the traces have no events"
	case warning.UseEnds:
		return fmt.Sprintf("the traces end %s before the part that is wanted: the core use is that up to there",
			span(f.Time))
	case warning.UseBegins:
		return fmt.Sprintf("the traces begin %s after the part that is wanted: no core counts as busy until there",
			span(f.Time))
	case warning.UseLate:
		return Plural(f.Count, "event", "events") + " came after one of a later time, and count as of that time"
	case warning.UseOdd:
		return Plural(f.Count, "event", "events") + " of a P that cannot be were left out"
	case warning.PsSeen:
		return "no trace tells GOMAXPROCS: " + Plural(f.Count, "P was", "Ps were") + " busy at once, and there may be more"
	case warning.UseUntold:
		return Plural(f.Count, "P", "Ps") + " had been busy from the start, which the trace told too late to count"
	case warning.Widened:
		return Plural(f.Count, "time", "times") + " more threads ran than the run has cores: the program has widened its " +
			"own CPU set"
	}
	return ""
}

func ofThreads(w *warning.Warning) string {
	f := &w.Figures
	cannot := osched.Level(w.Subject.Name).Cannot()
	switch w.Kind {
	case warning.ThreadsEmpty:
		return "the recording of threads is empty"
	case warning.ThreadsLost:
		return fmt.Sprintf("%s or more of switches were lost in %s of together %s: totals of threads are too small, "+
			"use those of the processes",
			Plural(f.Count, "record", "records"), Plural(f.Of, "gap", "gaps"), span(f.Time))
	case warning.ThreadsStrange:
		return fmt.Sprintf("%s, the first: %s", Plural(f.Count, "record of a switch contradicts others",
			"records of switches contradict others"), contradiction(w.Items))
	case warning.ThreadsCut:
		return "the recording of threads breaks off"
	case warning.ThreadsFolded:
		return fmt.Sprintf("there were too many slices to keep each: where a thread ran is known to %d neighbouring "+
			"ones; totals are exact", f.Count)
	case warning.ThreadsWaits:
		return fmt.Sprintf("%s of waits tell only the reason: threads waited for more than %d different locks and files",
			Plural(f.Count, "sample", "samples"), f.Of)
	case warning.ThreadsLevel:
		return fmt.Sprintf("the recording of threads, of level %q, cannot say %s", w.Subject.Name, cannot)
	case warning.ThreadsLate:
		return fmt.Sprintf("%s of run and wait time was told too late to have a place", span(f.Time))
	}
	return ""
}

// contradiction is how the first of the records contradicts others.
func contradiction(items []warning.Item) string {
	if len(items) == 0 {
		return "not known"
	}
	i := items[0]
	switch i.Name {
	case warning.NoSuchCPU:
		return fmt.Sprintf("thread %d on CPU %d", i.Thread, i.CPU)
	case warning.CPUTaken:
		return fmt.Sprintf("CPU %d runs thread %d, and thread %d is put on it", i.CPU, i.Other, i.Thread)
	case warning.NotLeft:
		return fmt.Sprintf("thread %d is put on CPU %d and has not left CPU %d", i.Thread, i.CPU, i.Other)
	case warning.NotHeardOf:
		return fmt.Sprintf("thread %d leaves CPU %d and was not heard of before", i.Thread, i.CPU)
	case warning.NotOnIt:
		return fmt.Sprintf("thread %d leaves CPU %d and was not on it", i.Thread, i.CPU)
	default:
		return fmt.Sprintf("thread %d is made and has not ended", i.Thread)
	}
}

func ofFile(w *warning.Warning) string {
	switch w.Kind {
	case warning.TraceMissing:
		return fmt.Sprintf("trace %s is missing: %s", w.Subject.Name, w.Text)
	case warning.ProfileMissing:
		return fmt.Sprintf("CPU profile %s is missing: %s", w.Subject.Name, w.Text)
	case warning.ProfileUnreadable:
		return fmt.Sprintf("CPU profile %s cannot be read: %s", w.Subject.Name, w.Text)
	case warning.RecordsMissing:
		return fmt.Sprintf("the records of the OS scheduler in %s are missing: %s", w.Subject.Name, w.Text)
	case warning.RecordsLevel:
		return fmt.Sprintf("the OS scheduler, recorded at level %q, cannot say %s",
			w.Subject.Name, osched.Level(w.Subject.Name).Cannot())
	case warning.TraceForeign:
		return fmt.Sprintf("%s: this trace format is newer than corecurve's own decoder (it calls itself %s); "+
			"golang.org/x/exp/trace read it, "+
			"which takes longer and loses all that follows the first damage", w.Subject.Name, w.Text)
	case warning.SpansMissing:
		return fmt.Sprintf("spans %s are missing: %s", w.Subject.Name, w.Text)
	case warning.SpansLeftOut:
		return Plural(w.Figures.Count, "span", "spans") + " not shown: there are too many"
	case warning.NoTrace:
		return w.Subject.Run.Dir() + " left no trace that could be read"
	case warning.RecordedMore:
		return fmt.Sprintf("%s, recorded of %s, are left out: runs.jsonl has all",
			Plural(w.Figures.Count, "more warning", "more warnings"), Plural(w.Figures.Of, "run", "runs"))
	}
	if name := w.Subject.Name; name != "" && !strings.Contains(w.Text, path.Base(name)) { // it says what is wrong above it
		return name + ": " + w.Text
	}
	return w.Text
}

// span writes a time.
func span(d time.Duration) string { return Duration(d.Seconds()) }
