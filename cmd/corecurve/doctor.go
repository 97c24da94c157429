package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// DoctorSchema is the schema of what "doctor --json" prints.
const DoctorSchema = "corecurve/doctor/1"

// A diagnosis is what a machine allows.
type diagnosis struct {
	Schema  string       `json:"schema"`
	Tool    string       `json:"tool"`
	Go      string       `json:"go"`
	Host    sweep.Host   `json:"host"`
	Sight   []sight      `json:"capture"`
	Turbo   *bool        `json:"turbo"` // nil: not known
	Load    *float64     `json:"load_1min"`
	Noise   sweep.Noise  `json:"noise"` // of one second in which corecurve did nothing
	Tools   []helperTool `json:"tools"`
	Ceiling []ceilingAt  `json:"ceiling"` // empty with --no-spin

	CeilingNoisy  int    `json:"ceiling_noisy_runs"`
	CeilingReason string `json:"ceiling_reason,omitempty"` // why there is none
}

// A sight is something that can be seen or done, or cannot.
type sight struct {
	What  string `json:"what"`
	OK    bool   `json:"ok"`
	How   string `json:"how,omitempty"`   // by which means, or why not
	Costs string `json:"costs,omitempty"` // what cannot be said without it
}

// A helperTool is a program that parts of corecurve call.
type helperTool struct {
	Name    string `json:"name"`
	Path    string `json:"path,omitempty"` // home directory shown as ~; empty: not found
	Version string `json:"version,omitempty"`
	Costs   string `json:"costs"` // what cannot be done without it
}

// A ceilingAt is the speedup of the spin loop on so many cores.
type ceilingAt struct {
	Cores   int      `json:"cores"`
	Runs    int      `json:"runs"`
	Speedup *float64 `json:"speedup"` // nil: it could not be measured
	Low     *float64 `json:"low"`     // the range seen
	High    *float64 `json:"high"`
}

func newDoctor() *cobra.Command {
	var asJSON, noSpin bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Report what this machine allows, how quiet it is, and what it can give at most",
		Long: `Doctor reports what can be seen of a run on this machine and what each denial
costs, how quiet the machine is, how its cores are arranged, which programs it
has that corecurve calls, and the speedup that a loop in registers reaches on 1
core up to all of them: no program can have more.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := examine(cmd.Context(), noSpin)
			if errors.Is(err, context.Canceled) {
				return &statusError{exitInterrupted, errors.New("interrupted")}
			}
			if err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(d)
			}
			return d.write(cmd.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&noSpin, "no-spin", false, "skip measuring the ceiling, which takes a second or more")
	return c
}

// examine looks at the machine. Only what was interrupted is an error: what cannot be done here is what the diagnosis is about.
func examine(ctx context.Context, noSpin bool) (*diagnosis, error) {
	h := host.Describe(host.Options{})
	h.Level = capture.Level()
	d := &diagnosis{
		Schema: DoctorSchema, Tool: version(), Go: runtime.Version(), Host: h,
		Sight: sights(ctx, h), Tools: helperTools(ctx),
		Turbo: turbo(), Load: load(), Ceiling: []ceilingAt{},
	}
	var err error
	if d.Noise, err = idleSecond(ctx); err != nil {
		return nil, err
	}
	if noSpin {
		d.CeilingReason = "not measured (--no-spin)"
		return d, nil
	}
	if err := d.spin(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		d.CeilingReason = "could not be measured: " + err.Error()
	}
	return d, nil
}

// sights tries what captures need.
func sights(ctx context.Context, h sweep.Host) []sight {
	out := []sight{{What: "Go execution traces, CPU profiles and spans", OK: true, How: "from the programs themselves"}}

	level, err := osched.Probe()
	s := sight{What: "Every switch of the OS scheduler", OK: level == osched.Switches, How: paranoid()}
	if s.OK {
		s.How += "; by perf events, without root"
	} else {
		s.How += fmt.Sprintf("; there are %s instead", level)
		if err != nil {
			s.How += fmt.Sprintf(" (%v)", err)
		}
		s.Costs = "It cannot be said " + level.Cannot() + "."
	}
	out = append(out, s)

	out = append(out, try("Why threads are blocked", "from /proc/TID/syscall of child processes", func() error { return childSyscall(ctx) },
		"A blocked thread is known to be blocked, but not whether on a lock, a file, the network or the Python GIL."))
	out = append(out, try("Confining runs to cores", "by affinity", func() error { return canConfine(h) },
		"Runs go to any core: counts of cores are those of workers, and neighbours are not told apart from the run."))
	own, err := capture.Own(builtin())
	if err == nil {
		_, err = capture.External("doctor", sweep.Command{Argv: own.Argv})
	}
	out = append(out, try("Commands of any language as workloads", "by a supervisor that ends what they leave behind", func() error { return err },
		"Only Go workloads can be run."))
	return out
}

// try is whether something can be done.
func try(what, how string, do func() error, costs string) sight {
	if err := do(); err != nil {
		return sight{What: what, How: err.Error(), Costs: costs}
	}
	return sight{What: what, OK: true, How: how}
}

// paranoid is the kernel's setting that perf events depend on.
func paranoid() string {
	b, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil {
		return "kernel.perf_event_paranoid cannot be read"
	}
	return "kernel.perf_event_paranoid is " + strings.TrimSpace(string(b))
}

// childSyscall reads in which system call a child process is, as is done to tell why threads are blocked.
func childSyscall(ctx context.Context) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, own, "analyze", "-")
	if _, err := cmd.StdinPipe(); err != nil { // nothing is written to it: the child waits
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting a child to look at: %w", err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}()
	_, err = os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", cmd.Process.Pid, cmd.Process.Pid))
	return err
}

// canConfine sets the affinity of a thread to what it is already.
func canConfine(h sweep.Host) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	restore, err := host.Confine(host.CPUSet(h, len(h.CPUs)))
	if err != nil {
		return err
	}
	return restore()
}

// turbo says whether the cores may run above their nominal clock; nil if the kernel does not tell.
func turbo() *bool {
	for _, f := range []struct{ path, on string }{
		{"/sys/devices/system/cpu/intel_pstate/no_turbo", "0"},
		{"/sys/devices/system/cpu/cpufreq/boost", "1"},
	} {
		if b, err := os.ReadFile(f.path); err == nil {
			on := strings.TrimSpace(string(b)) == f.on
			return &on
		}
	}
	return nil
}

// load is the mean number of processes that ran or waited for a core in the last minute.
func load() *float64 {
	b, err := os.ReadFile("/proc/loadavg")
	var v float64
	if err != nil {
		return nil
	}
	if _, err := fmt.Sscan(string(b), &v); err != nil {
		return nil
	}
	return &v
}

// idleSecond is what happens on the machine in a second in which nothing is asked of it.
func idleSecond(ctx context.Context) (sweep.Noise, error) {
	s := host.NewSampler()
	before := s.Sample()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return sweep.Noise{}, ctx.Err()
	}
	return host.Noise(before, s.Sample(), 0, 0, 0), nil
}

// helperTools looks for the programs that parts of corecurve call.
func helperTools(ctx context.Context) []helperTool {
	out := []helperTool{
		{Name: "go", Costs: "no Go package can be built: run ./PACKAGE and bench do not work"},
		{Name: "python3", Costs: "the Python examples do not run"},
		{Name: "gcc", Costs: "the C examples do not run"},
	}
	for i := range out {
		t := &out[i]
		path, err := exec.LookPath(t.Name)
		if err != nil {
			continue
		}
		t.Path = host.Tilde(path)
		arg := "--version"
		if t.Name == "go" {
			arg = "version"
		}
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		text, err := exec.CommandContext(limited, path, arg).Output()
		cancel()
		if err == nil {
			t.Version, _, _ = strings.Cut(strings.TrimSpace(string(text)), "\n")
		}
	}
	return out
}

// spinRuns is how often the spin loop is run at each number of cores.
const spinRuns = 3

// spin measures the ceiling in a study of its own.
func (d *diagnosis) spin(ctx context.Context) (err error) {
	temp, err := os.MkdirTemp("", "corecurve-doctor-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	own, err := capture.Own(builtin())
	if err != nil {
		return err
	}
	info, _ := own.Find(sweep.SpinWorkload)
	var points []sweep.Point
	for n := 1; n <= len(d.Host.CPUs); n++ {
		if n <= 8 || n&(n-1) == 0 || n == len(d.Host.CPUs) { // on large machines powers of two tell enough
			points = append(points, sweep.Point{Cores: n})
		}
	}
	h := sweep.Header{Schema: sweep.StudySchema, Host: d.Host, Sweeps: []sweep.Sweep{sweep.CeilingSweep(points, info.PerWorker)}}
	journal, err := sweep.CreateStudy(filepath.Join(temp, "study"), h)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	runner, err := capture.New(journal, h.Host, sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, map[string]capture.Program{sweep.SpinWorkload: own})
	if err != nil {
		return err
	}
	ending, err := runner.Measure(ctx, capture.Task{
		Sweeps: h.Sweeps, Seed: 1, Warmup: 1, Rule: sweep.Rule{MinRuns: spinRuns, MaxRuns: spinRuns},
		Converged: func([]sweep.Result) (bool, string) { return true, "" },
	}, nil)
	_ = runner.Close(context.WithoutCancel(ctx)) // warnings on spans: there are none without traced runs
	if err != nil {
		return err
	}
	if err := failures(ending.Results); err != nil {
		return err
	}
	for i := range ending.Results {
		if ending.Results[i].Noise.Noisy {
			d.CeilingNoisy++
		}
	}
	for _, p := range curve.NewCeiling(h.Sweeps, ending.Results, curve.Options{Seed: 1}).Curve.Points {
		at := ceilingAt{Cores: p.N, Runs: p.Runs}
		if !math.IsNaN(p.Speedup) {
			at.Speedup = &p.Speedup
		}
		if p.Interval != nil {
			at.Low, at.High = &p.Interval.Low, &p.Interval.High
		}
		d.Ceiling = append(d.Ceiling, at)
	}
	return nil
}
