package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
)

// Neighbours of one state become one span; what overlaps the last span is cut; Absent and empty stretches leave no
// span.
func TestStrip(t *testing.T) {
	var s Strip
	s.Add(10, 20, Running)
	s.Add(20, 25, Running)
	s.Add(22, 30, Ready) // from 25
	s.Add(30, 30, Lock)
	s.Add(30, 40, Absent)
	s.Add(40, 50, Lock)
	lane := s.Lane(Thread, 1, 7, "x 7")
	want := []Span{{10, 25, Running}, {25, 30, Ready}, {40, 50, Lock}}
	if diff := cmp.Diff(want, lane.Spans); diff != "" {
		t.Error(diff)
	}
	if err := Validate(New(10, 50, []Lane{lane}, nil)); err != nil {
		t.Error(err)
	}
}

// Beyond its limit a strip is folded, and its totals stay exact: ten times 3 running and 7 waiting.
func TestStripFolds(t *testing.T) {
	s := Strip{MaxSpans: 4, Bins: 8}
	for i := range clock.Time(10) {
		s.Add(10*i, 10*i+3, Running)
		s.Add(10*i+3, 10*i+10, Waiting)
	}
	lane := s.Lane(Thread, 0, 1, "x")
	if got := lane.Totals(); lane.bins == nil || got[Running] != 30 || got[Waiting] != 70 {
		t.Errorf("exact %v, totals %v", lane.bins == nil, got)
	}
	shared := Strip{Shared: true}
	shared.Add(5, 15, Running)
	shared.Add(0, 10, Running) // another thread's, which overlaps and is older
	lane = shared.Lane(Thread, 0, SharedID, "others")
	if got := lane.Totals(); got[Running] != 20 {
		t.Errorf("shared: %v running, want 20", got[Running])
	}
	if err := Validate(New(0, 100, []Lane{lane}, nil)); err != nil {
		t.Error(err)
	}
}
