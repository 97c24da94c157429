// Command cmd writes a large Go execution trace for measuring readers:
//
//	go run ./trace/gotrace/tracegen/cmd -events 20000000 -o big.trace
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/corecurve/corecurve/trace/gotrace/tracegen"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) } //nolint:forbidigo // this is a main

func run(args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("tracegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o tracegen.Options
	flags.Int64Var(&o.Events, "events", 1e6, "`number` of events, roughly")
	flags.IntVar(&o.Goroutines, "goroutines", 1000, "`number` of goroutines, roughly")
	out := flags.String("o", "big.trace", "`file` to write")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := write(*out, o); err != nil {
		_, _ = fmt.Fprintln(stderr, "tracegen:", err)
		return 1
	}
	return 0
}

func write(name string, o tracegen.Options) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := tracegen.Write(w, o); err != nil {
		return err
	}
	return w.Flush()
}
