package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// comparable refuses to compare what is not built, or has one state alone.
func (o *runOptions) comparable(command *sweep.Command) error {
	switch compared := len(o.command.variants) > 0; {
	case o.Against != "" && compared:
		return usagef("--against and --variant: one compares builds of a package, the other commands")
	case o.Against != "" && command != nil:
		return usagef("--against compares builds of a package: commands are compared by --variant NAME='COMMAND ARG...'")
	case o.draw.failOn != "" && o.Against == "" && !compared:
		return usagef("--fail-on is of changes: it goes with --against or --variant; two studies are compared by corecurve compare")
	case o.Revision != "" && compared:
		return usagef("--revision names the state of one program, and --variant compares several")
	}
	return nil
}

// tellVariants tells what a study compares.
func tellVariants(cmd *cobra.Command, h *sweep.Header) {
	for i := range h.Variants {
		fmt.Fprintln(cmd.ErrOrStderr(), words.Plain(words.Variant(&h.Variants[i], h)))
	}
	parts := (&sweep.Study{Header: *h}).Split()
	for _, part := range parts[1:] {
		for _, r := range compare.Remarks(parts[0], part) {
			fmt.Fprintln(cmd.ErrOrStderr(), words.Plain(words.Remark(r)))
		}
	}
	if h.Compares() {
		for _, text := range h.Warnings {
			fmt.Fprintln(cmd.ErrOrStderr(), words.Printable(text))
		}
	}
}
