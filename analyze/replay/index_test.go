package replay

import "testing"

// TestIndex: goroutines that share a place among the recent ones, in turn, with one that ends and one whose number is
// used again.
func TestIndex(t *testing.T) {
	var x index
	const same = int64(len(x.recent))
	want := func(id int64, slot int32, known bool) {
		t.Helper()
		if got, ok := x.find(id); ok != known || ok && got != slot {
			t.Errorf("goroutine %d: slot %d, known %v; want %d, %v", id, got, ok, slot, known)
		}
	}
	want(0, 0, false)
	x.put(7, 0)
	x.put(7+same, 1)
	x.put(-1, 2)
	for range 2 {
		want(7, 0, true)
		want(7+same, 1, true)
		want(7+2*same, 0, false)
		want(-1, 2, true)
	}
	x.drop(7)
	want(7, 0, false)
	want(7+same, 1, true)
	x.put(7, 3)
	x.drop(7 + same)
	want(7+same, 0, false)
	want(7, 3, true)
}
