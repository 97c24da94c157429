package sweep

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/corecurve/corecurve/trace/limits"
)

// A checker compares what was read, or is to be written, with the limits and keeps the first error. It makes the names
// of fields only for that.
type checker struct {
	err  error
	list string // in which the fields are; empty: none
	at   int    // index in list
	sum  int64  // of all times so far
}

// in makes the fields that follow those of an element of list.
func (c *checker) in(list string, at int) { c.list, c.at = list, at }

// element names the element of a list in which the fields are; empty: there is none.
func (c *checker) element() string {
	if c.list == "" {
		return ""
	}
	return c.list + "[" + strconv.Itoa(c.at) + "]"
}

// field returns the name of a field with the element that it is in.
func (c *checker) field(name string) string {
	if c.list == "" {
		return name
	}
	return c.element() + "." + name
}

func (c *checker) value(name string, v, least, most int64) {
	if c.err == nil && (v < least || v > most) {
		c.err = limits.Value(c.field(name), v, least, most)
	}
}

// number checks what is not a whole number. JSON has neither NaN nor infinities.
func (c *checker) number(name string, v, least, most float64) {
	if c.err == nil && !(v >= least && v <= most) {
		c.err = fmt.Errorf("%s is %g: must be from %g to %g", c.field(name), v, least, most)
	}
}

// time checks a duration or a time, in seconds, and adds it up.
func (c *checker) time(name string, t Seconds, least, most int64) {
	if c.err == nil && (int64(t) < least || int64(t) > most) {
		c.err = fmt.Errorf("%s is %v: must be from %v to %v", c.field(name), t, Seconds(least), Seconds(most))
	}
	if c.err == nil {
		c.sum += max(int64(t), -int64(t)) // below 2⁶², and so the sum of two: add checks it
		c.add(0)
	}
}

// add adds what was summed up elsewhere.
func (c *checker) add(sum int64) {
	if c.sum += sum; c.err == nil && c.sum > limits.Sum {
		c.err = fmt.Errorf("the times of the runs add up to more than %v", Seconds(limits.Sum))
	}
}

// count checks the length of a list. what is the plural of what it holds.
func (c *checker) count(what string, n, most int) {
	if c.err == nil && n > most {
		c.err = limits.Count(c.element(), what, int64(n), int64(most))
	}
}

// short checks texts that are names or lines.
func (c *checker) short(name string, texts ...string) {
	for _, s := range texts {
		if c.err == nil && len(s) > limits.ShortBytes {
			c.err = limits.Count(c.field(name), "bytes", int64(len(s)), limits.ShortBytes)
		}
	}
}

// check returns an error that says which field of h is beyond the limits, or nil.
func (h *Header) check() error {
	c := &checker{}
	c.short("schema", h.Schema)
	c.short("created_at", h.CreatedAt)
	c.short("tool", h.Tool, h.Go)
	c.count("words of the command", len(h.Command), limits.Words)
	c.count("workloads", len(h.Workloads), limits.Workloads)
	c.count("variants", len(h.Variants), limits.Variants)
	c.count("sweeps", len(h.Sweeps), limits.Sweeps)
	c.count("warnings", len(h.Warnings), limits.Notes)
	c.count("resumes", len(h.Resumes), limits.Resumes)
	if c.err != nil {
		return c.err
	}
	for i := range h.Variants {
		c.in("variants", i)
		c.short("revision", h.Variants[i].Revision)
	}
	for i := range h.Workloads {
		c.in("workloads", i)
		h.Workloads[i].check(c)
	}
	c.in("", 0)
	h.Rule.check(c)
	h.Settings.check(c)
	h.Host.check(c)
	h.Scheduler.check(c)
	for i, r := range h.Resumes {
		c.in("resumes", i)
		c.short("at", r.At)
		c.value("first_run", int64(r.FirstRun), 0, limits.Results)
		c.count("differences", len(r.Different), limits.Notes)
	}
	c.in("", 0)
	points := 0
	for i := range h.Sweeps {
		points += len(h.Sweeps[i].Points)
		c.in("sweeps", i)
		h.Sweeps[i].check(c)
	}
	c.in("", 0)
	c.count("points", points, limits.Points)
	if c.err == nil {
		c.err = cmp.Or(again(h.Sweeps), h.checkVariants())
	}
	return c.err
}

// again returns an error if a sweep stands there twice: all that is said of its curve would be, too.
func again(sweeps []Sweep) error {
	for i := range sweeps {
		s := &sweeps[i]
		k := slices.IndexFunc(sweeps[:i], func(o Sweep) bool {
			return len(s.Points) > 0 && o.Workload == s.Workload && o.Variant == s.Variant && o.Mode == s.Mode && o.Scaling == s.Scaling &&
				o.Basis == s.Basis && o.Size == s.Size && o.Series == s.Series && slices.Equal(o.Points, s.Points)
		})
		if k >= 0 {
			return fmt.Errorf("sweeps[%d] is sweeps[%d] again", i, k)
		}
	}
	return nil
}

func (p *Program) check(c *checker) {
	c.short("name", p.Name)
	c.short("unit", p.Unit)
	c.short("binary_sha256", p.SHA256)
	c.short("sources_sha256", p.Sources)
	c.count("words", len(p.Argv), limits.Words)
	if r := p.Revision; r != nil {
		c.short("revision", r.Label, r.Commit, r.Time, r.Subject)
	}
	if p.Command == nil {
		return
	}
	for _, l := range [][]string{p.Command.Argv, p.Command.Env, p.Command.Prepare, p.Command.Cleanup} {
		c.count("words", len(l), limits.Words)
	}
	c.count("words", len(p.Command.TracedArgs), limits.Words)
	c.count("exit statuses", len(p.Command.OKExit), limits.Notes)
	if b := p.Command.Benchmark; b != nil {
		c.short("command.benchmark", b.Name, b.Package)
	}
}

func (r *Rule) check(c *checker) {
	c.value("rule.min_runs", int64(r.MinRuns), 0, limits.Reps)
	c.value("rule.max_runs", int64(r.MaxRuns), 0, limits.Reps)
	c.number("rule.relative_half_width", r.HalfWidth, 0, math.MaxFloat32)
	c.time("rule.budget_s", r.Budget, 0, limits.Time)
}

func (s *Settings) check(c *checker) {
	c.value("settings.chunk", int64(s.Chunk), 0, limits.Tasks)
	c.time("settings.timeout_s", s.Timeout, 0, limits.Time)
	c.value("settings.warmup", int64(s.Warmup), 0, limits.Reps)
	c.value("settings.traced", int64(s.Traced), 0, limits.Reps)
}

func (h *Host) check(c *checker) {
	c.short("host", h.Name, h.OS, h.Arch, h.Kernel, h.BootID, h.CPUModel, h.Governor, h.Level)
	c.count("CPUs", len(h.CPUs), limits.CPUs)
	c.count("limits of the host", len(h.Limits), limits.Notes)
	c.value("host.physical_cores", int64(h.Physical), 0, limits.CPUs)
	c.value("host.sockets", int64(h.Sockets), 0, limits.CPUs)
	c.number("host.quota_cores", h.QuotaCores, 0, limits.CPUs)
	c.value("host.memory_bytes", h.MemoryBytes, 0, limits.Bytes)
	if c.err != nil {
		return
	}
	for i, p := range h.CPUs {
		c.in("host.cpus", i)
		c.value("id", int64(p.ID), 0, limits.CPUNumber)
		c.value("core", int64(p.Core), -1, limits.ID)
		c.value("socket", int64(p.Socket), -1, limits.ID)
	}
	c.in("", 0)
}

func (s *Scheduler) check(c *checker) {
	if s == nil {
		return
	}
	c.short("scheduler", s.Method, s.Go)
	for _, f := range []struct {
		name string
		t    Seconds
	}{
		{"switch_s", s.Switch},
		{"wake_s", s.Wake},
		{"waker_s", s.Waker},
		{"steal_s", s.Steal},
		{"handover_one_p_s", s.HandoverOne},
		{"handover_two_ps_s", s.HandoverTwo},
	} {
		c.time("scheduler."+f.name, f.t, 0, limits.SchedulerTime)
	}
}

func (s *Sweep) check(c *checker) {
	c.short("workload", s.Workload)
	c.short("mode", string(s.Mode), string(s.Scaling), string(s.Basis))
	c.short("series", s.Series)
	c.value("size", s.Size, 0, limits.Size)
	c.count("points", len(s.Points), limits.SweepPoints)
	if c.err != nil {
		return
	}
	for i, p := range s.Points {
		err := p.check()
		switch {
		case err != nil:
		case p.Workload != s.Workload:
			err = fmt.Errorf("workload is %s, and that of the sweep %s", limits.Quote(p.Workload), limits.Quote(s.Workload))
		case p.Variant != s.Variant:
			err = fmt.Errorf("variant is %s, and that of the sweep %s", limits.Quote(p.Variant), limits.Quote(s.Variant))
		case slices.Contains(s.Points[:i], p):
			err = fmt.Errorf("%s stands there twice", p)
		}
		if err != nil {
			c.err = fmt.Errorf("%s: %w", c.field("points["+strconv.Itoa(i)+"]"), err)
			return
		}
	}
}

// check returns an error that says which field of r is beyond the limits, or nil; and the sum of all its times.
func (r *Result) check() (sum int64, err error) {
	c := &checker{}
	if err := r.Point.check(); err != nil {
		return 0, fmt.Errorf("point: %w", err)
	}
	c.value("rep", int64(r.Rep), 0, limits.Reps)
	if r.Replaces != nil {
		c.value("replaces_rep", int64(*r.Replaces), 0, limits.Reps)
	}
	if c.err == nil && r.Kind != Timed && r.Kind != Traced {
		c.err = fmt.Errorf("kind is %s: must be %s or %s", limits.Quote(string(r.Kind)), Timed, Traced)
	}
	c.short("status", string(r.Status), r.Signal)
	c.short("started_at", r.StartedAt)
	c.short("digest", r.Digest)
	r.checkTimes(c)
	c.value("unix_minus_monotonic_ns", r.Offset, 0, limits.Wall)
	for _, f := range []struct {
		name string
		n    int64
		most int64
	}{
		{"voluntary_switches", r.VoluntarySwitches, limits.Size},
		{"involuntary_switches", r.InvoluntarySwitches, limits.Size},
		{"max_rss_bytes", r.MaxRSS, limits.Bytes},
		{"tree_rss_bytes", r.TreeRSS, limits.Bytes},
		{"max_threads", int64(r.MaxThreads), limits.ID},
		{"stdout_bytes", r.Stdout, limits.Bytes},
		{"stderr_bytes", r.Stderr, limits.Bytes},
		{"tasks", int64(r.Tasks), limits.Tasks},
	} {
		c.value(f.name, f.n, 0, f.most)
	}
	c.value("exit_code", int64(r.ExitCode), math.MinInt32, math.MaxUint32)
	c.count("processes", len(r.Processes), limits.Processes)
	c.count("captures", len(r.Captures), limits.Captures)
	c.count("warnings", len(r.Warnings), limits.Notes)
	if c.err != nil {
		return 0, c.err
	}
	for i := range r.Processes {
		c.in("processes", i)
		r.Processes[i].check(c)
	}
	for i, x := range r.Captures {
		c.in("captures", i)
		c.short("path", x.Path, string(x.Kind), string(x.Role))
		c.value("rank", int64(x.Rank), -1, limits.PointCount)
	}
	c.in("", 0)
	r.Noise.check(c)
	c.count("metrics", len(r.Metrics), limits.Metrics)
	for _, unit := range slices.Sorted(maps.Keys(r.Metrics)) {
		c.short("metrics", unit)
		c.number("metrics["+limits.Quote(unit)+"]", r.Metrics[unit], -limits.MeasuredMost, limits.MeasuredMost)
	}
	return c.sum, c.err
}

func (r *Result) checkTimes(c *checker) {
	c.time("start_monotonic_s", r.Start, 0, limits.Clock)
	c.sum = 0 // a time, not a duration
	c.time("total_s", r.Total, 0, limits.Time)
	c.time("work_s", r.Work, 0, limits.Time)
	c.time("startup_s", r.Startup, 0, limits.Time)
	// What a benchmark prints of its time is rounded, so what is left may be less than nothing.
	c.time("teardown_s", r.Teardown, -limits.Time, limits.Time)
	c.time("exit_s", r.Exit, -limits.Time, limits.Time)
	c.time("user_s", r.User, 0, limits.CoreTime)
	c.time("sys_s", r.Sys, 0, limits.CoreTime)
	c.time("tool_cpu_s", r.Tool, 0, limits.CoreTime)
}

func (p *Process) check(c *checker) {
	c.short("role", string(p.Role))
	c.value("rank", int64(p.Rank), -1, limits.PointCount)
	c.value("pid", int64(p.PID), 0, limits.ID)
	c.time("launched_s", p.Launched, -limits.Time, limits.Time)
	c.time("entered_s", p.Entered, -limits.Time, limits.Time)
	c.time("ready_s", p.Ready, -limits.Time, limits.Time)
	c.time("done_s", p.Done, -limits.Time, limits.Time)
	c.time("user_s", p.User, 0, limits.CoreTime)
	c.time("sys_s", p.Sys, 0, limits.CoreTime)
	c.time("own_cpu_s", p.Own, 0, limits.CoreTime)
	c.time("children_cpu_s", p.Children, 0, limits.CoreTime)
	c.time("run_queue_s", p.RunQueue, 0, limits.CoreTime)
	c.value("max_rss_bytes", p.MaxRSS, 0, limits.Bytes)
	c.value("tasks", int64(p.Tasks), 0, limits.Tasks)
}

func (n *Noise) check(c *checker) {
	c.time("noise.others_cpu_s", n.Others, -limits.CoreTime, limits.CoreTime)
	c.number("noise.others_share", n.Share, -limits.CPUs, limits.CPUs)
	c.time("noise.steal_s", n.Steal, -limits.CoreTime, limits.CoreTime)
	c.time("noise.run_queue_s", n.RunQueue, -limits.CoreTime, limits.CoreTime)
	c.time("noise.throttled_s", n.Throttled, -limits.CoreTime, limits.CoreTime)
	c.count("reasons", len(n.Reasons), limits.Notes)
	if t := n.CPUs; t != nil {
		c.time("noise.run_cpus.had_core_s", t.Had, 0, limits.CoreTime)
		c.time("noise.run_cpus.others_core_s", t.Others, -limits.CoreTime, limits.CoreTime)
		c.time("noise.run_cpus.hypervisor_core_s", t.Hypervisor, -limits.CoreTime, limits.CoreTime)
		c.time("noise.run_cpus.resolution_core_s", t.Resolution, -limits.CoreTime, limits.CoreTime)
	}
}

// fit shortens what programs make as long as they like: texts, and lists of texts. Each says what is missing.
func (r *Result) fit() {
	r.Error, r.StderrTail = limits.Shorten(r.Error), limits.Shorten(r.StderrTail)
	r.Warnings, r.Noise.Reasons = fitTexts(r.Warnings), fitTexts(r.Noise.Reasons)
}

func fitTexts(texts []string) []string {
	n := min(len(texts), limits.Notes)
	out := slices.Clone(texts[:n])
	for i, s := range out {
		out[i] = limits.Shorten(s)
	}
	if n < len(texts) {
		out[n-1] = fmt.Sprintf("and %d more", len(texts)-n+1)
	}
	return out
}

// refuse makes r the result of a failed run that has nothing but its name and why it was refused.
func (r *Result) refuse(why error) {
	*r = Result{
		Schema: r.Schema, Run: r.Run, Replaces: r.Replaces, Status: Failed, StartedAt: r.StartedAt,
		Error: "the result of the run is refused: " + limits.Brief(why), StderrTail: r.StderrTail,
	}
}
