package gotrace

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAheadOfDamage reads generations whose events are good, but name stacks with a function that is missing, after
// another reader has decoded them: what that reader has packed is dropped, it stops, and its blocks are free again.
func TestAheadOfDamage(t *testing.T) {
	data := manyGenerations(t, 12)
	for _, sec := range sections(t, data) {
		hideFunctions(t, data[sec.start:sec.end], &sec)
	}
	_, wantTexts, wantErr := all(t, mustOpen(t, bytes.Clone(data), 1))
	if wantErr == nil || !strings.Contains(wantErr.Error(), "is missing") {
		t.Fatalf("error %v", wantErr)
	}
	r := mustOpen(t, data, 2)
	for len(r.ahead.order) < 2 { // the first is decoded
		time.Sleep(time.Millisecond)
	}
	_, texts, err := all(t, r)
	if diff := cmp.Diff(wantTexts, texts); diff != "" || err == nil || err.Error() != wantErr.Error() {
		t.Errorf("error %v, want %v; texts %s", err, wantErr, diff)
	}
	if n := len(r.ahead.free); n != cap(r.ahead.free) {
		t.Errorf("%d blocks of %d are free", n, cap(r.ahead.free))
	}
}

// hideFunctions gives strings that are innermost functions of stacks, and have a number of two bytes, one that no
// string has.
func hideFunctions(tb testing.TB, data []byte, sec *section) {
	tb.Helper()
	var g generation
	if err := g.parse(sec, latest); err != nil || g.size < 1<<14 { // numbers are at most the size
		tb.Logf("a generation of %d bytes: %v", g.size, err)
		return
	}
	functions, hidden := map[uint64]bool{}, map[byte]bool{}
	for _, w := range g.stacks[1:] {
		s := scan{data: g.tables, at: int(w.at)}
		s.number()
		functions[s.number()] = true
	}
	for _, b := range sec.batches {
		if b.typ != wireStrings {
			continue
		}
		batch := data[b.at:][:b.size]
		for s := (scan{data: batch, at: 1}); s.more(); {
			s.byte()
			at := s.at
			id, size := s.number(), s.number()
			if low := batch[at]; functions[id] && id >= 128 && !hidden[low] {
				batch[at+1], hidden[low] = 0x7f, true
			}
			s.at += int(size)
		}
	}
}
