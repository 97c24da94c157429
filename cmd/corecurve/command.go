package main

import (
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// commandOptions are the flags of "run" for a command of any language.
type commandOptions struct {
	sweep.Command
	name             string    // of the workload; empty: that of the program
	prepare, cleanup wordsFlag // commands before and after each run, not yet split into words
}

func (o *commandOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.name, "name", "", "for a command: name of the workload (default: that of the program)")
	f.Var(&o.prepare, "prepare",
		"for a command: another command to run before each run, outside the measurement; no shell")
	f.Var(&o.cleanup, "cleanup", "for a command: another command to run after each run")
	f.StringVar(&o.WorkDir, "cwd", "", "for a command: its working directory")
	f.StringArrayVar(&o.Env, "env", nil,
		"for a command: KEY=VALUE in its environment, with placeholders; may be repeated")
	f.StringVar(&o.Stdin, "stdin", "", "for a command: file for its stdin (default: empty)")
	f.IntSliceVar(&o.OKExit, "ok-exit", nil, "for a command: exit statuses besides 0 that are no failure")
	f.BoolVar(&o.SameOutput, "same-output", false, "for a command: its stdout must be the same at all points of a size")
}

// ofCommands are the flags that go with a command.
func ofCommands() []string {
	return []string{"name", "prepare", "cleanup", "cwd", "env", "stdin", "ok-exit", "same-output"}
}

// take returns the command that is measured; nil if there is none.
func (o *commandOptions) take(cmd *cobra.Command, s *subject) (c *sweep.Command, err error) {
	if !s.command {
		for _, name := range ofCommands() {
			if cmd.Flags().Changed(name) {
				return nil, usagef("--%s goes with a command behind --", name)
			}
		}
		return nil, nil
	}
	if o.Argv = s.argv; len(o.Argv) == 0 {
		return nil, usagef("a command must follow --")
	}
	return &o.Command, o.complete()
}

// complete splits the commands before and after each run into their words, and makes paths absolute.
func (o *commandOptions) complete() (err error) {
	if o.Prepare, err = shell.Split(o.prepare.String()); err != nil {
		return usagef("--prepare %q: %w", o.prepare, err)
	}
	if o.Cleanup, err = shell.Split(o.cleanup.String()); err != nil {
		return usagef("--cleanup %q: %w", o.cleanup, err)
	}
	for _, path := range []*string{&o.WorkDir, &o.Stdin} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	return nil
}
