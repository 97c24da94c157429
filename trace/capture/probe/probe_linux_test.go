package probe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/probe"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

func TestMain(m *testing.M) {
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	if workload.IsChild() {
		os.Exit(workload.Child(capture.Spin()))
	}
	if len(os.Args) > 1 && os.Args[1] == "wait" {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	// Under the race detector each process would linger for a second at its exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func own(t *testing.T) capture.Program {
	t.Helper()
	p, err := capture.Own([]workload.Workload{capture.Spin()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What can be done here, and what a program that is not on the PATH costs.
func TestLook(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	m, err := probe.Look(t.Context(), own(t), "wait")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Sight {
		if s.What == "" || s.How == "" || s.OK != (s.Costs == "") {
			t.Errorf("%+v: want what it is, how, and what it costs only if it is not there", s)
		}
		if s.What == "Why threads are blocked" && !s.OK && !strings.Contains(s.How, "/proc/") {
			t.Errorf("the child could not be looked at: %s", s.How)
		}
	}
	if len(m.Sight) != 5 || !m.Sight[0].OK {
		t.Errorf("sights %+v", m.Sight)
	}
	for _, tool := range m.Tools {
		if tool.Path != "" || tool.Version != "" || tool.Costs == "" {
			t.Errorf("on an empty PATH: %+v", tool)
		}
	}
	if len(m.Tools) != 3 || m.Host.Level == "" || len(m.Host.CPUs) == 0 {
		t.Errorf("tools %+v, host %+v", m.Tools, m.Host)
	}
}

func TestLookEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := probe.Look(ctx, own(t), "wait"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// The spin loop runs on one core and on more, and leaves no study behind.
func TestSpin(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	sweeps, results, err := probe.Spin(t.Context(), setup.Catalog{Own: own(t)}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(sweeps) != 1 || len(results) != len(sweeps[0].Points) || sweeps[0].Points[0].Cores != 1 {
		t.Errorf("%d results of %+v", len(results), sweeps)
	}
	for _, r := range results {
		if r.Status != sweep.OK || r.Point.Workload != sweep.SpinWorkload {
			t.Errorf("%s: %s", r.Dir(), r.Status)
		}
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What this machine lacks. The main function must begin with a call of workload.IsChild, and with the argument "wait"
// the program must wait for its standard input.
func ExampleLook() {
	program, err := capture.Own([]workload.Workload{capture.Spin()})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := probe.Look(context.Background(), program, "wait")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range m.Sight[:1] { // the others depend on the machine
		fmt.Println(s.What, s.OK)
	}
	// Output: Go execution traces, CPU profiles and spans true
}
