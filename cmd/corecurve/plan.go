package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/examples/commands"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A plan is a study to make, or to go on with.
type plan struct {
	header   sweep.Header
	programs map[string]capture.Program
	journal  *sweep.Journal
	done     []sweep.Result
	temp     string                     // holds the programs that were built; removed at the end
	built    map[string]capture.Program // by folder
	tests    map[string]string          // test binaries that were built, by import path
}

// create plans a new study and makes its directory.
func (p *plan) create(cmd *cobra.Command, args []string, o runOptions) error {
	if err := o.check(cmd); err != nil {
		return err
	}
	argv, err := o.command.split(cmd, &args)
	if err != nil {
		return err
	}
	if len(args) == 0 && argv == nil {
		args = o.defaults(cmd)
	}
	return p.found(o, func(own capture.Program) error { return p.addWorkloads(cmd.Context(), own, args, argv, o) })
}

// found makes the directory of a new study, whose workloads are what fill adds.
func (p *plan) found(o runOptions, fill func(own capture.Program) error) error {
	h := host.Describe(host.Options{Name: o.hostname})
	h.Level = capture.Level()
	p.header = sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: time.Now().UTC().Format(time.RFC3339),
		Command: host.TildeAll(append([]string{"corecurve"}, os.Args[1:]...)), Tool: version(), Go: runtime.Version(),
		Seed:     o.seed,
		Rule:     sweep.Rule{MinRuns: o.runs, MaxRuns: o.maxRuns, HalfWidth: halfWidth, Budget: sweep.Seconds(o.budget)},
		Settings: sweep.Settings{Chunk: o.chunk, Static: o.static, Timeout: sweep.Seconds(o.timeout), Warmup: o.warmup, Traced: o.traced},
		Host:     h,
	}
	own, err := capture.Own(builtin())
	if err != nil {
		return err
	}
	p.programs = map[string]capture.Program{sweep.SpinWorkload: own}
	if err := fill(own); err != nil {
		return err
	}
	spin, _ := own.Find(sweep.SpinWorkload)
	p.header.Sweeps = append(p.header.Sweeps, sweep.CeilingSweep(sweep.Points(p.header.Sweeps), spin.PerWorker))
	dir := o.out
	if dir == "" {
		dir = fmt.Sprintf("corecurve-%s-%s", p.header.Workloads[0].Name, time.Now().UTC().Format("20060102T150405Z"))
	}
	p.journal, err = sweep.CreateStudy(dir, p.header)
	return err
}

// addWorkloads finds or builds the programs and lays out the sweeps.
func (p *plan) addWorkloads(ctx context.Context, own capture.Program, args, argv []string, o runOptions) error {
	for _, arg := range args {
		program, infos, pkg, err := p.find(ctx, own, arg)
		if err != nil {
			return err
		}
		for _, info := range infos {
			o := o
			if program.Command != nil {
				o = o.forCommand(program.Command.Argv)
			}
			if err := p.add(program, info, pkg, o); err != nil {
				return err
			}
		}
	}
	if argv != nil {
		program, err := o.command.program(argv)
		if err != nil {
			return err
		}
		if err := p.add(program, program.Workloads[0], "", o.forCommand(slices.Concat(argv, o.command.env))); err != nil {
			return err
		}
	}
	return nil
}

// add puts a workload and its sweeps into the plan.
func (p *plan) add(program capture.Program, info capture.Info, pkg string, o runOptions) error {
	if _, twice := p.programs[info.Name]; twice {
		return usagef("workload %q is given twice", info.Name)
	}
	p.programs[info.Name] = program
	desc := program.Describe(info, host.Tilde)
	if pkg != "" { // what was built is gone after the study; the folder is what tells
		desc.Package, desc.Argv = host.Tilde(pkg), nil
	}
	p.header.Workloads = append(p.header.Workloads, desc)
	sweeps, err := o.sweeps(info, len(p.header.Host.CPUs))
	if err != nil {
		return err
	}
	p.header.Sweeps = append(p.header.Sweeps, sweeps...)
	return nil
}

// find returns the workloads that an argument names: one of the tool's own, all of a package, or with PACKAGE:NAME one of a package.
func (p *plan) find(ctx context.Context, own capture.Program, arg string) (capture.Program, []capture.Info, string, error) {
	if !strings.ContainsAny(arg, `/\`) && !strings.HasPrefix(arg, ".") {
		if info, ok := own.Find(arg); ok && arg != sweep.SpinWorkload {
			return own, []capture.Info{info}, "", nil
		}
		if program, ok, err := embedded(arg); ok {
			return program, program.Workloads, "", err
		}
		return own, nil, "", usagef("unknown workload %q%s", arg, suggestion(arg, own.Workloads))
	}
	folder, name := arg, ""
	if i := strings.LastIndex(arg, ":"); i > strings.LastIndexAny(arg, `/\`) {
		folder, name = arg[:i], arg[i+1:]
	}
	path, err := filepath.Abs(folder)
	if err != nil {
		return own, nil, "", err
	}
	if st, err := os.Stat(path); err != nil || !st.IsDir() {
		return own, nil, "", usagef("%s: not the folder of a Go package", folder)
	}
	program, err := p.build(ctx, path)
	if err != nil || name == "" {
		return program, program.Workloads, path, err
	}
	info, ok := program.Find(name)
	if !ok {
		return program, nil, "", usagef("%s has no workload %q%s", folder, name, suggestion(name, program.Workloads))
	}
	return program, []capture.Info{info}, path, nil
}

// build compiles the package at path, once.
func (p *plan) build(ctx context.Context, path string) (capture.Program, error) {
	if program, ok := p.built[path]; ok {
		return program, nil
	}
	dir, err := os.MkdirTemp(p.temp, "")
	if err != nil {
		return capture.Program{}, err
	}
	program, err := capture.Build(ctx, path, dir)
	if err == nil {
		p.built[path] = program
	}
	return program, err
}

// suggestion is the nearest name, if one is near.
func suggestion(name string, ws []capture.Info) string {
	best, near := "", max(2, len(name)/2)
	names := []string{}
	for _, w := range ws {
		names = append(names, w.Name)
	}
	for _, c := range commands.All() {
		names = append(names, c.Name)
	}
	for _, n := range names {
		if d := levenshtein.ComputeDistance(name, n); d <= near && n != sweep.SpinWorkload {
			best, near = n, d-1
		}
	}
	if best == "" {
		return `: "corecurve list" names them, and a folder begins with ./`
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

// sweeps lays out the curves of one workload.
func (o *runOptions) sweeps(info capture.Info, cpus int) ([]sweep.Sweep, error) {
	axes := o.axes
	axes.Scaling = sweep.Scaling(o.scaling)
	if axes.Scaling == "" && info.Weak && axes.Mode != string(sweep.Cores) && len(axes.Cores) < 2 {
		axes.Scaling = sweep.Weak
	}
	if len(axes.Sizes) == 0 {
		axes.Sizes = []int64{info.Size}
		if axes.Scaling == sweep.Weak {
			if info.PerWorker == 0 {
				return nil, usagef("%s has no default size per worker: give --size with --scaling weak", info.Name)
			}
			axes.Sizes = []int64{info.PerWorker}
		}
	}
	sweeps, err := axes.Sweeps(info.Name, cpus)
	if err != nil {
		return nil, usagef("%w", err)
	}
	for _, s := range sweeps {
		for _, pt := range s.Points {
			if info.Shared != "" && pt.Procs > 1 {
				return nil, usagef("%s runs in one process only: %s", info.Name, info.Shared)
			}
		}
	}
	return sweeps, nil
}

// resume reads a study to go on with and checks that its results and new ones would be comparable.
func (p *plan) resume(cmd *cobra.Command, args []string, o runOptions) error {
	if len(args) > 0 {
		return usagef("--resume: the study says what to run, not %q", args)
	}
	allowed := []string{"resume", "force", "no-report", "measure", "json", "color"}
	var wrong []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(allowed, f.Name) {
			wrong = append(wrong, "--"+f.Name)
		}
	})
	if len(wrong) > 0 {
		return usagef("--resume: the study says how to run: %s cannot be given", strings.Join(wrong, ", "))
	}
	s, err := sweep.ReadStudy(o.resume)
	if err != nil {
		return err
	}
	p.header, p.done = s.Header, s.Results
	if err := p.rebuild(cmd.Context()); err != nil {
		return err
	}
	now := host.Describe(host.Options{Name: p.header.Host.Name != ""})
	different := differences(p.header, now, p.programs)
	if len(different) > 0 && !o.force {
		return fmt.Errorf("%s cannot be continued: %s (--force continues, and marks it)", o.resume, strings.Join(different, "; "))
	}
	p.header.Resumes = append(p.header.Resumes, sweep.Resume{
		At: time.Now().UTC().Format(time.RFC3339), FirstRun: len(p.done), Forced: len(different) > 0, Different: different,
	})
	p.header.Stopped = ""
	p.journal, err = s.Resume()
	if err != nil {
		return err
	}
	return p.journal.WriteHeader(p.header)
}

// rebuild finds the programs of a study again.
func (p *plan) rebuild(ctx context.Context) error {
	own, err := capture.Own(builtin())
	if err != nil {
		return err
	}
	p.programs = map[string]capture.Program{sweep.SpinWorkload: own}
	for _, w := range p.header.Workloads {
		program := own
		if w.Command != nil && w.Command.Benchmark != nil {
			if program, err = p.rebuildBenchmark(ctx, w); err != nil {
				return err
			}
		} else if w.Command != nil {
			if _, _, err = embedded(w.Name); err != nil { // puts its file back if it is one of ours
				return err
			}
			if program, err = restore(w); err != nil {
				return err
			}
		}
		if w.Package != "" {
			if program, err = p.build(ctx, untilde(w.Package)); err != nil {
				return err
			}
		}
		if _, ok := program.Find(w.Name); !ok {
			return fmt.Errorf("there is no workload %q any more", w.Name)
		}
		p.programs[w.Name] = program
	}
	return nil
}

// untilde puts the home directory back in front of a path.
func untilde(path string) string {
	rest, ok := strings.CutPrefix(path+"/", "~/")
	home, err := os.UserHomeDir()
	if !ok || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// differences lists what makes results of a study and new ones incomparable.
func differences(h sweep.Header, now sweep.Host, programs map[string]capture.Program) []string {
	var out []string
	differ := func(what, then, now string) {
		if then != now {
			out = append(out, fmt.Sprintf("%s was %q and is %q", what, then, now))
		}
	}
	differ("the CPU", h.Host.CPUModel, now.CPUModel)
	differ("the set of CPUs", fmt.Sprint(h.Host.CPUs), fmt.Sprint(now.CPUs))
	differ("the CPU quota in cores", fmt.Sprint(h.Host.QuotaCores), fmt.Sprint(now.QuotaCores))
	differ("the kernel", h.Host.Kernel, now.Kernel)
	differ("the boot", h.Host.BootID, now.BootID)
	for _, w := range h.Workloads {
		if sum := programs[w.Name].SHA256; sum != w.SHA256 {
			out = append(out, fmt.Sprintf("the program of %s was %.12s… and is %.12s…", w.Name, w.SHA256, sum))
		}
	}
	return out
}
