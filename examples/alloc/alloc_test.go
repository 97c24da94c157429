package alloc

import (
	"runtime"
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// treeNodes is the number of nodes of a tree that a task builds, as the documentation states it.
const treeNodes = 1<<treeDepth - 1

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func TestBuild(t *testing.T) {
	if got := build(treeDepth, 1).count(); got != 1023 || treeNodes != 1023 {
		t.Errorf("a tree has %d nodes, stated are %d, want 1023", got, treeNodes)
	}
	// From x = 1 one step gives 0x40822041 (see package spin), which is the root's key; a tree of depth 1 is its root.
	key := uint64(0x40822041)
	if got := build(1, 1).sum(); got != key*0x100000001B3 {
		t.Errorf("the sum of one node is %#x", got)
	}
	// Two keys that change places change the sum.
	a, b := build(2, 1), build(2, 1)
	b.left, b.right = b.right, b.left
	if a.sum() == b.sum() {
		t.Error("the sum does not depend on the order")
	}
}

// The generator visits every entry before it visits one again.
func TestList(t *testing.T) {
	const n = 1 << 12
	seen := map[*entry]bool{}
	for e := list(n); e != nil && !seen[e]; e = e.next {
		seen[e] = true
	}
	if len(seen) != n {
		t.Errorf("the list has %d entries, want %d", len(seen), n)
	}
}

func TestTask(t *testing.T) {
	w := Workload()
	env := &workload.Env{Size: 65} // the first task has two trees
	if _, err := w.Task(t.Context(), env, 0); err == nil {
		t.Error("a process without a list is not noticed")
	}
	var err error
	if env.State, err = w.Open(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	for i, n := range []int64{2, 1} {
		got, err := w.Task(t.Context(), env, i)
		if err != nil {
			t.Fatal(err)
		}
		if want := trees(spin.Seed(i), n); got != want {
			t.Errorf("task %d gives %v, want %v", i, got, want)
		}
	}
}

// The example is of use only if the collector has something to do.
func TestCollects(t *testing.T) {
	kept := list(listLength)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	trees(1, 1000) // 1000 × 1023 × 24 bytes are 24.6 MB, several times what is kept
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	if got := after.Mallocs - before.Mallocs; got < 1000*treeNodes {
		t.Errorf("%d objects were allocated, want at least %d", got, 1000*treeNodes)
	}
	if after.NumGC == before.NumGC {
		t.Error("no collection in 1000 trees")
	}
}

func BenchmarkTask(b *testing.B) {
	w := Workload()
	env := &workload.Env{Size: w.Size}
	env.State = list(listLength)
	for b.Loop() {
		if _, err := w.Task(b.Context(), env, 0); err != nil {
			b.Fatal(err)
		}
	}
}
