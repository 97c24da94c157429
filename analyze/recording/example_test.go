package recording_test

import (
	"bytes"
	"fmt"
	rtrace "runtime/trace"
	"sync"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// All that the execution trace of a program tells, from one pass over it.
func Example() {
	var file bytes.Buffer
	if err := rtrace.Start(&file); err != nil {
		fmt.Println(err)
		return
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {})
	}
	wg.Wait()
	rtrace.Stop()

	reader, err := gotrace.NewReader(&file, "p0.trace")
	if err != nil {
		fmt.Println(err)
		return
	}
	rec := recording.Read([]recording.Process{{Reader: reader}}, recording.Options{Goroutines: true})
	l := ledger.Merge(rec.Ledgers...)
	var sum ledger.CoreTime
	for _, row := range l.Rows {
		sum += row.Time
	}
	fmt.Println("damage:", rec.Damage[0])
	fmt.Println("the causes add up:", sum == l.Total)
	fmt.Println("some time was user code:", l.Of(cause.User) > 0)
	fmt.Println("no goroutine worked longer than all:", rec.Paths[0].Span <= rec.Extents[0].Duration())
	// Output:
	// damage: <nil>
	// the causes add up: true
	// some time was user code: true
	// no goroutine worked longer than all: true
}
