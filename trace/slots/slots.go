// Package slots finds the small numbers by which tables are indexed from the large ones that traces give to goroutines
// and threads. Such numbers come and go by the million, and few exist at a time.
package slots

import (
	"math/bits"
	"math/rand/v2"
)

// A Table holds a slot for each number. It is a hash table with linear probing: a built-in map takes several times as
// long, most of all to delete. The zero value is empty and ready.
type Table struct {
	places []place // a power of two of them, at most half of them taken
	shift  uint8   // of a hash, to get an index of places
	salt   int64   // so that nobody can choose numbers that share a home
	taken  int
}

// A place holds a number and its slot plus one; 0 if it is free.
type place struct {
	id   int64
	slot int32
}

// Find returns the slot of a number, and whether it has one.
func (t *Table) Find(id int64) (slot int32, ok bool) {
	if len(t.places) == 0 {
		return 0, false
	}
	mask := len(t.places) - 1
	for i := t.home(id); ; i = (i + 1) & mask {
		p := &t.places[i&mask]
		if p.slot == 0 {
			return 0, false
		}
		if p.id == id {
			return p.slot - 1, true
		}
	}
}

// Put gives a slot to a number that has none.
func (t *Table) Put(id int64, slot int32) {
	if 2*t.taken >= len(t.places) {
		t.grow()
	}
	mask := len(t.places) - 1
	i := t.home(id)
	for t.places[i].slot != 0 {
		i = (i + 1) & mask
	}
	t.places[i] = place{id, slot + 1}
	t.taken++
}

// Drop takes its slot from a number, if it has one.
func (t *Table) Drop(id int64) {
	if len(t.places) == 0 {
		return
	}
	mask := len(t.places) - 1
	i := t.home(id)
	for ; t.places[i].id != id || t.places[i].slot == 0; i = (i + 1) & mask {
		if t.places[i].slot == 0 {
			return
		}
	}
	t.taken--
	// What follows moves up, unless it would lie before its home: Knuth, volume 3, section 6.4, algorithm R.
	for k := (i + 1) & mask; t.places[k].slot != 0; k = (k + 1) & mask {
		if home := t.home(t.places[k].id); (k-home)&mask >= (k-i)&mask {
			t.places[i] = t.places[k]
			i = k
		}
	}
	t.places[i] = place{}
}

// Clear takes their slots from all numbers. It keeps the memory.
func (t *Table) Clear() {
	clear(t.places)
	t.taken = 0
}

// home returns where a number is looked for first. The multiplier, 2^64 divided by the golden ratio, spreads
// consecutive numbers evenly.
func (t *Table) home(id int64) int {
	return int(uint64(id^t.salt) * 0x9e3779b97f4a7c15 >> (t.shift & 63))
}

// grow doubles the table.
func (t *Table) grow() {
	old := t.places
	if old == nil {
		t.salt = int64(rand.Uint64())
	}
	t.places, t.taken = make([]place, max(2*len(old), 64)), 0
	t.shift = uint8(64 - bits.TrailingZeros(uint(len(t.places))))
	for _, p := range old {
		if p.slot != 0 {
			t.Put(p.id, p.slot-1)
		}
	}
}
