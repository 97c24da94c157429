package gotrace_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	rtrace "runtime/trace"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// The regions of a trace, and on which goroutines they were.
func Example() {
	var file bytes.Buffer
	if err := rtrace.Start(&file); err != nil {
		fmt.Println(err)
		return
	}
	rtrace.WithRegion(context.Background(), "first", func() {})
	rtrace.WithRegion(context.Background(), "second", func() {})
	rtrace.Stop()

	reader, err := gotrace.Open(bytes.NewReader(file.Bytes()), int64(file.Len()), "p0.trace", gotrace.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer reader.Close()
	goroutines := map[int64]bool{}
	for {
		var ev gotrace.Event
		if err := reader.Next(&ev); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			fmt.Println(err) // a DamageError: everything that is not damaged has been delivered
			break
		}
		if ev.Kind == gotrace.RegionBegin {
			goroutines[ev.G] = true
			fmt.Println("region", reader.Symbols().Text(ev.Name))
		}
	}
	fmt.Println("goroutines:", len(goroutines))
	// Output:
	// region first
	// region second
	// goroutines: 1
}

// The traces of several processes of one machine share a clock, and so can be read as one sequence of events.
func ExampleMerger() {
	var file bytes.Buffer
	if err := rtrace.Start(&file); err != nil {
		fmt.Println(err)
		return
	}
	rtrace.Stop()
	var readers []*gotrace.Reader
	for _, name := range []string{"p0.trace", "p1.trace"} {
		reader, err := gotrace.NewReader(bytes.NewReader(file.Bytes()), name)
		if err != nil {
			fmt.Println(err)
			return
		}
		readers = append(readers, reader)
	}

	merger := gotrace.NewMerger(readers...)
	count := make([]int, len(readers))
	for {
		events, source, err := merger.Batch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		count[source] += len(events)
	}
	fmt.Println(count[0] > 0, count[0] == count[1])
	// Output: true true
}
