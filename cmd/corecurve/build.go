package main

import (
	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/trace/capture"
)

func newBuild() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "build [-o BIN] [PACKAGE]... [-- GO BUILD FLAG...]",
		Short: "Build a Go program whose traces tell what it does with locks and channels",
		Long: `Build calls go build, with other versions of a few files of Go's library, made
of those of the go command at hand: whatever the program does with a Mutex,
RWMutex, channel, WaitGroup, Cond or Once stands in the execution traces that it
records (sync events). So the speedup on more cores can be predicted for
programs that such things limit, where a stock trace shows only who waits.

No source of the program is changed, and GOROOT is only read. Without a trace
the program runs as ever. A traced operation costs some 60 ns and 9 to 17 bytes.
The traces are those of Go: go tool trace reads them.

What follows -- is given to go build. An overlay in GOFLAGS becomes part of the
one that this is. A release of Go that is not known is refused.

"corecurve run" and "corecurve bench" build so with --sync-events.`,
		Example: `  corecurve build -o server ./cmd/server
  corecurve build -o server ./cmd/server -- -race -tags integration`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var flags []string
			if dash := cmd.ArgsLenAtDash(); dash >= 0 {
				args, flags = args[:dash], args[dash:]
			}
			if out != "" {
				flags = append([]string{"-o", out}, flags...)
			}
			return capture.Install(cmd.Context(), append(flags, args...), cmd.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file or folder to write to (default: as go build)")
	return c
}
