// Package pipeline passes items through three stages that cost 1 : 3 : 2: the example of a slowest stage.
//
// Each worker is a goroutine that does some neighbouring stages of every item and hands the item to the next worker
// over an unbuffered channel. Three workers have a stage each. Two are split so that the larger half is as small as
// possible, which is 1 + 3 | 2. One does all. More workers than stages have nothing to do: the order of items is kept,
// so a stage cannot be shared.
//
// Expected curve: items leave as fast as the slowest worker passes them on. With m items, c the largest cost of a
// worker and 6 the cost of an item in all stages, the first item takes 6 and each further one c more:
//
//	S(n) = 6·m / (6 + (m−1)·c)        c = 6, 4, 3 on 1, 2, 3 or more workers
//
// which for many items is 1.5 on two workers, and 2 on three or more: all work divided by that of the slowest stage.
// (The law of a pipeline's throughput: Hennessy & Patterson, "Computer Architecture", appendix C.) On fewer cores than
// stages the goroutines share cores and the curve stays lower.
//
// Several processes are several pipelines, which share the items evenly and have no such limit.
//
// The size is the number of items, some one and a half milliseconds each.
package pipeline

import (
	"context"
	"fmt"
	rtrace "runtime/trace"
	"sync"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// Costs of the stages in units, and the length of a unit in steps: long against handing an item to a worker that
// sleeps.
const (
	firstCost  = 1
	secondCost = 3
	thirdCost  = 2
	itemCost   = firstCost + secondCost + thirdCost
	unitSteps  = 150_000
)

// Workload is the example "pipeline".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "pipeline",
		Doc:       "three stages that cost 1:3:2, joined by channels: 1.5 on two workers, never above 2",
		Size:      400,
		PerWorker: 400,
		Unit:      "items",
		Run:       run,
	}
}

// A stage does its part of an item.
type stage struct {
	cost int
	do   func(x uint64) uint64
}

func first(x uint64) uint64  { return spin.Steps(x, firstCost*unitSteps) }
func second(x uint64) uint64 { return spin.Steps(x, secondCost*unitSteps) }
func third(x uint64) uint64  { return spin.Steps(x, thirdCost*unitSteps) }

// split returns the stages of each worker.
func split(workers int) [][]stage {
	all := []stage{{firstCost, first}, {secondCost, second}, {thirdCost, third}}
	switch {
	case workers <= 1:
		return [][]stage{all}
	case workers == 2:
		return [][]stage{all[:2], all[2:]}
	default:
		return [][]stage{all[:1], all[1:2], all[2:]}
	}
}

// An item passes through the stages.
type item struct {
	i int
	x uint64
}

// A worker does some stages of every item.
type worker struct {
	env    *workload.Env
	stages []stage
	in     <-chan item // nil for the first worker, which makes the items
	out    chan<- item // nil for the last worker, which gives the results
}

func run(ctx context.Context, env *workload.Env) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var wg sync.WaitGroup
	var in chan item
	groups := split(env.Workers)
	for k, stages := range groups {
		w := worker{env: env, stages: stages, in: in}
		if in = nil; k+1 < len(groups) {
			in = make(chan item)
			w.out = in
		}
		wg.Go(func() {
			defer rtrace.StartRegion(ctx, fmt.Sprintf("worker %d", k)).End()
			w.run(ctx, fail)
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// run passes all items on. A worker that must stop still drains its channel, so that no other worker blocks on it for
// ever. That avoids a select, so a trace shows which side of which channel was waited for.
func (w *worker) run(ctx context.Context, fail func(error)) {
	if w.out != nil {
		defer close(w.out)
	}
	if w.in == nil {
		for i := w.env.Rank; int64(i) < w.env.Size && ctx.Err() == nil; i += w.env.Procs {
			w.pass(item{i, spin.Seed(i)}, fail)
		}
		return
	}
	for it := range w.in {
		if ctx.Err() == nil {
			w.pass(it, fail)
		}
	}
}

func (w *worker) pass(it item, fail func(error)) {
	for _, s := range w.stages {
		it.x = s.do(it.x)
	}
	if w.out != nil {
		w.out <- it
		return
	}
	if err := w.env.Result(it.i, it.x); err != nil {
		fail(fmt.Errorf("pipeline: item %d: %w", it.i, err))
	}
}
