// Package alloc builds and drops binary trees of small nodes: the example of a program that allocates more than it computes.
//
// Each task builds trees, one after the other, and folds each into a checksum; the tree before is garbage. Beside them each process
// keeps one large tree, which the garbage collector must walk in every cycle, as it must the caches and indexes of real programs.
//
// Expected curve: below n. The tasks are equal and share nothing but the allocator and the collector, and marking could be shared by all cores, so
//
//	S(n) ≤ n
//
// and what is missing to n is the collector's price for being shared: workers help to mark before they may allocate (gc.assist), a quarter
// of the cores belongs to it while it marks (gc.dedicated), it stops the world twice a cycle (gc.stw), of which there are the more per
// second the more workers allocate, and marking and allocating share caches and memory. How much that is depends on the Go release;
// GOGC=400 in the environment makes most of it go away. Several processes have a tree and a collector each: they mark P times as much,
// and never wait for each other.
//
// The size is the number of trees of [Nodes] nodes.
package alloc

import (
	"context"
	"fmt"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

const (
	// Tasks is how many tasks the trees are split into, if there are that many.
	Tasks = 64
	// Depth is that of a tree that is built and dropped.
	Depth = 10
	// Nodes is how many it has.
	Nodes = 1<<Depth - 1
	// KeptDepth is the depth of the tree that a process keeps: 131,071 nodes, three megabytes.
	KeptDepth = 17
)

// Workload is the example "alloc".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "alloc",
		Doc:       "builds and drops trees of small nodes: below n, since the garbage collector needs cores too",
		Size:      12_800,
		PerWorker: 12_800,
		Unit:      "trees",
		Tasks:     tasks,
		Open: func(context.Context, *workload.Env) (any, error) {
			return build(KeptDepth, spin.Seed(Tasks)), nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			if _, ok := env.State.(*node); !ok {
				return nil, fmt.Errorf("alloc: task %d: the process keeps no tree but %T", i, env.State)
			}
			return trees(spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, Tasks) }

// A node of a tree.
type node struct {
	left, right *node
	key         uint64
}

// build makes a full tree of that depth whose keys follow from x.
func build(depth int, x uint64) *node {
	n := &node{key: spin.Steps(x, 1)}
	if depth > 1 {
		n.left, n.right = build(depth-1, n.key), build(depth-1, n.key+1)
	}
	return n
}

// sum folds the keys of a tree in order, so that what is built is needed and a wrong node is noticed.
func (n *node) sum() uint64 {
	const prime = 0x100000001B3 // of the 64-bit FNV hash
	if n == nil {
		return 0
	}
	return (n.left.sum()*prime+n.key)*prime + n.right.sum()
}

// trees builds and drops n trees, each seeded by the sum of the one before.
func trees(x uint64, n int64) uint64 {
	for range n {
		x = build(Depth, x|1).sum()
	}
	return x
}
