package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/examples/commands"
	"github.com/corecurve/corecurve/trace/revision"
	"github.com/corecurve/corecurve/trace/sweep"
)

// completes gives the verbs what shells complete their arguments and flags by: names of workloads, studies, their
// points, and the words that flags take. Everything else is files, as shells do by themselves.
func completes(root *cobra.Command) {
	modes := []string{string(sweep.Threads), string(sweep.Procs), string(sweep.Cores), string(sweep.Grid)}
	scalings := []string{string(sweep.Strong), string(sweep.Weak)}
	flags := map[string]cobra.CompletionFunc{
		"mode":      wordsOf(modes...),
		"scaling":   wordsOf(scalings...),
		"measure":   wordsOf(string(curve.Total), string(curve.Work)),
		"color":     wordsOf("auto", "always", "never"),
		"max-share": causes,
		"resume":    studies,
		"against":   againstWhat,
	}
	for _, c := range root.Commands() {
		for name, complete := range flags {
			if c.Flags().Lookup(name) == nil {
				continue
			}
			if name == "mode" && c.Flags().Lookup("workers") != nil {
				complete = wordsOf(append(modes, "both")...)
			}
			if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
				panic(err) // the flag is there, and has one completion
			}
		}
		switch c.Name() {
		case "run", "bench":
			if c.Name() == "run" {
				c.ValidArgsFunction = workloads
			}
			if err := c.MarkFlagFilename("file", "yaml", "yml", "json"); err != nil {
				panic(err) // the flag is there
			}
		case "report", "check", "compare", "history":
			c.ValidArgsFunction = studies
		case "open":
			c.ValidArgsFunction = points
		}
	}
}

// wordsOf completes to words that are known, and to no file.
func wordsOf(known ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(known, cobra.ShellCompDirectiveNoFileComp)
}

// workloads completes to the built-in workloads; a package or a command is a path.
func workloads(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.ContainsAny(typed, `./\`) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var out []cobra.Completion
	for _, w := range examples.All() {
		out = append(out, cobra.CompletionWithDesc(w.Name, w.Doc))
	}
	for _, p := range commands.All() {
		out = append(out, cobra.CompletionWithDesc(p.Name, p.Doc))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// causes completes a gate to the causes that core time goes to.
func causes(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, c := range cause.All() {
		out = append(out, cobra.CompletionWithDesc(c.String()+"=", c.Entry().Name))
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// studies completes to the folders that hold a study, and else to folders.
func studies(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found, err := filepath.Glob(typed + "*/study.json")
	if err != nil || len(found) == 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	out := make([]cobra.Completion, len(found))
	for i, f := range found {
		out[i] = filepath.Dir(f)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// againstWhat completes to the branches and tags of the repository here, and else to files.
func againstWhat(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.HasPrefix(typed, ".") || filepath.IsAbs(typed) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	return revision.Names(ctx, "."), cobra.ShellCompDirectiveDefault
}

// points completes to a study, and after it to the points that were traced.
func points(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return studies(cmd, args, typed)
	}
	s, err := sweep.ReadStudy(args[0])
	if err != nil || len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []cobra.Completion
	seen := map[string]bool{}
	for i := range s.Results {
		name := s.Results[i].Point.String()
		if len(s.Results[i].Captures) > 0 && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
