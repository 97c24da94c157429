package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// commandOptions are the flags of "run" for a command of any language.
type commandOptions struct {
	sweep.Command
	name             string    // of the workload; empty: that of the program
	variants         []string  // NAME=COMMAND, of those that are compared
	prepare, cleanup wordsFlag // commands before and after each run, not yet split into words
}

func (o *commandOptions) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.variants, flagVariant, nil,
		"compare commands: NAME='COMMAND ARG...', as behind --; twice or more, the first is the base")
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

// flagVariant is the flag of a command that is compared with others.
const flagVariant = "variant"

// compared returns the commands that are compared; nil if there are none.
func (o *commandOptions) compared(s *subject) (out []setup.VariantCommand, err error) {
	if len(o.variants) == 0 {
		return nil, nil
	}
	if s.command || len(s.names) > 0 {
		return nil, usagef("--variant stands for what is measured: give it without a workload, a package or a command behind --")
	}
	if err := o.complete(); err != nil {
		return nil, err
	}
	for _, text := range o.variants {
		name, argv, err := variantOf(text)
		if err != nil {
			return nil, err
		}
		c := setup.VariantCommand{Variant: name, Command: o.Command}
		c.Argv = argv
		out = append(out, c)
	}
	return out, nil
}

// variantOf takes NAME='COMMAND ARG...' apart.
func variantOf(text string) (name string, argv []string, err error) {
	name, line, ok := strings.Cut(text, "=")
	if ok {
		argv, err = shell.Split(line)
	}
	var hider secret.Hider // what one mistypes may be a secret
	switch shown := hider.Words([]string{text})[0]; {
	case err != nil:
		return "", nil, usagef("--variant %q: %w", shown, err)
	case !ok || name == "" || len(argv) == 0:
		return "", nil, usagef("--variant %q: want NAME='COMMAND ARG...'", shown)
	}
	return name, argv, nil
}

// take returns the command that is measured; nil if there is none, or those that are compared.
func (o *commandOptions) take(cmd *cobra.Command, s *subject) (c *sweep.Command, err error) {
	if !s.command && len(o.variants) > 0 {
		return nil, nil
	}
	if !s.command {
		for _, name := range ofCommands() {
			if cmd.Flags().Changed(name) {
				return nil, usagef("--%s goes with a command behind --, or with --variant", name)
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
