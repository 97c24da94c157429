package workload

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Main is the main function of a program of workloads. It does not return.
//
// Under corecurve it does the part of a run that the process was started for. Started by hand it runs a workload once
// and prints how long that took:
//
//	go run ./primes -workers 4      # four goroutines
//	go run ./primes -procs 4        # four processes
//	corecurve run ./primes          # which of them pays, how far, and why
func Main(ws ...Workload) {
	os.Exit(mainStatus(ws)) //nolint:forbidigo // it stands in for the main function of the user's program
}

func mainStatus(ws []Workload) int {
	if proc.Started() {
		return Child(ws...)
	}
	if os.Getenv(wire.ListEnv) == "1" {
		return list(os.Stdout, os.Stderr, ws)
	}
	return byHand(os.Args, os.Stdout, os.Stderr, ws)
}

// list prints the workloads for the tool.
func list(stdout, stderr io.Writer, ws []Workload) int {
	if err := checkAll(ws); err != nil {
		report(stderr, err)
		return exitFailed
	}
	infos := make([]wire.Info, len(ws))
	for i, w := range ws {
		infos[i] = Describe(w)
	}
	if err := json.NewEncoder(stdout).Encode(infos); err != nil {
		report(stderr, err)
		return exitFailed
	}
	return exitOK
}

// byHand runs one workload as the command line says.
func byHand(args []string, stdout, stderr io.Writer, ws []Workload) int {
	if err := checkAll(ws); err != nil {
		report(stderr, err)
		return exitFailed
	}
	var shape Shape
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&shape.Workers, "workers", 1, "goroutines of each process")
	flags.IntVar(&shape.Procs, "procs", 1, "processes")
	flags.Int64Var(&shape.Size, "size", 0, "total work (0: the workload's own)")
	flags.IntVar(&shape.Chunk, "chunk", 0, "tasks that a worker takes at a time (0: the workload's own)")
	flags.BoolVar(&shape.Static, "static", false, "split the tasks evenly at the start")
	flags.Usage = func() { usage(stderr, flags, ws) }
	if err := flags.Parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitOK
		}
		return exitUsage
	}
	w, err := choose(flags.Args(), ws)
	if err == nil && (shape.Workers < 1 || shape.Procs < 1 || shape.Size < 0 || shape.Chunk < 0) {
		err = errors.New("workers and procs must be at least 1, size and chunk at least 0")
	}
	if err != nil {
		report(stderr, err)
		flags.Usage()
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program even if a task ignores the first
	got, err := Do(ctx, *w, shape)
	if err != nil {
		report(stderr, fmt.Errorf("%s: %w", w.Name, err))
		return exitFailed
	}
	_, err = fmt.Fprintf(stdout, "%s: procs %d, workers %d, size %d: total %v, work %v, results %d, digest %s\n",
		w.Name, shape.Procs, shape.Workers, got.Size,
		got.Total.Round(time.Microsecond), got.Work.Round(time.Microsecond), got.Tasks, got.Digest)
	if err != nil {
		return exitFailed
	}
	return exitOK
}

// choose returns the workload that the arguments name, or the only one.
func choose(args []string, ws []Workload) (*Workload, error) {
	switch {
	case len(args) > 1:
		return nil, fmt.Errorf("unexpected argument %q: flags go before the workload's name", args[1])
	case len(args) == 0 && len(ws) == 1:
		return &ws[0], nil
	case len(args) == 0:
		return nil, errors.New("which workload?")
	}
	for i := range ws {
		if ws[i].Name == args[0] {
			return &ws[i], nil
		}
	}
	return nil, fmt.Errorf("workload %q: the program has none of this name", args[0])
}

func usage(w io.Writer, flags *flag.FlagSet, ws []Workload) {
	_, _ = fmt.Fprintf(w, "usage: %s [flags] [workload]\n\n"+
		"Runs a workload once. For its speedup curve: corecurve run <this package>\n\nWorkloads:\n", flags.Name())
	for _, x := range ws {
		_, _ = fmt.Fprintf(w, "  %-16s %s\n", x.Name, x.Doc)
	}
	_, _ = fmt.Fprint(w, "\nFlags:\n")
	flags.PrintDefaults()
}
