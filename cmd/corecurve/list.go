package main

import (
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/examples"
	"github.com/corecurve/corecurve/examples/commands"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

func newList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the built-in workloads",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var ws []capture.Info
			for _, w := range examples.All() { // the spin loop is a part of every study and no subject of one
				ws = append(ws, workload.Describe(w))
			}
			for _, p := range commands.All() {
				if why := stopOf(cmd.Context()); why != nil {
					return why // what looks for Python's modules was ended, and the next would be left behind
				}
				info := describe(p)
				if l := p.Lacks(); l != "" {
					info.Doc += " (not here: it needs " + l + ")"
				}
				ws = append(ws, info)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), ws)
			}
			tw := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, w := range ws {
				size, scaling := words.Plain(words.Quantity(w.Size, w.Unit)), sweep.Strong
				if w.Weak {
					size, scaling = words.Plain(words.Quantity(w.PerWorker, w.Unit))+" per worker", sweep.Weak
				}
				fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", w.Name, scaling, size, w.Doc)
			}
			return tw.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// describe returns what is known of a command before it runs.
func describe(p commands.Program) capture.Info {
	return capture.Info{Name: p.Name, Doc: p.Doc, Size: p.Size, Unit: "tasks"}
}

// catalog is what workloads can be named from.
func catalog() (setup.Catalog, error) {
	own, err := capture.Own(builtin())
	c := setup.Catalog{Own: own}
	cache, cacheErr := os.UserCacheDir()
	if cacheErr != nil {
		cache = os.TempDir()
	}
	for _, p := range commands.All() {
		c.Commands = append(c.Commands, setup.Shipped{
			Info:    describe(p),
			Install: func() ([]string, error) { return p.Install(filepath.Join(cache, "corecurve")) },
		})
	}
	return c, err
}
