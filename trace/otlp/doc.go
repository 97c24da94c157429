// Package otlp carries the spans of a run: those that corecurve's own workloads hand over, those that a [Recorder]
// makes for the study and its runs, and those that other programs send by OpenTelemetry's protocol.
//
//	workload ─ pipe ─▶ []wire.Span ─ Traces ─┐
//	Recorder ─ Take ─▶ []wire.Span ─ Traces ─┼─▶ Writer ─▶ spans.jsonl ─▶ Each
//	program ─ OTLP/HTTP ─▶ Receiver ─ Sink ──┴─▶ Forwarder ─▶ the user's own collector
//
// Everything meets as [go.opentelemetry.io/collector/pdata/ptrace.Traces]. A file holds one such value per line as
// OTLP/JSON, the OpenTelemetry file format, so that other tools can read it.
//
// The receiver is small on purpose: the collector's own would bring 72 modules. It binds to loopback only, requires the
// run's token with every request, and bounds bodies, time, nesting, connections and the memory of all bodies, since any
// program may have written what arrives. Who finds no place or memory is answered 503, upon which SDKs come again.
// The forwarder posts the encoded spans with net/http rather than with the SDK's exporter, which reads the process's
// environment by itself, needs the spans in other types, and quotes the collector's answers in its errors, where
// secrets must not appear.
package otlp
