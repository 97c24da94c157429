package selftrace

import (
	"context"
	"os"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// A collector is a span processor that keeps every span.
type collector struct {
	mu      sync.Mutex
	started int
	ended   []sdktrace.ReadOnlySpan
}

// OnStart counts a span.
func (c *collector) OnStart(context.Context, sdktrace.ReadWriteSpan) {
	c.mu.Lock()
	c.started++
	c.mu.Unlock()
}

// OnEnd keeps a span.
func (c *collector) OnEnd(s sdktrace.ReadOnlySpan) {
	c.mu.Lock()
	c.ended = append(c.ended, s)
	c.mu.Unlock()
}

// Shutdown does nothing: spans are not sent anywhere.
func (c *collector) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing, like Shutdown.
func (c *collector) ForceFlush(context.Context) error { return nil }

// take returns the ended spans and the number of those that were started.
func (c *collector) take(rank int) ([]wire.Span, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	spans := make([]wire.Span, len(c.ended))
	for i, s := range c.ended {
		spans[i] = span(s, rank)
	}
	return spans, c.started
}

func span(s sdktrace.ReadOnlySpan, rank int) wire.Span {
	out := wire.Span{
		TraceID: s.SpanContext().TraceID().String(),
		SpanID:  s.SpanContext().SpanID().String(),
		Name:    s.Name(),
		Start:   s.StartTime().UnixNano(),
		End:     s.EndTime().UnixNano(),
		Rank:    rank,
		PID:     os.Getpid(),
	}
	if s.Parent().SpanID().IsValid() {
		out.ParentID = s.Parent().SpanID().String()
	}
	for _, kv := range s.Attributes() {
		switch kv.Value.Type() {
		case attribute.INT64:
			if out.Ints == nil {
				out.Ints = map[string]int64{}
			}
			out.Ints[string(kv.Key)] = kv.Value.AsInt64()
		default:
			if out.Strings == nil {
				out.Strings = map[string]string{}
			}
			out.Strings[string(kv.Key)] = kv.Value.String()
		}
	}
	if s.Status().Code == codes.Error {
		out.Error = s.Status().Description
	}
	return out
}
