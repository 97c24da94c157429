// Package selftrace lets a process of a traced run record itself: a Go execution trace, a CPU profile and OpenTelemetry
// spans.
//
// The spans are process → worker and process → phase. The OpenTelemetry SDK makes them, with a sampler that is always
// on and a processor that keeps every ended span until [Recorder.Stop]: no network, no batches, nothing that can be
// dropped. The SDK opens a runtime/trace task for each span, and a log message "otel" in it holds "traceID-spanID", so
// that a span can be found in the execution trace and vice versa.
//
// Independently of the SDK each worker is inside a runtime/trace region "worker <k>", each chunk of tasks inside a
// region "task <i>" or "tasks <i>-<j>" (j included), and the serial parts inside regions "before" and "after". Regions
// cost about 0.1 µs each; they are opened whenever the execution tracer is on, whoever started it.
//
// A nil *Recorder belongs to a run that is not traced: its methods do nothing, and the SDK is not even set up.
package selftrace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	rtrace "runtime/trace"
	"strconv"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/marker"
)

// A Recorder records one process of a traced run.
type Recorder struct {
	rank     int
	trace    *sink // nil: not recorded
	profile  *sink
	errs     []string
	short    shortage.Kind // what they lacked; empty: nothing
	spans    collector
	provider *sdktrace.TracerProvider
	tracer   oteltrace.Tracer
	process  oteltrace.Span
}

// Start begins to record the process that spec describes, if the run is traced. [Recorder.Stop] reports what cannot be
// recorded; the run goes on. The returned context carries the process's span.
func Start(ctx context.Context, spec *wire.Spec) (context.Context, *Recorder) {
	if !spec.Traced {
		return ctx, nil
	}
	rank, name, base := spec.Rank, "process "+strconv.Itoa(spec.Rank), "p"+strconv.Itoa(spec.Rank)
	if spec.Job == wire.Root && spec.Procs > 1 {
		rank, name, base = -1, "coordinator", "c"
	}
	r := &Recorder{rank: rank}
	r.profile = r.open(filepath.Join(spec.Dir, base+".cpu.pb.gz"), func(f io.Writer) error {
		return pprof.StartCPUProfile(f)
	})
	r.trace = r.open(filepath.Join(spec.Dir, base+".trace"), func(f io.Writer) error { return rtrace.Start(f) })

	r.provider = sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.AlwaysSample()),
		sdktrace.WithSpanProcessor(&r.spans),
		sdktrace.WithResource(resource.Empty()),
	)
	r.tracer = r.provider.Tracer("github.com/corecurve/corecurve/trace/workload")
	carrier := propagation.MapCarrier{"traceparent": spec.Traceparent}
	ctx = propagation.TraceContext{}.Extract(ctx, carrier)
	ctx, r.process = r.start(ctx, name,
		attribute.Int("rank", rank), attribute.Int("workers", spec.Workers), attribute.Int("procs", spec.Procs),
		attribute.Int64("size", spec.Size), attribute.String("workload", spec.Workload), attribute.String("run",
			spec.RunID))
	return ctx, r
}

// open makes a capture file and calls start to record into it.
func (r *Recorder) open(path string, start func(io.Writer) error) *sink {
	f, err := os.Create(path)
	if err != nil {
		r.lost(err)
		return nil
	}
	s := &sink{file: f}
	if err := start(s); err != nil {
		r.lost(fmt.Errorf("%s: %w", path, err))
		_ = f.Close()
		_ = os.Remove(path) // an empty file would read as a damaged capture
		return nil
	}
	return s
}

// A sink is a capture file that keeps the first error of writing it: the runtime, which writes it, tells nobody.
type sink struct {
	file *os.File
	mu   sync.Mutex
	err  error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.err == nil {
			s.err = err
		}
	}
	return n, err
}

func (s *sink) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.err, s.file.Close())
}

// start opens a span and logs its identity in the execution trace.
func (r *Recorder) start(
	ctx context.Context, name string, attrs ...attribute.KeyValue,
) (context.Context, oteltrace.Span) {
	ctx, span := r.tracer.Start(ctx, name, oteltrace.WithAttributes(attrs...))
	if rtrace.IsEnabled() {
		sc := span.SpanContext()
		rtrace.Log(ctx, "otel", sc.TraceID().String()+"-"+sc.SpanID().String())
	}
	return ctx, span
}

// Traceparent returns the process's span as a W3C traceparent: the parent of the spans of the processes that it starts.
func (r *Recorder) Traceparent() string {
	if r == nil {
		return ""
	}
	carrier := propagation.MapCarrier{}
	ctx := oteltrace.ContextWithSpan(context.Background(), r.process)
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// Phase opens the span of a phase, and a region if the phase is a serial part. The returned function ends both.
func (r *Recorder) Phase(ctx context.Context, name string, serial bool) (context.Context, func(error)) {
	endSpan := func(error) {}
	if r != nil {
		var span oteltrace.Span
		ctx, span = r.start(ctx, name, attribute.Int("rank", r.rank))
		endSpan = func(err error) { finish(span, err) }
	}
	if !serial || !rtrace.IsEnabled() {
		return ctx, endSpan
	}
	region := rtrace.StartRegion(ctx, name)
	return ctx, func(err error) {
		region.End()
		endSpan(err)
	}
}

// Worker makes the calling goroutine worker k: span, region and profiler labels. The returned function ends it, takes
// the number of tasks that it did, and must be called on the same goroutine.
func (r *Recorder) Worker(ctx context.Context, k int) (context.Context, func(tasks int, err error)) {
	endSpan := func(int, error) {}
	if r != nil {
		var span oteltrace.Span
		ctx, span = r.start(ctx, marker.Worker(k), attribute.Int("rank", r.rank), attribute.Int("worker", k))
		ctx = pprof.WithLabels(ctx, pprof.Labels("worker", strconv.Itoa(k), "rank", strconv.Itoa(r.rank)))
		pprof.SetGoroutineLabels(ctx) // the goroutine ends with the worker, and the labels with it
		endSpan = func(tasks int, err error) {
			span.SetAttributes(attribute.Int("tasks", tasks))
			finish(span, err)
		}
	}
	if !rtrace.IsEnabled() {
		return ctx, endSpan
	}
	region := rtrace.StartRegion(ctx, marker.Worker(k))
	return ctx, func(tasks int, err error) {
		region.End()
		endSpan(tasks, err)
	}
}

// Chunk opens the region of tasks lo … hi-1. It returns nil if the execution tracer is off; then there is nothing to
// end.
func Chunk(ctx context.Context, lo, hi int) *rtrace.Region {
	if !rtrace.IsEnabled() {
		return nil
	}
	return rtrace.StartRegion(ctx, marker.Chunk(lo, hi))
}

func finish(span oteltrace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// Stop ends the process's span and the recordings, and returns what the process hands over. The files are then
// complete.
func (r *Recorder) Stop() ([]wire.Span, wire.End) {
	if r == nil {
		return nil, wire.End{}
	}
	r.process.End()
	if r.trace != nil {
		rtrace.Stop()
		r.close(r.trace)
	}
	if r.profile != nil {
		pprof.StopCPUProfile()
		r.close(r.profile)
	}
	if err := r.provider.Shutdown(context.Background()); err != nil {
		r.errs = append(r.errs, err.Error())
	}
	spans, started := r.spans.take(r.rank)
	return spans, wire.End{SpansStarted: started, SpansEnded: len(spans), Errors: r.errs, Short: r.short}
}

func (r *Recorder) close(s *sink) {
	if err := s.close(); err != nil {
		r.lost(err)
	}
}

// lost records why a capture is not whole.
func (r *Recorder) lost(err error) {
	r.errs, r.short = append(r.errs, err.Error()), cmp.Or(r.short, shortage.In(shortage.Mark(err)))
}
