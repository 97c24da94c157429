// Package protobuf takes messages of protobuf's encoding apart, so that what they claim can be checked before a reader
// allocates by it.
package protobuf

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// The wire types of protobuf's encoding.
const (
	Varint  = 0
	Fixed64 = 1
	Bytes   = 2
	Start   = 3
	End     = 4
	Fixed32 = 5
)

// maxFieldNumber is the largest that protobuf allows. Larger ones must be refused, because other readers would truncate
// them to known ones.
const maxFieldNumber = 1<<29 - 1

// A Field is one field of a protobuf message as it is encoded.
type Field struct {
	Number uint64
	Wire   uint64
	Value  uint64 // of [Varint]
	Bytes  []byte // of [Bytes]
}

// Fields yields the fields of an encoded message, and those within a group as if they were fields of the message
// itself.
func Fields(b []byte) iter.Seq2[Field, error] {
	return func(yield func(Field, error) bool) {
		for rest := b; len(rest) > 0; {
			f, n := nextField(rest)
			if n <= 0 {
				yield(Field{}, fmt.Errorf("protobuf: damaged field at byte %d", len(b)-len(rest)))
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
func nextField(b []byte) (Field, int) {
	tag, n := binary.Uvarint(b)
	if n <= 0 || tag>>3 > maxFieldNumber {
		return Field{}, 0
	}
	f := Field{Number: tag >> 3, Wire: tag & 7}
	fixed := 0
	switch f.Wire {
	case Varint:
		v, k := binary.Uvarint(b[n:])
		if k <= 0 {
			return Field{}, 0
		}
		f.Value = v
		return f, n + k
	case Bytes:
		size, k := binary.Uvarint(b[n:])
		if k <= 0 || size > uint64(len(b)-n-k) {
			return Field{}, 0
		}
		n += k
		f.Bytes = b[n : n+int(size)]
		return f, n + int(size)
	case Fixed64:
		fixed = 8
	case Fixed32:
		fixed = 4
	case Start, End:
	default:
		return Field{}, 0
	}
	if len(b)-n < fixed {
		return Field{}, 0
	}
	return f, n + fixed
}
