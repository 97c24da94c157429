package slots_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/corecurve/corecurve/trace/slots"
)

func Example() {
	var t slots.Table
	t.Put(1_000_007, 3)
	slot, ok := t.Find(1_000_007)
	fmt.Println(slot, ok)
	t.Drop(1_000_007)
	_, ok = t.Find(1_000_007)
	fmt.Println(ok)
	// Output:
	// 3 true
	// false
}

// TestAgainstMap compares a table with a map over random changes, among few numbers and many, near each other and far
// apart, negative ones too.
func TestAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, many := range []int64{3, 40, 5000} {
		for _, apart := range []int64{1, 16, 1 << 40, -1 << 57} {
			var table slots.Table
			want := map[int64]int32{}
			for range 20_000 {
				id := r.Int64N(many) * apart
				got, ok := table.Find(id)
				if slot, known := want[id]; ok != known || ok && got != slot {
					t.Fatalf("number %d: slot %d, %v; want %d, %v", id, got, ok, slot, known)
				}
				switch slot := r.Int32N(1 << 20); {
				case r.IntN(2) == 0:
					table.Drop(id)
					delete(want, id)
				case !ok:
					table.Put(id, slot)
					want[id] = slot
				}
			}
			table.Clear()
			for id := range want {
				if _, ok := table.Find(id); ok {
					t.Fatalf("number %d has a slot after Clear", id)
				}
			}
		}
	}
}

// TestChosen: numbers whose products with the multiplier follow one another share a home without salt, and take hours.
func TestChosen(t *testing.T) {
	const inverse = 0xf1de83e19937733d // of the multiplier, modulo 2^64
	var table slots.Table
	for k := range uint64(1_000_000) {
		table.Put(int64(k*inverse), int32(k))
	}
	for k := range uint64(1_000_000) {
		if slot, ok := table.Find(int64(k * inverse)); !ok || slot != int32(k) {
			t.Fatalf("number %d: slot %d, %v", k, slot, ok)
		}
	}
}

// BenchmarkLife is a goroutine's life: a number is new, is asked for a few times and ends, while others live.
func BenchmarkLife(b *testing.B) {
	var t slots.Table
	id := int64(0)
	for ; id < 1000; id++ {
		t.Put(id, int32(id))
	}
	for b.Loop() {
		for range 4 {
			_, _ = t.Find(id)
		}
		t.Put(id, 1)
		t.Drop(id - 1000)
		id++
	}
}
