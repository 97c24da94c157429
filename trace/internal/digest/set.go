package digest

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
)

// A Set collects the results of a run, or of one part of it, in ranges of consecutive numbers. The zero value is empty
// and ready. It keeps the records of all ranges in one block of memory, so that a result costs no allocation.
type Set struct {
	ranges []numbered
	data   []byte
}

// A numbered range is the records data[from:to] of results lo … hi-1.
type numbered struct {
	lo, hi   int
	from, to int
}

// Add copies the records of results lo … hi-1, as [Append] made them, one after the other.
func (s *Set) Add(lo, hi int, records []byte) {
	from := len(s.data)
	s.data = append(s.data, records...)
	if n := len(s.ranges); n > 0 && s.ranges[n-1].hi == lo {
		s.ranges[n-1].hi, s.ranges[n-1].to = hi, len(s.data)
		return
	}
	s.ranges = append(s.ranges, numbered{lo: lo, hi: hi, from: from, to: len(s.data)})
}

// Sum returns the hexadecimal SHA-256 over all results of the sets in the order of their numbers, and how many there
// are. A number that occurs twice is an error, and so are damaged records.
//
// Sum is part of a run's total time, so it merges the sets instead of sorting all results: where tasks are handed out
// one after the other, each set is in order already. There are as many sets as workers or processes, few enough for a
// linear search.
func Sum(sets ...*Set) (sum string, count int, err error) {
	left := make([][]numbered, len(sets))
	for i, s := range sets {
		if !slices.IsSortedFunc(s.ranges, byNumber) {
			slices.SortFunc(s.ranges, byNumber)
		}
		left[i] = s.ranges
	}
	h := summer{Hash: sha256.New(), pending: make([]byte, 0, 2*batch)}
	for {
		first := -1
		for i := range left {
			if len(left[i]) > 0 && (first < 0 || byNumber(left[i][0], left[first][0]) < 0) {
				first = i
			}
		}
		if first < 0 {
			break
		}
		r := left[first][0]
		left[first] = left[first][1:]
		if err := h.add(r, sets[first].data[r.from:r.to]); err != nil {
			return "", 0, err
		}
	}
	h.Write(h.pending)
	return hex.EncodeToString(h.Sum(nil)), h.count, nil
}

func byNumber(a, b numbered) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) }

// batch is how many bytes are hashed at a time, because one call per result would cost more than the hash.
const batch = 1 << 14

// A summer hashes ranges in order.
type summer struct {
	hash.Hash
	pending []byte
	next    int // one more than the highest number so far
	count   int
}

func (h *summer) add(r numbered, records []byte) error {
	if r.lo < h.next && r.lo < r.hi {
		return fmt.Errorf("result %d was given twice", r.lo)
	}
	h.next = max(h.next, r.hi)
	for n := r.lo; n < r.hi; n++ {
		enc, rest, err := cut(records)
		if err != nil {
			return fmt.Errorf("result %d: %w", n, err)
		}
		records = rest
		h.pending = binary.LittleEndian.AppendUint64(h.pending, uint64(n))
		h.pending = binary.LittleEndian.AppendUint64(h.pending, uint64(len(enc)))
		h.pending = append(h.pending, enc...)
		h.count++
		if len(h.pending) >= batch {
			h.Write(h.pending)
			h.pending = h.pending[:0]
		}
	}
	if len(records) > 0 {
		return fmt.Errorf("results %d-%d: %d bytes left over", r.lo, r.hi-1, len(records))
	}
	return nil
}

// cut returns the encoding that records begins with, and the records after it.
func cut(records []byte) (enc, rest []byte, err error) {
	n, w := binary.Uvarint(records)
	if w <= 0 || n > uint64(len(records)-w) {
		return nil, nil, errors.New("damaged record")
	}
	return records[w : w+int(n)], records[w+int(n):], nil
}
