package setup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// A command is measured twice on one core. The main function must begin with calls of supervise.Asked and
// workload.IsChild, because runs are supervised by processes of the same executable.
func Example() {
	if err := measure(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// true timed ok
	// true timed ok
}

func measure(ctx context.Context) (err error) {
	parent, err := os.MkdirTemp("", "example-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(parent)) }()
	own, err := capture.Own([]workload.Workload{capture.Spin()})
	if err != nil {
		return err
	}
	s, err := setup.New(setup.Catalog{Own: own}, setup.Request{
		Axes:     sweep.Axes{Workers: []int{1}, Cores: []int{1}},
		Rule:     sweep.Rule{MinRuns: 2, MaxRuns: 2},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.AddCommand("", sweep.Command{Argv: []string{"true"}}); err != nil {
		return err
	}
	if err := s.Create(filepath.Join(parent, "study")); err != nil {
		return err
	}
	ending, err := s.Measure(ctx, setup.Hooks{})
	for _, r := range ending.Results {
		if r.Point.Workload != sweep.SpinWorkload {
			fmt.Println(r.Point.Workload, r.Kind, r.Status)
		}
	}
	return err
}
