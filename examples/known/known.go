// Package known holds programs of which arithmetic tells how much faster they can get on any number of cores: they show
// whether a prediction is right.
//
// Each does the same work with the same goroutines however many workers it is given, which are only Ps to it. What it
// waits for is of one kind: a join, a lock, a channel, a condition. A stock trace shows little of that where nobody has
// to wait; one with sync events shows all.
package known

import (
	"context"

	"github.com/corecurve/corecurve/trace/workload"
)

// A Program is a workload whose speedup has a limit.
type Program struct {
	workload.Workload
	Limit float64 // of the speedup on any number of cores
	Why   string  // the limit is that

	run func(size int64) uint64
}

// Do does the work of a size, and returns how many parts of it were done.
func (p *Program) Do(size int64) uint64 { return p.run(size) }

// All returns the programs.
func All() []Program {
	return []Program{
		fibs(), rounds(0.1, "known-serial-10"), rounds(0.3, "known-serial-30"), forkJoin(),
		mutex(0.1, "known-mutex-10"), mutex(0.3, "known-mutex-30"),
		pipe(0, "known-pipe"), pipe(16, "known-pipe-buffered"),
		pool(), producer(0, "known-producer"), producer(64, "known-producer-buffered"),
		queue(), pingPong(), parallelFor(),
	}
}

// program returns a program with the size of some tenths of a second, in that unit.
func program(name, why string, limit float64, size int64, unit string, run func(size int64) uint64) Program {
	return Program{
		Workload: workload.Workload{
			Name: name, Doc: why, Size: size, PerWorker: size, Unit: unit,
			Shared: "its limit is that of the goroutines of one process",
			Run: func(_ context.Context, env *workload.Env) error {
				return env.Result(0, run(env.Size))
			},
		},
		Limit: limit, Why: why, run: run,
	}
}
