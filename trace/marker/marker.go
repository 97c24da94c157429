// Package marker holds the marks that a workload leaves in its execution trace, by which the analyses recognise its
// workers: the names of regions, and one function.
package marker

import (
	"strconv"
	"strings"
)

// Names of the runtime/trace regions around the serial parts of a workload.
const (
	Before = "before"
	After  = "after"
)

const worker = "worker "

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
