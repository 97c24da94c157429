package capture_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// A study of the spin loop on one core, two runs of one point. The main function of the program must begin with
//
//	if workload.IsChild() {
//		os.Exit(workload.Child(capture.Spin()))
//	}
//
// because the runs are processes of the same executable.
func Example() {
	if err := measure(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// spin-p1-w1-c1-s1-r00 ok
	// spin-p1-w1-c1-s1-r01 ok
	// 2 runs of every point were made, as asked
}

func measure(ctx context.Context) error {
	parent, err := os.MkdirTemp("", "example-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(parent) }()

	program, err := capture.Own([]workload.Workload{capture.Spin()})
	if err != nil {
		return err
	}
	machine := host.Describe(host.Options{})
	header := sweep.Header{Schema: sweep.StudySchema, Host: machine}
	journal, err := sweep.CreateStudy(filepath.Join(parent, "study"), header)
	if err != nil {
		return err
	}
	defer func() { _ = journal.Close() }()
	settings := sweep.Settings{Timeout: sweep.Seconds(time.Minute)}
	runner, err := capture.New(journal, machine, settings, map[sweep.Key]capture.Program{{Workload: sweep.SpinWorkload}: program})
	if err != nil {
		return err
	}
	defer runner.Close(ctx)

	ending, err := runner.Measure(ctx, capture.Task{
		Sweeps: []sweep.Sweep{sweep.CeilingSweep(nil, 1)},
		Rule:   sweep.Rule{MinRuns: 2, MaxRuns: 2},
	}, nil)
	if err != nil {
		return err
	}
	for _, r := range ending.Results {
		fmt.Println(r.Dir(), r.Status)
	}
	fmt.Println(ending.Why)
	return nil
}
