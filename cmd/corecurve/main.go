// Command corecurve answers one question: does this program get faster with more cores, and if not, where do the cores
// go?
//
// Run "corecurve help" for its verbs.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/workload"
)

func main() {
	// The built-in workloads run in this very binary: a process of a run takes this way, before anything else is done.
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	if workload.IsChild() {
		os.Exit(workload.Child(builtin()...))
	}
	keepTo(limits.MemoryGoal)
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// builtin are the workloads that are linked into the tool.
func builtin() []workload.Workload {
	return append(examples.All(), capture.Spin())
}

// Exit statuses, which scripts rely on.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130                        // beside those of [stopped]
	exitUnread      = 128 + int(syscall.SIGPIPE) // nobody reads what is printed; a shell has the same for cat
)

// A statusError is an error that decides the exit status.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// usagef is an error in what the user typed.
func usagef(format string, args ...any) error {
	return &statusError{exitUsage, fmt.Errorf(format, args...)}
}

// run is the command line, as a function.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	w := &watch{told: &screen{out: stderr}}
	return w.run(func(ctx context.Context) int {
		seen, told := &screen{out: stdout}, &screen{out: stderr}
		defer seen.end()
		defer told.end()
		capture.ClearScratch()
		root := newRoot()
		root.SetArgs(args)
		root.SetIn(stdin)
		root.SetOut(seen)
		root.SetErr(told)
		err := root.ExecuteContext(ctx)
		if why := stopOf(ctx); err != nil && why != nil {
			return w.verdict(why, err, told)
		}
		return verdict(cmp.Or(err, seen.failed), told)
	})
}

// verdict returns the status for the error of a verb, and says what was wrong.
func verdict(err error, told io.Writer) int {
	if err == nil {
		return exitOK
	}
	if unread(err) {
		return exitUnread
	}
	if msg := err.Error(); msg != "" {
		fmt.Fprintln(told, "corecurve: "+msg)
	}
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.status
	}
	_, request := errors.AsType[*setup.RequestError](err)
	_, selection := errors.AsType[*captures.SelectionError](err)
	if request || selection {
		return exitUsage
	}
	return exitFailed
}

// newRoot lists the verbs.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "corecurve",
		Short: "Does this program get faster with more cores, and if not, where do the cores go?",
		Long: `Does this program get faster with more cores, and if not, where do the cores go?

corecurve runs a workload over worker, process and core counts, traces it, and
writes a speedup report.

"corecurve run" without arguments measures two built-in workloads and shows what
a report looks like.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(
		newRun(), newBench(), newBuild(), newReport(), newAnalyze(), newOpen(), newFit(), newPredict(), newCompare(), newHistory(), newCheck(), newList(),
		newDoctor(),
	)
	root.Version = version()
	root.SetVersionTemplate(versionLine())
	completes(root)
	markUsage(root)
	for _, c := range root.Commands() {
		markUsage(c)
	}
	return root
}

// markUsage makes errors of flags and arguments exit with the status for wrong usage.
func markUsage(c *cobra.Command) {
	hint := fmt.Sprintf(" (see %s --help)", c.CommandPath())
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usagef("%w%s", err, hint) })
	if args := c.Args; args != nil {
		c.Args = func(cmd *cobra.Command, a []string) error {
			if err := args(cmd, a); err != nil {
				return usagef("%w%s", err, hint)
			}
			return nil
		}
	}
}
