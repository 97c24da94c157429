package marker_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/marker"
)

// A worker's region is known by the name that it is given, and by no other.
func TestParseWorker(t *testing.T) {
	for _, k := range []int{0, 1, 12, 4095} {
		if got, ok := marker.ParseWorker(marker.Worker(k)); !ok || got != k {
			t.Errorf("worker %d is parsed as %d, %v", k, got, ok)
		}
	}
	for _, name := range []string{"", "worker", "worker ", "worker -1", "worker x", "workers 1", marker.Before, "worker 99999999999999999999"} {
		if k, ok := marker.ParseWorker(name); ok {
			t.Errorf("%q is parsed as worker %d", name, k)
		}
	}
}

// While Join waits, a function that IsJoin knows is on its stack: its name is not changed by a rename or by inlining.
func TestJoin(t *testing.T) {
	results := make(chan error)
	stacks := make(chan bool, 1)
	go func() {
		results <- nil
		buf := make([]byte, 1<<16)
		buf = buf[:runtime.Stack(buf, true)]
		stacks <- onStack(string(buf))
		results <- errors.New("failed")
	}()
	if err := marker.Join(3, results); err == nil || err.Error() != "failed" {
		t.Errorf("Join returned %v", err)
	}
	if !<-stacks {
		t.Error("no function on the stack of a Join in progress is known as one")
	}
	if err := marker.Join(0, nil); err != nil {
		t.Errorf("Join of nobody returned %v", err)
	}
}

func onStack(dump string) bool {
	for line := range strings.Lines(dump) {
		for i, c := range line {
			if c == '(' && i > 0 && marker.IsJoin(line[:i]) {
				return true
			}
		}
	}
	return false
}
