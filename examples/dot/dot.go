// Package dot computes dot products of long vectors: the example of a program that is bound by memory bandwidth, which
// cores share.
//
// Each process has two vectors of 128 MiB together, far more than the caches that belong to one worker. A task reads
// the next block of both. By the time a block's turn comes round again everything else has been read in between, so a
// least-recently-used cache helps only if it holds both vectors. A product and a sum take two loads of 8 bytes, and
// four independent sums keep the additions from waiting for each other, so the loads are the bottleneck.
//
// Expected curve: that of the roofline model (Williams, Waterman & Patterson, "Roofline: an insightful visual
// performance model for multicore architectures", Communications of the ACM 52(4), 2009). At an intensity of 2
// operations per 16 bytes the speedup is at most the bandwidth of all cores together divided by that of one core. It is
// linear for a few cores and then flat, while all cores look busy: a core that waits for memory counts as busy. Work
// inflates: the CPU time grows with the workers.
//
// Making the vectors belongs to start-up. Goroutines share that work, processes each make their own vectors, so
// processes reach less in the total time; --measure work shows the bandwidth alone.
//
// The size is the amount read, in MiB; a task reads up to 4 MiB.
package dot

import (
	"context"
	"fmt"
	"sync"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// The sizes of both vectors of a process together, and of the part of them that one task reads.
const (
	stateMiB = 128
	taskMiB  = 4
)

const (
	perMiB = 1 << 20 / 16 // pairs of numbers in a MiB of both vectors
	pairs  = stateMiB * perMiB
	block  = taskMiB * perMiB
)

// Workload is the example "dot".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "dot",
		Doc:       "dot products from memory: linear until the memory bandwidth is used up, then flat with all cores busy",
		Size:      8192,
		PerWorker: 8192,
		Unit:      "MiB",
		Chunk:     4,
		Tasks:     tasks,
		Open:      open,
		Task:      task,
	}
}

func tasks(size int64) int { return int((max(0, size) + taskMiB - 1) / taskMiB) }

// vectors is the state of a process.
type vectors struct{ x, y []float64 }

func open(_ context.Context, env *workload.Env) (any, error) {
	return newVectors(pairs, env.Workers), nil
}

// newVectors fills vectors of n numbers with as many goroutines as there are workers. Otherwise start-up would be a
// serial part that more workers do not shorten.
func newVectors(n, workers int) *vectors {
	v := &vectors{x: make([]float64, n), y: make([]float64, n)}
	workers = max(1, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { v.fill(n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
	return v
}

// fill sets the pairs from … to-1 to numbers that depend on their index alone: multiples of 1/1024 below 1.
func (v *vectors) fill(from, to int) {
	for i := from; i < to; i++ {
		r := spin.Seed(i)
		v.x[i] = float64(r>>54) / 1024
		v.y[i] = float64(r>>44&1023) / 1024
	}
}

func task(_ context.Context, env *workload.Env, i int) (any, error) {
	v, ok := env.State.(*vectors)
	if !ok {
		return nil, fmt.Errorf("dot: block %d: the state of the process is not vectors but %T", i, env.State)
	}
	from := i * block % pairs
	to := from + int(min(taskMiB, env.Size-int64(i)*taskMiB))*perMiB
	return product(v.x[from:to], v.y[from:to]), nil
}

// product returns the dot product of two vectors of equal length. The conversions keep the compiler from fusing product
// and sum, which it would do on some processors only, with a different result.
func product(x, y []float64) float64 {
	y = y[:len(x)] // one check here instead of one per element
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		p, q := x[i:i+4:i+4], y[i:i+4:i+4]
		a += float64(p[0] * q[0])
		b += float64(p[1] * q[1])
		c += float64(p[2] * q[2])
		d += float64(p[3] * q[3])
	}
	for ; i < len(x); i++ {
		a += float64(x[i] * y[i])
	}
	return (a + b) + (c + d)
}
