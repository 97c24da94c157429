package program_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// turns is main, which creates goroutines 2, 3 … at one place and waits. They run in turns, so long each time, as the
// numbers say; each ends with the last of its turns.
func turns(each ...[2]int64) *program.Program {
	s := &script{}
	s.begin()
	left := map[int64]int{}
	for _, turn := range each {
		left[turn[0]]++
	}
	for g := int64(2); left[g] > 0; g++ {
		s.move(clock.Time(g), 1, g, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	}
	s.block(10, 1, 0, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	at := clock.Time(10)
	for _, turn := range each {
		g := turn[0]
		s.run(at, g, 0)
		at += clock.Time(turn[1])
		if left[g]--; left[g] > 0 {
			s.move(at, g, g, 0, gotrace.Running, gotrace.Runnable, gotrace.Preempted, "main.work")
		} else {
			s.move(at, g, g, 0, gotrace.Running, gotrace.NotExist, 0, "")
		}
	}
	return s.program()
}

// Three goroutines run for 30,000, 20,000 and 10,000, and end within 40: they share out work, and what each did is cut.
// Where the one that has less ends before the others it had a share of its own; where all have the same it does not
// matter; and two are too few to tell.
func TestShare(t *testing.T) {
	p := turns([2]int64{2, 10000}, [2]int64{3, 10000}, [2]int64{4, 10000}, [2]int64{2, 10000}, [2]int64{3, 10000},
		[2]int64{2, 10000}, [2]int64{3, 20}, [2]int64{4, 20})
	if diff := cmp.Diff([]program.Crew{{Workers: []int32{1, 2, 3}, Guessed: true}}, p.Crews); diff != "" {
		t.Fatalf("crews (-want +got):\n%s", diff)
	}
	var ran int64
	begun := make(map[int]bool)
	for _, g := range p.Goroutines[1:] {
		ran += g.Ran()
		takes, last := 0, g.Ops[len(g.Ops)-1]
		for i, op := range g.Ops {
			if op.Kind != program.Take {
				continue
			}
			takes++
			begun[p.Chunks[op.Ref].Lo] = true
			if next := g.Ops[i+1]; next.Kind != program.Run || next.D > 60040*us/192+1 {
				t.Errorf("after a Take: %+v", next)
			}
		}
		if want := int(g.Ran()*192/(60040*us)) + 1; takes != want || last.Kind != program.Leave {
			t.Errorf("goroutine %d takes %d pieces, want %d, and then does %+v", g.ID, takes, want, last)
		}
	}
	if ran != 60040*us || len(begun) != len(p.Chunks) {
		t.Errorf("ran for %d, %d pieces of %d are told apart", ran, len(begun), len(p.Chunks))
	}
	for name, p := range map[string]*program.Program{
		"a share each": turns([2]int64{2, 10000}, [2]int64{3, 10000}, [2]int64{4, 10000}, [2]int64{2, 10000},
			[2]int64{3, 10000}, [2]int64{2, 10000}),
		"equal": turns([2]int64{2, 10000}, [2]int64{3, 10000}, [2]int64{4, 10000}, [2]int64{2, 20}, [2]int64{3, 20},
			[2]int64{4, 20}),
		"two": turns([2]int64{2, 10000}, [2]int64{3, 10000}, [2]int64{2, 10000}, [2]int64{3, 20}),
	} {
		if p.Crews != nil || p.Chunks != nil {
			t.Errorf("%s: %+v, %d chunks", name, p.Crews, len(p.Chunks))
		}
	}
}

// Twenty goroutines take turns and run for 100,000 each, the last one for 30,000 more: it has a share of its own, as it
// runs for those after the others ended, though that is little of what all ran for.
func TestLongerShare(t *testing.T) {
	var each [][2]int64
	for round := range int64(11) {
		for g := range int64(20) {
			took := int64(10_000)
			switch {
			case round == 10 && g == 19:
				took = 30_000
			case round == 10:
				took = 20
			}
			each = append(each, [2]int64{g + 2, took})
		}
	}
	if p := turns(each...); p.Crews != nil || !p.Together(p.Kin()[0]) {
		t.Errorf("%+v", p.Crews)
	}
}

// Those that were created after one of the others had ended are another group.
func TestKin(t *testing.T) {
	s := &script{}
	s.begin()
	at := clock.Time(0)
	for range 2 {
		for g := at + 2; g < at+4; g++ {
			s.move(at+1, 1, int64(g), none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
		}
		for g := at + 2; g < at+4; g++ {
			s.run(g, int64(g), 1)
			s.move(g+1, int64(g), int64(g), 1, gotrace.Running, gotrace.NotExist, 0, "")
		}
		at += 10
	}
	p := s.program()
	if diff := cmp.Diff([][]int32{{1, 2}, {3, 4}}, p.Kin()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if p.Together([]int32{1, 4}) || !p.Together([]int32{1}) {
		t.Error("together: what ended apart, or not what ended at once")
	}
}
