package gotrace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

// TestNumbers reads a batch of one event that has numbers of every length, whole and cut off, where the padding
// follows: as encoding/binary does, and a broken one is a fault.
func TestNumbers(t *testing.T) {
	counts := argCounts()
	g := generation{freq: 1, end: 1 << 62}
	read := func(data []byte) (numbers []uint64, err error) {
		c := cursor{data: append(slices.Clone(data), make([]byte, padding)...), size: len(data)}
		err = c.read(&g, &counts)
		if n := counts[data[0]]; err == nil {
			numbers = c.numbers[1 : 1+n]
		}
		return numbers, err
	}
	for shift := range 64 {
		for _, v := range []uint64{0x80 << shift, 1<<shift - 1, 0x5555555555555555 >> shift, ^uint64(0) >> shift} {
			whole := []byte{wireGoUnblock, 0}
			want := []uint64{v, v / 3, v + 1}
			for _, x := range want {
				whole = binary.AppendUvarint(whole, x)
			}
			if got, err := read(whole); err != nil || !slices.Equal(got, want) {
				t.Errorf("%v: got %v, %v", want, got, err)
			}
			for n := 1; n < len(whole); n++ {
				if got, err := read(whole[:n]); err == nil {
					t.Errorf("%v: got %v of the first %d bytes", want, got, n)
				}
			}
		}
	}
	for _, long := range []int{9, 10, 11, 40, 100} { // that never end, or not in time
		data := append([]byte{wireGoUnblock, 0}, bytes.Repeat([]byte{0xff}, long)...)
		if got, err := read(append(data, 1, 1, 1)); (err == nil) != (long == 9) {
			t.Errorf("%d bytes that go on: got %v, %v", long, got, err)
		}
	}
	c := cursor{data: make([]byte, padding)}
	if err := c.read(&g, &counts); err != nil || !c.ended() {
		t.Errorf("at the end: %v", err)
	}
	if c.fault = errCut; !errors.Is(c.read(&g, &counts), errCut) {
		t.Error("after a fault: none")
	}
}
