package replay

// A recentSlot is the result of a recent look-up.
type recentSlot struct {
	id   int64
	slot int32 // plus one; 0 if unused
}

// An index finds the slot of a goroutine by its number. Its zero value is empty and ready.
type index struct {
	slots  map[int64]int32
	recent [1024]recentSlot // by the low bits of the number
}

func (x *index) find(id int64) (slot int32, ok bool) {
	c := &x.recent[uint64(id)%uint64(len(x.recent))]
	if c.slot != 0 && c.id == id {
		return c.slot - 1, true
	}
	slot, ok = x.slots[id]
	if ok {
		*c = recentSlot{id, slot + 1}
	}
	return slot, ok
}

// put assigns slot to goroutine id.
func (x *index) put(id int64, slot int32) {
	if x.slots == nil {
		x.slots = make(map[int64]int32)
	}
	x.slots[id] = slot
	x.recent[uint64(id)%uint64(len(x.recent))] = recentSlot{id, slot + 1}
}

func (x *index) drop(id int64) {
	delete(x.slots, id)
	if c := &x.recent[uint64(id)%uint64(len(x.recent))]; c.id == id {
		c.slot = 0
	}
}
