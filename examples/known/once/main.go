// Once does the work of one program of package known, and prints how many nanoseconds that took. With a third argument
// it records an execution trace to that file.
//
//	once PROGRAM SIZE [TRACE]
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	rtrace "runtime/trace"
	"slices"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/examples/known"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "once:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) (err error) {
	if len(args) < 2 || len(args) > 3 {
		return fmt.Errorf("want PROGRAM SIZE [TRACE], not %q", args)
	}
	all := append(known.All(), known.Doubtful()...)
	i := slices.IndexFunc(all, func(p known.Program) bool { return p.Name == args[0] })
	if i < 0 {
		return fmt.Errorf("no program is called %q", args[0])
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return err
	}
	if len(args) == 3 {
		f, err := os.Create(args[2])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if err := rtrace.Start(f); err != nil {
			return err
		}
		defer rtrace.Stop()
	}
	begun := time.Now()
	all[i].Do(size)
	_, err = fmt.Fprintln(out, time.Since(begun).Nanoseconds())
	return err
}
