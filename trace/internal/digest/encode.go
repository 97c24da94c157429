// Package digest encodes the results of tasks, and reduces the results of a run to one SHA-256 sum that is the same
// however the tasks were spread over workers and processes.
//
// A result is encoded as a tag for its kind and its value, numbers in little-endian order:
//
//	n   nil
//	b   bool: one byte, 0 or 1
//	i   int, int8 … int64: 8 bytes
//	u   uint, uint8 … uint64, uintptr: 8 bytes
//	e   float32: its 4 bytes, so that -0 and 0 differ and every NaN is kept
//	f   float64: its 8 bytes
//	s   string: its bytes
//	x   []byte: its bytes
//	m   encoding.BinaryMarshaler: what MarshalBinary returns
//	v   anything else that package encoding/binary can write: arrays, slices and structs of fixed-size values, complex
//	    numbers
//
// A named type is encoded like its underlying type, unless it has MarshalBinary.
//
// The sum is taken over the results in ascending order of their numbers, each as: number (8 bytes), length of the
// encoding (8 bytes), encoding.
package digest

import (
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
)

// Append appends the record of result v to buf: the length of its encoding as a varint, and the encoding.
func Append(buf []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(buf, 1, 'n'), nil
	case bool:
		return append(buf, 2, 'b', bit(v)), nil
	case int:
		return appendWord(buf, 'i', uint64(v)), nil
	case int64:
		return appendWord(buf, 'i', uint64(v)), nil
	case uint64:
		return appendWord(buf, 'u', v), nil
	case float64:
		return appendWord(buf, 'f', math.Float64bits(v)), nil
	case string:
		buf = binary.AppendUvarint(buf, uint64(len(v))+1)
		return append(append(buf, 's'), v...), nil
	case []byte:
		return appendBytes(buf, 'x', v), nil
	case encoding.BinaryMarshaler:
		b, err := v.MarshalBinary()
		if err != nil {
			return buf, fmt.Errorf("result of type %T: %w", v, err)
		}
		return appendBytes(buf, 'm', b), nil
	}
	return appendReflect(buf, v)
}

// appendReflect encodes named types and the less common ones.
func appendReflect(buf []byte, v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Bool:
		return append(buf, 2, 'b', bit(rv.Bool())), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return appendWord(buf, 'i', uint64(rv.Int())), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return appendWord(buf, 'u', rv.Uint()), nil
	case reflect.Float32:
		// A conversion to float64 would quiet a signalling NaN, so the bits of the value itself are taken.
		bits := math.Float32bits(float32(rv.Float()))
		if f, ok := v.(float32); ok {
			bits = math.Float32bits(f)
		}
		return binary.LittleEndian.AppendUint32(append(buf, 5, 'e'), bits), nil
	case reflect.Float64:
		return appendWord(buf, 'f', math.Float64bits(rv.Float())), nil
	case reflect.String:
		s := rv.String()
		buf = binary.AppendUvarint(buf, uint64(len(s))+1)
		return append(append(buf, 's'), s...), nil
	case reflect.Slice:
		if rv.Type().Elem().Kind() == reflect.Uint8 {
			return appendBytes(buf, 'x', rv.Bytes()), nil
		}
	}
	n := binary.Size(v)
	if n < 0 {
		return buf, fmt.Errorf("result of type %T cannot be encoded: want nil, a bool, a number, a string, a []byte, "+
			"a slice or struct of fixed-size values, or an encoding.BinaryMarshaler", v)
	}
	buf = append(binary.AppendUvarint(buf, uint64(n)+1), 'v')
	buf, err := binary.Append(buf, binary.LittleEndian, v)
	if err != nil {
		return buf, fmt.Errorf("result of type %T: %w", v, err)
	}
	return buf, nil
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func appendWord(buf []byte, tag byte, w uint64) []byte {
	return binary.LittleEndian.AppendUint64(append(buf, 9, tag), w)
}

func appendBytes(buf []byte, tag byte, b []byte) []byte {
	buf = append(binary.AppendUvarint(buf, uint64(len(b))+1), tag)
	return append(buf, b...)
}
