package otlp_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/corecurve/corecurve/trace/otlp"
)

// Spans are recorded, written as OTLP JSON lines, and read again.
func Example() {
	recorder := otlp.NewRecorder()
	ctx, run := recorder.Start(context.Background(), "run")
	_, phase := recorder.Start(ctx, "start-up")
	phase.End()
	run.End()

	traces, err := otlp.Traces(otlp.Resource{Service: "pi", RunID: "pi-p1-w2-c2-s1000-r00"}, recorder.Take())
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := otlp.NewWriter(&file).Write(traces); err != nil {
		fmt.Println(err)
		return
	}

	err = otlp.Each("spans.jsonl", &file, func(s otlp.Span) error {
		fmt.Println(s.RunID, s.Name, s.ParentID != "")
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// pi-p1-w2-c2-s1000-r00 start-up true
	// pi-p1-w2-c2-s1000-r00 run false
}

// A receiver gives the environment that makes a program of any language send its spans.
func ExampleListen() {
	var file bytes.Buffer
	receiver, err := otlp.Listen(otlp.ReceiverOptions{Sink: otlp.NewWriter(&file).Write})
	if err != nil {
		fmt.Println(err)
		return
	}
	env := otlp.Environ([]string{"PATH=/bin"}, receiver.Env(context.Background(), "pi-p1-w2-c2-s1000-r00"))
	// … run the program with env …
	fmt.Println(len(env) > 1)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := receiver.Close(ctx); err != nil {
		fmt.Println(err)
	}
	fmt.Println(receiver.Warnings())
	// Output:
	// true
	// []
}
