package sched

import "testing"

// TestIndex: goroutines that share a place among the recent ones, in turn, with one that ends and one whose number is used again.
func TestIndex(t *testing.T) {
	var x Index
	const same = int64(len(x.recent))
	want := func(id int64, slot int32, known bool) {
		t.Helper()
		if got, ok := x.Find(id); ok != known || ok && got != slot {
			t.Errorf("goroutine %d: slot %d, known %v; want %d, %v", id, got, ok, slot, known)
		}
	}
	want(0, 0, false)
	x.Put(7, 0)
	x.Put(7+same, 1)
	x.Put(-1, 2)
	for range 2 {
		want(7, 0, true)
		want(7+same, 1, true)
		want(7+2*same, 0, false)
		want(-1, 2, true)
	}
	x.Drop(7)
	want(7, 0, false)
	want(7+same, 1, true)
	x.Put(7, 3)
	x.Drop(7 + same)
	want(7+same, 0, false)
	want(7, 3, true)
}
