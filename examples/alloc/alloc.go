// Package alloc builds and drops binary trees of small nodes beside a long linked list: the example of a program that
// the garbage collector holds back.
//
// Each task builds trees one after the other and folds each into a checksum; the previous tree is then garbage. Each
// process also keeps a list, as caches and queues do, whose entries lie in memory in a different order than in the
// list. The collector must walk the list in every cycle, and several cores cannot walk one list together: only the core
// that has read an entry knows where the next one is.
//
// Expected curve: hardly above 1, and flat. Let A be the time in which one worker allocates as many bytes as the list
// has, and G the time it takes to walk the list; one worker then completes a cycle in A + G. The collector starts at
// the latest when 0.7 of those bytes are allocated (minTriggerRatioDistance in the runtime's mgcpacer.go), and grants
// the rest only as fast as it walks: a goroutine that wants more must help (gc.assist), and waits if there is nothing
// to help with. So with n workers, n ≥ 2, a cycle takes at least 0.7·A/n + G:
//
//	S(n) ≤ (A + G) / (0.7·A/n + G) < 1 + A/G
//
// With Go 1.26 G is about as long as A, so the bound is 1.5 for two workers and 2 for any number of them. Measured: 1.1
// to 1.2 on two cores, because walking is slower when cores take the next entry from one another, and because waiting
// goroutines must be woken.
//
// The cure is a slice, or entries without pointers: the workers then share the marking. GOGC=400 in the environment
// makes a quarter of the cycles. Several processes have a list and a collector each, and scale where threads do not.
//
// The size is the number of trees of 1,023 nodes.
package alloc

import (
	"context"
	"fmt"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

const (
	// maxTasks is how many tasks the trees are split into; fewer trees than that make a task each.
	maxTasks = 64
	// treeDepth is the depth of a tree that is built and dropped.
	treeDepth = 10
	// listLength is the length of the list that a process keeps: eight megabytes. It must be a power of two.
	listLength = 1 << 17
)

// Workload is the example "alloc".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "alloc",
		Doc:       "builds and drops trees of small nodes: hardly above 1, since only one core at a time can mark a list",
		Size:      12_800,
		PerWorker: 12_800,
		Unit:      "trees",
		Tasks:     tasks,
		Open: func(context.Context, *workload.Env) (any, error) {
			return list(listLength), nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			if _, ok := env.State.(*entry); !ok {
				return nil, fmt.Errorf("alloc: task %d: the state of the process is not a list but %T", i, env.State)
			}
			return trees(spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, maxTasks) }

// An entry of a list.
type entry struct {
	next  *entry
	value [7]uint64
}

// list makes a list of n entries, n a power of two, in the order in which a random generator of period n visits them.
func list(n int) *entry {
	entries := make([]*entry, n)
	for i := range entries {
		entries[i] = &entry{value: [7]uint64{uint64(i)}}
	}
	at := 0
	for range n - 1 {
		next := (at*1664525 + 1013904223) % n // Numerical Recipes' generator, of full period for every power of two
		entries[at].next = entries[next]
		at = next
	}
	return entries[0]
}

// A node of a tree.
type node struct {
	left, right *node
	key         uint64
}

// build makes a full tree of the given depth whose keys follow from x.
func build(depth int, x uint64) *node {
	n := &node{key: spin.Steps(x, 1)}
	if depth > 1 {
		n.left, n.right = build(depth-1, n.key), build(depth-1, n.key+1)
	}
	return n
}

// sum folds the keys of a tree in order, so that the tree cannot be optimised away and a wrong node is noticed.
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
		x = build(treeDepth, x|1).sum()
	}
	return x
}
