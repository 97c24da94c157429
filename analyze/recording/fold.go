package recording

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/corecurve/corecurve/analyze/replay"
)

// A fold takes steps of process number proc. It gets all steps of a recording, in time order.
type fold func(proc int, steps []replay.Step)

// A batch is steps of all processes in time order. While folds have it, nobody writes to it.
type batch struct {
	steps []replay.Step
	runs  []run
	left  atomic.Int32 // folds that have not taken it yet
}

// A run is consecutive steps of a batch, all of one process.
type run struct{ proc, steps int }

const (
	// batchSize is how many steps are handed on at once: 256 KiB, which second-level caches hold.
	batchSize = 4096
	// batches is how many there are: so far the reading may be ahead of the slowest fold.
	batches = 6
)

// mark says that the latest steps of the batch are of process proc.
func (b *batch) mark(proc, steps int) {
	if n := len(b.runs); n > 0 && b.runs[n-1].proc == proc {
		b.runs[n-1].steps += steps
		return
	}
	b.runs = append(b.runs, run{proc, steps})
}

// to gives the steps to a fold.
func (b *batch) to(f fold) {
	steps := b.steps
	for _, r := range b.runs {
		f(r.proc, steps[:r.steps])
		steps = steps[r.steps:]
	}
}

func (b *batch) reset() { b.steps, b.runs = b.steps[:0], b.runs[:0] }

// folds hand batches to several folds. With a single P, who gives a batch runs them in turn, which keeps the steps in
// the cache. Otherwise each fold has a goroutine and a queue, which holds all batches there are.
type folds struct {
	each   []fold
	queues []chan *batch // by fold; none with a single P
	free   chan *batch
	wait   sync.WaitGroup
}

func (f *folds) start(each []fold) {
	f.each = each
	if runtime.GOMAXPROCS(0) == 1 {
		f.free = make(chan *batch, 1)
		f.free <- &batch{}
		return
	}
	f.free = make(chan *batch, batches)
	for range batches {
		f.free <- &batch{}
	}
	for _, fold := range each {
		queue := make(chan *batch, batches)
		f.queues = append(f.queues, queue)
		f.wait.Go(func() {
			for b := range queue {
				b.to(fold)
				f.release(b)
			}
		})
	}
}

// release makes the batch free when all folds have taken it.
func (f *folds) release(b *batch) {
	if b.left.Add(-1) == 0 {
		b.reset()
		f.free <- b
	}
}

// next returns an empty batch, once there is one.
func (f *folds) next() *batch { return <-f.free }

// give hands the batch to the folds. The caller must not touch it again.
func (f *folds) give(b *batch) {
	b.left.Store(int32(len(f.each)))
	for i, fold := range f.each {
		if f.queues != nil {
			f.queues[i] <- b
			continue
		}
		b.to(fold)
		f.release(b)
	}
}

// end waits until the folds have taken all that they were given.
func (f *folds) end() {
	for _, q := range f.queues {
		close(q)
	}
	f.wait.Wait()
}
