package otlp

import (
	"context"
	"os"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// A Recorder makes the spans of the tool itself, study and run, with OpenTelemetry's SDK, and keeps those that have
// ended until they are taken. It has no batcher, which would drop spans under load, and no exporter.
type Recorder struct {
	tracer oteltrace.Tracer
	kept   *collector
}

// NewRecorder returns a Recorder that records every span, whatever the environment says about sampling.
func NewRecorder() *Recorder {
	kept := &collector{pid: os.Getpid()}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.AlwaysSample()), sdktrace.WithSpanProcessor(kept))
	return &Recorder{tracer: provider.Tracer(scopeName), kept: kept}
}

// Start begins a span below that of ctx, if there is one. The caller ends it.
func (r *Recorder) Start(
	ctx context.Context, name string, attrs ...attribute.KeyValue,
) (context.Context, oteltrace.Span) {
	return r.tracer.Start(ctx, name, oteltrace.WithAttributes(attrs...))
}

// Take returns the spans that have ended since the last call.
func (r *Recorder) Take() []wire.Span {
	r.kept.mu.Lock()
	defer r.kept.mu.Unlock()
	spans := r.kept.ended
	r.kept.ended = nil
	return spans
}

// Traceparent returns the span of ctx as W3C traceparent, or "" if there is none: the parent of what a child process
// records.
func Traceparent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier.Get("traceparent")
}

// A collector is a span processor that keeps the spans that have ended.
type collector struct {
	pid   int
	mu    sync.Mutex
	ended []wire.Span
}

// OnStart does nothing: spans are kept when they end.
func (*collector) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd keeps s.
func (c *collector) OnEnd(s sdktrace.ReadOnlySpan) {
	out := wire.Span{
		TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(),
		Name: s.Name(), Start: s.StartTime().UnixNano(), End: s.EndTime().UnixNano(),
		Rank: noRank, PID: c.pid,
	}
	if s.Parent().SpanID().IsValid() {
		out.ParentID = s.Parent().SpanID().String()
	}
	for _, kv := range s.Attributes() {
		if kv.Value.Type() == attribute.INT64 {
			if out.Ints == nil {
				out.Ints = map[string]int64{}
			}
			out.Ints[string(kv.Key)] = kv.Value.AsInt64()
			continue
		}
		if out.Strings == nil {
			out.Strings = map[string]string{}
		}
		out.Strings[string(kv.Key)] = kv.Value.String()
	}
	if s.Status().Code == codes.Error {
		if out.Error = s.Status().Description; out.Error == "" {
			out.Error = "error without a message"
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = append(c.ended, out)
}

// Shutdown does nothing: spans stay until they are taken.
func (*collector) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing: no span is held back.
func (*collector) ForceFlush(context.Context) error { return nil }
