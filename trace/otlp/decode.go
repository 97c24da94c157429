package otlp

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// maxDepth bounds the nesting of messages in protobuf, as protobuf's own readers do. Values nest (a list of lists …),
// and pdata decodes them by recursion, so a small body could otherwise exhaust the stack, from which a program cannot
// recover. encoding/json bounds the nesting of JSON.
const maxDepth = 100

var errNesting = errors.New("values are nested too deeply")

// decodeProto decodes an ExportTraceServiceRequest; TracesData, which pdata reads, has the same encoding.
func decodeProto(body []byte) (ptrace.Traces, error) {
	if err := checkDepth(body, tracesData, maxDepth); err != nil {
		return ptrace.Traces{}, err
	}
	return (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(body)
}

// decodeJSON decodes the same from OTLP/JSON. Unlike pdata it rejects anything after the value, and deep nesting.
func decodeJSON(body []byte) (ptrace.Traces, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return ptrace.Traces{}, err
	}
	if len(whole) == 0 || whole[0] != '{' {
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

// checkDepth returns an error unless b is a well-formed message of type m that nests at most depth messages.
func checkDepth(b []byte, m message, depth int) error {
	if depth == 0 {
		return errNesting
	}
	for f, err := range fields(b) {
		if err != nil {
			return err
		}
		if c := m.child(f.number); c != noMessage && f.wire == wireBytes {
			if err := checkDepth(f.bytes, c, depth-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// The wire types of protobuf's encoding.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wireStart  = 3
	wireEnd    = 4
	wire32     = 5
)

// maxFieldNumber is the largest that protobuf allows. Larger ones must be refused, because pdata would truncate them to
// known ones.
const maxFieldNumber = 1<<29 - 1

// A field is one field of a protobuf message as it is encoded.
type field struct {
	number uint64
	wire   uint64
	value  uint64 // of wire type 0
	bytes  []byte // of wire type 2
}

// fields yields the fields of an encoded message, and those within a group as if they were fields of the message
// itself.
func fields(b []byte) iter.Seq2[field, error] {
	return func(yield func(field, error) bool) {
		for rest := b; len(rest) > 0; {
			f, n := nextField(rest)
			if n <= 0 {
				yield(field{}, fmt.Errorf("protobuf: damaged field at byte %d", len(b)-len(rest)))
				return
			}
			if !yield(f, nil) {
				return
			}
			rest = rest[n:]
		}
	}
}

// nextField reads the field at the start of b and returns its length, or 0 if it is damaged.
func nextField(b []byte) (field, int) {
	tag, n := binary.Uvarint(b)
	if n <= 0 || tag>>3 > maxFieldNumber {
		return field{}, 0
	}
	f := field{number: tag >> 3, wire: tag & 7}
	fixed := 0
	switch f.wire {
	case wireVarint:
		v, k := binary.Uvarint(b[n:])
		if k <= 0 {
			return field{}, 0
		}
		f.value = v
		return f, n + k
	case wireBytes:
		size, k := binary.Uvarint(b[n:])
		if k <= 0 || size > uint64(len(b)-n-k) {
			return field{}, 0
		}
		n += k
		f.bytes = b[n : n+int(size)]
		return f, n + int(size)
	case wire64:
		fixed = 8
	case wire32:
		fixed = 4
	case wireStart, wireEnd:
	default:
		return field{}, 0
	}
	if len(b)-n < fixed {
		return field{}, 0
	}
	return f, n + fixed
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
