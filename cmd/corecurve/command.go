package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/shlex"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// commandOptions are the flags of "run" for a command of any language.
type commandOptions struct {
	name       string // of the workload; empty: that of the program
	prepare    string // command before each run, outside the measurement
	cleanup    string // and after it
	cwd        string // working directory
	env        []string
	stdin      string // file; empty: nothing
	okExit     []int  // statuses that are no failure, beside 0
	sameOutput bool
}

func (o *commandOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.name, "name", "", "for a command: name of the workload (default: that of the program)")
	f.StringVar(&o.prepare, "prepare", "", "for a command: another command to run before each run, outside the measurement; no shell")
	f.StringVar(&o.cleanup, "cleanup", "", "for a command: another command to run after each run")
	f.StringVar(&o.cwd, "cwd", "", "for a command: its working directory")
	f.StringArrayVar(&o.env, "env", nil, "for a command: KEY=VALUE in its environment, with placeholders; may be repeated")
	f.StringVar(&o.stdin, "stdin", "", "for a command: file for its stdin (default: empty)")
	f.IntSliceVar(&o.okExit, "ok-exit", nil, "for a command: exit statuses besides 0 that are no failure")
	f.BoolVar(&o.sameOutput, "same-output", false, "for a command: its stdout must be the same at all points of a size")
}

// split takes the command behind -- off the arguments.
func (o *commandOptions) split(cmd *cobra.Command, args *[]string) (argv []string, err error) {
	dash := cmd.ArgsLenAtDash()
	if dash >= 0 {
		*args, argv = (*args)[:dash], (*args)[dash:]
		if len(argv) == 0 {
			return nil, usagef("a command must follow --")
		}
		return argv, nil
	}
	for _, name := range []string{"name", "prepare", "cleanup", "cwd", "env", "stdin", "ok-exit", "same-output"} {
		if cmd.Flags().Changed(name) {
			return nil, usagef("--%s goes with a command behind --", name)
		}
	}
	return nil, nil
}

// program makes a workload of the command.
func (o *commandOptions) program(argv []string) (capture.Program, error) {
	c := sweep.Command{Argv: argv, Env: o.env, OKExit: o.okExit, SameOutput: o.sameOutput}
	for _, kv := range o.env {
		if key, _, ok := strings.Cut(kv, "="); !ok || key == "" {
			return capture.Program{}, usagef("--env %q: want KEY=VALUE", kv)
		}
	}
	for _, f := range []struct {
		flag, value string
		to          *[]string
	}{{"prepare", o.prepare, &c.Prepare}, {"cleanup", o.cleanup, &c.Cleanup}} {
		words, err := shlex.Split(f.value)
		if err != nil {
			return capture.Program{}, usagef("--%s %q: %w", f.flag, f.value, err)
		}
		*f.to = words
	}
	for _, f := range []struct {
		value string
		to    *string
	}{{o.cwd, &c.WorkDir}, {o.stdin, &c.Stdin}} {
		if f.value == "" {
			continue
		}
		abs, err := filepath.Abs(f.value)
		if err != nil {
			return capture.Program{}, err
		}
		*f.to = abs
	}
	name := o.name
	if name == "" {
		name = workloadName(argv[0])
	}
	return capture.External(name, c)
}

var notInName = regexp.MustCompile(`[^a-z0-9._-]+`)

// workloadName makes a name for the workload from that of the program.
func workloadName(program string) string {
	name := notInName.ReplaceAllString(strings.ToLower(filepath.Base(program)), "-")
	return strings.TrimLeft(name, "._-")
}

// forCommand fits the sweep to what the words of a command can be told. One that is told its processes and not its workers is swept over
// processes. Copies that are not told their part of the work each do all of it, so that the work grows with them.
func (o runOptions) forCommand(words []string) runOptions {
	uses := func(placeholder string) bool { return supervise.Uses(words, placeholder) }
	free := o.axes.Mode == "" && len(o.axes.Workers) == 0 && len(o.axes.Procs) == 0 && len(o.axes.Cores) == 0
	if free && uses("{procs}") && !uses("{workers}") {
		o.axes.Mode = string(sweep.Procs)
	}
	several := o.axes.Mode == string(sweep.Procs) || len(o.axes.Procs) > 0 && slices.Max(o.axes.Procs) > 1
	if o.scaling == "" && several && !uses("{procs}") && !uses("{size}") && !uses("{rank}") {
		o.scaling = string(sweep.Weak)
	}
	return o
}

// restore finds the command of a study again.
func restore(w sweep.Program) (capture.Program, error) {
	c := *w.Command
	c.Argv, c.WorkDir = slices.Clone(c.Argv), untilde(c.WorkDir)
	for i, a := range c.Argv {
		c.Argv[i] = untilde(a)
	}
	return capture.External(w.Name, c)
}
