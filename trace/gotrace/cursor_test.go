package gotrace

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// TestLongNumber reads numbers of every length but one, whole and cut off, where the padding follows: as encoding/binary does, and a
// broken one ends in the padding.
func TestLongNumber(t *testing.T) {
	for shift := range 64 {
		for _, v := range []uint64{0x80 << shift, 1<<shift - 1, 0x5555555555555555 >> shift, ^uint64(0) >> shift} {
			whole := binary.AppendUvarint(nil, v)
			for n := 1; n <= len(whole) && len(whole) > 1; n++ {
				data := append(slices.Clone(whole[:n]), make([]byte, padding)...)
				got, at := longNumber(data, 0)
				if n == len(whole) && (got != v || at != n) || n < len(whole) && at <= n {
					t.Errorf("%d in %d bytes of %d: got %d, position %d", v, n, len(whole), got, at)
				}
			}
		}
	}
	for _, long := range []int{9, 10, 11, 40} { // that never end, or not in time
		data := append(bytes.Repeat([]byte{0xff}, long), make([]byte, padding)...)
		if _, at := longNumber(data, 0); at <= long {
			t.Errorf("%d bytes that go on: position %d", long, at)
		}
	}
}
