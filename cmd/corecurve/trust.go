package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/shell"
)

// stateDir returns the folder of the user's state, as the XDG base directory specification has it; empty: none is
// known.
func stateDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "corecurve")
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, ".local", "state", "corecurve")
}

// trust shows what a study would run that is not known to be the user's choice, and returns an error unless the user
// agrees: by the flag --trust, which given says, or by an answer on a terminal.
func trust(cmd *cobra.Command, given bool) func(setup.Foreign) error {
	return func(f setup.Foreign) error {
		in, out := cmd.InOrStdin(), cmd.ErrOrStderr()
		fmt.Fprint(out, foreignWords(&f))
		switch {
		case given:
			return nil
		case !isTerminal(in) || !isTerminal(out):
			return usagef("nothing of %s was run: --trust runs what is shown above", relative(f.Study))
		case !answered(cmd.Context(), in, out, "Run this?"):
			return &statusError{exitInterrupted, fmt.Errorf("nothing of %s was run", relative(f.Study))}
		}
		return nil
	}
}

// answered asks a question and reports whether the answer is yes. No answer is no consent, and neither is the end of
// ctx.
func answered(ctx context.Context, in io.Reader, out io.Writer, question string) bool {
	forget(in)
	fmt.Fprintf(out, "%s [y/N] ", question)
	answers := make(chan string, 1)
	go func() {
		answer, _ := bufio.NewReader(in).ReadString('\n')
		answers <- answer
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(out)
		return false
	case answer := <-answers:
		answer = strings.ToLower(strings.TrimSpace(answer))
		return answer == "y" || answer == "yes"
	}
}

// foreignWords says what a study would run, and why that is asked.
func foreignWords(f *setup.Foreign) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	study := words.Printable(relative(f.Study))
	if f.Unsealed != nil {
		line("%s is not known to be a study of yours: %s.", study, words.Printable(f.Unsealed.Error()))
	}
	for _, d := range f.Different {
		line("%s is continued by force: %s.", study, words.Printable(d))
	}
	line("To go on with it runs this:")
	for i := range f.Programs {
		programWords(&f.Programs[i], line)
	}
	switch {
	case f.Unsealed == nil:
	case f.Seals:
		line("Agreed to, it counts as your study from then on: it bears your seal, and you are not asked again.")
	default:
		line("It cannot be sealed, so that you are asked again each time.")
	}
	return b.String()
}

// programWords says what is run of a program: everything that decides what it does.
func programWords(p *setup.Stranger, line func(string, ...any)) {
	name, c, at := words.Printable(p.Name), p.Command, ""
	if p.Variant != "" {
		name += " (" + words.Printable(p.Variant) + ")"
	}
	if p.Commit != "" {
		at = ", as it is at " + words.Printable(p.Commit) + ","
	}
	switch {
	case c == nil:
		line("  %s: builds the Go package in %s%s and runs its program", name, shell.Quote(p.Package), at)
		return
	case c.Benchmark != nil:
		line("  %s: builds the tests of %s in %s%s and runs %s in %s", name, shell.Quote(c.Benchmark.Package),
			shell.Quote(c.Benchmark.Folder), at, words.Printable(c.Benchmark.Name), shell.Quote(c.WorkDir))
		return
	}
	line("  %s: %s", name, shell.Quote(c.Argv...))
	line("    SHA-256 of the program as recorded: %s", words.Printable(p.SHA256))
	also := func(what string, args []string) {
		if len(args) > 0 {
			line("    %s: %s", what, shell.Quote(args...))
		}
	}
	one := func(what, arg string) {
		if arg != "" {
			also(what, []string{arg})
		}
	}
	if len(p.Unnamed) > 0 {
		line("    you have named it again, except %s", words.List(p.Unnamed))
	}
	also("environment", c.Env)
	one("working directory", c.WorkDir)
	one("stdin", c.Stdin)
	also("words added in traced runs", c.TracedArgs)
	also("before each run", c.Prepare)
	also("after each run", c.Cleanup)
	if len(c.Prepare)+len(c.Cleanup) > 0 {
		one("these are started in", p.Folder)
	}
}
