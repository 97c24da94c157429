// Package probe finds out what a machine lets corecurve see and do, how quiet it is, and what its cores give at most.
//
// [Look] tries what captures need, as they do it, and reads the settings that decide how far times can be trusted.
// [Spin] measures the spin loop, which no program can outdo.
package probe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/scratch"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Machine is what a machine allows, as JSON that a report of it can embed.
type Machine struct {
	Host  sweep.Host  `json:"host"`
	Sight []Sight     `json:"capture"`
	Turbo *bool       `json:"turbo"` // nil: not known
	Load  *float64    `json:"load_1min"`
	Noise sweep.Noise `json:"noise"` // of one second in which corecurve did nothing
	Tools []Tool      `json:"tools"`
}

// A Sight is something that can be seen or done, or cannot.
type Sight struct {
	What  string `json:"what"`
	OK    bool   `json:"ok"`
	How   string `json:"how,omitempty"`   // by which means, or why not
	Costs string `json:"costs,omitempty"` // what cannot be said without it
}

// A Tool is a program that parts of corecurve call.
type Tool struct {
	Name    string `json:"name"`
	Path    string `json:"path,omitempty"` // home directory shown as ~; empty: not found
	Version string `json:"version,omitempty"`
	Costs   string `json:"costs"` // what cannot be done without it
}

// Look examines this machine, which takes a second. own is the running executable; with the arguments waits it must
// wait for its standard input. What cannot be done here is no error; only the end of ctx is.
func Look(ctx context.Context, own capture.Program, waits ...string) (*Machine, error) {
	h := host.Describe(host.Options{})
	h.Level = capture.Level()
	m := &Machine{Host: h, Sight: sights(ctx, h, own, waits), Tools: tools(ctx), Turbo: turbo(), Load: load()}
	s := host.NewSampler()
	before := s.Sample()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	m.Noise = host.Noise(before, s.Sample(), host.Use{})
	return m, nil
}

// sights tries what captures need.
func sights(ctx context.Context, h sweep.Host, own capture.Program, waits []string) []Sight {
	return []Sight{
		{What: "Go execution traces, CPU profiles and spans", OK: true, How: "from the programs themselves"},
		switches(),
		try("Why threads are blocked", "from /proc/TID/syscall of child processes",
			"A blocked thread is known to be blocked, but not whether on a lock, a file, the network or the Python GIL.",
			childSyscall(ctx, append([]string{own.Argv[0]}, waits...))),
		try("Confining runs to cores", "by affinity",
			"Runs go to any core: counts of cores are those of workers, and neighbours are not told apart from the run.",
			confine(h)),
		try("Commands of any language as workloads", "by a supervisor that ends what they leave behind",
			"Only Go workloads can be run.", external(own)),
	}
}

// try is a sight that costs something where err is not nil.
func try(what, how, costs string, err error) Sight {
	if err != nil {
		return Sight{What: what, How: err.Error(), Costs: costs}
	}
	return Sight{What: what, OK: true, How: how}
}

// switches asks for the records of the OS scheduler.
func switches() Sight {
	s := Sight{What: "Every switch of the OS scheduler", How: "kernel.perf_event_paranoid cannot be read"}
	if b, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid"); err == nil {
		s.How = "kernel.perf_event_paranoid is " + strings.TrimSpace(string(b))
	}
	level, err := osched.Probe()
	if level == osched.Switches {
		s.OK = true
		s.How += "; by perf events, without root"
		return s
	}
	s.How += fmt.Sprintf("; there are %s instead", level)
	if err != nil {
		s.How += fmt.Sprintf(" (%v)", err)
	}
	s.Costs = "It cannot be said " + level.Cannot() + "."
	return s
}

// childSyscall reads in which system call a child process is, as is done to tell why threads are blocked.
func childSyscall(ctx context.Context, argv []string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
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
	_, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", cmd.Process.Pid, cmd.Process.Pid))
	return err
}

// confine sets the affinity of a thread to what it is already.
func confine(h sweep.Host) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	restore, err := host.Confine(host.CPUSet(h, len(h.CPUs)))
	if err != nil {
		return err
	}
	return restore()
}

// external makes a workload of a command.
func external(own capture.Program) error {
	_, err := capture.External("doctor", sweep.Command{Argv: own.Argv})
	return err
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

// tools looks for the programs that parts of corecurve call.
func tools(ctx context.Context) []Tool {
	out := []Tool{
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
		cmd := exec.Command(path, arg)
		var text strings.Builder
		cmd.Stdout = &text
		if supervise.Run(limited, cmd) == nil {
			t.Version, _, _ = strings.Cut(strings.TrimSpace(text.String()), "\n")
		}
		cancel()
	}
	return out
}

// Spin makes runs of the spin loop on 1, 2, 3 … cores; beyond 8 on powers of two and on all. It returns an error if one
// fails. The study that it makes for that is removed.
func Spin(ctx context.Context, c setup.Catalog, runs int) (sweeps []sweep.Sweep, results []sweep.Result, err error) {
	temp, err := scratch.New()
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, temp.Remove()) }()
	s, err := setup.New(c, setup.Request{
		Seed: 1, Rule: sweep.Rule{MinRuns: runs, MaxRuns: runs},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute), Warmup: 1},
	})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cpus := len(s.Header.Host.CPUs)
	for n := 1; n <= cpus; n++ {
		if n <= 8 || n&(n-1) == 0 || n == cpus {
			s.Ceiling = append(s.Ceiling, sweep.Point{Cores: n})
		}
	}
	if err := s.Create(filepath.Join(temp.Path, "study")); err != nil {
		return nil, nil, err
	}
	ending, err := s.Measure(ctx, setup.Hooks{})
	if err != nil {
		return nil, nil, err
	}
	return s.Header.Sweeps, ending.Results, sweep.Failures(ending.Results)
}
