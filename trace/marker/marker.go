// Package marker holds the marks that a workload leaves in its execution trace, by which the analyses recognise its
// workers and what they did: the names of regions, and one function. It also says how tasks are dealt evenly, which the
// analyses recognise, too.
package marker

import (
	"math"
	"strconv"
	"strings"
)

// Names of the runtime/trace regions around the serial parts of a workload.
const (
	Before = "before"
	After  = "after"
)

const (
	worker = "worker "
	task   = "task "
	tasks  = "tasks "
)

// Worker returns the name of the runtime/trace region that worker k of a process is inside.
func Worker(k int) string { return worker + strconv.Itoa(k) }

// ParseWorker returns the number of the worker whose region has that name.
func ParseWorker(region string) (k int, ok bool) {
	number, ok := strings.CutPrefix(region, worker)
	if !ok {
		return 0, false
	}
	k, err := strconv.Atoi(number)
	return k, err == nil && k >= 0
}

// Chunk returns the name of the region that a worker is inside while it does tasks lo … hi-1.
func Chunk(lo, hi int) string {
	if hi-lo == 1 {
		return task + strconv.Itoa(lo)
	}
	return tasks + strconv.Itoa(lo) + "-" + strconv.Itoa(hi-1)
}

// ParseChunk returns the tasks lo … hi-1 whose region has that name.
func ParseChunk(region string) (lo, hi int, ok bool) {
	first, one := strings.CutPrefix(region, task)
	last := first
	if !one {
		if first, ok = strings.CutPrefix(region, tasks); !ok {
			return 0, 0, false
		}
		if first, last, ok = strings.Cut(first, "-"); !ok {
			return 0, 0, false
		}
	}
	lo, err := strconv.Atoi(first)
	hi, err2 := strconv.Atoi(last)
	if err != nil || err2 != nil || lo < 0 || hi < lo || hi == math.MaxInt {
		return 0, 0, false
	}
	return lo, hi + 1, true
}

// Share returns the range of part k when tasks 0 … n-1 are split evenly into parts: the first n mod parts of them have
// one more.
func Share(n, parts, k int) (lo, hi int) {
	q, r := n/parts, n%parts
	lo = k*q + min(k, r)
	hi = lo + q
	if k < r {
		hi++
	}
	return lo, hi
}

// Join receives the outcome of each of n workers over one channel, and returns the first error, or nil once all are
// done. A receive with Join on its stack is a wait for others to finish, as in [sync.WaitGroup.Wait]: see [IsJoin].
//
//go:noinline
func Join(n int, results <-chan error) error {
	for range n {
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}

// IsJoin reports whether a function of a stack is [Join], or its predecessor in older recordings.
func IsJoin(function string) bool {
	return function == "github.com/corecurve/corecurve/trace/marker.Join" ||
		strings.HasSuffix(function, "corecurve/trace/workload.(*pool).run")
}
