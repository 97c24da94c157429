package gotrace

import (
	"bytes"
	"context"
	"fmt"
	rtrace "runtime/trace"
	"sync"
	"testing"
	"time"
)

// record returns the execution trace of f.
func record(tb testing.TB, f func()) []byte {
	tb.Helper()
	var buf bytes.Buffer
	if err := rtrace.Start(&buf); err != nil {
		tb.Fatal(err)
	}
	f()
	rtrace.Stop()
	return buf.Bytes()
}

// busyTrace records a program that makes events of many kinds: workers with regions, a contended mutex, channels,
// sleep, log events and garbage.
func busyTrace(tb testing.TB, items int) []byte {
	tb.Helper()
	ctx := context.Background()
	return record(tb, func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		jobs := make(chan int)
		var kept [64][]byte
		for w := range 4 {
			wg.Go(func() {
				defer rtrace.StartRegion(ctx, fmt.Sprintf("worker %d", w)).End()
				for i := range jobs {
					mu.Lock()
					kept[i%len(kept)] = make([]byte, 1<<12)
					mu.Unlock()
					if i%64 == 0 {
						rtrace.Logf(ctx, "item", "item %d", i)
					}
				}
			})
		}
		_, task := rtrace.NewTask(ctx, "feed")
		for i := range items {
			jobs <- i
		}
		task.End()
		time.Sleep(time.Millisecond)
		close(jobs)
		wg.Wait()
	})
}
