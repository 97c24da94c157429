package program_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/marker"
)

// region begins or ends a region of goroutine g, on P 0.
func (s *script) region(at clock.Time, k gotrace.Kind, g int64, name string) {
	s.add(at, g, gotrace.Event{Kind: k, P: 0, Subject: none, Name: s.symbols.Intern(name)})
}

// Worker 0 begins at 11, does tasks 0-3 from 12 and task 4 from 20, inside which the program has a region of its own
// that looks like a chunk, and leaves at 31. What it does after that, and regions of others, are no chunks.
func crewed() *script {
	s := &script{}
	s.begin()
	s.region(1, gotrace.RegionBegin, 1, marker.Chunk(7, 8))
	s.region(2, gotrace.RegionEnd, 1, marker.Chunk(7, 8))
	s.move(10, 1, 2, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	s.block(10, 1, 0, gotrace.ChanReceive, "main.main")
	s.run(10, 2, 0)
	s.region(11, gotrace.RegionBegin, 2, marker.Worker(0))
	s.region(12, gotrace.RegionBegin, 2, marker.Chunk(0, 4))
	s.region(19, gotrace.RegionEnd, 2, marker.Chunk(0, 4))
	s.region(20, gotrace.RegionBegin, 2, marker.Chunk(4, 5))
	s.region(22, gotrace.RegionBegin, 2, marker.Chunk(1, 3))
	s.region(25, gotrace.RegionEnd, 2, marker.Chunk(1, 3))
	s.region(30, gotrace.RegionEnd, 2, marker.Chunk(4, 5))
	s.region(31, gotrace.RegionEnd, 2, marker.Worker(0))
	s.wake(32, 2, 1)
	s.move(33, 2, 2, 0, gotrace.Running, gotrace.NotExist, 0, "")
	s.run(33, 1, 0)
	return s
}

func TestCrew(t *testing.T) {
	s := crewed()
	p := s.program()
	check(t, p, 2, run(2), program.Op{Kind: program.Take}, run(8), program.Op{Kind: program.Take, Ref: 1}, run(11),
		program.Op{Kind: program.Leave}, run(1), program.Op{Kind: program.Wake}, run(1))
	if diff := cmp.Diff([]program.Chunk{
		{Lo: 0, Hi: 4, Begin: 12 * us, End: 19 * us, Took: 7 * us},
		{Lo: 4, Hi: 5, Begin: 20 * us, End: 30 * us, Took: 10 * us},
	}, p.Chunks); diff != "" {
		t.Errorf("chunks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]program.Crew{{Workers: []int32{1}}}, p.Crews); diff != "" {
		t.Errorf("crews (-want +got):\n%s", diff)
	}
}

// A worker number that there has been already is of another crew. Workers without a chunk are none by themselves.
func TestCrews(t *testing.T) {
	s := crewed()
	for i, g := range []int64{3, 4, 5} {
		at := clock.Time(40 + 10*i)
		s.move(at, 1, g, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
		s.run(at, g, 1)
		s.region(at+1, gotrace.RegionBegin, g, marker.Worker(i%2))
		if i < 2 {
			s.region(at+2, gotrace.RegionBegin, g, marker.Chunk(i, i+1))
			s.region(at+3, gotrace.RegionEnd, g, marker.Chunk(i, i+1))
		}
		s.region(at+4, gotrace.RegionEnd, g, marker.Worker(i%2))
		s.move(at+5, g, g, 1, gotrace.Running, gotrace.NotExist, 0, "")
	}
	if diff := cmp.Diff([]program.Crew{{Workers: []int32{1}}, {Workers: []int32{2, 3}}}, s.program().Crews); diff != "" {
		t.Errorf("crews (-want +got):\n%s", diff)
	}
}

// The chunk that a worker does when the window begins goes on there; those before are no part of it.
func TestCrewInWindow(t *testing.T) {
	s := crewed()
	r := replay.Replay{Symbols: &s.symbols}
	b := program.Builder{Symbols: &s.symbols, From: 21 * us}
	b.Add(r.Append(nil, s.events...))
	check(t, b.Finish(), 2, program.Op{Kind: program.Take, Ref: 1}, run(10), program.Op{Kind: program.Leave}, run(1),
		program.Op{Kind: program.Wake}, run(1))
}
