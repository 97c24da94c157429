// Package sharing writes to counters of which nobody shares one, but which lie in one cache line: the example of false
// sharing.
//
// A task is a number of equal rounds, and each round reads the counter of its task, does one step and writes it back.
// No two tasks use the same counter, so by the program's text nothing is shared. But the unit in which cores hold
// memory is the cache line, 64 bytes or eight counters on most machines: a core that writes to a line takes it away
// from every other core that has it, so neighbours wait for each other at every round. ("False sharing": Torrellas, Lam
// & Hennessy, "False sharing and spatial locality in multiprocessor caches", IEEE Transactions on Computers 43(6),
// 1994.)
//
// Expected curve: workers of one process are slower than one worker, by as much as it costs to take over a line; the
// cores are busy all the time, and a profile shows the same function as at one worker. With the counters two lines
// apart ("sharing-padded") the speedup is n, and likewise on processes, each of which has counters of its own. Two
// lines, because processors fetch lines in pairs.
//
// The size is the number of rounds, in up to 64 tasks of equal length.
package sharing

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

const (
	// maxTasks is how many tasks the rounds are split into; fewer rounds than that make a task each.
	maxTasks = 64
	// apart is the distance of counters that do not disturb each other, in counters: two cache lines of 64 bytes.
	apart = 16
)

// Workload is the example "sharing".
func Workload() workload.Workload {
	return of("sharing", "counters of each task side by side in one cache line: slower with more workers", 1)
}

// Padded is the same with the counters far apart.
func Padded() workload.Workload {
	return of("sharing-padded", "counters of each task in cache lines of their own: n", apart)
}

// of returns a workload whose counters are the given number of places apart.
func of(name, doc string, stride int) workload.Workload {
	return workload.Workload{
		Name: name, Doc: doc,
		Size:      100_000_000,
		PerWorker: 100_000_000,
		Unit:      "rounds",
		Tasks:     tasks,
		Open: func(_ context.Context, env *workload.Env) (any, error) {
			return counters{stride, make([]atomic.Uint64, tasks(env.Size)*stride)}, nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			c, ok := env.State.(counters)
			if !ok {
				return nil, fmt.Errorf("%s: task %d: the state of the process is not counters but %T", name, i, env.State)
			}
			return count(&c.all[i*c.stride], spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, maxTasks) }

// counters is the state of a process: one for each task, stride places apart.
type counters struct {
	stride int
	all    []atomic.Uint64
}

// count makes n rounds on c from x, each of which goes through memory, and returns the last value.
func count(c *atomic.Uint64, x uint64, n int64) uint64 {
	c.Store(x)
	for range n {
		c.Store(spin.Steps(c.Load(), 1))
	}
	return c.Load()
}
