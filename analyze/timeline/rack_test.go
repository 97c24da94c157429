package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
)

// A goroutine helps to collect garbage on P 0 from 10 to 90, and its thread has a core from 20 to 30.
func TestCollectingWithoutCore(t *testing.T) {
	var s script
	s.g(10, 1, 0, unknown, running, 0)
	s.assist(10, 1, true)
	s.g(90, 1, 0, running, notExist, 0)
	b := Builder{OnCPU: func(_ int64, _, _ clock.Time, f func(from, to clock.Time)) { f(20, 30) }}
	tl := s.build(t, &b)
	want := []Span{{10, 20, Ready}, {20, 30, GC}, {30, 90, Ready}}
	for _, l := range []*Lane{find(t, tl, P, 0), find(t, tl, Thread, 100), find(t, tl, Goroutine, 1)} {
		if diff := cmp.Diff(want, l.Spans); diff != "" {
			t.Errorf("%s: %s", l.Name, diff)
		}
	}
}
