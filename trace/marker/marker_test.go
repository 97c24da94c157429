package marker_test

import (
	"errors"
	"runtime"
	"slices"
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

// A chunk's region is known by the name that it is given, and by no other.
func TestParseChunk(t *testing.T) {
	for _, c := range [][2]int{{0, 1}, {7, 8}, {0, 2}, {10, 4096}} {
		if lo, hi, ok := marker.ParseChunk(marker.Chunk(c[0], c[1])); !ok || lo != c[0] || hi != c[1] {
			t.Errorf("tasks %v are parsed as %d, %d, %v", c, lo, hi, ok)
		}
	}
	for _, name := range []string{
		"", "task", "task ", "task -1", "task 1-2", "tasks 3", "tasks 4-3", "tasks -1-3", "tasks 1-x", "worker 1",
		"tasks 1-9223372036854775807",
	} {
		if lo, hi, ok := marker.ParseChunk(name); ok {
			t.Errorf("%q is parsed as tasks %d to %d", name, lo, hi)
		}
	}
}

// Ten tasks in four parts: 3, 3, 2 and 2, the first ten mod four of them one longer.
func TestShare(t *testing.T) {
	for _, tt := range []struct {
		n, parts int
		want     [][2]int
	}{
		{10, 4, [][2]int{{0, 3}, {3, 6}, {6, 8}, {8, 10}}},
		{2, 3, [][2]int{{0, 1}, {1, 2}, {2, 2}}},
		{0, 2, [][2]int{{0, 0}, {0, 0}}},
	} {
		var got [][2]int
		for k := range tt.parts {
			lo, hi := marker.Share(tt.n, tt.parts, k)
			got = append(got, [2]int{lo, hi})
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%d in %d parts: %v, want %v", tt.n, tt.parts, got, tt.want)
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
