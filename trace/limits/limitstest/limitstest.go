// Package limitstest holds readers to what limits are for: memory and time in proportion to the input.
package limitstest

import (
	"runtime"
	"testing"
	"time"
)

// longest is far more than any reader needs for an input of a fuzz test, on a machine with much else to do.
const longest = time.Minute

// Holds calls read, which reads an input, and fails the test if that allocates more than memory bytes in all, or takes
// a minute. Nothing else may allocate meanwhile.
func Holds(t testing.TB, memory int64, read func()) {
	t.Helper()
	begin := time.Now()
	Allocates(t, memory, read)
	if d := time.Since(begin); d > longest {
		t.Errorf("reading took %v, want at most %v", d, longest)
	}
}

// Allocates is as Holds, whatever time it takes.
func Allocates(t testing.TB, memory int64, read func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(memory) {
		t.Errorf("it took %d bytes of memory, want at most %d", took, memory)
	}
}
