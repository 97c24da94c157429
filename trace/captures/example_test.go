package captures_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	rtrace "runtime/trace"

	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The captures of one run of a study. Those that are missing do not keep the others from being read.
func Example() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := record(filepath.Join(dir, "p0.trace")); err != nil {
		fmt.Println(err)
		return
	}

	// As in a study's Results.
	result := &sweep.Result{Captures: []sweep.Capture{
		{Kind: sweep.GoTrace, Path: "p0.trace", Role: sweep.Worker},
		{Kind: sweep.CPUProfile, Path: "p0.cpu.pb.gz", Role: sweep.Worker},
	}}
	run := captures.Dir(dir).Open(result)
	defer run.Close()
	for _, t := range run.Traces {
		var ev gotrace.Event
		var last error
		for last == nil {
			last = t.Reader.Next(&ev)
		}
		fmt.Println(t.Path, "read to its end:", errors.Is(last, io.EOF))
	}
	for _, p := range run.Problems {
		fmt.Println(p.Path, "missing:", p.Missing())
	}
	// Output:
	// p0.trace read to its end: true
	// p0.cpu.pb.gz missing: true
}

// record writes an execution trace of next to nothing.
func record(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := rtrace.Start(f); err != nil {
		return errors.Join(err, f.Close())
	}
	rtrace.Stop()
	return f.Close()
}
