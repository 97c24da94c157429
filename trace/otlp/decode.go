package otlp

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/corecurve/corecurve/trace/internal/protobuf"
	"github.com/corecurve/corecurve/trace/limits"
)

// maxDepth bounds the nesting of messages in protobuf, as protobuf's own readers do. Values nest (a list of lists …),
// and pdata decodes them by recursion, so a small body could otherwise exhaust the stack, from which a program cannot
// recover. encoding/json bounds the nesting of JSON.
const maxDepth = 100

var errNesting = errors.New("values are nested too deeply")

// decodeProto decodes an ExportTraceServiceRequest; TracesData, which pdata reads, has the same encoding.
func decodeProto(body []byte) (ptrace.Traces, error) {
	n := 0
	if err := check(body, tracesData, maxDepth, &n); err != nil {
		return ptrace.Traces{}, err
	}
	return (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(body)
}

// decodeJSON decodes the same from OTLP/JSON. Unlike pdata it rejects anything after the value, and deep nesting.
func decodeJSON(body []byte) (ptrace.Traces, error) {
	if err := limits.JSON("", body, limits.SpanValues); err != nil {
		return ptrace.Traces{}, err
	}
	if !json.Valid(body) {
		var whole json.RawMessage
		return ptrace.Traces{}, json.Unmarshal(body, &whole) // says where
	}
	if bytes.TrimLeft(body, " \t\r\n")[0] != '{' {
		return ptrace.Traces{}, errors.New("not a JSON object")
	}
	return (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(body)
}

// A message is a type of OTLP's protobuf schema in which values can nest (opentelemetry-proto, trace/v1 and common/v1).
type message int

const (
	noMessage message = iota
	tracesData
	resourceSpans
	resource
	scopeSpans
	scope
	span
	event
	link
	keyValue
	anyValue
	arrayValue
	keyValueList
)

// child returns the message type that field number n of m holds, or noMessage.
func (m message) child(n uint64) message {
	type place struct {
		in     message
		number uint64
	}
	switch (place{m, n}) {
	case place{tracesData, 1}:
		return resourceSpans
	case place{resourceSpans, 1}:
		return resource
	case place{resourceSpans, 2}, place{resourceSpans, 1000}: // 1000 is its deprecated number, which pdata still reads
		return scopeSpans
	case place{scopeSpans, 1}:
		return scope
	case place{scopeSpans, 2}:
		return span
	case place{span, 11}:
		return event
	case place{span, 13}:
		return link
	case place{resource, 1}, place{scope, 3}, place{span, 9}, place{event, 3}, place{link, 4}, place{keyValueList, 1}:
		return keyValue
	case place{keyValue, 2}, place{arrayValue, 1}:
		return anyValue
	case place{anyValue, 5}:
		return arrayValue
	case place{anyValue, 6}:
		return keyValueList
	}
	return noMessage
}

// check returns an error unless b is a well-formed message of type m that nests at most depth messages and, with n
// others that were counted before, holds at most [limits.SpanValues].
func check(b []byte, m message, depth int, n *int) error {
	if depth == 0 {
		return errNesting
	}
	for f, err := range protobuf.Fields(b) {
		if err != nil {
			return err
		}
		if *n++; *n > limits.SpanValues {
			return limits.More("", "values", limits.SpanValues)
		}
		if c := m.child(f.Number); c != noMessage && f.Wire == protobuf.Bytes {
			if err := check(f.Bytes, c, depth-1, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
