package proc

import (
	"sync"
	"testing"
)

// The runtime never ends the main thread of a process, so that what was started there would outlive its Forker. With
// many at a time the runtime uses every thread that it has.
func TestNeverOnMainThread(t *testing.T) {
	for range 100 {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				f := NewForker()
				defer f.Close()
				done := make(chan bool)
				f.calls <- func() { done <- onMainThread() }
				if <-done {
					t.Error("a Forker serves on the main thread")
				}
			})
		}
		wg.Wait()
	}
}
