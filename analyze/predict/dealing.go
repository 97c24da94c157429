package predict

import (
	"container/heap"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/marker"
)

// time returns how long n processes work, with what the coordinator costs or without.
func (d *dealing) time(n int, costs bool) time.Duration {
	service, way, between := int64(d.service), int64(d.way), int64(d.between)
	if n < 2 || !costs {
		service, way, between = 0, 0, 0
	}
	if d.even {
		return d.alone + time.Duration(d.inShares(n, service, between))
	}
	free := make([]int64, n*d.workers) // when each worker has its first chunk, of the processes in turn
	for i := range free {
		free[i] = int64(i%n+1)*service + way
	}
	return d.alone + time.Duration(deal(d.chunks, free, service, way))
}

// inShares returns how long tasks take of which each of n processes has an even share.
func (d *dealing) inShares(n int, service, between int64) int64 {
	var last int64
	first, end := d.chunks[0].Lo, d.chunks[len(d.chunks)-1].Hi
	for i := range n {
		lo, hi := marker.Share(end-first, n, i)
		var own []program.Chunk
		for _, c := range d.chunks {
			if from, to := max(c.Lo, lo+first), min(c.Hi, hi+first); from < to {
				c.Took = c.Took*int64(to-from)/int64(c.Hi-c.Lo) + between
				own = append(own, c)
			}
		}
		free := make([]int64, d.workers)
		for k := range free {
			free[k] = int64(i+1) * service
		}
		last = max(last, deal(own, free, 0, 0))
	}
	return max(last, int64(len(d.chunks))*service) + service
}

// deal returns when the last of the chunks is done, which are dealt in order: each worker has one when it is free
// first, and asks for the next with what it has done. A server takes one such message after the other, and they take so
// long on their way.
func deal(chunks []program.Chunk, free []int64, service, way int64) int64 {
	var done times // of the workers
	next := 0
	work := func(from int64) {
		if next < len(chunks) {
			heap.Push(&done, from+chunks[next].Took)
			next++
		}
	}
	for _, t := range free {
		work(t)
	}
	served := int64(0)
	for len(done) > 0 {
		served = max(served, heap.Pop(&done).(int64)+way) + service
		work(served + way)
	}
	return served
}

// A times is a heap of times, the first on top.
type times []int64

func (t times) Len() int           { return len(t) }
func (t times) Less(i, j int) bool { return t[i] < t[j] }
func (t times) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *times) Push(x any)        { *t = append(*t, x.(int64)) }

func (t *times) Pop() any {
	n := len(*t) - 1
	x := (*t)[n]
	*t = (*t)[:n]
	return x
}
